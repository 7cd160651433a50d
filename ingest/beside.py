"""What is done beside the lane, round after round, on a thread and a database connection of its own."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread

import psycopg

from db.connect import INGEST, Row, connect
from ingest.contract.errors import RetryLater
from ingest.log import first_line

log = logging.getLogger(__name__)

Connection = psycopg.Connection[Row]

# One core at most, so that messages are not kept waiting; and no query for ever.
_GENTLE = "SET max_parallel_workers_per_gather = 0; SET statement_timeout = '10min'"


class Beside:
    """Does `work` again and again until it is closed, with the connection and the event by which a long
    round learns that it is to stop. `what` it is, for the log; `rest`: seconds until the next round, by
    how many this one took; `again_s`: seconds until it is tried again after something went wrong."""

    def __init__(
        self,
        url: str,
        what: str,
        work: Callable[[Connection, Event], None],
        rest: Callable[[float], float],
        again_s: float = 5,
    ) -> None:
        self._url, self._what, self._work = url, what, work
        self._rest, self._again_s = rest, again_s
        self._stopping = Event()
        self._conn: Connection | None = None
        self._thread = Thread(target=self._run, name=what, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop; what was being done is done in the next life."""
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
                    away = isinstance(error, psycopg.Error | RetryLater)
                    why = {"what": self._what, "why": first_line(error)}
                    log.warning("work beside the lane was interrupted", extra=why, exc_info=not away)
            finally:
                self._conn = None
            self._stopping.wait(self._again_s)

    def _serve(self, conn: Connection) -> None:
        while not self._stopping.is_set():
            began = time.monotonic()
            self._work(conn, self._stopping)
            self._stopping.wait(self._rest(time.monotonic() - began))
