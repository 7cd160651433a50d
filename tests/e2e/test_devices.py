"""The page of devices in a browser: a device is told to do something, and the line of it grows by itself."""

import psycopg
import pytest
from playwright.sync_api import Browser

from dashboard.ui.i18n import say
from tests import tiny
from tests.accounts import ON_DUTY
from tests.e2e.browsing import IN_CHINESE, IN_ENGLISH, browser, opened, screen  # noqa: F401  fixtures

pytestmark = pytest.mark.browser

ADD = """
    WITH o AS (
        INSERT INTO order_out (district, order_id, kind, device_id, act, params, state, queued_at, tries)
        VALUES (%s, 'e2e', 'worker', 'W2', 'call_back', '{"text": "请回电"}', 'accepted', now(), 2)
        ON CONFLICT DO NOTHING)
    INSERT INTO order_event (district, order_id, stage, at)
    SELECT %s, 'e2e', stage, now() FROM unnest(%s::text[]) AS stage ON CONFLICT DO NOTHING"""


@IN_ENGLISH
def test_a_device_is_told_to_do_something_from_its_card(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    database_url: str,
    lang: str,
) -> None:
    text = f"notice-{lang}"
    with opened(browser, f"{screen}/devices?lang={lang}&picked=printer:R1") as watched:
        page = watched.page
        send = page.get_by_role("button", name=say(lang, "desk.send"))
        send.click()
        page.get_by_text(say(lang, "acts.text_needed")).wait_for()
        page.get_by_label(say(lang, "acts.text")).fill(text)
        page.keyboard.press("Enter")
        send.click()
        page.get_by_text(say(lang, "order_state.queued")).wait_for()
        assert watched.hidden() == 0
        assert watched.complaints == []
    with psycopg.connect(database_url) as owner:
        placed = owner.execute(
            "SELECT actor, payload ->> 'act' FROM command WHERE payload ->> 'text' = %s", (text,)
        )
        assert placed.fetchall() == [(f"screen:{ON_DUTY}", "print_notice")]


@IN_CHINESE
def test_the_stages_of_an_order_come_one_after_the_other(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    database_url: str,
    lang: str,
) -> None:
    with opened(browser, f"{screen}/devices?lang={lang}&picked=worker:W2") as watched:
        page = watched.page
        with psycopg.connect(database_url, autocommit=True) as owner:
            owner.execute("DELETE FROM order_event WHERE order_id = 'e2e'")
            page.get_by_text(say(lang, "panel.device_orders")).wait_for()
            for stages in (["queued", "sent"], ["delivered", "read", "accepted"]):
                owner.execute(ADD, (tiny.DISTRICT, tiny.DISTRICT, stages))
                last = page.locator(".gw-stages", has_text=say(lang, f"order_out.{stages[-1]}"))
                last.wait_for()
        assert watched.hidden() == 0
