"""The indicators in the standard's words: each against a plain reading of its formula, row by row, and every
figure against the very tasks behind it."""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from psycopg.types.json import Jsonb

from dashboard.indicators import Indicator, indicators
from db.connect import INGEST, Reader, Row, Scope, connect, fetch
from ingest.contract.errors import ConfigError
from ingest.registry import import_world
from ingest.rollup import count_all
from tests import tiny

TZ = ZoneInfo("Asia/Shanghai")
NOW = datetime.now(UTC).replace(microsecond=0)
DISTRICT = Scope(tiny.DISTRICT, str(tiny.DISTRICT))
STATION_1 = Scope(tiny.DISTRICT, f"{tiny.DISTRICT}/01")
PATHS = (tiny.PATH_1, tiny.PATH_2, tiny.PATH_3, str(tiny.DISTRICT))
DAYS = 40
EVERY = pytest.mark.parametrize("kpi", indicators(), ids=lambda kpi: kpi.name)
INSTANTS = [NOW - timedelta(days=days, hours=5) for days in (30, 11, 3)] + [NOW]

INSERT = """
INSERT INTO task (district, task_id, premises_id, category, path, state, launched_at, due_at, inspected_at,
                  recheck_due_at, done_at, closed_at, suspended_at, cancelled_at, rework, source)
SELECT 350299, r.* FROM jsonb_to_recordset(%s) AS r (
    id text, premises text, category text, path text, state text, launched timestamptz, due timestamptz,
    inspected timestamptz, recheck_due timestamptz, done timestamptz, closed timestamptz,
    suspended timestamptz, cancelled timestamptz, rework int, source text)
"""
OWED = """
INSERT INTO obligation (district, task_id, department_id, path, category, pushed_at, due_at, replied_at)
SELECT 350299, r.id, 'food', r.path, r.category, r.done, r.feedback_due, r.closed
FROM jsonb_to_recordset(%s) AS r (
    id text, path text, category text, done timestamptz, feedback_due timestamptz, closed timestamptz)
WHERE r.done IS NOT NULL
"""
CLUES = """
INSERT INTO clue_case (district, clue_id, worker_id, ts, id, kind, severity, text, lon, lat, path,
                       reported_at, routed_at, voided_at)
SELECT 350299, 'K' || n, 'W1', at, n::text, 'kind' || mod(n, 2), 'general', '', 118, 24, '350299/01/01/01/01',
       at, CASE WHEN mod(n, 4) > 0 THEN at + interval '1 hour' END,
       CASE WHEN mod(n, 5) = 0 THEN at + interval '2 days' END
FROM generate_series(1, 40) n, LATERAL (SELECT %s::timestamptz - n * interval '1 day' AS at) reported
"""
# Premises that got a licence some day, of which some let it lapse and some of these got another; and reports
# of every kind.
LICENSED = """
WITH shop AS (
    INSERT INTO premises (district, premises_id, name, category, lon, lat, raw_lon, raw_lat, datum, path)
    SELECT 350299, 'X' || n, 'shop', (ARRAY['餐饮服务', '住宿服务', '日用百货'])[1 + mod(n, 3)],
           118, 24, 118, 24, 'WGS84', (%s::text[])[1 + mod(n, 4)]
    FROM generate_series(1, 90) n RETURNING premises_id, substr(premises_id, 2)::int AS n
)
INSERT INTO licence (district, premises_id, kind, number, valid_from, valid_to)
SELECT 350299, premises_id, kind, 'N' || n, today - began, today - began + days
FROM shop, (SELECT %s::date AS today) now,
LATERAL (VALUES ('营业执照', 36, NULL::int),
                ('食品经营许可证', 35 - mod(n, 7), mod(n * 7, 60)),
                ('食品经营许可证', 3, CASE WHEN mod(n, 5) = 0 THEN 90 END),
                ('特种行业许可证', 30, NULL),
                ('公共场所卫生许可证', mod(n, 30), 20)) AS paper (kind, began, days)
WHERE kind <> '食品经营许可证' OR days IS NOT NULL
"""
REPORTED = """
INSERT INTO public_report (district, report_id, reported_at, kind, text, valid, lon, lat, raw_lon, raw_lat,
                           datum, path, found_by, found_at)
SELECT 350299, 'R' || n, at, 'kind' || mod(n, 2), 'x', (ARRAY[true, true, false, NULL])[1 + mod(n, 4)],
       118, 24, 118, 24, 'WGS84', (%s::text[])[1 + mod(n, 4)],
       CASE WHEN mod(n, 3) = 0 THEN 'clue' END, CASE WHEN mod(n, 3) = 0 THEN at END
FROM generate_series(1, 60) n, LATERAL (SELECT %s::timestamptz - n * interval '15 hours' AS at) reported
"""

