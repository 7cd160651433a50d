"""What each kind of event does to a task; one that does not fit raises InvalidTransition with its code."""

from collections.abc import Callable

from msgspec.structs import replace

from ingest.contract.errors import InvalidTransition
from ingest.contract.messages import Result
from ingest.domain.task import OVER, VISITED, Happened, Obligation, State, Task, TaskEvent

FEEDBACK = "done"
"""The stage of a department's reply that fulfils its obligation; the others only tell how far it is."""

Taken = tuple[Task, str | None]
"""The task after the event, and what is odd about an event that counts all the same."""


def _launched(task: Task, event: TaskEvent) -> Taken:
    push = event.params.push
    task = replace(task, push_due_at=push.at) if push else task
    return _due(task, event), None


def _assigned(task: Task, event: TaskEvent) -> Taken:
    _require_open(task)
    if event.params.worker_id == task.worker_id:
        return task, None
    if task.assigned_at is None and task.inspected_at is None:  # only now the time of the visit begins
        task = _due(task, event)
    task = replace(
        task, worker_id=event.params.worker_id, assigned_at=event.at, received_at=None, started_at=None
    )
    return (task if task.state in VISITED else replace(task, state=State.ASSIGNED)), None


def _due(task: Task, event: TaskEvent) -> Task:
    due = event.params.due
    return replace(task, due_at=due.at, due_provisional=due.provisional) if due else task


def _received(task: Task, event: TaskEvent) -> Taken:
    _require_own(task, event)
    if task.received_at is not None or task.state in OVER:
        return task, None
    waits = task.state in (State.LAUNCHED, State.ASSIGNED)
    return replace(task, received_at=event.at, state=State.RECEIVED if waits else task.state), None


def _refused(task: Task, event: TaskEvent) -> Taken:
    _require_own(task, event)
    return task, None  # it stays theirs until somebody gives it to another


def _unanswered(task: Task, event: TaskEvent) -> Taken:
    return task, None


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
    return _visited(task, event), _oddity(task, event)


def _oddity(task: Task, event: TaskEvent) -> str | None:
    """What is odd about a visit that counts; the graver, where two things are."""
    if event.params.said is not None:
        return "answers_abnormal"
    return "by_colleague" if task.worker_id not in (None, event.actor) else None


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
        rectify_due_at=said.rectify.at if said.rectify else None,
        recheck_due_at=said.recheck.at if said.recheck else None,
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
        due_at=due.at if due else None,
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
    if event.params.department_id != owed.department_id:
        raise InvalidTransition("wrong_department")
    if event.params.stage != FEEDBACK or owed.replied_at is not None:
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


TAKE: dict[Happened, Callable[[Task, TaskEvent], Taken]] = {
    Happened.LAUNCHED: _launched,
    Happened.ASSIGNED: _assigned,
    Happened.RESUMED: _resumed,
    Happened.RECEIVED: _received,
    Happened.REFUSED: _refused,
    Happened.UNANSWERED: _unanswered,
    Happened.STARTED: _started,
    Happened.INSPECTED: _inspected,
    Happened.RECHECK_DUE: _recheck_due,
    Happened.SUSPENDED: _suspended,
    Happened.CANCELLED: _cancelled,
    Happened.REPLIED: _replied,
    Happened.SETTLED: _settled,
}
"""During a replay `state` goes on below a suspension, which `suspended_at` alone tells."""
