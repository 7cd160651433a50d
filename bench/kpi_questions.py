"""What a viewer of a city asks of its indicators and times: every form, of the largest unit of each level."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import psycopg

from dashboard.indicators import Indicator, indicators
from dashboard.timings import Timing, timings
from db.connect import Row, fetch

_PARTS = ("month", "day", "unit", "category")
_EVER: Row = {"since": None, "until": None, "category": None}
_BEHIND: Row = {**_EVER, "counts": None, "text": None, "limit": 1_001}  # a page shows a thousand
_LARGEST = """
SELECT DISTINCT ON (depth) depth, array_to_string((string_to_array(path, '/'))[:depth], '/') AS path
FROM task, generate_series(1, (SELECT max(depth) - 1 FROM org_unit)) AS depth
WHERE length(path) - length(replace(path, '/', '')) >= depth
GROUP BY 1, 2 ORDER BY 1, count(*) DESC, 2
"""


class Question(NamedTuple):
    """An indicator, or a time, as a viewer of the district asks for it."""

    kpi: str
    form: str
    query: str
    params: Row


def questions(conn: psycopg.Connection[Row], now: datetime) -> list[Question]:
    """Of every indicator and time in the district that `conn` looks at, of units with most tasks."""
    tz = ZoneInfo(fetch(conn, "read/district")[0]["tz"])
    today = now.astimezone(tz).replace(hour=0, minute=0, second=0, microsecond=0)
    units = conn.execute(_LARGEST.encode()).fetchall()
    asked = [(unit["path"], unit["depth"]) for unit in units]
    return [
        Question(kpi, form, query, {"unit": path, "depth": depth + 1, **params})
        for kpi, forms in [*_rates(conn, today, asked[0]), *_times()]
        for form, query, params in forms
        for path, depth in asked
    ]


Forms = list[tuple[str, str, Row]]


def _rates(
    conn: psycopg.Connection[Row], today: datetime, whole: tuple[str, int]
) -> Iterator[tuple[str, Forms]]:
    month = {"since": today - timedelta(days=30), "until": today + timedelta(days=1)}
    hours = {"at": [today + timedelta(hours=hour) for hour in range(24)]}
    for indicator in indicators():
        largest = {**_EVER, "category": _largest_category(conn, indicator, *whole)}
        yield (
            indicator.name,
            [
                ("now", indicator.query, {"at": None}),
                ("today by hour", indicator.query, hours),
                *(
                    (f"by {by}", indicator.by, {**_EVER, "by": by})
                    for by in ("month", "day", "unit", "category")
                ),
                ("30 days by day", indicator.by, {**_EVER, **month, "by": "day"}),
                ("a category by month", indicator.by, {**largest, "by": "month"}),
                ("a category by unit", indicator.by, {**largest, "by": "unit"}),
                ("members", indicator.members, _BEHIND),
            ],
        )


def _times() -> Iterator[tuple[str, Forms]]:
    for timing in timings():
        yield timing.name, [*_by(timing), ("members", timing.members, _BEHIND)]


def _by(timing: Timing) -> Iterator[tuple[str, str, Row]]:
    for by in (*_PARTS, "level"):
        yield f"by {by}", timing.by, {**_EVER, "by": by}


def _largest_category(
    conn: psycopg.Connection[Row], indicator: Indicator, path: str, depth: int
) -> str | None:
    rows = fetch(conn, indicator.by, {**_EVER, "unit": path, "depth": depth, "by": "category"})
    largest: str | None = max(rows, key=lambda row: row["denominator"], default={"key": None})["key"]
    return largest
