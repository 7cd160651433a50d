"""The events of tasks, made from orders, messages and the time, with the deadlines that begin with them.

A deadline is given here, once, by the rules and the calendar of that moment, and kept in its event.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256

from msgspec import Struct
from msgspec.structs import replace

from ingest.contract.errors import ConfigError, InvalidTransition
from ingest.contract.messages import Result
from ingest.contract.orders import AssignTask, LaunchTask
from ingest.domain.deadline import Deadline, Step, end_of_day
from ingest.domain.replay import settles
from ingest.domain.roster import Premises, Roster
from ingest.domain.season import overlaid
from ingest.domain.task import Details, Happened, Task, TaskEvent


class Visit(Struct, frozen=True):
    """What a task learns of an inspection."""

    worker_id: str
    id: str
    premises_id: str
    ended: datetime
    result: Result
    received_at: datetime
    outcome: Result | None = None
    """What it comes to, where that is worse than what the phone said."""


def launch(
    order: LaunchTask, premises: Premises, roster: Roster, now: datetime, asked_at: datetime | None = None
) -> tuple[Task, Details]:
    """The task that the order, placed at `asked_at` (None: now), asks for, and its first deadlines.

    New licence data is first to be brought to somebody's list: as long as nobody has it, it is due by that.
    In a season the checklist reminds of what it is about. Raises InvalidTransition for a worker who is not
    registered, or where no rule gives a deadline.
    """
    if order.worker_id is not None and order.worker_id not in roster.workers:
        raise InvalidTransition(f"unknown worker {order.worker_id}")
    known_at, push = asked_at or now, None
    if order.source == "licence":
        push = _give(roster, Step.PUSH, order.category, known_at)
    if order.due is not None:
        due: Deadline | None = Deadline(end_of_day(order.due, roster.tz))
    elif push and _worker(order, premises, roster) is None:
        due = push
    else:
        due = _give(roster, Step.INSPECT, order.category, now)
    if due is None:
        raise InvalidTransition(f"no deadline: no rule gives one for {order.category}")
    asked, today = order.items or roster.catalogue.checks(order.category), now.astimezone(roster.tz).date()
    task = Task(
        district=roster.district,
        task_id=order.task_id,
        premises_id=order.premises_id,
        category=order.category,
        items=overlaid(asked, order.category, premises, roster.seasons, today),
        grid_id=premises.grid_id,
        path=premises.path,
        source=order.source or "order",
        launched_at=now,
        due_at=due.at,
    )
    return task, Details(due=due, push=push, known_at=known_at if push else None)


def launched(
    order: LaunchTask,
    premises: Premises,
    roster: Roster,
    now: datetime,
    actor: str,
    cause: str,
    asked_at: datetime | None = None,
) -> tuple[Task, list[TaskEvent]]:
    """The task that the order asks for, and its first events: launched, and given to the named worker or to
    one of the premises' grid, if it has any.

    Raises InvalidTransition as `launch` does.
    """
    if order.source is None and actor == "import":
        order = replace(order, source="import")
    task, details = launch(order, premises, roster, now, asked_at)
    begun = TaskEvent(task.district, task.task_id, now, Happened.LAUNCHED, actor, cause, details)
    worker_id = _worker(order, premises, roster)
    if worker_id is None:
        return task, [begun]
    return task, [begun, replace(begun, event=Happened.ASSIGNED, params=Details(worker_id=worker_id))]


def _worker(order: LaunchTask, premises: Premises, roster: Roster) -> str | None:
    return order.worker_id or roster.worker_for(premises.grid_id, order.premises_id)


def assigned(order: AssignTask, task: Task, roster: Roster, at: datetime) -> Details:
    """What it means that somebody gives the task to a worker at `at`: of new licence data that nobody had,
    the time of the visit begins. Raises InvalidTransition for a worker who is not registered."""
    if order.worker_id not in roster.workers:
        raise InvalidTransition(f"unknown worker {order.worker_id}")
    due = _give(roster, Step.INSPECT, task.category, at) if task.source == "licence" else None
    return Details(worker_id=order.worker_id, due=due)


def order_id(given: TaskEvent) -> str:
    """The id of the order by which a phone learns of its task, from the event that made it so."""
    key = f"{given.district}|{given.task_id}|{given.params.worker_id}|{given.at.isoformat()}|{given.cause}"
    return sha256(key.encode()).hexdigest()[:24]


def withdraw_id(taken: TaskEvent, worker_id: str) -> str:
    """The id of the order by which a phone learns that a task is its worker's no longer, from the event."""
    key = f"{taken.district}|{taken.task_id}|withdraw {worker_id}|{taken.at.isoformat()}|{taken.cause}"
    return sha256(key.encode()).hexdigest()[:24]


def follow_up_id(district: int, task_id: str, department_id: str) -> str:
    """The id of the order by which a department learns of a task's result."""
    return sha256(f"{district}|{task_id}|follow up|{department_id}".encode()).hexdigest()[:24]


