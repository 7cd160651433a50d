"""The screen's rates, categories and ranking are kept as they are known, for whoever comes back to them."""

import logging
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from threading import Event, Thread

import msgspec
import psycopg

from db.connect import INGEST, Row, Scope, connect, enter, fetch
from db.figures import figures
from ingest.log import first_line

log = logging.getLogger(__name__)

EVERY_S = 300
"""At full five minutes of the clock."""
AGAIN_S = 5
"""After the database was away."""

# One core at most, so that messages are not kept waiting.
_GENTLE = "SET max_parallel_workers_per_gather = 0; SET statement_timeout = '60s'"


class FigureKeeper:
    """Keeps the figures of the districts that it is given, beside the lane, on a connection of its own."""

    def __init__(self, url: str, districts: Callable[[], Collection[int]]) -> None:
        self._url, self._districts = url, districts
        self._stopping = Event()
        self._conn: psycopg.Connection[Row] | None = None
        self._thread = Thread(target=self._run, name="figure keeper", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop; what was being counted is not kept."""
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
                    log.warning("keeping figures was interrupted", extra=why, exc_info=not away)
            finally:
                self._conn = None
            self._stopping.wait(AGAIN_S)

    def _serve(self, conn: psycopg.Connection[Row]) -> None:
        while not self._stopping.is_set():
            for district in self._districts():
                keep(conn, district)
            self._stopping.wait(EVERY_S - time.time() % EVERY_S)


def keep(conn: psycopg.Connection[Row], district: int) -> None:
    """Keep the figures of the whole district as they are now, all as of one instant, in one transaction."""
    path = str(district)
    with conn.transaction():
        conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        enter(conn, Scope(district, path))
        known = {name: fetch(conn, query, asked) for name, query, asked in figures(path, None)}
        told = msgspec.json.encode(known).decode()
        fetch(conn, "write/keep_figures", {"district": district, "figures": told})
