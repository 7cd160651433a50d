"""A batch of messages, whole or not at all: admit, place, store, judge; then it may be acknowledged."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path

import psycopg

from db.connect import Row
from ingest import audit, metrics
from ingest.advance import advance
from ingest.alerts import judge
from ingest.appeals import hear_appeals
from ingest.archives import advance_archives
from ingest.clues import advance_clues
from ingest.contract.delivery import Delivery
from ingest.contract.errors import DecodeError
from ingest.decoders import Message
from ingest.domain.alert import Snapshot
from ingest.domain.duty import Duty
from ingest.domain.facts import Fact, Inspection, PhotoTaken, Ping, ProductScanned, of_kind
from ingest.domain.place import place
from ingest.domain.roster import Roster
from ingest.domain.weigh import weigh
from ingest.evidence import note_visits
from ingest.foreign import Foreign, resolve
from ingest.incidents import store_alerts
from ingest.off_duty import forget_off_duty, load_duty, on_duty_only
from ingest.photos import keep
from ingest.recent import Recent
from ingest.snapshots import load_categories, load_premises
from ingest.store import stage_pings, store_facts, store_rejects
from ingest.turnout import follow

log = logging.getLogger(__name__)

# What a message can be to blame for; all else is the server's trouble, and passes.
REFUSALS = (psycopg.DataError, psycopg.IntegrityError, psycopg.errors.ProgramLimitExceeded)

Rosters = Mapping[int, Roster]
Reject = tuple[Delivery, DecodeError]


@dataclass
class Pipeline:
    """Takes batches into the database; `refresh` gives the rosters anew when a device is unknown."""

    conn: psycopg.Connection[Row]
    data: Path
    rosters: Rosters
    listening_since: datetime
    refresh: Callable[[], Rosters]
    turn: AbstractContextManager[object] = field(default_factory=nullcontext)
    """Held while this thread computes; whoever computes beside it waits for it."""
    clock: Callable[[], datetime] = partial(datetime.now, UTC)
    """By what rules and clues are judged."""
    foreign: Foreign = field(default_factory=Foreign)
    _duties: dict[int, Duty] = field(default_factory=dict)
    _recent: Recent = field(default_factory=Recent)
    _private: set[int] = field(default_factory=set)
    """Which facts of the batch, by identity, are nobody's business."""

    def take(self, messages: Sequence[Message]) -> None:
        """Store the batch and what follows from it, in one transaction.

        A message that the database refuses is rejected alone. Raises psycopg.OperationalError when the
        database is away, and OSError when a photo cannot be kept; nothing is stored then.
        """
        refused: list[tuple[Delivery, psycopg.Error]] = []
        stored: list[Message] = []
        self._private.clear()
        with self.conn.transaction():
            rejects = self._take(messages, stored, refused)
            rejects += [(delivery, DecodeError("refused_by_database", str(why))) for delivery, why in refused]
            if rejects:
                store_rejects(self.conn, rejects, self.rosters)
            shown = [one for one in stored if self._private.isdisjoint(map(id, one[1]))]
            self._recent.keep(self.conn, self.rosters, shown, rejects)
            began = time.perf_counter()
        metrics.spent("commit", time.perf_counter() - began)
        found = chain.from_iterable(found for _, found in stored)
        topics = (delivery.topic for delivery, _ in messages)
        metrics.taken(topics, found, (error.reason for _, error in rejects))
        if refused:
            _say_refused(refused)

    def _take(
        self,
        messages: Sequence[Message],
        stored: list[Message],
        refused: list[tuple[Delivery, psycopg.Error]],
    ) -> list[Reject]:
        """Store what can be, which goes to `stored`; what the database refuses goes to `refused`. Returns the
        other rejects."""
        try:
            with self.conn.transaction():  # a savepoint: what is refused leaves no trace
                resolved = resolve(self.conn, self.foreign, self.rosters.keys(), messages)
                facts, rejects = self._admit(resolved)
                orphans = self._store(facts)
            stored += resolved
            return rejects + _with_delivery(resolved, orphans)
        except REFUSALS as error:
            if len(messages) == 1:
                refused.append((messages[0][0], error))
                return []
        return [reject for some in _parts(messages) for reject in self._take(some, stored, refused)]

    def _admit(self, messages: Sequence[Message]) -> tuple[list[Fact], list[Reject]]:
        facts: list[Fact] = []
        rejects: list[Reject] = []
        known: set[tuple[int, str, str]] = set()  # most speak again and again
        asked = False
        for delivery, found in messages:
            for decoded in found:
                if isinstance(decoded, DecodeError):
                    rejects.append((delivery, decoded))
                    continue
                assert isinstance(decoded, Fact), "what was told is resolved"
                who = (decoded.district, decoded.kind, decoded.device_id)
                if who not in known:
                    if not self._knows(*who) and not asked:
                        self.rosters, asked = self.refresh(), True  # it may just have been registered
                    if not self._knows(*who):
                        unknown = DecodeError("unknown_device", f"{decoded.kind}/{decoded.device_id}")
                        rejects.append((delivery, unknown))
                        continue
                    known.add(who)
                facts.append(decoded)
        return facts, rejects

    def _knows(self, district: int, kind: str, device_id: str) -> bool:
        roster = self.rosters.get(district)
        return roster is not None and roster.knows(kind, device_id)

    def _store(self, facts: Sequence[Fact]) -> list[tuple[Fact, DecodeError]]:
        """Store the facts and what follows from them; returns those that speak of what does not exist."""
        orphans: list[tuple[Fact, DecodeError]] = []
        for fact in of_kind(PhotoTaken, facts):
            keep(self.data, fact)
        districts = sorted({fact.district for fact in facts})
        for district in districts:
            roster = self.rosters[district]
            own = facts if len(districts) == 1 else [fact for fact in facts if fact.district == district]
            if district not in self._duties:
                self._duties[district] = load_duty(self.conn, district)
            said = own
            own = on_duty_only(self.conn, roster, self._duties[district], said)
            if len(own) < len(said):
                self._private |= {*map(id, said)} - {*map(id, own)}
            visits = of_kind(Inspection, own)
            tasks = [visit.task_id for visit in visits if visit.task_id]
            categories = load_categories(self.conn, district, tasks) if tasks else {}
            with self.turn:
                with metrics.stage("place"):
                    own = place(own, roster)
                    if visits:
                        own = weigh(own, roster.catalogue, categories)
                with metrics.stage("stage"):
                    stage_pings(self.conn, own)
            with metrics.stage("store"):
                fresh = store_facts(self.conn, own)
                forget_off_duty(self.conn, roster, self._duties[district], fresh)
                audit.note_visits(self.conn, district, fresh)
            with metrics.stage("judge"):
                orphans += self._decide(roster, own, fresh)
        return orphans

    def _decide(
        self, roster: Roster, facts: Sequence[Fact], fresh: Sequence[Fact]
    ) -> list[tuple[Fact, DecodeError]]:
        now = self.clock()
        orphans = advance(self.conn, roster, fresh) + follow(self.conn, roster, facts, fresh)
        clues, unknown = advance_clues(self.conn, roster, fresh, now)
        orphans += advance_archives(self.conn, roster, fresh)
        note_visits(self.conn, roster, facts, fresh)
        orphans += hear_appeals(self.conn, roster, fresh)
        seen = [fact.premises_id for fact in fresh if isinstance(fact, Inspection | ProductScanned)]
        snapshot = Snapshot(
            roster=roster,
            listening_since=self.listening_since,
            premises=load_premises(self.conn, roster.district, filter(None, seen)) if seen else {},
            clues=tuple(clues),
        )
        store_alerts(self.conn, roster, judge(snapshot, fresh, now), now)
        return orphans + unknown


