"""Notifications on their way: claimed, sent and marked beside the decision lane, which waits for none of it.

One thread claims and marks on a database connection of its own; each channel that is called has a thread
until it answers, so that a slow one holds up itself alone.
"""

import contextlib
import logging
import queue
import time
import uuid
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

import psycopg

from db.connect import INGEST, Row, connect, fetch
from ingest.channel import send
from ingest.contract.messages import Severity
from ingest.domain.notice import TRIES, rest
from ingest.log import first_line
from ingest.notice import LINES, compose

BELL = "gridward_notification"
LEASE_S = 30
"""What was claimed and is not marked by then, somebody was killed at: it is sent again."""
BROKEN = "broken"
"""The code of a fault of ours, or of Apprise's, beside those of `ingest.channel`."""
LOOK_S, LOOK_BUSY_S = 1.0, 0.1
AGAIN_S = 5.0
FAREWELL_S = 3.0

log = logging.getLogger(__name__)

Connection = psycopg.Connection[Row]
Key = tuple[int, str]
"""District and channel."""


class _Outcome(NamedTuple):
    key: Key
    message: str
    error: str | None


class Notifier:
    """Sends what is queued for the channels of `districts` from now on, until it is closed."""

    def __init__(self, url: str, data: Path, districts: tuple[int, ...]) -> None:
        self._url, self._data, self._districts = url, data, list(districts)
        self._stop = Event()
        self._busy: set[Key] = set()
        self._outcomes: queue.SimpleQueue[_Outcome] = queue.SimpleQueue()
        self._thread = Thread(target=self._run, name="notifier", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End; a channel that does not answer within 3 s is left alone, and told again later."""
        self._stop.set()
        self._thread.join(2 * FAREWELL_S)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with connect(self._url, INGEST, autocommit=True) as conn:
                    conn.execute(f"LISTEN {BELL}".encode())
                    self._serve(conn)
            except psycopg.OperationalError as error:
                log.warning("no notifications for now", extra={"why": first_line(error)})
                self._stop.wait(AGAIN_S)
            except Exception:
                log.exception("no notifications for now")
                self._stop.wait(AGAIN_S)

    def _serve(self, conn: Connection) -> None:
        while not self._stop.is_set():
            for row in fetch(conn, "write/load_waiting_channels", {"districts": self._districts}):
                key, rested_s = (row["district"], row["channel"]), row["rested_s"]
                pause = rest(row["failures"], Severity(row["worst"]))
                if key not in self._busy and (rested_s is None or rested_s >= pause.total_seconds()):
                    self._call(conn, key)
            # A bell that rings while nobody listens is not missed: what waits is looked for anyway.
            list(conn.notifies(timeout=LOOK_BUSY_S if self._busy else LOOK_S, stop_after=1))
            self._mark(conn)
        end = time.monotonic() + FAREWELL_S
        while self._busy and time.monotonic() < end:
            self._mark(conn, LOOK_BUSY_S)

    def _call(self, conn: Connection, key: Key) -> None:
        """Claim what waits for a channel, and let a thread send it."""
        district, channel = key
        message = uuid.uuid4().hex
        claim = {"district": district, "channel": channel, "message": message, "lease_s": LEASE_S}
        with conn.transaction():
            fetch(conn, "write/enter_district", {"district": district})
            rows = fetch(conn, "write/claim_notifications", {**claim, "lines": LINES})
        if rows:
            self._busy.add(key)
            work = (key, message, rows)
            Thread(target=self._send, args=work, name=f"channel {channel}", daemon=True).start()

    def _send(self, key: Key, message: str, rows: list[Row]) -> None:
        error: str | None = BROKEN
        try:
            error = send(self._data, *key, compose(rows))
        except Exception as broken:  # noqa: BLE001  what is wrong with one message must not end the others
            # Its words may quote the address.
            log.error("a channel broke", extra={"channel": key[1], "error": type(broken).__name__})
        finally:
            self._outcomes.put(_Outcome(key, message, error))

    def _mark(self, conn: Connection, patience_s: float = 0) -> None:
        """Write down what the channels have answered, waiting up to `patience_s` for the first."""
        with contextlib.suppress(queue.Empty):
            while True:
                outcome = self._outcomes.get(patience_s > 0, patience_s or None)
                district, channel = outcome.key
                told = {"message": outcome.message, "error": outcome.error, "tries": TRIES}
                try:
                    key = {"district": district, "channel": channel}
                    fetch(conn, "write/finish_notifications", {**key, **told})
                except psycopg.Error:
                    self._outcomes.put(outcome)  # for the next connection
                    raise
                self._busy.discard(outcome.key)
                if outcome.error:
                    log.warning("not told", extra={**key, "why": outcome.error})
