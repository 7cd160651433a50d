"""Previews that pages asked for, played one after the other beside the lane, on a connection of their own."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from threading import Event, Thread

import msgspec
import psycopg

from db.connect import INGEST, Row, connect, fetch
from ingest.domain.roster import Roster
from ingest.log import first_line
from ingest.preview import Preview, preview

log = logging.getLogger(__name__)

# One core at most, so that messages are not kept waiting; and no query for ever.
_GENTLE = "SET max_parallel_workers_per_gather = 0; SET statement_timeout = '10min'"


class Previewer:
    """Plays what waits when it is woken; `rosters` gives the districts' as they are then."""

    def __init__(self, url: str, rosters: Callable[[], Mapping[int, Roster]]) -> None:
        self._url, self._rosters = url, rosters
        self._woken, self._stopping = Event(), Event()
        self._conn: psycopg.Connection[Row] | None = None
        self._thread = Thread(target=self._run, name="previewer", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """There may be something to play."""
        self._woken.set()

    def close(self) -> None:
        """Stop; what was being played is played again in the next life."""
        self._stopping.set()
        self._woken.set()
        if conn := self._conn:
            with suppress(psycopg.Error):
                conn.cancel()
        self._thread.join(10)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.wait()
            self._woken.clear()
            try:
                with connect(self._url, INGEST, autocommit=True) as self._conn:
                    self._conn.execute(_GENTLE)
                    while not self._stopping.is_set() and self._play_next(self._conn):
                        pass
            except psycopg.Error as error:  # what it was at is played again when it is woken next
                if not self._stopping.is_set():
                    log.warning("a preview was interrupted", extra={"why": first_line(error)})
            finally:
                self._conn = None

    def _play_next(self, conn: psycopg.Connection[Row]) -> bool:
        """Play what has waited longest, if anything has."""
        rosters = self._rosters()
        found = fetch(conn, "write/take_preview", {"districts": list(rosters)})
        for asked in found:
            key = {"district": asked["district"], "preview_id": asked["preview_id"]}
            told: Preview | None = None
            try:
                told = preview(
                    conn,
                    rosters[asked["district"]],
                    asked["name"],
                    asked["value"],
                    asked["days"],
                    datetime.now(UTC),
                    lambda done, key=key: _tell(conn, key, done),  # type: ignore[misc]
                    self._stopping.is_set,
                )
            except Exception as error:  # noqa: BLE001  whatever one cannot do, the next may
                if self._stopping.is_set() or isinstance(error, psycopg.OperationalError) and conn.broken:
                    return False
                log.exception("a preview failed", extra={"threshold": asked["name"]})
            _end(conn, key, told)
        return bool(found)


def _tell(conn: psycopg.Connection[Row], key: Row, done: float) -> None:
    fetch(conn, "write/tell_preview", key | {"done": done})


def _end(conn: psycopg.Connection[Row], key: Row, told: Preview | None) -> None:
    """Write down what it came to; None: it failed."""
    figures = told._asdict() if told else dict.fromkeys(Preview._fields)
    by_day = msgspec.json.encode(figures["by_day"]).decode()
    fetch(conn, "write/end_preview", key | figures | {"by_day": by_day})
