"""Logging in by mouse and keyboard: the first password, the page that was wanted, and being put out."""

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.ui.i18n import say
from db.connect import connect
from ingest.domain.password import hashed
from tests import accounts, tiny, tiny_day
from tests.e2e.browsing import IN_CHINESE, IN_ENGLISH, WALL, Watched, browser, opened, screen  # noqa: F401  fixtures

pytestmark = pytest.mark.browser

FIRST, OWN = "kphd-wxyz-mnrt-abce", "my own long secret 7"


def fill(page: Page, **fields: str) -> None:
    for name, text in fields.items():
        page.locator(f"input[name={name}]").fill(text)
    page.keyboard.press("Enter")


@IN_ENGLISH
def test_the_first_password_is_changed_and_leads_to_the_page_that_was_wanted(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    database_url: str,
    lang: str,
) -> None:
    name = f"新人 {lang}"
    accounts.add(database_url, name, password=hashed(FIRST), must_change=True)
    with browser.new_context(viewport=WALL, locale="zh-CN") as context:
        watched = Watched(context.new_page())
        page = watched.page
        page.goto(f"{screen}/tasks?lang={lang}")
        page.wait_for_url("**/login?next=**")
        fill(page, name=name, password="not this one")
        expect(page.get_by_role("alert")).to_have_text(say(lang, "login.wrong"))
        watched.complaints.clear()  # that it was refused
        fill(page, password=FIRST)
        expect(page.get_by_role("alert")).to_have_text(say(lang, "login.must_change"))
        fill(page, password=FIRST, new=OWN, again=OWN)
        expect(page.locator(".gw-account")).to_have_text(name)
        page.wait_for_selector(".st-key-tasks_table canvas")
        page.locator(".gw-account").click()
        page.get_by_role("button", name=say(lang, "login.leave")).click()
        page.wait_for_url("**/login")
        page.goto(f"{screen}/tasks?lang={lang}")
        page.wait_for_url("**/login?next=**")
        assert watched.complaints == []
        assert watched.outside() == []


@IN_CHINESE
def test_who_is_put_out_finds_the_login_on_their_open_page(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    database_url: str,
    lang: str,
) -> None:
    name = f"离职 {lang}"
    with opened(browser, f"{screen}/?lang={lang}", name=name) as watched:
        watched.page.wait_for_selector(".st-key-strip .gw-value")
        with connect(database_url) as conn:
            conn.execute("UPDATE account SET disabled_at = now() WHERE name = %s", (name,))
        watched.page.wait_for_url("**/login?next=**")
        assert watched.page.locator("html").get_attribute("lang") == lang


def test_a_section_officer_sees_their_section_and_may_order_nothing_else(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    database_url: str,
) -> None:
    accounts.add(database_url, "只看", district=tiny.DISTRICT, path=tiny_day.STATION_1, roles=["look"])
    with opened(browser, f"{screen}/alerts?lang=en", name="只看") as watched:
        page = watched.page
        page.wait_for_selector(".st-key-alerts_table canvas")
        assert page.locator(".gw-place strong").inner_text() == "Station One"
        assert page.get_by_role("link", name=say("en", "page.audit")).count() == 0
        page.goto(f"{screen}/alerts?lang=en&picked=A1")
        page.wait_for_selector(".st-key-incident_history")
        assert page.locator(".st-key-incident_actions, .st-key-send_how").count() == 0
        page.goto(f"{screen}/alerts?lang=en&picked=A4")  # of the other station
        page.wait_for_selector(".gw-empty")
        assert watched.complaints == []
