"""From the ranking to a worker's dossier, a day of theirs, and its track, which is noted as a look."""

from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import msgspec
import psycopg
import pytest
from playwright.sync_api import Browser, Page

from dashboard.ui.i18n import say
from ingest.contract.orders import LookAtTrack
from ingest.looks import note_looks
from tests import tiny
from tests.e2e.browsing import IN_CHINESE, MAP, Watched, browser, opened, screen  # noqa: F401  fixtures

pytestmark = pytest.mark.browser

TABLE = ".st-key-ranking_table [data-testid=stDataFrame]"
DAYS = ".st-key-dossier_calendar .points path"
LOOKS = "SELECT command_id, actor, queued_at, payload FROM command WHERE kind = 'look_at_track'"


def said(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def choose(page: Page, param: str, word: str) -> None:
    page.locator(f".st-key-ranking_{param} [role=combobox]").click()
    page.get_by_role("option", name=word, exact=True).click()


def places(watched: Watched) -> list[str]:
    cells: list[str] = watched.page.eval_on_selector_all(
        f"{TABLE} tbody tr", "all => all.map(row => row.children[0].innerText.trim())"
    )
    return cells


def look_of(url: str) -> LookAtTrack:
    """The only look that was ordered, carried out as ingest does, which takes it from the orders."""
    with psycopg.connect(url, row_factory=psycopg.rows.dict_row) as ingest:
        (command,) = ingest.execute(LOOKS).fetchall()
        look = msgspec.convert(command["payload"], LookAtTrack)
        assert note_looks(ingest, tiny.DISTRICT, [(command, look)]) == {}
        ingest.execute("DELETE FROM command WHERE kind = 'look_at_track'")
    return look


@IN_CHINESE
def test_from_the_ranking_to_the_track_of_a_day_which_is_noted(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    database_url: str,
    lang: str,
) -> None:
    day = datetime.now(ZoneInfo("Asia/Shanghai")).date() - timedelta(days=7)
    with opened(browser, f"{screen}/ranking?lang={lang}") as watched:
        page = watched.page
        page.wait_for_selector(f"{TABLE} tbody tr", state="attached")
        choose(page, "level", say(lang, "level_of.station"))
        watched.until(lambda: places(watched) == ["1–2", "1–2"], "the stations, which are level")
        assert watched.hidden() == 0
        choose(page, "level", say(lang, "level_of.worker"))
        choose(page, "span", say(lang, "span.week"))
        watched.until(lambda: len(places(watched)) == 3, "the workers")
        assert said(page) == {"lang": [lang], "span": ["week"]}
        box = page.locator(TABLE).bounding_box()
        assert box
        page.mouse.click(box["x"] + 17, box["y"] + 52)  # the first row's box
        page.wait_for_selector(DAYS)
        assert said(page) == {"lang": [lang], "span": ["week"], "worker": ["W1"]}
        page.wait_for_selector(f".st-key-day_ways:has-text('{say(lang, 'dossier.show_track')}')")
        watched.until(lambda: _chosen(page, 7, str(day)), "the day that is clicked on")
        assert said(page)["day"] == [day.isoformat()]
        page.wait_for_selector(f".st-key-day_map {MAP}")
        page.get_by_role("button", name=say(lang, "dossier.show_track")).click()
        page.get_by_role("button", name=say(lang, "dossier.hide_track")).wait_for()
        assert look_of(database_url) == LookAtTrack("day", f"W1:{day}")
        assert watched.hidden() == 0
        page.get_by_role("button", name=say(lang, "dossier.own")).click()
        page.wait_for_selector(f".gw-explained:has-text('{say(lang, 'answer.title')}')")
        page.get_by_role("button", name=say(lang, "dossier.back")).click()
        page.get_by_role("button", name=say(lang, "dossier.own")).wait_for()
        page.get_by_role("button", name=say(lang, "dossier.back")).click()
        watched.until(lambda: len(places(watched)) == 3, "the workers again")
        assert said(page) == {"lang": [lang], "span": ["week"]}
        page.goto(f"{screen}/visits?lang={lang}&looks=1&abouts=day")
        page.wait_for_selector(f"tbody td:text-is('{say(lang, 'looked_about.day')}')", state="attached")
        page.wait_for_selector(f"tbody td:text-is('W1:{day}')", state="attached")
        assert watched.complaints == []


def test_a_station_that_is_picked_has_its_month_report_to_take_away(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
) -> None:
    with opened(browser, f"{screen}/ranking?lang=zh&level=station") as watched:
        page = watched.page
        watched.until(lambda: places(watched) == ["1–2", "1–2"], "the stations")
        watched.until(lambda: _picked(page), "a station that is picked")
        button = page.get_by_role("button", name=say("zh", "month_report.download"))
        button.wait_for()
        assert watched.hidden() == 0
        with page.expect_download() as taken:
            button.click()
        assert taken.value.suggested_filename.endswith(".pdf")
        assert Path(taken.value.path()).read_bytes().startswith(b"%PDF")


def _picked(page: Page) -> bool:
    """Click the first row's box, which moves down when the bars are drawn; whether it has been hit."""
    box = page.locator(TABLE).bounding_box()
    if box and "picked" not in said(page):
        page.mouse.click(box["x"] + 17, box["y"] + 52)
        page.wait_for_timeout(400)
    return "picked" in said(page)


def _chosen(page: Page, before_the_last: int, day: str) -> int:
    """Click on the day that lies so many days before the last one of the calendar, which is lost while Plotly
    draws; how many heads say that it is the one shown."""
    shown = page.locator(f".st-key-day_ways .gw-title:has-text('{day}')").count()
    box = page.locator(DAYS).nth(-1 - before_the_last).bounding_box()
    if box and not shown:
        page.mouse.move(box["x"] + 9, box["y"] + 9)
        page.mouse.click(box["x"] + 10, box["y"] + 10)
        page.wait_for_timeout(400)
    return shown
