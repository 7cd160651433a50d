"""From the list of premises to the archive of one and back, as somebody uses it; and from a task to it."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser

from dashboard.ui.i18n import say
from tests.e2e.browsing import IN_ENGLISH, Watched, browser, opened, screen  # noqa: F401  fixtures

pytestmark = pytest.mark.browser

TABLE = "[data-testid=stDataFrame]"
ROW_PX = 35


def _pick(watched: Watched, row: int) -> None:
    """Tick a row of the list, as the mouse does: what is there for screen readers cannot be clicked."""
    page = watched.page
    page.wait_for_selector(f"{TABLE} tbody tr", state="attached")
    box = page.locator(TABLE).bounding_box()
    assert box
    page.mouse.click(box["x"] + 16, box["y"] + ROW_PX * (row + 1.5))


def _archive_of(watched: Watched, name: str, lang: str) -> None:
    watched.page.wait_for_selector(f".st-key-archive .gw-picked header b:text-is('{name}')")
    watched.page.wait_for_selector(f".gw-title:has-text('{say(lang, 'panel.archive_licences')}')")
    watched.page.wait_for_selector(".st-key-archive [data-testid=stDeckGlJsonChart] canvas")


@IN_ENGLISH
def test_a_click_on_a_row_opens_the_archive_and_the_way_back_keeps_the_filters(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    lang: str,
    tmp_path: Path,
) -> None:
    with opened(browser, f"{screen}/premises?lang={lang}&licences=expired&licences=valid") as watched:
        page, narrowed = watched.page, {"lang": [lang], "licences": ["expired", "valid"]}
        _pick(watched, 0)
        _archive_of(watched, "甲味馆", lang)
        watched.until(
            lambda: parse_qs(urlsplit(page.url).query) == {**narrowed, "picked": ["P1"]},
            "the archive's address",
        )
        assert watched.hidden() == 0
        page.screenshot(path=tmp_path / f"archive-{lang}.png")
        page.reload()
        _archive_of(watched, "甲味馆", lang)
        page.get_by_role("button", name=say(lang, "archive.back")).click()
        page.wait_for_selector(f".st-key-list .gw-note:text-is('{say(lang, 'list.found', n=2)}')")
        watched.until(lambda: parse_qs(urlsplit(page.url).query) == narrowed, "the list's address")
        _pick(watched, 1)
        _archive_of(watched, "乙便利店", lang)
        assert watched.complaints == []
        assert watched.outside() == []


def test_a_tasks_card_leads_to_the_premises_and_these_to_their_tasks(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
) -> None:
    with opened(browser, f"{screen}/tasks?lang=en&picked=T3") as watched:
        watched.page.locator(".st-key-task_card header a").click()
        _archive_of(watched, "乙便利店", "en")
        assert urlsplit(watched.page.url).path == "/premises"
        watched.page.locator(".st-key-archive_about a").first.click()
        watched.page.wait_for_selector(".st-key-task_card header b:has-text('乙便利店')")
        assert watched.complaints == []