def _with_delivery(messages: Sequence[Message], orphans: Sequence[tuple[Fact, DecodeError]]) -> list[Reject]:
    """Each fact that speaks of what does not exist with the delivery that brought it, as evidence."""
    why = {(fact.kind, fact.device_id, fact.ts, fact.id): error for fact, error in orphans}
    return [
        (delivery, why.pop(key))
        for delivery, found in (messages if orphans else ())
        for fact in found
        if isinstance(fact, Fact) and (key := (fact.kind, fact.device_id, fact.ts, fact.id)) in why
    ]


def _parts(messages: Sequence[Message]) -> tuple[Sequence[Message], Sequence[Message]]:
    """Two parts of a refused batch, to be tried by themselves: positions, the bulk, which are hardly
    ever to blame, apart from the rest; after that, halves."""
    positions = [message for message in messages if all(isinstance(fact, Ping) for fact in message[1])]
    if positions and len(positions) < len(messages):
        others = [message for message in messages if not all(isinstance(fact, Ping) for fact in message[1])]
        return positions, others
    half = len(messages) // 2
    return messages[:half], messages[half:]


def _say_refused(refused: Sequence[tuple[Delivery, psycopg.Error]]) -> None:
    # Neither the refusal's words nor its details: they may quote the row.
    codes = sorted({str(error.sqlstate) for _, error in refused})
    first = refused[0][0].topic[:200]
    log.warning(
        "refused by the database", extra={"messages": len(refused), "sqlstate": codes, "first": first}
    )
