"""Tasks with all that happened to them: loaded at once, added to, replayed, and stored with what is new."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import inf

import msgspec
import psycopg

from db.connect import Row, fetch
from ingest.contract.errors import InvalidTransition
from ingest.domain.replay import Judged, Replayed, replay
from ingest.domain.roster import Roster
from ingest.domain.steps import Visit, follow_up_id, order_id, visited, withdraw_id
from ingest.domain.task import Happened, Task, TaskEvent
from ingest.rollup import counted
from ingest.store import queue_orders, store_tasks

MOST = 50
"""A task has about ten events. A device that repeats itself for ever must not make the replay endless."""

_MOST = dict.fromkeys((Happened.RECEIVED, Happened.REFUSED, Happened.STARTED, Happened.INSPECTED), MOST)
_MOST[Happened.REPLIED] = MOST * 2  # so that a department is still heard where phones were not


@dataclass
class _Case:
    task: Task
    events: dict[object, TaskEvent] = field(default_factory=dict)
    new: set[object] = field(default_factory=set)

    def replayed(self) -> Replayed:
        return replay(self.task, self.events.values())


class Casebook:
    """Some tasks of a district, locked until the connection's transaction ends."""

    def __init__(self, conn: psycopg.Connection[Row], roster: Roster, task_ids: Iterable[str]) -> None:
        self._conn, self._roster = conn, roster
        self._key = {"district": roster.district, "ids": sorted(set(task_ids))}
        self._cases: dict[str, _Case] = {}
        rows = fetch(conn, "write/load_tasks", self._key) if self._key["ids"] else []
        for row in rows:
            self._cases[row["task_id"]] = _Case(msgspec.convert(row, Task))
        for row in fetch(conn, "write/load_task_events", self._key) if rows else []:
            event = msgspec.convert(row, TaskEvent)
            self._cases[event.task_id].events[event.key] = event

    def __contains__(self, task_id: str | None) -> bool:
        return task_id in self._cases

    def task(self, task_id: str) -> Task:
        """The task, by what never changes of it; `standing` says the rest."""
        return self._cases[task_id].task

    def events(self) -> list[TaskEvent]:
        """All events of all tasks, in no order."""
        return [event for case in self._cases.values() for event in case.events.values()]

    def standing(self, task_id: str) -> Task:
        """The task after all its events."""
        return self._cases[task_id].replayed().task

    def open(self, task: Task, events: Iterable[TaskEvent]) -> None:
        """Take up a new task with its first events."""
        self._cases[task.task_id] = _Case(task)
        for event in events:
            self.add(event)

    def add(self, event: TaskEvent) -> None:
        """Add what happened to one of the tasks; what is known already changes nothing.

        Of what devices and departments say no more is kept here than `_MOST` allows.
        """
        case = self._cases[event.task_id]
        full = len(case.events) >= _MOST.get(event.event, inf)
        if event.key not in case.events and not full:
            case.events[event.key] = event
            case.new.add(event.key)

    def decree(self, event: TaskEvent) -> None:
        """Add what somebody ordered; where it would be irregular, raise InvalidTransition and add nothing."""
        case = self._cases[event.task_id]
        if event.key in case.events:
            return
        steps = replay(case.task, [*case.events.values(), event]).steps
        irregular = next(step.event.irregular for step in steps if step.event.key == event.key)
        if irregular:
            raise InvalidTransition(irregular)
        self.add(event)

    def recall_visits(self) -> None:
        """Add the visits that were made for tasks which had not been launched by then."""
        for row in fetch(self._conn, "write/load_visits", self._key):
            if (task_id := row.pop("task_id")) in self:
                self.add(visited(msgspec.convert(row, Visit), self.task(task_id), self._roster))

    def store(self) -> None:
        """Write the tasks to which something was added, as they stand now, and what was added."""
        changed = [task_id for task_id, case in self._cases.items() if case.new]
        with counted(self._conn, self._roster.district, "task", changed):
            self.store_uncounted()

    def store_uncounted(self) -> None:
        """The same, without a word to the indicators' rollup: for who has it counted anew after all."""
        tasks: list[Task] = []
        steps: list[Judged] = []
        taken: list[Row] = []
        for _, case in sorted(self._cases.items()):
            if case.new:
                after = case.replayed()
                tasks.append(after.task)
                steps += [step for step in after.steps if step.event.key in case.new]
                taken += [_withdrawal(*one) for one in _taken_away(after) if one[0].key in case.new]
        store_tasks(self._conn, tasks, [event for event, _ in steps])
        visited_now = {event.task_id for event, moved in steps if moved and event.event is Happened.INSPECTED}
        pushed = {task.task_id for task in tasks if task.obligation} & visited_now
        queue_orders(self._conn, [_to_phone(event) for event, moved in steps if moved and _gives(event)])
        queue_orders(self._conn, [_to_department(task) for task in tasks if task.task_id in pushed])
        queue_orders(self._conn, taken)


def _gives(event: TaskEvent) -> bool:
    return event.event is Happened.ASSIGNED


def _to_phone(given: TaskEvent) -> Row:
    """The order by which the phone of the worker learns of the task."""
    return {
        "district": given.district,
        "order_id": order_id(given),
        "task_id": given.task_id,
        "kind": "worker",
        "device_id": given.params.worker_id,
        "queued_at": given.at,
    }


def _taken_away(after: Replayed) -> Iterator[tuple[TaskEvent, str]]:
    """The events by which the task ceased to be a worker's, with whose it was."""
    whose: str | None = None
    for event, moved in after.steps:
        if moved and whose and event.event in (Happened.ASSIGNED, Happened.CANCELLED):
            yield event, whose
        if moved and _gives(event):
            whose = event.params.worker_id


def _withdrawal(taken: TaskEvent, worker_id: str) -> Row:
    """The order by which the phone of the worker learns that the task is theirs no longer."""
    return {
        "district": taken.district,
        "order_id": withdraw_id(taken, worker_id),
        "task_id": taken.task_id,
        "kind": "withdraw",
        "device_id": worker_id,
        "queued_at": taken.at,
    }


def _to_department(task: Task) -> Row:
    """The order by which the department learns of the task's first result."""
    assert task.obligation
    return {
        "district": task.district,
        "order_id": follow_up_id(task.district, task.task_id, task.obligation.department_id),
        "task_id": task.task_id,
        "kind": "department",
        "device_id": task.obligation.department_id,
        "queued_at": task.obligation.pushed_at,
    }
