"""A station's month in figures: rows as the database has them, all as of one instant."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from dashboard.indicators import find
from db.connect import Row, Scope
from ingest.contract.errors import ConfigError

Together = Callable[[Scope, list[tuple[str, str, dict[str, Any]]]], dict[str, list[Row]]]
"""Reads several queries, given as (key, name, parameters), within a scope (`Reader.read_together`)."""

STATION = 2
"""The depth of a station in the org tree."""


class Day(NamedTuple):
    """Tasks by the day on which they came to be owed: how many, of these closed and done on time by now."""

    day: date
    owed: int
    closed: int
    on_time: int


class Month(NamedTuple):
    """What a month report says; rows by the queries ``read/month_*``."""

    first: date
    head: Row
    station: Row
    """With its score, null where it has none."""
    units: Sequence[Row]
    """Its squadrons and sections, in the order of the tree."""
    workers: Sequence[Row]
    """Those with points, the best first; then those with too little to rank."""
    days: Sequence[Day]
    categories: Sequence[Row]
    """Tasks closed of those owed, by category: of ``kpi_by``."""
    incidents: Sequence[Row]
    clues: Sequence[Row]
    visits: Row


def gather(together: Together, scope: Scope, path: str, first: date) -> Month:
    """The month that begins on `first`, of the station at `path`. Raises ConfigError where `scope` has no
    such station, psycopg.Error while the database is away."""
    said = together(scope, [("unit", "read/unit", {"unit": path}), ("choices", "read/kpi_choices", {})])
    if not said["unit"] or said["unit"][0]["depth"] != STATION:
        raise ConfigError(f"there is no station {path!r}")
    choices = {row["indicator"]: row["formula"] for row in said["choices"] if row["formula"]}
    found = together(scope, _plan(path, first, ZoneInfo(said["unit"][0]["tz"]), choices))
    return Month(
        first=first,
        head=found["head"][0],
        station=found["units"][0],
        units=found["units"][1:],
        workers=found["workers"],
        days=_days(first, found["closed"], found["on_time"]),
        categories=found["categories"],
        incidents=found["incidents"],
        clues=found["clues"],
        visits=found["visits"][0],
    )


def after(first: date) -> date:
    """The first day of the month after."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _plan(
    path: str, first: date, tz: ZoneInfo, choices: dict[str, str]
) -> list[tuple[str, str, dict[str, Any]]]:
    closure, on_time = find("closure_rate", choices), find("on_time_rate", choices)
    assert closure and on_time, "both come with Gridward"
    asked = {"unit": path, "month": first}
    period = {
        "unit": path,
        "depth": STATION,
        "category": None,
        "since": datetime.combine(first, time.min, tz),
        "until": datetime.combine(after(first), time.min, tz),
    }
    parts = ("head", "units", "workers", "incidents", "clues", "visits")
    return [
        *((part, f"read/month_{part}", asked) for part in parts),
        ("closed", closure.by, {**period, "by": "day"}),
        ("on_time", on_time.by, {**period, "by": "day"}),
        ("categories", closure.by, {**period, "by": "category"}),
    ]


def _days(first: date, closed: Sequence[Row], on_time: Sequence[Row]) -> list[Day]:
    closed_on = {row["key"]: row for row in closed}
    in_time = {row["key"]: row["numerator"] for row in on_time}
    days = [date.fromordinal(number) for number in range(first.toordinal(), after(first).toordinal())]
    nothing = {"numerator": 0, "denominator": 0}
    return [
        Day(day, row["denominator"], row["numerator"], in_time.get(f"{day}", 0))
        for day in days
        for row in (closed_on.get(f"{day}", nothing),)
    ]
