"""How a task stands after its events: the same, in whatever order, how often and in how many parts they came.

Nothing that is said of a task raises here: what does not fit is irregular, and says by a code why.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from ingest.contract.errors import InvalidTransition
from ingest.contract.messages import Result
from ingest.domain.deadline import Deadline, Step
from ingest.domain.task import OVER, VISITED, Happened, Obligation, State, Task, TaskEvent

_RANK = {kind: rank for rank, kind in enumerate(Happened)}
_FEEDBACK = "done"
"""The stage of a department's reply that fulfils its obligation; the others only tell how far it is."""


class Judged(NamedTuple):
    """An event and what it came to. It may be irregular and count all the same (``by_colleague``)."""

    event: TaskEvent
    moved: bool
    """Whether it changed anything; what is known or overtaken already does not."""


class Replayed(NamedTuple):
    """The task after all events, and each of them, in the order in which they were taken."""

    task: Task
    steps: list[Judged]


def replay(task: Task, events: Iterable[TaskEvent]) -> Replayed:
    """`task` as it stands after `events` and nothing else; how it stood before does not matter."""
    once = {event.key: event for event in sorted(events, key=lambda event: event.actor, reverse=True)}
    settled = {
        (event.params.step, event.cause): event.params.due
        for event in sorted(once.values(), key=lambda event: event.key, reverse=True)
        if event.event is Happened.SETTLED and event.params.due
    }
    standing, steps = _blank(task), []
    for event in sorted(once.values(), key=lambda event: _order(event, task.launched_at)):
        irregular, after = None, standing
        try:
            after, irregular = _TAKE[event.event](standing, _with_settled(event, settled))
        except InvalidTransition as why:
            irregular = str(why)
        moved, standing = after != standing, after
        told = replace(event, state=_shown(standing).state, irregular=irregular)
        steps.append(Judged(told, moved))
    return Replayed(_shown(standing), steps)


def _order(event: TaskEvent, launched_at: datetime) -> tuple[bool, datetime, int, datetime, str]:
    # No clock is so exact that something could have happened to a task before its launch. Replies come last:
    # the department answers to a result, whichever arrived first.
    aside = event.event is Happened.REPLIED
    return (aside, max(event.at, launched_at), _RANK[event.event], event.at, event.cause)


def _blank(task: Task) -> Task:
    """The task as it was before anything happened to it."""
    return Task(
        district=task.district,
        task_id=task.task_id,
        premises_id=task.premises_id,
        category=task.category,
        items=task.items,
        grid_id=task.grid_id,
        path=task.path,
        source=task.source,
        launched_at=task.launched_at,
        due_at=task.due_at,
    )


def _shown(task: Task) -> Task:
    """During a replay `state` goes on below a suspension; to others a suspended task is suspended."""
    if task.state in OVER:
        task = replace(task, suspended_at=None, suspended_reason=None, closed_at=_closed_at(task))
    elif task.suspended_at is not None:
        return replace(task, state=State.SUSPENDED, resumes_to=task.state)
    return task


def _closed_at(task: Task) -> datetime | None:
    if task.done_at is None or task.obligation is None:
        return task.done_at
    replied_at = task.obligation.replied_at
    return replied_at and max(task.done_at, replied_at)


Settled = Mapping[tuple[Step | None, str], Deadline | None]


def _with_settled(event: TaskEvent, settled: Settled) -> TaskEvent:
    """The event with those of its deadlines that were provisional as they were settled later."""
    if not settled:
        return event
    of, said = {step: settled.get((step, event.cause)) for step in Step}, event.params
    params = replace(
        said,
        due=said.due and (of[Step.INSPECT] or said.due),
        recheck=said.recheck and (of[Step.RECHECK] or said.recheck),
        rectify=said.rectify and (of[Step.RECTIFY] or said.rectify),
        department=said.department and (of[Step.DEPARTMENT] or said.department),
    )
    return replace(event, params=params)


Taken = tuple[Task, str | None]


def _launched(task: Task, event: TaskEvent) -> Taken:
    due = event.params.due
    return (replace(task, due_at=due.at, due_provisional=due.provisional) if due else task), None


def _assigned(task: Task, event: TaskEvent) -> Taken:
    _require_open(task)
    if event.params.worker_id == task.worker_id:
        return task, None
    task = replace(
        task, worker_id=event.params.worker_id, assigned_at=event.at, received_at=None, started_at=None
    )
    return (task if task.state in VISITED else replace(task, state=State.ASSIGNED)), None


