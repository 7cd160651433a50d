"""How a task stands after its events: the same, in whatever order, how often and in how many parts they came.

Nothing that is said of a task raises here: what does not fit is irregular, and says by a code why.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from ingest.contract.errors import InvalidTransition
from ingest.domain.deadline import Deadline, Step
from ingest.domain.task import OVER, Happened, State, Task, TaskEvent
from ingest.domain.transitions import TAKE

_RANK = {kind: rank for rank, kind in enumerate(Happened)}


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
    once = _once(events)
    settled = {
        event.cause: event.params.due
        for event in sorted(once, key=lambda event: event.key, reverse=True)
        if event.event is Happened.SETTLED and event.params.due
    }
    standing, steps = _blank(task), []
    for event in sorted(once, key=lambda event: _order(event, task.launched_at)):
        irregular, after = None, standing
        try:
            after, irregular = TAKE[event.event](standing, _with_settled(event, settled))
        except InvalidTransition as why:
            irregular = str(why)
        moved, standing = after != standing, after
        told = replace(event, state=_shown(standing).state, irregular=irregular)
        steps.append(Judged(told, moved))
    return Replayed(_shown(standing), steps)


def settles(step: Step, cause: str) -> str:
    """The cause of the event that settles a deadline given by the event with `cause`."""
    return f"{step} {cause}"


def _once(events: Iterable[TaskEvent]) -> list[TaskEvent]:
    kept: dict[Any, TaskEvent] = {}
    for event in events:
        if event.key not in kept or _said(event) < _said(kept[event.key]):
            kept[event.key] = event
    return list(kept.values())


def _said(event: TaskEvent) -> tuple[str, bytes]:
    return event.actor, msgspec.json.encode(event.params)


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


Settled = Mapping[str, Deadline]
"""By ``step cause`` of the event that gave the deadline."""


def _with_settled(event: TaskEvent, settled: Settled) -> TaskEvent:
    """The event with those of its deadlines that were provisional as they were settled later."""
    if not settled:
        return event
    of, said = {step: settled.get(settles(step, event.cause)) for step in Step}, event.params
    params = replace(
        said,
        due=said.due and (of[Step.INSPECT] or said.due),
        push=said.push and (of[Step.PUSH] or said.push),
        recheck=said.recheck and (of[Step.RECHECK] or said.recheck),
        rectify=said.rectify and (of[Step.RECTIFY] or said.rectify),
        department=said.department and (of[Step.DEPARTMENT] or said.department),
    )
    return replace(event, params=params)
