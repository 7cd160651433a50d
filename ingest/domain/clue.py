"""A clue (线索) and what can happen to it: routed or dispatched, received, returned, disposed of.

Its events are the truth; `ingest.domain.clue_replay` says how it stands after them, in whatever order.
"""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from msgspec import Struct

from ingest.contract.messages import Severity
from ingest.domain.deadline import Deadline

BUREAU = "bureau"
"""The district's bureau itself: it gets what no department is found for, and cannot return it."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ClueState(StrEnum):
    """Where a clue stands; the arrows are the transitions that there are."""

    REPORTED = "reported"  # -> routed (ordinary) | dispatched (major)
    ROUTED = "routed"  # with a department
    DISPATCHED = "dispatched"  # a command centre is called; -> dispatched to the next level
    RECEIVED = "received"  # somebody has answered
    # any of the three above -> disposed | returned
    RETURNED = "returned"  # not theirs; -> routed anew
    DISPOSED = "disposed"  # 办结
    INVALID = "invalid"  # 作废, from any but disposed


CLUE_OVER = frozenset({ClueState.DISPOSED, ClueState.INVALID})


class ClueHappened(StrEnum):
    """The kinds of events, in the order in which those of one instant are taken."""

    REPORTED = "reported"
    ROUTED = "routed"
    DISPATCHED = "dispatched"
    RECEIVED = "received"
    RETURNED = "returned"
    DISPOSED = "disposed"
    VOIDED = "voided"
    SETTLED = "settled"


class Level(StrEnum):
    """The command centres that are called about a major clue, one after the other."""

    VILLAGE = "village"
    TOWN = "town"
    CITY = "city"

    @property
    def rank(self) -> int:
        """0 for the village."""
        return list(Level).index(self)

    @property
    def above(self) -> "Level | None":
        """Who is called when this one does not answer."""
        return list(Level)[self.rank + 1] if self is not Level.CITY else None


class ClueDetails(Struct, frozen=True, omit_defaults=True):
    """What an event says beyond who, when and why; each kind fills what is its own."""

    department_id: str | None = None
    """routed, dispatched: to whom; else who says so, None for a command centre."""
    by: list[str] = []
    """routed, dispatched: what decided: kind, industry, keyword; ``bureau``: nothing fitted; ``hand``."""
    due: Deadline | None = None
    """Until when it is to be disposed of; settled: the deadline that stands from now on."""
    level: Level | None = None
    answer_due: datetime | None = None
    """dispatched: which command centre, and until when it has to answer."""
    stage: str | None = None
    text: str | None = None


class ClueEvent(Struct, frozen=True):
    """One thing that happened to a clue: when, what, who did it, and by which order or message."""

    district: int
    clue_id: str
    at: datetime
    event: ClueHappened
    actor: str
    cause: str
    params: ClueDetails = ClueDetails()
    state: ClueState = ClueState.REPORTED
    """The state after it, as it was known when it was stored."""
    irregular: str | None = None
    """Why it did not count, as a code; also as it was known then."""

    @property
    def key(self) -> tuple[datetime, ClueHappened, str]:
        """What makes it one event, however often it comes."""
        return (self.at, self.event, self.cause)


class ClueCase(Struct, frozen=True):
    """What is to be done about a clue. Up to `reported_at` it never changes; the rest is replayed."""

    district: int
    clue_id: str
    worker_id: str | None
    """Who reported it; None: somebody of the public did, at the terminal `device_id`."""
    device_id: str | None
    ts: datetime
    id: str
    """Of the message: with whose it is the key of the fact."""
    kind: str
    severity: Severity
    text: str
    industry: str | None
    premises_id: str | None
    lon: float
    lat: float
    grid_id: str | None
    path: str
    reported_at: datetime
    state: ClueState = ClueState.REPORTED
    department_id: str | None = None
    routed_by: list[str] = []
    routed_at: datetime | None = None
    due_at: datetime | None = None
    due_provisional: bool = False
    level: Level | None = None
    """Of a major clue: which command centre was called last, when, and until when it has to answer."""
    called_at: datetime | None = None
    answer_due_at: datetime | None = None
    received_at: datetime | None = None
    received_by: str | None = None
    returned_by: list[str] = []
    """Departments that sent it back as not theirs."""
    disposed_at: datetime | None = None
    disposed_by: str | None = None
    outcome: str | None = None
    """What was done about it, in the department's words; of an invalid one, why it is."""
    voided_at: datetime | None = None

    @property
    def ended_at(self) -> datetime | None:
        return self.disposed_at or self.voided_at


def clue_id_of(reporter: str, ts: datetime, id: str) -> str:
    """The clue's id on the wire and in orders: 20 hex digits made from its message's key; `reporter` is a
    worker_id, or ``terminal:`` and a device_id."""
    ms = (ts - _EPOCH) // timedelta(milliseconds=1)
    return sha256(f"{reporter}|{ms}|{id}".encode()).hexdigest()[:20]
