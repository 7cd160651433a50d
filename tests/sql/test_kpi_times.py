"""Times and the precision of alerts, each against a plain reading of what happened, incident by incident."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from psycopg.types.json import Jsonb

from dashboard.indicators import indicators
from dashboard.timings import Timing, clock, timings
from db.connect import Reader, Row, Scope
from ingest.registry import import_world
from tests import tiny

TZ = ZoneInfo("Asia/Shanghai")
NOW = datetime.now(UTC).replace(microsecond=0)
DISTRICT = Scope(tiny.DISTRICT, str(tiny.DISTRICT))
STATION_1 = Scope(tiny.DISTRICT, f"{tiny.DISTRICT}/01")
PATHS = (tiny.PATH_1, tiny.PATH_2, tiny.PATH_3)
EVERY = pytest.mark.parametrize("timing", timings(), ids=lambda timing: timing.name)

STEPS = {
    "time_to_acknowledge": "acknowledged",
    "time_to_dispatch": "dispatched",
    "time_to_arrive": "on_the_spot",
    "time_to_resolve": "ended",
}
INSERT = """
INSERT INTO incident (district, incident_id, rule, section, path, raised_at, opened_at, alerts, open_alerts,
                      subjects, last_alert_at, state, severity, level, acknowledged_at, dispatched_at,
                      on_the_spot_at, ended_at)
SELECT 350299, r.id, r.rule, r.path, r.path, r.opened, r.opened, 1, 0, 1, r.opened, r.state,
       r.severity::severity, r.level, r.acknowledged, r.dispatched, r.on_the_spot, r.ended
FROM jsonb_to_recordset(%s) AS r (
    id text, rule text, path text, opened timestamptz, state text, severity text, level int,
    acknowledged timestamptz, dispatched timestamptz, on_the_spot timestamptz, ended timestamptz)
"""
ALERTS = """
INSERT INTO alert (district, alert_id, incident_id, rule, subject, severity, path, raised_at, cleared_at)
SELECT district, incident_id, incident_id, rule, 'device:' || incident_id, severity, path, opened_at,
       opened_at
