"""The day's trend on a card: its line, its gaps, its words; and the stations and categories beside it."""

import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import data
from dashboard.indicators import Indicator, on_strip
from dashboard.ui import categories, charts, spark, theme
from dashboard.ui.i18n import LANGUAGES, words
from dashboard.ui.spark import Day
from tests import tiny

MIDNIGHT = datetime(2030, 1, 1)  # noqa: DTZ001  a local time, as the query gives it


def day(*values: float | None) -> Day:
    return Day(tuple(MIDNIGHT + timedelta(hours=hour) for hour in range(len(values))), values)


def drawn(*values: float | None) -> str:
    return unquote(spark.picture("en", "on_duty", [(theme.GREEN, day(*values))]))


def test_an_hour_of_which_nothing_is_known_is_a_gap_in_the_line() -> None:
    whole, broken = drawn(0, 2, 3, 4, 5), drawn(0, 2, None, 4, 5)
    assert (whole.count("<polyline"), broken.count("<polyline")) == (1, 2)
    left, right = spark._EDGE_PX, spark.WIDTH_PX - spark._EDGE_PX
    low, high = spark.HEIGHT_PX - spark._EDGE_PX, spark._EDGE_PX
    assert f'points="{left}.0,{low}.0 ' in broken
    assert f' {right}.0,{high}.0"' in broken


def test_a_day_of_which_nothing_is_known_has_no_line() -> None:
    assert drawn(None, None) == ""
    assert spark.picture("en", "alerts", []) == ""


def test_a_zero_is_drawn_and_is_the_bottom_of_every_line() -> None:
    assert drawn(0, 0).count(f",{spark.HEIGHT_PX - spark._EDGE_PX}.0") == 2
    assert drawn(98, 100).count(f",{spark._EDGE_PX}.") == 2, "a small change looks small"


@pytest.mark.parametrize(
    ("lang", "word", "unit", "said"),
    [
        (
            "en",
            "on_duty",
            "",
            "Workers on duty today from 00:00 to 02:00, hour by hour: 60 at least, 77 at most",
        ),
        ("zh", "on_duty", "", "今日 00:00–02:00 逐时在岗人数：最少 60，最多 77"),
        ("zh", "rate", "percent", "今日 00:00–02:00 逐时结案率：最低 60.0%，最高 77.0%"),
    ],
)
def test_a_line_says_in_the_viewers_language_what_it_shows(
    lang: str, word: str, unit: str, said: str
) -> None:
    picture = spark.picture(lang, word, [(theme.GREEN, day(60, None, 77))], unit, title="结案率")
    assert f'alt="{said}" title="{said}"' in picture


def test_lines_of_one_day_share_one_scale() -> None:
    lines = [(theme.RED, day(0, 1)), (theme.BLUE, day(0, 10))]
    red, blue = unquote(spark.picture("en", "alerts", lines)).split("<polyline")[1:]
    top = f",{spark._EDGE_PX}.0"
    assert (top in red.split("points=")[1].split("/>")[0], top in blue) == (False, True)


@pytest.fixture
def on_tiny(tiny_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", tiny_url)
    monkeypatch.setenv("GRIDWARD_DISTRICTS", str(tiny.DISTRICT))


def command_centre(lang: str) -> str:
    def script() -> None:
        from dashboard.pages import command_centre

        command_centre.render()

    app = AppTest.from_function(script, default_timeout=30)
    app.query_params["lang"] = lang
    app.run()
    assert not app.exception, app.exception
    return "\n".join(element.value for element in app.html)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_card_of_the_strip_has_its_trend(on_tiny: None, lang: str) -> None:
    page = command_centre(lang)
    assert page.count('class="gw-spark"') == 4 + len(on_strip())
    for word in ("on_duty", "due_today", "alerts", "devices"):
        said = re.sub(r"\\{\w+\\}", r"[\\d:,]+", re.escape(words(lang)[f"trend.{word}"]))
        assert re.search(f'alt="{said}"', page), said


@pytest.mark.parametrize("known", [True, False], ids=["known to be away", "not known yet"])
def test_a_trend_stays_while_the_database_is_away(
    on_tiny: None, nowhere: str, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    def script() -> None:
        from dataclasses import replace

        import streamlit as st

        from dashboard import data, trends

        picture = st.session_state.setdefault("picture", data.look())
        st.text(str(trends.today(replace(picture, away=st.session_state.get("away", False)))))

    app = AppTest.from_function(script, default_timeout=30).run()
    before = app.text[0].value
    assert before.startswith("{'on_duty': Day(")
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", nowhere)
    data.forget()  # as if the minute had passed
    app.session_state["away"] = known
    assert app.run().text[0].value == before


def rates(*figures: tuple[int, int]) -> list[tuple[Indicator, list[dict[str, Any]]]]:
    rows = [
        {"path": str(number), "name": f"S{number}", "numerator": part, "denominator": whole}
        for number, (part, whole) in enumerate(figures)
    ]
    return [(indicator, rows) for indicator in on_strip()]


def test_of_many_stations_the_chart_shows_those_that_lag_behind_most() -> None:
    shown = charts.lagging(rates((9, 10), (1, 10), (0, 0), (5, 10), (0, 3)), most=3)
    assert [[row["path"] for row in rows] for _, rows in shown] == [["1", "3", "4"]] * len(on_strip())
    assert charts.lagging(rates((9, 10), (1, 10)), most=3) == rates((9, 10), (1, 10))


def test_a_category_stands_beside_its_figures_and_what_did_not_fit_has_a_name() -> None:
    rows = [
        {"category": "<b>", "name": None, "numerator": 1, "denominator": 3},
        {"category": "food_daily", "name": "食品", "name_en": "Food", "numerator": 1, "denominator": 1},
        {"category": None, "name": None, "numerator": 0, "denominator": 2},
    ]
    said = categories.table("en", rows)
    assert [
        word in said
        for word in ("&lt;b&gt;", "1<s> / 3</s>", "33.3%</a>", ">Food<", "Other categories", "0.0%")
    ] == [True] * 6
    assert "<b>" not in said
