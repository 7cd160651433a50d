"""Whoever is told to stop does not wait for a query that takes long: what it was about comes again."""

from contextlib import suppress
from threading import Event, Thread

import psycopg

from db.connect import Row

PATIENCE_S = 5.0
"""For the round that the lane is in, and what the broker has on the way; a service manager waits longer."""
_AGAIN_S = 0.5


class Leaving:
    """From `stop` and `PATIENCE_S` on, until it is closed, nothing that `conn` waits for is waited for: the
    query raises psycopg.errors.QueryCanceled."""

    def __init__(self, conn: psycopg.Connection[Row], stop: Event) -> None:
        self._conn, self._stop, self._left = conn, stop, Event()
        self._thread = Thread(target=self._run, name="leaving", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """The lane has left."""
        self._left.set()
        self._thread.join(10)

    def _run(self) -> None:
        while not self._stop.wait(_AGAIN_S):
            if self._left.is_set():
                return
        patience_s = PATIENCE_S
        while not self._left.wait(patience_s):
            with suppress(psycopg.Error):
                self._conn.cancel_safe(timeout=5)
            patience_s = _AGAIN_S
