"""From a figure on the wall to the tasks behind it, and away with them as a file."""

import csv
import io
import re
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from dashboard.ui.i18n import say
from db.connect import connect
from tests.accounts import ON_DUTY
from tests.e2e.browsing import browser, opened, screen  # noqa: F401  fixtures

pytestmark = pytest.mark.browser

NOTE = ".st-key-list .gw-title .gw-note"


def found(page: Page, n: int) -> None:
    page.wait_for_selector(f"{NOTE}:text-is('{say('en', 'list.found', n=n)}')")


def taken(page: Page, kind: str, tmp_path: Path) -> bytes:
    """What the download button of that kind gives."""
    with page.expect_download() as coming:
        page.get_by_role("button", name=say("en", f"list.download_{kind}"), exact=True).click()
    assert re.fullmatch(rf"closure_rate-\d{{4}}-\d\d-\d\d\.{kind}", coming.value.suggested_filename)
    coming.value.save_as(tmp_path / kind)
    return (tmp_path / kind).read_bytes()


def exports(url: str) -> list[dict[str, Any]]:
    """What was taken away, as ingest is asked to write it down."""
    with connect(url) as conn:
        rows = conn.execute(
            "SELECT actor, payload FROM command WHERE kind = 'export_list' ORDER BY queued_at"
        )
        found = rows.fetchall()
    assert {row["actor"] for row in found} == {f"screen:{ON_DUTY}"}
    return [row["payload"] for row in found]


def test_a_rate_on_the_wall_opens_its_tasks_and_they_are_taken_away(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    tmp_path: Path,
    database_url: str,
) -> None:
    with opened(browser, f"{screen}/?lang=en") as watched:
        page = watched.page
        page.locator(".st-key-strip .gw-value a", has_text="60.0%").click()
        found(page, 5)
        said = parse_qs(urlsplit(page.url).query)
        assert (urlsplit(page.url).path, said) == ("/kpi", {"lang": ["en"], "kpi": ["closure_rate"]})
        page.get_by_role("button", name=say("en", "side.rest")).click()
        found(page, 2)
        rows = list(csv.DictReader(io.StringIO(taken(page, "csv", tmp_path).decode("utf-8-sig"))))
        assert {row[say("en", "column.id")] for row in rows} == {"T3", "T4"}
        with zipfile.ZipFile(io.BytesIO(taken(page, "xlsx", tmp_path))) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert {f"<t>{number}</t>" in sheet for number in ("T3", "T4")} == {True}
        assert "<t>T1</t>" not in sheet
        assert [(one["file"], one["rows"]) for one in exports(database_url)] == [("csv", 2), ("xlsx", 2)]
        assert exports(database_url)[0]["filters"]["indicator"] == "closure_rate"
        page.locator("[data-testid=stDataFrame]").first.hover()
        page.get_by_label("Search", exact=True).first.wait_for()
        assert page.get_by_label("Download as CSV").count() > 0, "Streamlit calls it otherwise now"
        assert not page.get_by_label("Download as CSV").first.is_visible()
        assert watched.hidden() == 0
        assert watched.complaints == []
