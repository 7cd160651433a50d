"""A task's life: launched by an order, closed by an inspection without findings."""

from datetime import datetime, time
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from ingest.contract.errors import InvalidTransition
from ingest.contract.messages import Result
from ingest.contract.orders import LaunchTask
from ingest.domain.facts import Inspection
from ingest.domain.roster import Premises, Roster


class State(StrEnum):
    """Where a task stands; the arrows are the transitions that there are."""

    LAUNCHED = "launched"  # -> done (normal) | rectifying (abnormal)
    RECTIFYING = "rectifying"  # -> done (normal) | rectifying (abnormal again: rework)
    DONE = "done"


class Task(Struct, frozen=True):
    """Inspect these premises by `due_at`, the last second of the due day in the district."""

    district: int
    task_id: str
    premises_id: str
    category: str
    items: list[str]
    grid_id: str | None
    path: str
    worker_id: str | None
    state: State
    launched_at: datetime
    due_at: datetime
    inspected_at: datetime | None = None
    done_at: datetime | None = None
    done_by: str | None = None
    rework: int = 0


class TaskEvent(Struct, frozen=True):
    """One step of a task: what happened, who did it, and by which order or inspection."""

    district: int
    task_id: str
    at: datetime
    event: str
    state: State
    actor: str
    cause: str


def launch(order: LaunchTask, premises: Premises, roster: Roster, now: datetime) -> Task:
    """The task that the order asks for, given to the named worker or to one of the premises' grid.

    Raises InvalidTransition for a worker who is not registered.
    """
    if order.worker_id is not None and order.worker_id not in roster.workers:
        raise InvalidTransition(f"unknown worker {order.worker_id}")
    return Task(
        district=roster.district,
        task_id=order.task_id,
        premises_id=order.premises_id,
        category=order.category,
        items=order.items,
        grid_id=premises.grid_id,
        path=premises.path,
        worker_id=order.worker_id or roster.worker_for(premises.grid_id, order.premises_id),
        state=State.LAUNCHED,
        launched_at=now,
        due_at=datetime.combine(order.due, time(23, 59, 59), roster.tz),
    )


def inspected(task: Task, visit: Inspection) -> Task:
    """The task after a visit. Raises InvalidTransition if it was done, or is about other premises."""
    if visit.premises_id != task.premises_id:
        raise InvalidTransition(f"task {task.task_id} is about {task.premises_id}, not {visit.premises_id}")
    if task.state is State.DONE:
        raise InvalidTransition(f"task {task.task_id} was done")
    first = task.inspected_at or visit.ended
    if visit.result is Result.NORMAL:
        return replace(
            task, state=State.DONE, inspected_at=first, done_at=visit.ended, done_by=visit.device_id
        )
    again = task.rework + (task.state is State.RECTIFYING)
    return replace(task, state=State.RECTIFYING, inspected_at=first, rework=again)
