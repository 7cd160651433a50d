"""Run ingest: settings, connections, and the one lane in which everything is decided and written."""

import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from threading import Event

import psycopg

from db.connect import INGEST, connect, fetch
from ingest.alerts import rules
from ingest.bell import ORDERS, REGISTRY, Bell
from ingest.broker import Line
from ingest.contract.errors import ConfigError, RetryLater
from ingest.contract.topics import district_filter
from ingest.courier import carry_out
from ingest.decoders import decoders
from ingest.domain.roster import Roster
from ingest.pipeline import Pipeline
from ingest.settings import Settings, load
from ingest.snapshots import Connection, load_districts, load_roster
from ingest.store import beat, prepare
from ingest.tick import tick

log = logging.getLogger("ingest")

TICK_S = 1.0
SWEEP_S = 5.0
"""Orders are looked for this often even if nobody rang: a bell may be missed, a row may not."""
FORGET_S = 60.0
FORGET_ROWS = 20_000
DRAIN_S = 3.0
_BACKOFF_S = (0.5, 1, 2, 5)


def main() -> int:
    """Serve until SIGTERM or Ctrl-C; 0 after a drained stop, 2 for a wrong setting."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        settings = load(os.environ)
        _ = settings.database_url, settings.mqtt_url  # missing ones are told now, not in the loop
        decoders()
        rules()
    except ConfigError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    attempt = 0
    while not stop.is_set():
        began = time.monotonic()
        try:
            Lane(settings).serve(stop)
        except (psycopg.Error, RetryLater, OSError) as error:
            if isinstance(error, psycopg.Error) and not isinstance(error, psycopg.OperationalError):
                log.exception("the database and we do not understand each other; is it migrated?")
            attempt = 0 if time.monotonic() - began > 60 else attempt
            wait_s = _BACKOFF_S[min(attempt, len(_BACKOFF_S) - 1)]
            attempt += 1
            log.warning("%s; again in %s s", str(error).strip().splitlines()[0], wait_s)
            stop.wait(wait_s)
    return 0


class Lane:
    """One life of the connections: pipeline, courier and tick take turns in a single thread.

    Any connection that fails ends it; what was not acknowledged comes again in the next.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._started_at = datetime.now(UTC)
        self._last_fact_at: datetime | None = None
        self._lag_s: float | None = None

    def serve(self, stop: Event) -> None:
        """Connect, say that we are ready, and work until `stop` or until something fails."""
        url = self._settings.database_url
        with connect(url, INGEST) as conn, closing(Bell(url)) as bell:
            districts = self._settings.districts or tuple(load_districts(conn))
            if not districts:
                raise RetryLater("no district is registered yet")
            bell.claim(districts)
            prepare(conn)
            conn.commit()
            pipeline = Pipeline(
                conn, self._settings.data, {}, self._started_at, lambda: _rosters(conn, districts)
            )
            pipeline.rosters = _rosters(conn, districts)
            client_id = "gridward-ingest-" + "-".join(map(str, sorted(districts)))
            line = Line(self._settings.mqtt_url, client_id)
            try:
                line.connect([district_filter(district) for district in districts])
                print(f"ingest ready: districts {' '.join(map(str, districts))}", flush=True)  # noqa: T201
                self._work(stop, conn, bell, line, pipeline)
            except RetryLater:
                self._beat(conn, districts, connected=False)  # the broker is away, the database is not
                raise
            finally:
                line.disconnect()

    def _work(self, stop: Event, conn: Connection, bell: Bell, line: Line, pipeline: Pipeline) -> None:
        next_tick = next_sweep = next_forget = 0.0
        while not stop.is_set():
            self._take(line, pipeline)
            rang = bell.heard()
            if REGISTRY in rang:
                pipeline.rosters = pipeline.refresh()
            now = time.monotonic()
            if ORDERS in rang or now >= next_sweep:
                claimed = [carry_out(conn, r, datetime.now(UTC)) for r in pipeline.rosters.values()]
                next_sweep = now if any(claimed) else now + SWEEP_S
            if now >= next_tick:
                self._tick(conn, pipeline)
                next_tick = now + TICK_S
            if now >= next_forget:
                with conn.transaction():
                    fetch(conn, "write/forget_old_facts", {"slice": FORGET_ROWS})
                next_forget = now + FORGET_S

        # What the broker has on the way is taken along: not every broker keeps it for the next start.
        end = time.monotonic() + DRAIN_S
        while self._take(line, pipeline) and time.monotonic() < end:
            pass

    def _take(self, line: Line, pipeline: Pipeline) -> int:
        deliveries = line.collect()
        if deliveries:
            pipeline.take(deliveries)
            line.ack(deliveries)
            self._last_fact_at = datetime.now(UTC)
            self._lag_s = (self._last_fact_at - deliveries[0].received_at).total_seconds()
        return len(deliveries)

    def _tick(self, conn: Connection, pipeline: Pipeline) -> None:
        for roster in pipeline.rosters.values():
            tick(conn, roster, pipeline.listening_since, datetime.now(UTC))
        self._beat(conn, pipeline.rosters, connected=True)

    def _beat(self, conn: Connection, districts: Iterable[int], *, connected: bool) -> None:
        with conn.transaction():
            for district in districts:
                beat(
                    conn,
                    {
                        "district": district,
                        "instance": f"{socket.gethostname()}:{os.getpid()}",
                        "started_at": self._started_at,
                        "connected": connected,
                        "last_fact_at": self._last_fact_at,
                        "lag_s": self._lag_s,
                    },
                )


def _rosters(conn: Connection, districts: tuple[int, ...]) -> dict[int, Roster]:
    try:
        with conn.transaction():
            return {district: load_roster(conn, district) for district in districts}
    except LookupError as error:
        raise RetryLater(str(error)) from error


if __name__ == "__main__":
    sys.exit(main())
