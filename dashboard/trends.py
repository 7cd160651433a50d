"""How the figures of the strip have gone in the day so far: read once a minute for all viewers of a scope."""

import contextlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import psycopg

from dashboard import data
from dashboard.data import Picture
from dashboard.indicators import on_strip
from dashboard.ui.spark import Day, Value
from db.connect import Row, Scope

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


def _read(scope: Scope, tick: int, until: datetime | None) -> dict[str, Day]:
    hours = data.rows(scope, "read/day_so_far", tick, at=until)
    at = [row["at"] for row in hours]
    times = tuple(row["local_time"] for row in hours)
    found: dict[str, Day] = {}
    for name in COUNTS:
        rows = data.rows(scope, f"read/trend_{name}", tick, at=at)
        for column in rows[0].keys() - {"at"} if rows else ():
            key = name if column == "value" else f"{name}.{column}"
            found[key] = Day(times, _values(at, {row["at"]: row[column] for row in rows}))
    whole: dict[str, Any] = {"unit": scope.path, "depth": scope.path.count("/") + 1, "at": at}
    for indicator in on_strip():
        rows = data.rows(scope, indicator.query, tick, **whole)
        found[indicator.name] = Day(times, _values(at, {row["at"]: _percent(row) for row in rows}))
    return found


def _values(at: Sequence[datetime], known: dict[datetime, Any]) -> tuple[Value, ...]:
    return tuple(known.get(instant) for instant in at)


def _percent(row: Row) -> Value:
    return 100 * row["numerator"] / row["denominator"] if row["denominator"] else None