_TOLD_BY = {
    "read": Happened.RECEIVED,
    "accepted": Happened.RECEIVED,
    "on_the_way": Happened.RECEIVED,
    "arrived": Happened.STARTED,
    "refused": Happened.REFUSED,
    "failed": Happened.REFUSED,
}


def acknowledged(
    task: Task, at: datetime, worker_id: str, cause: str, stage: str, text: str | None = None
) -> TaskEvent | None:
    """What a phone's reply to an order means for its task, if anything."""
    kind = _TOLD_BY.get(stage)
    details = Details(text=text) if kind is Happened.REFUSED else Details()
    return TaskEvent(task.district, task.task_id, at, kind, worker_id, cause, details) if kind else None


def unanswered(task: Task, at: datetime, kind: str, device_id: str, cause: str) -> TaskEvent:
    """That the order with id `cause` was given up: the worker's phone, or the department, never answered."""
    whose = Details(worker_id=device_id) if kind == "worker" else Details(department_id=device_id)
    return TaskEvent(task.district, task.task_id, at, Happened.UNANSWERED, "time", cause, whose)


def visited(visit: Visit, task: Task, roster: Roster) -> TaskEvent:
    """What a visit says of `task`."""
    result = visit.outcome or visit.result
    abnormal = result is Result.ABNORMAL
    recheck = _give(roster, Step.RECHECK, task.category, visit.ended) if abnormal else None
    department_id = roster.departments.get(task.category)
    details = Details(
        result=result,
        said=visit.result if result is not visit.result else None,
        premises_id=visit.premises_id if visit.premises_id != task.premises_id else None,
        stranger=not _belongs(visit.worker_id, task, roster),
        rectify=_rectify(roster, task, visit.ended, recheck) if abnormal else None,
        recheck=recheck,
        department_id=department_id,
        pushed_at=visit.received_at if department_id else None,
        department=_give(roster, Step.DEPARTMENT, task.category, visit.received_at)
        if department_id
        else None,
    )
    return TaskEvent(
        task.district, task.task_id, visit.ended, Happened.INSPECTED, visit.worker_id, visit.id, details
    )


def replied(
    task: Task, at: datetime, department_id: str, cause: str, stage: str, text: str | None
) -> TaskEvent:
    """A department's word about `task`."""
    details = Details(department_id=department_id, stage=stage, text=text)
    return TaskEvent(task.district, task.task_id, at, Happened.REPLIED, department_id, cause, details)


def recheck_due(task: Task) -> TaskEvent:
    """That the time to put it right is over; the task must have such a time."""
    assert task.rectify_due_at is not None
    return TaskEvent(task.district, task.task_id, task.rectify_due_at, Happened.RECHECK_DUE, "time", "time")


def settlements(events: Iterable[TaskEvent], roster: Roster, now: datetime) -> Iterator[TaskEvent]:
    """Deadlines of these events that were provisional and can be counted for certain by now."""
    events = list(events)
    before = {(event.task_id, event.cause) for event in events if event.event is Happened.SETTLED}
    for event in events if roster.deadlines else ():
        for step, given, started in _given(event):
            assert roster.deadlines
            cause = settles(step, event.cause)
            if given is None or (event.task_id, cause) in before:
                continue
            due = roster.deadlines.settle(given, started)
            if due != given:
                yield TaskEvent(
                    event.district, event.task_id, now, Happened.SETTLED, "calendar", cause, Details(due=due)
                )


def _given(event: TaskEvent) -> Iterator[tuple[Step, Deadline | None, datetime]]:
    """The deadlines that an event gave, and when the time of each began."""
    said = event.params
    if event.event is Happened.LAUNCHED:
        known_at = said.known_at or event.at
        yield Step.PUSH, said.push, known_at
        yield Step.INSPECT, said.due, known_at if said.due == said.push else event.at
    elif event.event is Happened.ASSIGNED:
        yield Step.INSPECT, said.due, event.at
    elif event.event is Happened.INSPECTED:
        yield Step.RECTIFY, said.rectify, event.at
        yield Step.RECHECK, said.recheck, event.at
        yield Step.DEPARTMENT, said.department, said.pushed_at or event.at


def _give(roster: Roster, step: Step, category: str, started: datetime) -> Deadline | None:
    try:
        return roster.deadlines.give(step, category, started) if roster.deadlines else None
    except ConfigError:
        return None  # a district may have closed its rule: then there is no such deadline


def _rectify(roster: Roster, task: Task, ended: datetime, recheck: Deadline | None) -> Deadline | None:
    """The time to put it right. It ends with the time to look again at the latest, whatever a module says."""
    given = _give(roster, Step.RECTIFY, task.category, ended)
    return recheck if given and recheck and recheck.at < given.at else given


def _belongs(worker_id: str, task: Task, roster: Roster) -> bool:
    """Whether the worker has the task's grid, or stands above it; anybody may help where there is none."""
    worker = roster.workers.get(worker_id)
    if worker is None or task.grid_id is None:
        return worker is not None
    above = worker.role != "worker" and f"{task.path}/".startswith(f"{worker.path}/")
    return above or task.grid_id in worker.grids
