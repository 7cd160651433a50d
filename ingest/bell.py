"""The database's bell: one ingest a district by advisory lock, and NOTIFY when orders or files arrive."""

from collections.abc import Iterable

import psycopg

from db.connect import INGEST, Row, connect

ORDERS = "gridward_command"
REGISTRY = "gridward_registry"
THRESHOLDS = "gridward_threshold"
PREVIEWS = "gridward_preview"
_LOCK_CLASS = 7_402_022  # any constant of ours, beside the migration's


class Bell:
    """A connection of its own: while it stands, its districts are ours alone."""

    def __init__(self, url: str) -> None:
        self._conn: psycopg.Connection[Row] = connect(url, INGEST, autocommit=True)
        for channel in (ORDERS, REGISTRY, THRESHOLDS, PREVIEWS):
            self._conn.execute(f"LISTEN {channel}".encode())

    def claim(self, districts: Iterable[int]) -> int | None:
        """Take the districts' locks; the first that another ingest holds, or None when all are ours."""
        for district in districts:
            row = self._conn.execute(
                "SELECT pg_try_advisory_lock(%s, %s) AS ours", (_LOCK_CLASS, district)
            ).fetchone()
            if not row or not row["ours"]:
                self._conn.execute("SELECT pg_advisory_unlock_all()")
                return district
        return None

    def heard(self) -> set[str]:
        """The channels that rang since the last call; raises psycopg.OperationalError when cut off."""
        return {notify.channel for notify in self._conn.notifies(timeout=0)}

    def close(self) -> None:
        self._conn.close()
