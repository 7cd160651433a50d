"""An incident (处置事件): what people handle, of one alert or of many, and what can happen to it.

Its events are the truth; `ingest.domain.incident_replay` says how it stands after them, in whatever order.
What its alerts say (how many, whether all are cleared) is counted from the alerts themselves.
"""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from ingest.contract.acts import Act
from ingest.contract.messages import Severity
from ingest.domain.escalation import BUREAU_LEVEL, SECTION_LEVEL, Awaited, unit_at


class IncidentState(StrEnum):
    """Where an incident stands; the arrows are the transitions that there are."""

    RAISED = "raised"  # -> acknowledged | passed
    ACKNOWLEDGED = "acknowledged"  # -> dispatched
    DISPATCHED = "dispatched"  # -> on_the_way | on_the_spot | acknowledged (all who were sent declined)
    ON_THE_WAY = "on_the_way"  # -> on_the_spot
    ON_THE_SPOT = "on_the_spot"
    # any of the above -> resolved | false_alarm | merged
    RESOLVED = "resolved"  # -> acknowledged (reopened)
    FALSE_ALARM = "false_alarm"  # -> acknowledged (reopened)
    PASSED = "passed"  # nobody touched it and the facts cleared it; -> acknowledged (reopened)
    MERGED = "merged"  # into another, for good


INCIDENT_OVER = frozenset(
    {IncidentState.RESOLVED, IncidentState.FALSE_ALARM, IncidentState.PASSED, IncidentState.MERGED}
)

AWAITED = {
    IncidentState.RAISED: Awaited.ACKNOWLEDGE,
    IncidentState.ACKNOWLEDGED: Awaited.DISPATCH,
    IncidentState.DISPATCHED: Awaited.ARRIVE,
    IncidentState.ON_THE_WAY: Awaited.ARRIVE,
}
"""What each state waits for; the others wait for nothing that can be late."""


class IncidentHappened(StrEnum):
    """The kinds of events, in the order in which those of one instant are taken.

    An alert has events of its own beside them, of which people are no part: raised, worsened, cleared.
    """

    OPENED = "opened"
    AGGRAVATED = "aggravated"  # an alert of it is worse than those before
    ACKNOWLEDGED = "acknowledged"
    GATHERED = "gathered"  # other incidents were merged into it
    DISPATCHED = "dispatched"
    DECLINED = "declined"
    ON_THE_WAY = "on_the_way"
    ON_THE_SPOT = "on_the_spot"
    DONE = "done"  # whoever was sent says so; that it is resolved is for the centre to say
    ESCALATED = "escalated"
    COMMENTED = "commented"
    RESOLVED = "resolved"
    FALSE_ALARM = "false_alarm"
    PASSED = "passed"
    MERGED = "merged"
    REOPENED = "reopened"


class Sent(Struct, frozen=True, omit_defaults=True):
    """Somebody who was sent to an incident, by which order, and how far they are."""

    kind: str
    """``worker`` (officers, too) or ``department``"""
    id: str
    order_id: str
    act: Act
    at: datetime
    via: str | None = None
    """The squadron that was asked for, of which they are an officer."""
    stage: str | None = None
    """on_the_way, arrived, done; refused, failed. None: nothing has been heard."""
    proved_at: datetime | None = None
    """Since when their position shows that they are there."""

    @property
    def is_open(self) -> bool:
        """Whether they may still come, or are there."""
        return self.stage not in ("refused", "failed", "done")


class IncidentDetails(Struct, frozen=True, omit_defaults=True):
    """What an event says beyond who, when and why; each kind fills what is its own."""

    severity: Severity | None = None
    """opened, aggravated"""
    due: datetime | None = None
    """Until when the next step must have happened."""
    to: list[Sent] = []
    """dispatched; gathered: those who had been sent to what was merged."""
    order_id: str | None = None
    """on_the_way, on_the_spot, done, declined: by which order they had been sent."""
    stage: str | None = None
    """declined: refused, failed."""
    proved: bool = False
    """on_the_spot: by their position, `distance_m` metres from the incident's place."""
    distance_m: float | None = None
    step: Awaited | None = None
    level: int | None = None
    """escalated: what was late, and whom it is up to now, as a depth of the org tree."""
    text: str | None = None
    """commented; resolved, false_alarm, reopened: the reason; what a device said."""
    into: str | None = None
    ids: list[str] = []
    """merged, gathered"""


class IncidentEvent(Struct, frozen=True):
    """One thing that happened to an incident: when, what, who did it, and by which order, message or fact."""

    district: int
    incident_id: str
    at: datetime
    event: IncidentHappened
    actor: str
    cause: str
    params: IncidentDetails = IncidentDetails()
    state: IncidentState = IncidentState.RAISED
    """The state after it, as it was known when it was stored."""
    irregular: str | None = None
    """Why it did not count, as a code, with a name behind a colon where one belongs to it; also as it was
    known then."""

    @property
    def key(self) -> tuple[datetime, IncidentHappened, str]:
        """What makes it one event, however often it comes."""
        return (self.at, self.event, self.cause)


class Incident(Struct, frozen=True):
    """What is to be done about some alerts. Up to `opened_at` it never changes; the rest is replayed."""

    district: int
    incident_id: str
    """Its first alert's id."""
    rule: str
    path: str
    grid_id: str | None
    lon: float | None
    lat: float | None
    raised_at: datetime
    """When the danger arose, by the facts of the first alert."""
    opened_at: datetime
    """When the centre could know, by our clock; what people owe counts from here."""
    state: IncidentState = IncidentState.RAISED
    severity: Severity = Severity.GENERAL
    """The worst that any of its alerts had."""
    level: int = SECTION_LEVEL
    """Whom it is up to: a depth of the org tree."""
    escalated_at: datetime | None = None
    due_at: datetime | None = None
    """Until when the awaited step must have happened; None: nobody is waited for."""
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    dispatched_at: datetime | None = None
    sent: list[Sent] = []
    on_the_way_at: datetime | None = None
    on_the_spot_at: datetime | None = None
    on_the_spot_by: str | None = None
    proved_at: datetime | None = None
    """Since when a position shows that somebody is there. Instants of steps are those of the first time."""
    ended_at: datetime | None = None
    ended_by: str | None = None
    reason: str | None = None
    merged_into: str | None = None
    reopened: int = 0

    @property
    def is_open(self) -> bool:
        return self.state not in INCIDENT_OVER

    @property
    def awaited(self) -> Awaited | None:
        """The step that it waits for."""
        return AWAITED.get(self.state)

    @property
    def section(self) -> str:
        """Where storms are gathered."""
        return unit_at(self.path, SECTION_LEVEL)

    @property
    def unit(self) -> str:
        """The org unit that it is up to."""
        return unit_at(self.path, self.level)

    @property
    def above(self) -> int | None:
        """The level to which it goes when a step is late."""
        return self.level - 1 if self.level > BUREAU_LEVEL else None
