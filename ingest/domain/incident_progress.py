"""How far an incident is by those who were sent to it: people are added, and each moves only forward."""

from datetime import datetime

from msgspec.structs import replace

from ingest.contract.errors import InvalidTransition
from ingest.contract.messages import STAGES
from ingest.domain.incident import Incident, IncidentEvent, IncidentState, Sent

_PROGRESS = (
    IncidentState.RAISED,
    IncidentState.ACKNOWLEDGED,
    IncidentState.DISPATCHED,
    IncidentState.ON_THE_WAY,
    IncidentState.ON_THE_SPOT,
)
_REACHED = {
    "on_the_way": IncidentState.ON_THE_WAY,
    "arrived": IncidentState.ON_THE_SPOT,
    "done": IncidentState.ON_THE_SPOT,
}
"""How far those who were sent to another incident bring the one that it is merged into."""


def under_way(incident: Incident, event: IncidentEvent, new: list[Sent]) -> Incident:
    """With `new` people sent to it, and as far as these bring it at least."""
    incident = replace(taken_up(incident, event), sent=[*incident.sent, *new])
    reached = max(
        (_REACHED.get(one.stage or "", IncidentState.DISPATCHED) for one in new), key=_PROGRESS.index
    )
    if not is_before(incident.state, reached):
        return incident
    incident = replace(
        incident, state=reached, due_at=event.params.due, dispatched_at=incident.dispatched_at or event.at
    )
    if reached is not IncidentState.ON_THE_SPOT:
        return incident
    there = min(
        (one for one in new if _REACHED.get(one.stage or "") is reached),
        key=lambda one: (one.proved_at or event.at, one.order_id),
    )
    return on_the_spot(incident, there.proved_at or event.at, there.id, there.proved_at)


def on_the_spot(incident: Incident, at: datetime, who: str, proved_at: datetime | None) -> Incident:
    """With somebody on the spot; instants are those of the first time."""
    first = incident.on_the_spot_at is None
    return replace(
        incident,
        state=IncidentState.ON_THE_SPOT,
        due_at=None,
        on_the_spot_at=at if first else incident.on_the_spot_at,
        on_the_spot_by=who if first else incident.on_the_spot_by,
        proved_at=incident.proved_at or proved_at,
    )


def heard(
    incident: Incident, event: IncidentEvent, stage: str, proved_at: datetime | None = None
) -> Incident:
    """With what somebody who was sent says of themselves: it moves only forward."""
    require_open(incident)
    if all(one.order_id != event.params.order_id for one in incident.sent):
        raise InvalidTransition("not_dispatched")
    sent = [
        _further(one, stage, proved_at) if one.order_id == event.params.order_id else one
        for one in incident.sent
    ]
    return replace(incident, sent=sent)


def taken_up(incident: Incident, event: IncidentEvent) -> Incident:
    """Whoever does something about an incident that nobody had acknowledged, has thereby."""
    if incident.acknowledged_at is not None:
        return incident
    return replace(incident, acknowledged_at=event.at, acknowledged_by=event.actor)


def is_before(state: IncidentState, other: IncidentState) -> bool:
    return _PROGRESS.index(state) < _PROGRESS.index(other)


def require_open(incident: Incident) -> None:
    if not incident.is_open:
        raise InvalidTransition("after_end")


def _further(one: Sent, stage: str, proved_at: datetime | None) -> Sent:
    furthest = max(one.stage or "delivered", stage, key=STAGES.index)
    return replace(one, stage=furthest, proved_at=one.proved_at or proved_at)
