"""Run ingest: settings, connections, and the one lane in which everything is decided and written."""

import gc
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from threading import Event, Lock
from typing import Any

import psycopg

from db.connect import INGEST, connect
from ingest import log as logs
from ingest import metrics
from ingest.alerts import rules
from ingest.bell import ORDERS, PREVIEWS, REGISTRY, THRESHOLDS, Bell
from ingest.broker import WAIT_S, Line, Sender
from ingest.clues import settle_clues
from ingest.contract.errors import ConfigError, RetryLater
from ingest.contract.topics import district_filter
from ingest.courier import carry_out
from ingest.decoders import decoders
from ingest.dispatch import Dispatch
from ingest.domain.roster import Roster
from ingest.figures import figure_keeper
from ingest.foreign import Foreign, declare_protocols, load_foreign
from ingest.forgetting import forget
from ingest.intake import Intake
from ingest.leaving import Leaving
from ingest.notifier import Notifier
from ingest.pipeline import Pipeline
from ingest.previewer import Previewer
from ingest.quarantine import take_in
from ingest.rollup import keep_up
from ingest.scorer import scorer
from ingest.sealer import sealer
from ingest.settings import Settings, load
from ingest.snapshots import Connection, load_districts, load_roster, load_thresholds
from ingest.store import beat, prepare
from ingest.threshold_orders import declare
from ingest.tick import settle, tick
from ingest.watch import Rounds

log = logging.getLogger("ingest")

SETTLERS = (settle, settle_clues)
TICK_S = 1.0
SWEEP_S = 5.0
"""Orders are looked for this often even if nobody rang: a bell may be missed, a row may not."""
FORGET_S = 60.0
DRAIN_S = 2.0
STAND_BY_S = 1.0
GC_AFTER = 200_000
_BACKOFF_S = (0.5, 1, 2, 5)


def main() -> int:
    """Serve until SIGTERM or Ctrl-C; 0 after a drained stop, 2 for a wrong setting."""
    logs.set_up()
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        settings = load(os.environ)
        _ = settings.database_url, settings.mqtt_url  # missing ones are told now, not in the loop
        decoders()
        rules()
        if settings.metrics:
            metrics.serve(settings.metrics, decoders())
    except ConfigError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    attempt = 0
    while not stop.is_set():
        began = time.monotonic()
        try:
            Lane(settings).serve(stop)
        except (psycopg.Error, RetryLater, OSError) as error:
            if stop.is_set():
                log.warning("left in the middle of something", extra={"why": logs.first_line(error)})
                break
            if isinstance(error, psycopg.Error) and not isinstance(error, psycopg.OperationalError):
                log.exception("the database and we do not understand each other; is it migrated?")
            attempt = 0 if time.monotonic() - began > 60 else attempt
            wait_s = _BACKOFF_S[min(attempt, len(_BACKOFF_S) - 1)]
            attempt += 1
            log.warning("trying again", extra={"why": logs.first_line(error), "wait_s": wait_s})
            for end in ("database", "broker"):
                metrics.connected(end, False)
            stop.wait(wait_s)
    return 0