FROM incident
"""


def history() -> list[dict[str, Any]]:
    """Incidents of the last weeks, of every fate that there is, each step some time after the one before."""
    chance, rows = random.Random(5), []
    for number in range(300):
        opened = NOW - timedelta(days=chance.random() * 40)
        steps: dict[str, datetime | None] = dict.fromkeys(("acknowledged", "dispatched", "on_the_spot"))
        at = opened
        for step in list(steps)[: chance.randint(0, 3)]:
            at = steps[step] = at + timedelta(seconds=chance.randint(1, 900))
        state = chance.choice(["resolved", "false_alarm", "passed", "merged", "acknowledged"])
        over = state != "acknowledged"
        if over and state != "passed" and steps["acknowledged"] is None:
            steps["acknowledged"] = at
        ended = at + timedelta(seconds=chance.randint(1, 900)) if over else None
        rows.append(
            {
                "id": f"i{number}",
                "rule": chance.choice(["left_grid", "bodycam_sos"]),
                "path": chance.choice(PATHS),
                "opened": opened,
                "state": state if over or steps["acknowledged"] else "raised",
                "severity": chance.choice(["general", "serious", "major"]),
                "level": chance.randint(1, 4),
                **steps,
                "ended": ended,
            }
        )
    return rows


INCIDENTS = history()
Incident = dict[str, Any]


@pytest.fixture(scope="module")
def reader(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world")))
    rows = [{k: v.isoformat() if isinstance(v, datetime) else v for k, v in one.items()} for one in INCIDENTS]
    with psycopg.connect(database_url) as owner:
        owner.execute(INSERT, (Jsonb(rows),))
        owner.execute(ALERTS)
    reader = Reader(database_url)
    yield reader
    reader.close()


def by(reader: Reader, timing: Timing, what: str | None = None, **asked: Any) -> dict[Any, Row]:
    params = {"unit": DISTRICT.path, "depth": 2, "since": None, "until": None, "category": None}
    rows = reader.read(DISTRICT, timing.by, **params | {"by": what} | asked)
    return {row["key"]: row for row in rows}


def members(reader: Reader, timing: Timing, scope: Scope = DISTRICT, **asked: Any) -> list[Row]:
    params = {"unit": scope.path, "since": None, "until": None, "category": None}
    every = {"counts": None, "text": None, "limit": 10_000}
    return reader.read(scope, timing.members, **params | every | asked)


def took(incident: Incident, timing: Timing) -> float | None:
    at = incident[STEPS[timing.name]]
    return (at - incident["opened"]).total_seconds() if at is not None else None


def concerned(timing: Timing) -> list[Incident]:
    """Whose step has been taken, or is still to come."""

    def counts(one: Incident) -> bool:
        if one["state"] == "merged" or (timing.name == "time_to_resolve" and one["state"] == "passed"):
            return False
        return took(one, timing) is not None or one["ended"] is None

    return [one for one in INCIDENTS if counts(one)]


def quantile(values: list[float], part: float) -> float:
    """Between the two nearest, as far as `part` lies between them."""
    ranked, place = sorted(values), part * (len(values) - 1)
    low = int(place)
    return ranked[low] + (ranked[min(low + 1, len(ranked) - 1)] - ranked[low]) * (place - low)


KEYS: dict[str, Callable[[Incident], str]] = {
    "category": lambda one: one["severity"],
    "level": lambda one: str(one["level"]),
    "unit": lambda one: one["path"][:9],
    "day": lambda one: f"{one['opened'].astimezone(TZ):%Y-%m-%d}",
    "week": lambda one: f"{_monday(one['opened'].astimezone(TZ)):%Y-%m-%d}",
    "month": lambda one: f"{one['opened'].astimezone(TZ):%Y-%m-01}",
}


def _monday(at: datetime) -> datetime:
    return at - timedelta(days=at.weekday())


@EVERY
@pytest.mark.parametrize("what", [None, *KEYS])
def test_quantiles_are_those_of_the_incidents_read_one_by_one(
    reader: Reader, timing: Timing, what: str | None
) -> None:
    key = KEYS[what] if what else lambda one: None
    found, expected = by(reader, timing, what), concerned(timing)
    assert found.keys() == {key(one) for one in expected}
    for name, some in groupby(sorted(expected, key=lambda one: str(key(one))), key):
        times = [took(one, timing) for one in some]
        taken = [seconds for seconds in times if seconds is not None]
        row = found[name]
        assert (row["n"], row["waiting"]) == (len(taken), len(times) - len(taken))
        if taken:
            assert row["p50_s"] == pytest.approx(median(taken))
            assert row["p95_s"] == pytest.approx(quantile(taken, 0.95))
        else:
            assert (row["p50_s"], row["p95_s"]) == (None, None)


@EVERY
def test_behind_every_figure_stand_the_very_incidents(reader: Reader, timing: Timing) -> None:
    asked: list[dict[str, Any]] = [{}, {"category": "major"}, {"unit": f"{DISTRICT.path}/02"}]
    asked.append({"since": NOW - timedelta(days=20), "until": NOW - timedelta(days=3)})
    for some in asked:
        whole = by(reader, timing, **some)[None]
        assert whole["n"] + whole["waiting"] > 0
        for counts, n in (
            (True, whole["n"]),
            (False, whole["waiting"]),
            (None, whole["n"] + whole["waiting"]),
        ):
            assert len({row["id"] for row in members(reader, timing, counts=counts, **some)}) == n
    waiting_rows = members(reader, timing, counts=False)
    assert {row["took_s"] for row in waiting_rows} == {None}
    assert [row["opened"] for row in waiting_rows] == sorted(row["opened"] for row in waiting_rows)
    rows = members(reader, timing, counts=True)
    assert quantile([row["took_s"] for row in rows], 0.95) == pytest.approx(by(reader, timing)[None]["p95_s"])
    slowest = [row["took_s"] for row in rows]
    assert slowest == sorted(slowest, reverse=True)
    assert {row["id"] for row in members(reader, timing, text="I17")} <= {
        "i17",
        *(f"i17{n}" for n in range(10)),
    }
    assert len(members(reader, timing, limit=2)) == 2


@EVERY
def test_a_viewer_of_a_station_opens_no_incident_of_another(reader: Reader, timing: Timing) -> None:
    own = {row["id"] for row in members(reader, timing, DISTRICT, unit=STATION_1.path)}
    assert {row["id"] for row in members(reader, timing, STATION_1, unit=DISTRICT.path)} == own
    assert members(reader, timing, Scope(999999, "999999"), unit=DISTRICT.path) == []


def test_levels_are_called_what_the_district_calls_them(reader: Reader) -> None:
    found = by(reader, timings()[0], "level")
    assert {key: row["name"] for key, row in found.items()} == {
        "1": "区局",
        "2": "监管所",
        "3": "中队",
        "4": "段区",
    }


def test_a_unit_without_incidents_is_there_too(reader: Reader) -> None:
    found = by(reader, timings()[0], "unit", since=NOW + timedelta(days=1))
    assert [(row["name"], row["n"], row["p50_s"]) for row in found.values()] == [
        ("一所", 0, None),
        ("二所", 0, None),
    ]


@pytest.mark.parametrize("days", [0, 7])
def test_the_precision_is_what_was_real_of_what_was_judged_by_rule(reader: Reader, days: int) -> None:
    (kpi,) = (each for each in indicators() if each.name == "alert_precision")
    until = NOW - timedelta(days=days)
    params = {"unit": DISTRICT.path, "depth": 2, "since": None, "until": until, "category": None}
    found = {
        row["key"]: (row["numerator"], row["denominator"])
        for row in reader.read(DISTRICT, kpi.by, **params | {"by": "category"})
    }
    for rule in ("left_grid", "bodycam_sos"):
        judged = [
            one["state"]
            for one in INCIDENTS
            if one["rule"] == rule and one["state"] in ("resolved", "false_alarm") and one["ended"] < until
        ]
        assert found[rule] == (judged.count("resolved"), len(judged))
        assert 0 < found[rule][0] < found[rule][1]
    opened = reader.read(DISTRICT, kpi.members, **params, counts=False, text=None, limit=1000)
    assert {row["state"] for row in opened} == {"false_alarm"}
    named = reader.read(DISTRICT, kpi.members, **params, counts=None, text="LEFT_grid", limit=1000)
    assert {row["rule"] for row in named} == {"left_grid"}


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(None, "—"), (0, "0:00"), (59.6, "1:00"), (95, "1:35"), (3599.4, "59:59"), (3700, "1:01:40")],
)
def test_a_span_is_shown_as_a_clock_shows_it(seconds: float | None, shown: str) -> None:
    assert clock(seconds) == shown
