"""A batch of messages, whole or not at all: decode, place, store, judge; then it may be acknowledged."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import psycopg

from db.connect import Row
from ingest.alerts import judge
from ingest.contract.delivery import Delivery
from ingest.contract.errors import DecodeError, InvalidTransition
from ingest.decoders import decode
from ingest.domain.alert import Snapshot
from ingest.domain.facts import Fact, Inspection, PhotoTaken
from ingest.domain.place import place
from ingest.domain.roster import Roster
from ingest.domain.task import Task, TaskEvent, inspected
from ingest.photos import keep
from ingest.snapshots import load_premises, load_tasks
from ingest.store import store_alerts, store_facts, store_rejects, store_tasks

log = logging.getLogger(__name__)

Rosters = Mapping[int, Roster]
Reject = tuple[Delivery, DecodeError]
T = TypeVar("T")


@dataclass
class Pipeline:
    """Takes batches into the database; `refresh` gives the rosters anew when a device is unknown."""

    conn: psycopg.Connection[Row]
    data: Path
    rosters: Rosters
    listening_since: datetime
    refresh: Callable[[], Rosters]

    def take(self, deliveries: Sequence[Delivery]) -> None:
        """Store the batch and what follows from it, in one transaction.

        A message that the database refuses is rejected alone. Raises psycopg.OperationalError when the
        database is away, and OSError when a photo cannot be kept; nothing is stored then.
        """
        deliveries = [d for d in deliveries if not d.topic.endswith("/order")]  # our own, passing by
        try:
            self._take_together(deliveries)
        except (psycopg.DataError, psycopg.IntegrityError) as error:
            # Only the primary line: the details of a refusal quote the row.
            why = error.diag.message_primary
            log.warning("a batch of %d was refused, taking it one by one: %s", len(deliveries), why)
            for delivery in deliveries:
                self._take_alone(delivery)

    def _take_together(self, deliveries: Sequence[Delivery]) -> None:
        facts, rejects = self._admit(deliveries)
        with self.conn.transaction():
            self._store(facts)
            if rejects:
                store_rejects(self.conn, rejects, self.rosters)

    def _take_alone(self, delivery: Delivery) -> None:
        try:
            self._take_together([delivery])
        except (psycopg.DataError, psycopg.IntegrityError) as error:
            log.warning("refused by the database: %s", delivery.topic)
            refused = DecodeError("refused_by_database", str(error))
            with self.conn.transaction():
                store_rejects(self.conn, [(delivery, refused)], self.rosters)

    def _admit(self, deliveries: Sequence[Delivery]) -> tuple[list[Fact], list[Reject]]:
        facts: list[Fact] = []
        rejects: list[Reject] = []
        asked = False
        for delivery in deliveries:
            for decoded in decode(delivery):
                if isinstance(decoded, DecodeError):
                    rejects.append((delivery, decoded))
                    continue
                if not asked and not self._known(decoded):
                    self.rosters, asked = self.refresh(), True  # it may just have been registered
                if self._known(decoded):
                    facts.append(decoded)
                else:
                    unknown = DecodeError("unknown_device", f"{decoded.kind}/{decoded.device_id}")
                    rejects.append((delivery, unknown))
        return facts, rejects

    def _known(self, fact: Fact) -> bool:
        roster = self.rosters.get(fact.district)
        return roster is not None and roster.knows(fact.kind, fact.device_id)

    def _store(self, facts: Sequence[Fact]) -> None:
        for fact in facts:
            if isinstance(fact, PhotoTaken):
                keep(self.data, fact)
        for district in sorted({fact.district for fact in facts}):
            roster = self.rosters[district]
            own = place([fact for fact in facts if fact.district == district], roster)
            self._decide(roster, store_facts(self.conn, own))

    def _decide(self, roster: Roster, fresh: Sequence[Fact]) -> None:
        visits = sorted((f for f in fresh if isinstance(f, Inspection)), key=lambda visit: visit.at)
        if visits:
            tasks = load_tasks(self.conn, roster.district, (v.task_id for v in visits if v.task_id))
            store_tasks(self.conn, *advance(tasks, visits))
        snapshot = Snapshot(
            roster=roster,
            listening_since=self.listening_since,
            premises=load_premises(self.conn, roster.district, (v.premises_id for v in visits))
            if visits
            else {},
        )
        store_alerts(self.conn, judge(snapshot, fresh, datetime.now(UTC)))


def advance(tasks: Mapping[str, Task], visits: Sequence[Inspection]) -> tuple[list[Task], list[TaskEvent]]:
    """The tasks changed by the visits, as they stand after the last one, and each step.

    A visit that fits no task, or a task that is done, changes nothing; its log is kept all the same.
    """
    standing = dict(tasks)
    events = []
    for visit in visits:
        task = standing.get(visit.task_id or "")
        if task is None:
            continue
        try:
            task = standing[task.task_id] = inspected(task, visit)
        except InvalidTransition as error:
            log.info("%s", error)
            continue
        events.append(
            TaskEvent(
                district=task.district,
                task_id=task.task_id,
                at=visit.ended,
                event="inspected",
                state=task.state,
                actor=visit.device_id,
                cause=visit.id,
            )
        )
    changed = {event.task_id for event in events}
    return [standing[task_id] for task_id in sorted(changed)], events
