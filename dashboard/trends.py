"""How the figures of the strip have gone in the day so far: read once a minute for all viewers of a scope."""

import contextlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import psycopg

from dashboard import data
from dashboard.data import Picture
from dashboard.indicators import on_strip
from dashboard.past import COUNTED
from dashboard.ui.spark import Day, Value
from db.connect import Row, Scope
from db.figures import Asked

EVERY_TICKS = 60 // data.TICK_S
COUNTS = ("on_duty", "due_today", "alerts", "devices")
"""Of each there is ``read/trend_{name}.sql``: rows (at, value); what is not known is left out."""

_kept: dict[Scope, dict[str, Day]] = {}
"""What was read last of a scope's present."""


def today(picture: Picture) -> dict[str, Day]:
    """The day by name of a figure (``alerts.major``: of one severity) or KPI, of the past up to the last full
    hour; while the database is away as it was last read."""
    tick, at = picture.tick - picture.tick % EVERY_TICKS, None
    if picture.at:
        tick, at = 0, picture.at.replace(minute=0, second=0)
    if not picture.away:  # else every tick would wait for it
        with contextlib.suppress(psycopg.Error):
            found = _read(picture.scope, tick, at)
            if at is None:
                _kept[picture.scope] = found
            return found
    return _kept.get(picture.scope, {}) if at is None else {}


def plan(scope: Scope, at: Sequence[datetime], past: bool) -> list[Asked]:
    """What the day is read by, at these instants of it. Of the `past`, rates are those that were known then;
    behind `COUNTED` they are counted, where none had been kept."""
    asked: list[Asked] = [(name, f"read/trend_{name}", {"at": at}) for name in COUNTS]
    depth = scope.path.count("/") + 1
    for kpi, query in ((indicator.name, indicator.query) for indicator in on_strip()):
        counted = (query, {"unit": scope.path, "depth": depth, "at": at})
        if past:
            asked += [(kpi, "then/rates", {"kpi": kpi, "ats": at}), (COUNTED + kpi, *counted)]
        else:
            asked.append((kpi, *counted))
    return asked


def _read(scope: Scope, tick: int, until: datetime | None) -> dict[str, Day]:
    hours = data.rows(scope, "read/day_so_far", tick, at=until)
    at = [row["at"] for row in hours]
    times = tuple(row["local_time"] for row in hours)
    found: dict[str, Day] = {}
    for key, name, params in plan(scope, at, until is not None):
        if (of := key.removeprefix(COUNTED)) in found:
            continue
        rows = data.rows(scope, name, tick, **params)
        if key in COUNTS:
            for column in rows[0].keys() - {"at"} if rows else ():
                one = key if column == "value" else f"{key}.{column}"
                found[one] = Day(times, _values(at, {row["at"]: row[column] for row in rows}))
        elif rows:
            found[of] = Day(times, _values(at, {row["at"]: _percent(row) for row in rows}))
    return found


def _values(at: Sequence[datetime], known: dict[datetime, Any]) -> tuple[Value, ...]:
    return tuple(known.get(instant) for instant in at)


def _percent(row: Row) -> Value:
    return 100 * row["numerator"] / row["denominator"] if row["denominator"] else None
