"""Days of the audit log are sealed beside the lane, on a connection of its own: an authority may be slow."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import psycopg

from db.connect import INGEST, Row, connect
from ingest.audit_key import signing_key
from ingest.contract.errors import RetryLater
from ingest.domain.roster import Roster
from ingest.log import first_line
from ingest.roots import keep, load_roots, seal, stamp_roots

log = logging.getLogger(__name__)

EVERY_S = 60
STAMPED_DAYS = 30
"""Roots that are older are not stamped any more: the authority was away, or is new."""


class Sealer:
    """Seals each day of the districts whose `rosters` it is given, when it is over there."""

    def __init__(
        self, url: str, data: Path, authority: str | None, rosters: Callable[[], Mapping[int, Roster]]
    ) -> None:
        self._url, self._data, self._authority, self._rosters = url, data, authority, rosters
        self._stopping = Event()
        self._conn: psycopg.Connection[Row] | None = None
        self._thread = Thread(target=self._run, name="sealer", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop; what is not sealed is in the next life."""
        self._stopping.set()
        if conn := self._conn:
            with suppress(psycopg.Error):
                conn.cancel()
        self._thread.join(10)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with connect(self._url, INGEST, autocommit=True) as self._conn:
                    for roster in self._rosters().values():
                        self._seal(self._conn, roster, datetime.now(UTC))
            except Exception as error:  # noqa: BLE001  whatever one round cannot do, the next may
                if not self._stopping.is_set():
                    away = isinstance(error, psycopg.Error | RetryLater)
                    why = {"why": first_line(error)}
                    log.warning("sealing the audit log was interrupted", extra=why, exc_info=not away)
            finally:
                self._conn = None
            self._stopping.wait(EVERY_S)

    def _seal(self, conn: psycopg.Connection[Row], roster: Roster, now: datetime) -> None:
        today = now.astimezone(roster.tz).date()
        seal(conn, roster.district, today, signing_key(self._data), now)
        roots = load_roots(conn, roster.district)
        keep(self._data, roster.district, roots)
        if self._authority:
            oldest = today - timedelta(days=STAMPED_DAYS)
            stamp_roots(conn, self._authority, [root for day, root in roots.items() if day > oldest])