INCIDENTS = """
INSERT INTO incident (district, incident_id, rule, section, path, raised_at, opened_at, alerts, open_alerts,
                      subjects, last_alert_at, state, severity, level, ended_at)
SELECT 350299, 'I' || n, 'rule' || mod(n, 3), '350299/01/01/01', '350299/01/01/01/01', at, at, 1, 1, 1, at,
       CASE mod(n, 4) WHEN 0 THEN 'raised' WHEN 1 THEN 'false_alarm' ELSE 'resolved' END, 'general', 4,
       CASE WHEN mod(n, 4) > 0 THEN at + interval '1 hour' END
FROM generate_series(1, 40) n, LATERAL (SELECT %s::timestamptz - n * interval '1 day' AS at) raised
"""


def history() -> list[dict[str, Any]]:
    """Tasks of the last weeks, of every fate that there is."""
    chance = random.Random(7)

    def later(since: datetime, days: float) -> datetime | None:
        then = since + timedelta(days=chance.random() * days)
        return then if then <= NOW else None

    rows = []
    for number in range(400):
        launched = NOW - timedelta(days=chance.random() * DAYS)
        due = (launched + timedelta(days=14)).astimezone(TZ).replace(hour=23, minute=59, second=59)
        inspected = later(launched, 18) if chance.random() < 0.9 else None
        abnormal = inspected is not None and chance.random() < 0.3
        recheck_due = inspected + timedelta(days=6) if abnormal and inspected else None
        done = (later(inspected, 9) if abnormal else inspected) if inspected else None
        ended = later(launched, 20) if done is None and chance.random() < 0.4 else None
        rows.append(
            {
                **{
                    "id": f"T{number}",
                    "premises": "P1",
                    "category": f"c{number % 3}",
                    "path": PATHS[number % 4],
                },
                **{"state": "done" if done else "assigned", "launched": launched, "due": due.astimezone(UTC)},
                **{"inspected": inspected, "recheck_due": recheck_due, "done": done},
                **{"closed": later(done, 8) if done else None, "rework": int(abnormal and number % 4 == 0)},
                **{"suspended": ended if number % 2 else None, "cancelled": None if number % 2 else ended},
                "feedback_due": done + timedelta(days=5) if done else None,
                "source": "survey" if number % 5 == 0 else "order",
            }
        )
    return rows


TASKS = history()


