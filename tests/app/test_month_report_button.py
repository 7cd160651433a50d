"""The button of the month report: for a station alone, and said in the language of the page."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.ui.i18n import LANGUAGES, say
from tests import tiny, tiny_day


@pytest.fixture(autouse=True)
def on_tiny(tiny_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", tiny_url)


def labels(lang: str, unit: str | None, seen_by: str = str(tiny.DISTRICT)) -> list[str]:
    def script(lang: str, unit: str | None, seen_by: str) -> None:
        from datetime import date

        from dashboard import month_report_button
        from db.connect import Scope

        month_report_button.draw(lang, Scope(int(seen_by[:6]), seen_by), unit, date(2026, 10, 17))

    app = AppTest.from_function(script, default_timeout=30, args=(lang, unit, seen_by)).run()
    assert not app.exception
    return [button.proto.label for button in app.get("download_button")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_station_has_a_button(lang: str) -> None:
    assert labels(lang, tiny_day.STATION_1) == [say(lang, "month_report.download")]


@pytest.mark.parametrize("unit", [None, str(tiny.DISTRICT), f"{tiny_day.STATION_1}/01"])
def test_what_is_no_station_has_none(unit: str | None) -> None:
    assert labels("en", unit) == []


def test_a_station_that_the_viewer_may_not_see_has_none() -> None:
    assert labels("en", tiny_day.STATION_2, seen_by=tiny_day.STATION_1) == []