class Lane:
    """One life of the connections: pipeline, courier and tick take turns in a single thread, fed by the
    intake's.

    Any connection that fails ends it; what was not acknowledged comes again in the next.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._started_at = datetime.now(UTC)
        self._last_fact_at: datetime | None = None
        self._lag_s: float | None = None
        self._rounds = Rounds()

    def serve(self, stop: Event) -> None:
        """Connect, say that we are ready, and work until `stop` or until something fails."""
        url = self._settings.database_url
        with connect(url, INGEST) as conn, closing(Bell(url)) as bell, closing(Leaving(conn, stop)):
            districts = self._settings.districts or tuple(load_districts(conn))
            conn.commit()
            if not districts:
                raise RetryLater("no district is registered yet")
            if not _stand_by(bell, districts, stop):
                return
            prepare(conn)
            declare(conn)
            declare_protocols(conn)
            conn.commit()
            metrics.connected("database", True)
            turn = Lock()
            pipeline = Pipeline(
                conn, self._settings.data, {}, self._started_at, lambda: _rosters(conn, districts), turn
            )
            pipeline.rosters = _rosters(conn, districts)
            pipeline.foreign = self._foreign(conn, districts)
            client_id = "gridward-ingest-" + "-".join(map(str, sorted(districts)))
            line = Line(self._settings.mqtt_url, client_id)
            sender = Sender(self._settings.mqtt_url, client_id.replace("ingest", "courier"))
            try:
                own, others = [district_filter(district) for district in districts], pipeline.foreign
                line.connect(own + others.filters, others.closed)
                print(f"ingest ready: districts {' '.join(map(str, districts))}", flush=True)  # noqa: T201
                metrics.connected("broker", True)
                # A batch is tens of thousands of objects, none of them in a cycle: look through them rarely,
                # and through the registry never.
                gc.freeze()
                gc.set_threshold(GC_AFTER, 20, 20)
                with (
                    closing(Intake(line, turn, others.routes)) as intake,
                    closing(Previewer(url, lambda: pipeline.rosters)) as previewer,
                    closing(Notifier(url, self._settings.data, districts)),
                    closing(scorer(url, lambda: pipeline.rosters)),
                    closing(figure_keeper(url, lambda: list(pipeline.rosters))),
                    closing(
                        sealer(url, self._settings.data, self._settings.authority, lambda: pipeline.rosters)
                    ),
                ):
                    self._work(stop, conn, bell, intake, pipeline, Dispatch(sender), previewer)
            except RetryLater:
                self._beat(conn, districts, connected=False)  # the broker is away, the database is not
                raise
            finally:
                line.disconnect()
                sender.close()

    def _work(
        self,
        stop: Event,
        conn: Connection,
        bell: Bell,
        intake: Intake,
        pipeline: Pipeline,
        dispatch: Dispatch,
        previewer: Previewer,
    ) -> None:
        previewer.wake()  # one may have been interrupted
        next_tick = next_sweep = next_forget = 0.0
        unsettled: dict[Any, str | None] = dict.fromkeys(product(SETTLERS, pipeline.rosters), "")
        while not stop.is_set():
            rang = bell.heard()
            if REGISTRY in rang:
                pipeline.rosters = pipeline.refresh()
                self._learn_foreign(conn, pipeline)
                next_sweep = 0.0
                # A year's holidays may be known now.
                unsettled = dict.fromkeys(product(SETTLERS, pipeline.rosters), "")
            elif THRESHOLDS in rang:
                pipeline.rosters = _with_thresholds(conn, pipeline.rosters)
            if PREVIEWS in rang:
                previewer.wake()
            now = time.monotonic()
            if ORDERS in rang or now >= next_sweep:
                claimed = [carry_out(conn, r, datetime.now(UTC)) for r in pipeline.rosters.values()]
                waiting = take_in(pipeline, datetime.now(UTC))
                next_sweep = now if any(claimed) or waiting else now + SWEEP_S
            if ORDERS in rang or dispatch.is_busy or now >= next_tick:
                for roster in pipeline.rosters.values():
                    dispatch.go_on(conn, roster, datetime.now(UTC))
            if now >= next_tick:
                self._tick(conn, pipeline)
                next_tick = now + TICK_S
                for district in pipeline.rosters:
                    keep_up(conn, district)
                unsettled = {
                    (settler, district): settler(conn, pipeline.rosters[district], datetime.now(UTC), after)
                    for (settler, district), after in unsettled.items()
                    if after is not None
                }
            if now >= next_forget:
                forget(conn, self._settings.data, datetime.now(UTC))
                next_forget = now + FORGET_S
            # After the orders: what comes may be about a task that is still to be launched.
            self._take(intake, pipeline)

        # What the broker has on the way is taken along: not every broker keeps it for the next start.
        end = time.monotonic() + DRAIN_S
        while self._take(intake, pipeline) and time.monotonic() < end:
            pass
        intake.close()
        self._take(intake, pipeline)

    def _foreign(self, conn: Connection, districts: Iterable[int]) -> Foreign:
        with conn.transaction():
            return load_foreign(conn, districts, everybodys=self._settings.foreign)

    def _learn_foreign(self, conn: Connection, pipeline: Pipeline) -> None:
        """What is registered now; with other topics than before the line begins anew."""
        known = self._foreign(conn, pipeline.rosters)
        if known.routes.all != pipeline.foreign.routes.all:
            raise RetryLater("the topics of foreign devices have changed")
        pipeline.foreign = known

    def _take(self, intake: Intake, pipeline: Pipeline) -> int:
        messages = intake.take(WAIT_S)
        if messages:
            metrics.collected(len(messages))
            metrics.backlog(len(messages) + intake.waiting)
            pipeline.take(messages)
            with metrics.stage("ack"):
                intake.acknowledge(messages)
            self._last_fact_at = datetime.now(UTC)
            self._lag_s = (self._last_fact_at - messages[0][0].received_at).total_seconds()
            metrics.lag(self._lag_s)
        metrics.backlog(intake.waiting)
        return len(messages)

    def _tick(self, conn: Connection, pipeline: Pipeline) -> None:
        for roster in pipeline.rosters.values():
            tick(conn, roster, pipeline.listening_since, datetime.now(UTC), self._rounds)
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


def _stand_by(bell: Bell, districts: tuple[int, ...], stop: Event) -> bool:
    """Wait until no other ingest serves any of the districts; False if we were stopped first."""
    told = None
    while (held := bell.claim(districts)) is not None and not stop.is_set():
        if held != told:
            log.info("standing by", extra={"why": f"another ingest serves district {held}"})
        told = held
        stop.wait(STAND_BY_S)
    return held is None


def _rosters(conn: Connection, districts: tuple[int, ...]) -> dict[int, Roster]:
    try:
        with conn.transaction():
            return {district: load_roster(conn, district) for district in districts}
    except LookupError as error:
        raise RetryLater(str(error)) from error


def _with_thresholds(conn: Connection, rosters: Mapping[int, Roster]) -> dict[int, Roster]:
    """The rosters with the thresholds that there are now; all else of them stays."""
    with conn.transaction():
        return {
            district: replace(roster, thresholds=load_thresholds(conn, district))
            for district, roster in rosters.items()
        }


if __name__ == "__main__":
    sys.exit(main())