@pytest.fixture(scope="module")
def world(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world")))
    rows = Jsonb(TASKS, dumps=lambda told: json.dumps(told, default=datetime.isoformat))
    with psycopg.connect(database_url) as owner:
        owner.execute(INSERT, (rows,))
        owner.execute(OWED, (rows,))
        owner.execute(CLUES, (NOW,))
        owner.execute(INCIDENTS, (NOW,))
        owner.execute(LICENSED, (list(PATHS), NOW.astimezone(TZ).date()))
        owner.execute(REPORTED, (list(PATHS), NOW))
    with connect(database_url, INGEST) as conn:
        fetch(conn, "write/settle_licences", {"district": tiny.DISTRICT, "ids": None})
    return database_url


@pytest.fixture(scope="module", params=["all rows", "the rollup"])
def reader(world: str, request: pytest.FixtureRequest) -> Iterator[Reader]:
    """Figures as they are made from all rows, and as ingest keeps them by day."""
    with connect(world, INGEST) as conn:
        conn.execute("DELETE FROM kpi_kept")
        if request.param == "the rollup":
            count_all(conn, tiny.DISTRICT)
    reader = Reader(world)
    yield reader
    reader.close()


def stands(reader: Reader, kpi: Indicator, at: datetime, scope: Scope = DISTRICT) -> tuple[int, int]:
    depth = scope.path.count("/") + 1
    (row,) = reader.read(scope, kpi.query, unit=scope.path, depth=depth, at=[at])
    return row["numerator"], row["denominator"]


def by(reader: Reader, kpi: Indicator, what: str | None = None, **asked: Any) -> dict[Any, tuple[int, int]]:
    params = {"unit": DISTRICT.path, "depth": 2, "since": None, "until": None, "category": None}
    rows = reader.read(DISTRICT, kpi.by, **params | {"by": what} | asked)
    return {row["key"]: (row["numerator"], row["denominator"]) for row in rows}


def members(reader: Reader, kpi: Indicator, scope: Scope = DISTRICT, **asked: Any) -> list[Row]:
    params = {"unit": scope.path, "since": None, "until": None, "category": None}
    every = {"counts": None, "text": None, "limit": 10_000}
    return reader.read(scope, kpi.members, **params | every | asked)


def counted(rows: list[Row]) -> tuple[int, int]:
    return sum(row["counts"] for row in rows), len(rows)


def total(parts: dict[Any, tuple[int, int]]) -> tuple[int, int]:
    return sum(part for part, _ in parts.values()), sum(whole for _, whole in parts.values())


Task = dict[str, Any]
Formula = Callable[[Task, datetime], bool]


def by_then(task: Task, key: str, at: datetime) -> bool:
    return task[key] is not None and task[key] <= at


def deadline(task: Task) -> datetime:
    in_time = task["inspected"] is not None and task["inspected"] <= task["due"]
    due: datetime = max(task["due"], task["recheck_due"]) if in_time and task["recheck_due"] else task["due"]
    return due


def day_of(instant: datetime) -> datetime:
    return instant.astimezone(TZ).replace(hour=0, minute=0, second=0)


def given_up(task: Task, at: datetime) -> bool:
    return by_then(task, "suspended", at) or by_then(task, "cancelled", at)


def fallen_due(task: Task, at: datetime) -> bool:
    return task["launched"] <= at and (by_then(task, "done", at) or day_of(deadline(task)) <= at)


def should_be_disposed(task: Task, at: datetime) -> bool:
    return fallen_due(task, at) and not given_up(task, at)


def on_time(task: Task, at: datetime) -> bool:
    return by_then(task, "done", at) and task["done"] <= deadline(task)


def overdue_and_open(task: Task, at: datetime) -> bool:
    return deadline(task) <= at and not by_then(task, "done", at)


def should_be_checked(task: Task, at: datetime) -> bool:
    if task["recheck_due"] is None or given_up(task, at):
        return False
    return by_then(task, "done", at) or max(day_of(task["recheck_due"]), task["inspected"]) <= at


def checked_on_time(task: Task, at: datetime) -> bool:
    return by_then(task, "done", at) and task["done"] <= task["recheck_due"]


def should_be_fed_back(task: Task, at: datetime) -> bool:
    return by_then(task, "closed", at) or by_then(task, "done", at) and day_of(task["feedback_due"]) <= at


def fed_back_on_time(task: Task, at: datetime) -> bool:
    return by_then(task, "closed", at) and task["closed"] <= task["feedback_due"]


def suspended_or_due(task: Task, at: datetime) -> bool:
    return (fallen_due(task, at) or by_then(task, "suspended", at)) and not by_then(task, "cancelled", at)


def pushed(task: Task, at: datetime) -> bool:
    return task["launched"] <= at and not by_then(task, "cancelled", at)


def to_survey(task: Task, at: datetime) -> bool:
    return task["source"] == "survey" and pushed(task, at)


FORMULAS: dict[str, tuple[Formula, Formula]] = {
    "closure_rate": (lambda task, at: by_then(task, "closed", at), should_be_disposed),
    "on_time_rate": (on_time, should_be_disposed),
    "disposal_rate": (lambda task, at: by_then(task, "done", at), should_be_disposed),
    "overdue_open_rate": (overdue_and_open, should_be_disposed),
    "completion_rate": (lambda task, at: by_then(task, "closed", at), pushed),
    "rework_rate_of_owed": (lambda task, at: task["rework"] > 0, should_be_disposed),
    "rework_rate_of_disposed": (
        lambda task, at: task["rework"] > 0,
        lambda task, at: by_then(task, "done", at),
    ),
    "recheck_rate": (checked_on_time, should_be_checked),
    "feedback_rate": (fed_back_on_time, should_be_fed_back),
    "survey_rate": (lambda task, at: by_then(task, "inspected", at), to_survey),
    "suspended_rate": (lambda task, at: by_then(task, "suspended", at), suspended_or_due),
}


@pytest.mark.parametrize("at", INSTANTS, ids=["30 days ago", "11 days ago", "3 days ago", "now"])
@pytest.mark.parametrize("name", FORMULAS)
def test_a_rate_is_its_formula_read_row_by_row(reader: Reader, name: str, at: datetime) -> None:
    (kpi,) = (each for each in indicators() if each.name == name)
    numerator, denominator = FORMULAS[name]
    owed = [task for task in TASKS if denominator(task, at)]
    expected = (sum(numerator(task, at) for task in owed), len(owed))
    assert stands(reader, kpi, at) == expected
    assert at < NOW or 0 < expected[0] < expected[1], "or the history says nothing about it"


def test_every_rate_of_tasks_has_been_read_row_by_row() -> None:
    assert {kpi.name for kpi in indicators()} - FORMULAS.keys() == {
        *("valid_report_rate", "clue_disposal_rate"),
        "alert_precision",  # tests/sql/test_kpi_times.py
        *("licence_holding_rate", "missed_report_rate"),  # tests/sql/test_licences.py, test_public_reports.py
    }


@EVERY
def test_there_is_something_behind_every_figure(reader: Reader, kpi: Indicator) -> None:
    part, whole = stands(reader, kpi, NOW)
    assert 0 < part < whole or kpi.name == "clue_disposal_rate" and 0 == part < whole


@EVERY
@pytest.mark.parametrize("scope", [DISTRICT, STATION_1], ids=["district", "station"])
def test_behind_every_figure_stand_as_many_tasks_as_it_says(
    reader: Reader, kpi: Indicator, scope: Scope
) -> None:
    for at in INSTANTS:
        rows = members(reader, kpi, scope, until=at + timedelta(microseconds=1))
        assert counted(rows) == stands(reader, kpi, at, scope)
        assert len({row["id"] for row in rows}) == len(rows)


@EVERY
@pytest.mark.parametrize("what", ["day", "week", "month", "unit", "category"])
def test_the_parts_of_a_figure_add_up_to_it(reader: Reader, kpi: Indicator, what: str) -> None:
    period = {"since": NOW - timedelta(days=25), "until": NOW - timedelta(days=4)}
    for asked in ({}, period):
        whole = by(reader, kpi, **asked)
        assert total(by(reader, kpi, what, **asked)) == total(whole)
        assert counted(members(reader, kpi, **asked)) == total(whole)


@EVERY
def test_each_part_opens_the_tasks_behind_it(reader: Reader, kpi: Indicator) -> None:
    for category, figures in by(reader, kpi, "category").items():
        assert counted(members(reader, kpi, category=category)) == figures
    for path, figures in by(reader, kpi, "unit").items():
        if path != DISTRICT.path:  # there it is what lies outside of every grid
            assert counted(members(reader, kpi, unit=path)) == figures
    for day, figures in by(reader, kpi, "day").items():
        begins = datetime.fromisoformat(day).replace(tzinfo=TZ)
        found = members(reader, kpi, since=begins)
        on_it = [row for row in found if row["began"].date() == begins.date()]
        assert counted(on_it) == figures


@EVERY
@pytest.mark.parametrize("scope", [DISTRICT, STATION_1], ids=["district", "station"])
def test_the_largest_categories_stand_alone_and_the_others_are_summed(
    reader: Reader, kpi: Indicator, scope: Scope
) -> None:
    parts = by(reader, kpi, "category", unit=scope.path)
    order = sorted(parts, key=lambda category: (-parts[category][1], category))
    found = reader.read(scope, f"kpi_top/{kpi.name}", unit=scope.path, at=None, limit=2)
    told = [(row["category"], (row["numerator"], row["denominator"])) for row in found]
    if len(order) <= 2:
        assert told == [(category, parts[category]) for category in order]
    else:
        others = total({category: parts[category] for category in order[1:]})
        assert told == [(order[0], parts[order[0]]), (None, others)]


@EVERY
def test_the_numerators_tasks_and_the_others_are_told_apart(reader: Reader, kpi: Indicator) -> None:
    part, whole = total(by(reader, kpi))
    assert len(members(reader, kpi, counts=True)) == part
    assert len(members(reader, kpi, counts=False)) == whole - part
    assert len(members(reader, kpi, limit=1)) == min(1, whole)
    for asked in ({}, {"unit": STATION_1.path}, {"until": INSTANTS[2]}, {"category": "c1"}):
        for counts, limit in product((None, True, False), (1, 7, 60)):
            every = members(reader, kpi, counts=counts, **asked)
            assert members(reader, kpi, counts=counts, limit=limit, **asked) == every[:limit]
    assert {row["id"] for row in members(reader, kpi, text="t17")} <= {"T17", *(f"T17{n}" for n in range(10))}


@EVERY
def test_a_viewer_of_a_station_opens_no_task_of_another(reader: Reader, kpi: Indicator) -> None:
    station = {row["id"] for row in members(reader, kpi, STATION_1)}
    own = {row["id"] for row in members(reader, kpi, DISTRICT, unit=STATION_1.path)}
    assert station == own
    assert {row["id"] for row in members(reader, kpi, STATION_1, unit=DISTRICT.path)} == own
    assert members(reader, kpi, Scope(999999, "999999"), unit=DISTRICT.path) == []


@EVERY
def test_a_task_counts_in_one_day_week_and_month_only(reader: Reader, kpi: Indicator) -> None:
    days, weeks, months = (by(reader, kpi, what) for what in ("day", "week", "month"))
    assert all(
        (datetime.fromisoformat(b) - datetime.fromisoformat(a)).days % 7 == 0 for a, b in pairwise(weeks)
    )
    assert all(month.endswith("-01") for month in months)
    by_month = Counter[str]()
    for day, (_, whole) in days.items():
        by_month[f"{day[:7]}-01"] += whole
    assert by_month == {month: whole for month, (_, whole) in months.items()}


def test_the_district_chooses_a_formula_by_a_file_and_a_wrong_one_is_named(
    reader: Reader, database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    def choose(text: str) -> dict[str, str]:
        world = tiny.write(tmp_path_factory.mktemp("choice"))
        (world / "kpi_choices.csv").write_text("indicator,formula\n" + text, encoding="utf-8")
        import_world(database_url, world)
        rows = reader.read(DISTRICT, "read/kpi_choices")
        return {row["indicator"]: row["formula"] for row in rows}

    assert choose("rework_rate,disposed\n") == {"rework_rate": "disposed"}
    assert choose("rework_rate,Jinniu\n") == {"rework_rate": "Jinniu"}
    with pytest.raises(ConfigError, match=r"kpi_choices.csv:2: formula: 'mine' is none of disposed, Jinniu"):
        choose("rework_rate,mine\n")
    with pytest.raises(ConfigError, match=r"kpi_choices.csv:2: indicator: 'work_rate' is no indicator"):
        choose("work_rate,Jinniu\n")
    assert choose("") == {}
