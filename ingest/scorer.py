"""Scores are counted beside the lane, on a connection of their own: what changed, and what is not over."""

import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from threading import Event, Thread

import psycopg

from db.connect import INGEST, Row, connect
from ingest.domain.roster import Roster
from ingest.log import first_line
from ingest.scores import count, due, forget

log = logging.getLogger(__name__)

EVERY_S = 60
REST = 10
"""What takes long is done less often: a rest is so many times as long as the round before it."""
TOLD = 50
"""Periods between two lines in the log: a first start has years to count."""
AGAIN_S = 5
"""After the database was away."""

# One core at most, so that messages are not kept waiting; and no query for ever.
_GENTLE = "SET max_parallel_workers_per_gather = 0; SET statement_timeout = '10min'"


class Scorer:
    """Counts the scores of the districts whose `rosters` it is given, as they are then."""

    def __init__(self, url: str, rosters: Callable[[], Mapping[int, Roster]]) -> None:
        self._url, self._rosters = url, rosters
        self._stopping = Event()
        self._conn: psycopg.Connection[Row] | None = None
        self._thread = Thread(target=self._run, name="scorer", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop; what was being counted is counted in the next life."""
        self._stopping.set()
        if conn := self._conn:
            with suppress(psycopg.Error):
                conn.cancel()
        self._thread.join(10)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with connect(self._url, INGEST, autocommit=True) as self._conn:
                    self._conn.execute(_GENTLE)
                    self._serve(self._conn)
            except Exception as error:  # noqa: BLE001  whatever one round cannot do, the next may
                if not self._stopping.is_set():
                    away = isinstance(error, psycopg.Error)
                    why = {"why": first_line(error)}
                    log.warning("counting scores was interrupted", extra=why, exc_info=not away)
            finally:
                self._conn = None
            self._stopping.wait(AGAIN_S)

    def _serve(self, conn: psycopg.Connection[Row]) -> None:
        while not self._stopping.is_set():
            began = time.monotonic()
            for roster in self._rosters().values():
                self._round(conn, roster)
            took = time.monotonic() - began
            self._stopping.wait(max(EVERY_S - took, REST * took))

    def _round(self, conn: psycopg.Connection[Row], roster: Roster) -> None:
        todo = due(conn, roster, datetime.now(UTC))
        for number, period in enumerate(todo.periods):
            if self._stopping.is_set():
                return
            if number and number % TOLD == 0:
                left = len(todo.periods) - number
                log.info("counting scores", extra={"district": roster.district, "periods_left": left})
            count(conn, roster, period, datetime.now(UTC))
        forget(conn, roster, todo.marks)
