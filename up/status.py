"""How things stand, in figures: what `gridward status` prints."""

from collections.abc import Iterator, Sequence

import msgspec
import psycopg

from db.connect import Row, connect, fetch
from ingest.contract.errors import RetryLater

SILENT_S = 5
"""Ingest writes that it is there about once a second."""


class Status(msgspec.Struct, frozen=True):
    """`rows`: exact counts by table; ages in seconds, null before there was anything to count from.

    While the database is away there is nothing but trouble.
    """

    rows: dict[str, int]
    rejected: int | None
    alerts_open: int | None
    devices_online: int | None
    last_fact_s: float | None
    lag_s: float | None
    trouble: list[str]


def take(url: str, districts: Sequence[int]) -> Status:
    """The status of the database at `url`; of ingest, for `districts` (empty: all).

    Raises RetryLater before the schema is there, a district imported and ingest ready for once.
    A database that is away is a status, too.
    """
    try:
        conn = connect(url)
    except psycopg.OperationalError as error:
        away = " ".join(str(error).split())
        return Status({}, None, None, None, None, None, [f"the database is away: {away}"])
    with conn:
        try:
            rows, now = fetch(conn, "ops/status_rows")[0], fetch(conn, "ops/status_now")[0]
            told = fetch(conn, "ops/status_ingest", {"districts": list(districts)})
            channels = fetch(conn, "ops/notify_channels", {"districts": list(districts)})
            full = _is_full(conn)
        except psycopg.errors.UndefinedTable:
            raise RetryLater("the database has no schema of Gridward's yet (`gridward migrate`)") from None
    if now.pop("districts") == 0:
        raise RetryLater("no district is imported yet (`gridward import DIR`)")
    if not told:
        raise RetryLater("ingest has not been ready yet (`gridward ingest`)")
    return Status(
        rows=rows,
        **now,
        last_fact_s=min(_known(told, "last_fact_s"), default=None),
        lag_s=max(_known(told, "lag_s"), default=None),
        trouble=["the database's disk is full"] * full + [*_trouble(told, districts), *_untold(channels)],
    )


def table(status: Status) -> str:
    """The status for people, a figure a line."""
    figures: dict[str, object] = {
        **status.rows,
        "rejected": status.rejected,
        "alerts open": status.alerts_open,
        "devices online": status.devices_online,
        "last fact": "none" if status.last_fact_s is None else f"{status.last_fact_s} s ago",
        "lag": "none" if status.lag_s is None else f"{status.lag_s} s",
    }
    lines = [
        f"{name:<15}{value:>16,}" if isinstance(value, int) else f"{name:<15}{value:>16}"
        for name, value in figures.items()
    ]
    return "\n".join(lines + [f"trouble: {line}" for line in status.trouble])


def _is_full(conn: psycopg.Connection[Row]) -> bool:
    try:
        with conn.transaction():
            fetch(conn, "ops/status_room")
    except psycopg.errors.DiskFull:
        return True
    return False


def _known(told: Sequence[Row], column: str) -> list[float]:
    return [round(row[column], 3) for row in told if row[column] is not None]


def _untold(channels: Sequence[Row]) -> Iterator[str]:
    for row in channels:
        if row["failures"]:
            untold = f"{row['waiting']} notifications wait, {row['failed']} were given up"
            yield (
                f"channel {row['channel']} of {row['district']} has failed {row['failures']} times in a row "
                f"({row['error']}): {untold}"
            )


def _trouble(told: Sequence[Row], districts: Sequence[int]) -> Iterator[str]:
    several = len(told) + len(districts) > 2
    for row in told:
        of = f" of {row['district']}" if several else ""
        if row["silent_s"] > SILENT_S:
            yield f"ingest{of} has been silent for {row['silent_s']:.0f} s"
        elif not row["connected"]:
            yield f"ingest{of} is not connected to the broker"
    for district in sorted(set(districts) - {row["district"] for row in told}):
        yield f"ingest of {district} has not been ready yet"
