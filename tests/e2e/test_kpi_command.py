"""`gridward kpi`: every indicator's two figures, told apart as asked, and one line for what is wrong."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from dashboard.indicators import indicators
from dashboard.timings import timings
from ingest.settings import DATABASE_URL, DISTRICTS
from tests import tiny_day
from tests.conftest import free_port
from tests.e2e.cli import complaint, gridward
from tests.tiny import DISTRICT


@pytest.fixture(scope="module")
def url(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    tiny_day.seed(database_url, tmp_path_factory.mktemp("worlds"))
    yield database_url


def told(url: str, *arguments: str) -> dict[str, Any]:
    done = gridward("kpi", *arguments, "--json", **{DATABASE_URL: url})
    assert done.returncode == 0, done
    assert done.stdout.count("\n") == 1
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_all_indicators_are_listed_with_their_figures_and_formulas(url: str) -> None:
    lines = gridward("kpi", **{DATABASE_URL: url}).stdout.splitlines()
    assert [line.split()[0] for line in lines] == [one.name for one in (*indicators(), *timings())]
    assert " ".join(lines[0].split()) == (
        "closure_rate 3 / 5 60.00 % 结案率 closed / to close (GB/T 30428 v2)"
    )
    listed = told(url)
    assert [one["name"] for one in listed["indicators"]] == [indicator.name for indicator in indicators()]
    assert [one["name"] for one in listed["times"]] == [timing.name for timing in timings()]


def test_an_indicator_says_its_words_its_figures_and_whose_they_are(url: str) -> None:
    found = told(url, "closure_rate")
    assert (found["numerator"], found["denominator"], found["value"]) == (3, 5, 60.0)
    assert (found["district"], found["path"], found["from"], found["to"]) == (
        *(DISTRICT, str(DISTRICT)),
        *(None, None),
    )
    assert (found["title"], found["formula"]) == ({"zh": "结案率", "en": "Closure rate"}, "GB/T 30428")
    assert (found["numerator_name"]["en"], found["denominator_name"]["zh"]) == ("closed", "应结案")
    assert found["rows"] == []


def test_the_change_since_the_base_year_is_told(url: str) -> None:
    found = told(url, "licence_holding_rate")
    assert (found["numerator"], found["denominator"], found["value"]) == (2, 4, 50.0)
    assert found["base"] == {"year": 2019, "numerator": 1, "denominator": 4, "value": 25.0, "change": 25.0}
    assert told(url, "closure_rate")["base"] is None
    assert told(url, "licence_holding_rate", "--from", "2019-01-01")["base"] is None
    line = gridward("kpi", "licence_holding_rate", **{DATABASE_URL: url}).stdout
    assert line.rstrip().endswith("(Dongguan v1)  since 2019: +25.00 points")


def test_a_unit_is_told_by_its_units_and_the_parts_add_up(url: str) -> None:
    station = told(url, "closure_rate", "--unit", tiny_day.STATION_1, "--by", "unit")
    assert (station["numerator"], station["denominator"]) == (2, 3)
    whole = told(url, "closure_rate", "--by", "unit")
    parts = [(row["key"], row["name"], row["numerator"], row["denominator"]) for row in whole["rows"]]
    assert parts == [(tiny_day.STATION_1, "一所", 2, 3), (tiny_day.STATION_2, "二所", 1, 2)]
    other = told(url, "closure_rate", "--unit", str(tiny_day.OTHER))
    assert (other["district"], other["numerator"]) == (tiny_day.OTHER, 3)


def test_a_time_says_how_many_took_how_long_and_how_many_wait(url: str) -> None:
    found = told(url, "time_to_acknowledge", "--by", "category")
    assert (found["title"]["zh"], found["unit"], found["path"]) == ("接警用时", "seconds", str(DISTRICT))
    assert (found["n"], found["waiting"], found["p50_s"], found["p95_s"]) == (2, 3, 35.0, 57.5)
    rows = {row["key"]: (row["n"], row["waiting"], row["p50_s"]) for row in found["rows"]}
    assert rows == {"general": (0, 2, None), "serious": (0, 1, None), "major": (2, 0, 35.0)}
    station = told(url, "time_to_acknowledge", "--unit", tiny_day.STATION_2)
    assert (station["n"], station["waiting"], station["p50_s"], station["rows"]) == (0, 1, None, [])
    assert told(url, "time_to_acknowledge", "--to", "2001-01-01")["waiting"] == 0
    said = gridward("kpi", "time_to_acknowledge", "--by", "level", **{DATABASE_URL: url}).stdout.splitlines()
    assert [" ".join(line.split()) for line in said] == [
        "4 2 0:35 0:58 3 段区",
        "time_to_acknowledge 2 0:35 0:58 3 接警用时 counted, p50, p95, not yet acknowledged (ours v1)",
    ]


def test_alerts_precision_is_told_by_rule(url: str) -> None:
    found = told(url, "alert_precision", "--by", "category")
    assert [(row["key"], row["value"]) for row in found["rows"]] == [("bodycam_sos", 100.0)]


def test_a_period_holds_what_fell_due_in_it(url: str) -> None:
    days = told(url, "closure_rate", "--by", "day")["rows"]
    assert sum(row["denominator"] for row in days) == 5
    first = days[0]
    one = told(url, "closure_rate", "--from", first["key"], "--to", first["key"])
    assert one["denominator"] == first["denominator"]
    rest = told(url, "closure_rate", "--from", days[1]["key"])
    assert rest["denominator"] == 5 - first["denominator"]
    assert told(url, "closure_rate", "--to", "2001-01-01")["value"] is None
    assert told(url, "closure_rate", "--to", "9999-12-31", "--from", "0001-01-01")["denominator"] == 5


def test_the_districts_choice_of_a_formula_counts_unless_one_is_named(url: str) -> None:
    assert told(url, "rework_rate")["formula"] == "disposed"
    assert told(url, "rework_rate_of_owed")["formula"] == "Jinniu"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing"], "there is no indicator 'nothing'; there are closure_rate, "),
        (["../read/tasks"], "there is no indicator '../read/tasks'"),
        (["closure_rate", "--unit", f"{DISTRICT}/99"], f"there is no unit '{DISTRICT}/99'"),
        (["closure_rate", "--unit", "999999"], "there is no unit '999999'"),
        (["closure_rate", "--unit", "一所"], "there is no unit '一所'"),
        (["closure_rate", "--from", "yesterday"], "Invalid value for '--from'"),
        (["closure_rate", "--from", "2026-02-02", "--to", "2026-02-01"], "--from 2026-02-02 is after --to"),
        (["closure_rate", "--by", "year"], "Invalid value for '--by'"),
        (["closure_rate", "--by", "level"], "--by level is for times: time_to_acknowledge, "),
    ],
)
def test_what_is_wrong_is_said_in_one_line(url: str, arguments: list[str], said: str) -> None:
    assert complaint(gridward("kpi", *arguments, **{DATABASE_URL: url}), code=2).startswith(said)


def test_a_unit_of_a_district_that_the_house_is_not_for_is_none(url: str) -> None:
    done = gridward("kpi", "--unit", str(tiny_day.OTHER), **{DATABASE_URL: url, DISTRICTS: str(DISTRICT)})
    assert complaint(done, code=2) == f"there is no unit '{tiny_day.OTHER}'"


def test_a_database_that_is_away_is_said_to_be() -> None:
    away = f"postgresql://nobody@127.0.0.1:{free_port()}/nothing"
    assert "onnection" in complaint(gridward("kpi", **{DATABASE_URL: away}), code=1)
