"""A task and what can happen to it: launched, visited, put right, visited again, followed up, closed.

Its events are the truth; `ingest.domain.replay` says how it stands after them, whatever order they came in.
"""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from ingest.contract.messages import Result
from ingest.domain.deadline import Deadline


class State(StrEnum):
    """Where a task stands; the arrows are the transitions that there are."""

    LAUNCHED = "launched"  # -> assigned
    ASSIGNED = "assigned"  # -> received (the phone says so)
    RECEIVED = "received"  # -> inspecting (the worker is there)
    INSPECTING = "inspecting"
    # any of the above -> done (visited, normal) | rectifying (visited, abnormal)
    RECTIFYING = "rectifying"  # -> recheck_due (the time to put it right is over)
    RECHECK_DUE = "recheck_due"
    # either -> done (visited again, normal) | rectifying (again abnormal: rework)
    SUSPENDED = "suspended"  # 挂账, from any of the above; -> where it stood
    DONE = "done"  # 处置: the inspection's side is finished
    CANCELLED = "cancelled"


OVER = frozenset({State.DONE, State.CANCELLED})
VISITED = frozenset({State.RECTIFYING, State.RECHECK_DUE})


class Happened(StrEnum):
    """The kinds of events, in the order in which those of one instant are taken."""

    LAUNCHED = "launched"
    ASSIGNED = "assigned"
    RESUMED = "resumed"
    RECEIVED = "received"
    REFUSED = "refused"
    UNANSWERED = "unanswered"
    STARTED = "started"
    INSPECTED = "inspected"
    RECHECK_DUE = "recheck_due"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    REPLIED = "replied"
    SETTLED = "settled"


class Details(Struct, frozen=True, omit_defaults=True):
    """What an event says beyond who, when and why; each kind fills what is its own."""

    due: Deadline | None = None
    """launched: of the first visit, or, of new licence data that nobody has, as `push`; assigned, of the
    same: of the first visit, from now on; settled: the deadline that stands from now on."""
    push: Deadline | None = None
    """launched, of new licence data: until when it is to be on a worker's list."""
    known_at: datetime | None = None
    """launched: since when that is known."""
    worker_id: str | None = None
    """assigned: to whom; unanswered: whose phone never said a word."""
    result: Result | None = None
    """inspected: what it came to."""
    said: Result | None = None
    """inspected: what the phone said of it, where its answers came to something worse."""
    premises_id: str | None = None
    """inspected: the premises, where they are not the task's."""
    stranger: bool = False
    """inspected: by somebody who neither has the premises' grid nor stands above it."""
    rectify: Deadline | None = None
    recheck: Deadline | None = None
    department_id: str | None = None
    """inspected: whom the result concerns; unanswered: who never said a word."""
    department: Deadline | None = None
    pushed_at: datetime | None = None
    """inspected: when we learnt of it, and told the department."""
    reason: str | None = None
    """suspended, cancelled."""
    stage: str | None = None
    text: str | None = None
    """replied: how far the department is, and its words; refused: why."""


class TaskEvent(Struct, frozen=True):
    """One thing that happened to a task: when, what, who did it, and by which order or message."""

    district: int
    task_id: str
    at: datetime
    event: Happened
    actor: str
    cause: str
    params: Details = Details()
    state: State = State.LAUNCHED
    """The state after it, as it was known when it was stored."""
    irregular: str | None = None
    """Why it did not count, or what is odd about it, as a code; also as it was known then."""

    @property
    def key(self) -> tuple[datetime, Happened, str]:
        """What makes it one event, however often it comes."""
        return (self.at, self.event, self.cause)


class Obligation(Struct, frozen=True):
    """部门跟进: what the department concerned owes since a task's first result was pushed to it."""

    department_id: str
    pushed_at: datetime
    due_at: datetime | None = None
    due_provisional: bool = False
    replied_at: datetime | None = None
    reply: str | None = None


class Task(Struct, frozen=True):
    """Inspect these premises by `due_at`. Up to `launched_at` it never changes; the rest is replayed."""

    district: int
    task_id: str
    premises_id: str
    category: str
    items: list[str]
    grid_id: str | None
    path: str
    source: str
    launched_at: datetime
    due_at: datetime
    due_provisional: bool = False
    push_due_at: datetime | None = None
    """Of new licence data: until when it is to be on a worker's list."""
    state: State = State.LAUNCHED
    worker_id: str | None = None
    assigned_at: datetime | None = None
    received_at: datetime | None = None
    started_at: datetime | None = None
    inspected_at: datetime | None = None
    """The first visit that counted."""
    rework: int = 0
    """How often a re-check was abnormal again."""
    rectify_due_at: datetime | None = None
    """Until when the trader has time to put it right; then the re-check is due."""
    recheck_due_at: datetime | None = None
    recheck_provisional: bool = False
    suspended_at: datetime | None = None
    suspended_reason: str | None = None
    resumes_to: State | None = None
    cancelled_at: datetime | None = None
    done_at: datetime | None = None
    done_by: str | None = None
    closed_at: datetime | None = None
    """结案: done, and the department, if one is concerned, has given its feedback."""
    obligation: Obligation | None = None
