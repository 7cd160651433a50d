"""The page of the indicators: what stands behind a figure, opened by an address and taken away as a file."""

import io
import re
import zipfile
from datetime import date, datetime
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.indicators import Indicator, indicators
from dashboard.timings import Timing, timings
from dashboard.ui import kpi, tables
from dashboard.ui.i18n import LANGUAGES, say, words
from dashboard.ui.tables import Column, of
from tests import tiny, tiny_day


@pytest.fixture(autouse=True)
def on_tiny(tiny_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", tiny_url)
    monkeypatch.setenv("GRIDWARD_DISTRICTS", str(tiny.DISTRICT))


def page(**address: str | list[str]) -> AppTest:
    def script() -> None:
        from dashboard.pages import kpi

        kpi.render()

    app = AppTest.from_function(script, default_timeout=30)
    for param, value in address.items():
        app.query_params[param] = value
    app.run()
    assert not app.exception
    return app


def figures(app: AppTest) -> list[str]:
    html = "".join(str(block.proto.body) for block in app.get("html"))
    return re.findall(r'<div class="gw-value"><span>([^<]+)', html)


def shown(app: AppTest, lang: str = "en") -> set[str]:
    return set(app.dataframe[0].value[say(lang, "column.id")]) if app.dataframe else set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_tasks_behind_a_rate_are_shown_beside_its_figures(lang: str) -> None:
    app = page(lang=lang, kpi="closure_rate")
    assert figures(app) == ["60.0%", "3", "2", "5"]
    assert shown(app, lang) == {"T1", "T2", "T3", "T4", "T6"}
    sides = [side for (side,) in app.dataframe[0].value[say(lang, "column.side")]]
    assert sides == [words(lang)["side.rest"]] * 2 + [words(lang)["side.numerator"]] * 3


@pytest.mark.parametrize("indicator", indicators(), ids=lambda indicator: indicator.name)
def test_every_indicator_has_its_page_in_both_languages(indicator: Indicator) -> None:
    for lang in LANGUAGES:
        rate, part, rest, whole = figures(page(lang=lang, kpi=indicator.name))
        assert int(part) + int(rest) == int(whole)
        assert rate == kpi.percent(int(part), int(whole))


@pytest.mark.parametrize("timing", timings(), ids=lambda timing: timing.name)
def test_every_time_has_its_page_in_both_languages(timing: Timing) -> None:
    for lang in LANGUAGES:
        app = page(lang=lang, kpi=timing.name)
        assert len(figures(app)) == 4
        html = "".join(str(block.proto.body) for block in app.get("html"))
        assert timing.title[lang] in html and timing.waiting[lang] in html


def test_a_time_is_shown_by_severity_with_the_incidents_behind_it() -> None:
    app = page(lang="en", kpi="time_to_acknowledge")
    assert figures(app) == ["0:35", "0:35", "—", "—"]
    assert shown(app) == {"A1", "A2", "A3", "A4", "A5"}
    assert shown(page(lang="en", kpi="time_to_acknowledge", steps="taken")) == {"A1", "A5"}
    assert shown(page(lang="en", kpi="time_to_acknowledge", category="general")) == {"A2", "A3"}
    assert shown(page(lang="en", kpi="time_to_acknowledge", unit=tiny_day.STATION_2)) == {"A4"}
    assert shown(page(lang="en", kpi="time_to_arrive", steps="taken")) == set()


def test_from_a_rate_to_a_time_and_back_on_the_same_page() -> None:
    app = page(lang="en", kpi="closure_rate", category="日常检查", sides="rest")
    assert shown(app) == {"T3", "T4"}
    app.selectbox(key="kpi_kpi").select("time_to_resolve").run()
    assert not app.exception
    assert shown(app) == {"A1", "A2", "A3", "A4", "A5"}
    app.selectbox(key="kpi_kpi").select("closure_rate").run()
    assert not app.exception
    assert shown(app) == {"T3", "T4"}


def test_the_incidents_behind_the_precision_say_their_rule_and_their_state_in_words() -> None:
    rows = page(lang="en", kpi="alert_precision").dataframe[0].value
    assert [list(rows[say("en", f"column.{word}")]) for word in ("id", "rule", "stage")] == [
        ["A5"],
        [say("en", "rule.bodycam_sos")],
        ["Resolved"],
    ]


def test_an_address_says_unit_side_and_text() -> None:
    assert shown(page(lang="en", unit=tiny_day.STATION_2)) == {"T4", "T6"}
    assert shown(page(lang="en", sides="rest")) == {"T3", "T4"}
    assert shown(page(lang="en", sides=["rest", "numerator"])) == {"T1", "T2", "T3", "T4", "T6"}
    assert shown(page(lang="en", text="丙药房")) == {"T4", "T6"}
    assert shown(page(lang="en", category="日常检查", sides="numerator")) == {"T1", "T2", "T6"}
    assert shown(page(lang="en", category="nothing")) == set()


def test_a_period_takes_what_fell_due_in_it_and_its_days_are_in_the_address() -> None:
    assert shown(page(lang="en", **{"to": "2001-01-01"})) == set()
    assert len(shown(page(lang="en", **{"from": "2001-01-01", "to": "2099-12-31"}))) == 5
    app = page(lang="en", **{"from": "nonsense", "to": "9999-12-31"})
    assert len(shown(app)) == 5
    app.date_input(key="kpi_from").set_value(datetime.now().date().replace(year=2090)).run()  # noqa: DTZ005
    assert app.query_params["from"].startswith("2090-")
    assert shown(app) == set()


def test_what_is_no_indicator_opens_the_first() -> None:
    assert page(lang="en", kpi="../read/tasks").selectbox(key="kpi_kpi").value == "closure_rate"


def test_the_card_of_a_rate_leads_to_its_tasks() -> None:
    row = {"numerator": 1, "denominator": 2}
    counts = dict.fromkeys(
        ("on_duty", "workers", "workers_online", "due_today", "due_today_done", "due_today_rectifying")
        + ("alerts", "major", "serious", "general", "devices", "devices_online"),
        0,
    )
    html = kpi.strip("en", counts, [(indicators()[0], row)], {})
    assert re.findall(r'<a href="([^"]+)">50.0%</a>', unescape(html)) == ["kpi?lang=en&kpi=closure_rate"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_premises_stand_behind_the_rate_of_licences_each_with_what_it_lacks(lang: str) -> None:
    app = page(lang=lang, kpi="licence_holding_rate")
    assert figures(app) == ["50.0%", "2", "2", "4"]
    table = app.dataframe[0].value
    told = dict(zip(table[say(lang, "column.id")], table[say(lang, "column.licence")], strict=True))
    wanted = {"P1": "valid", "P2": "expired", "P3": "missing", "P4": "valid"}
    assert told == {number: [say(lang, f"licence.{code}")] for number, code in wanted.items()}
    kinds = dict(zip(table[say(lang, "column.id")], table[say(lang, "column.licence_kind")], strict=True))
    assert kinds["P3"] == say(lang, "licence_kind.药品经营许可证")
    assert shown(page(lang=lang, kpi="licence_holding_rate", text="yp4"), lang) == {"P4"}
    assert shown(page(lang=lang, kpi="licence_holding_rate", unit=tiny_day.STATION_2), lang) == {"P3"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_public_reports_stand_behind_what_was_missed_each_with_what_had_been_found(lang: str) -> None:
    app = page(lang=lang, kpi="missed_report_rate")
    assert figures(app) == ["33.3%", "1", "2", "3"]
    table = app.dataframe[0].value
    told = dict(zip(table[say(lang, "column.id")], table[say(lang, "column.patrol")], strict=True))
    wanted = {"R1": "clue", "R2": "missed", "R3": "clue"}
    assert told == {number: [say(lang, f"patrol.{code}")] for number, code in wanted.items()}
    assert shown(page(lang=lang, kpi="missed_report_rate", sides="numerator"), lang) == {"R2"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_rate_shows_its_change_since_the_base_year_but_not_that_of_a_period(lang: str) -> None:
    def change(**asked: str) -> list[str]:
        html = "".join(
            str(b.proto.body) for b in page(lang=lang, kpi="licence_holding_rate", **asked).get("html")
        )
        return re.findall(r'<div class="gw-change"[^>]*>(.*?)</div>', html)

    def told(points: str) -> str:
        return f"{say(lang, 'kpi.points', change=points)}<small>{say(lang, 'kpi.change', year=2019)}</small>"

    assert change() == [told("+25.0")]
    assert change(unit=tiny_day.STATION_1) == [told("+0.0")]
    assert change(category="药品") == [told("+50.0")]
    assert change(to="2020-06-01") == [told("+0.0")]
    assert change(to="2019-06-01") == []
    assert change(**{"from": "2019-06-01"}) == []
    other = "".join(str(b.proto.body) for b in page(lang=lang, kpi="closure_rate").get("html"))
    assert "gw-change" not in other


def test_a_workbook_holds_texts_as_texts_and_times_as_times() -> None:
    columns = (Column("id", of("id")), Column("due", of("due"), "time"), Column("rework", of("n"), "number"))
    columns += (Column("licence_ends", of("day"), "day"),)
    rows = [
        # a local time, as queries give it
        {"id": "=1+1", "due": datetime(2030, 1, 1), "n": 2, "day": date(2030, 1, 2)},  # noqa: DTZ001
        {"id": "https://甲", "due": None, "n": None, "day": None},
    ]
    with zipfile.ZipFile(io.BytesIO(tables.xlsx("zh", columns, rows))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert re.findall(r"<t[^>]*>([^<]*)</t>", sheet) == [
        "编号",
        "截止",
        "返工",
        "有效期止",
        "=1+1",
        "https://甲",
    ]
    assert re.findall(r"<v>([^<]*)</v>", sheet) == ["47484", "2", "47485"]
    assert "<f>" not in sheet and "hyperlink" not in sheet