def _received(task: Task, event: TaskEvent) -> Taken:
    _require_own(task, event)
    if task.received_at is not None or task.state in OVER:
        return task, None
    waits = task.state in (State.LAUNCHED, State.ASSIGNED)
    return replace(task, received_at=event.at, state=State.RECEIVED if waits else task.state), None


def _started(task: Task, event: TaskEvent) -> Taken:
    _require_own(task, event)
    if task.state in OVER:
        return task, None
    if task.state in VISITED:
        return replace(task, started_at=event.at), None
    return replace(task, started_at=event.at, state=State.INSPECTING), None


def _inspected(task: Task, event: TaskEvent) -> Taken:
    said = event.params
    if said.premises_id not in (None, task.premises_id):
        raise InvalidTransition("wrong_premises")
    _require_open(task)
    if task.suspended_at is not None:
        raise InvalidTransition("while_suspended")
    helps = event.actor != task.worker_id
    if helps and said.stranger:
        raise InvalidTransition("wrong_worker")
    return _visited(task, event), "by_colleague" if helps and task.worker_id else None


def _visited(task: Task, event: TaskEvent) -> Task:
    """The task after a visit that counts."""
    said, again = event.params, task.state in VISITED
    if task.inspected_at is None:
        task = replace(task, inspected_at=event.at, obligation=_push(event))
    if said.result is not Result.ABNORMAL:
        return replace(task, state=State.DONE, done_at=event.at, done_by=event.actor)
    return replace(
        task,
        state=State.RECTIFYING,
        rework=task.rework + again,
        rectify_due_at=said.rectify and said.rectify.at,
        recheck_due_at=said.recheck and said.recheck.at,
        recheck_provisional=bool(said.recheck and said.recheck.provisional),
    )


def _push(event: TaskEvent) -> Obligation | None:
    said = event.params
    if said.department_id is None:
        return None
    due = said.department
    return Obligation(
        said.department_id,
        said.pushed_at or event.at,
        due_at=due and due.at,
        due_provisional=bool(due and due.provisional),
    )


def _recheck_due(task: Task, event: TaskEvent) -> Taken:
    over = task.rectify_due_at is not None and task.rectify_due_at <= event.at
    return (replace(task, state=State.RECHECK_DUE) if over and task.state is State.RECTIFYING else task), None


def _suspended(task: Task, event: TaskEvent) -> Taken:
    _require_open(task)
    if task.suspended_at is not None:
        return task, None
    return replace(task, suspended_at=event.at, suspended_reason=event.params.reason), None


def _resumed(task: Task, event: TaskEvent) -> Taken:
    _require_open(task)
    if task.suspended_at is None:
        raise InvalidTransition("not_suspended")
    return replace(task, suspended_at=None, suspended_reason=None), None


def _cancelled(task: Task, event: TaskEvent) -> Taken:
    if task.state is State.CANCELLED:
        return task, None
    _require_open(task)
    return replace(task, state=State.CANCELLED, cancelled_at=event.at), None


def _replied(task: Task, event: TaskEvent) -> Taken:
    owed = task.obligation
    if owed is None:
        raise InvalidTransition("no_obligation")
    if event.actor != owed.department_id and event.params.department_id != owed.department_id:
        raise InvalidTransition("wrong_department")
    if event.params.stage != _FEEDBACK or owed.replied_at is not None:
        return task, None
    return replace(task, obligation=replace(owed, replied_at=event.at, reply=event.params.text)), None


def _settled(task: Task, event: TaskEvent) -> Taken:
    return task, None  # the event that gave the deadline was taken with this one's


def _require_open(task: Task) -> None:
    if task.state in OVER:
        raise InvalidTransition("after_end")


def _require_own(task: Task, event: TaskEvent) -> None:
    if event.actor != task.worker_id:
        raise InvalidTransition("wrong_worker")


_TAKE: dict[Happened, Callable[[Task, TaskEvent], Taken]] = {
    Happened.LAUNCHED: _launched,
    Happened.ASSIGNED: _assigned,
    Happened.RESUMED: _resumed,
    Happened.RECEIVED: _received,
    Happened.STARTED: _started,
    Happened.INSPECTED: _inspected,
    Happened.RECHECK_DUE: _recheck_due,
    Happened.SUSPENDED: _suspended,
    Happened.CANCELLED: _cancelled,
    Happened.REPLIED: _replied,
    Happened.SETTLED: _settled,
}
