"""How an incident stands after its events: the same, in whatever order, however often, in however many parts.

Nothing that is said of an incident raises here: what does not fit is irregular, and says by a code why.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from ingest.contract.errors import InvalidTransition
from ingest.domain.escalation import first_level
from ingest.domain.incident import Incident, IncidentEvent, IncidentHappened
from ingest.domain.incident_transitions import TAKE

_RANK = {kind: rank for rank, kind in enumerate(IncidentHappened)}


class ReplayedIncident(NamedTuple):
    """The incident after all events, and each of them, in the order in which they were taken."""

    incident: Incident
    steps: list[IncidentEvent]


def replay_incident(incident: Incident, events: Iterable[IncidentEvent]) -> ReplayedIncident:
    """`incident` as it stands after `events` and nothing else; how it stood before does not matter."""
    once = _once(events)
    told = _told(once)
    standing, steps = _blank(incident), []
    for event in sorted(once, key=lambda event: _order(event, incident.opened_at, told)):
        irregular = None
        try:
            standing = TAKE[event.event](standing, event)
        except InvalidTransition as why:
            irregular = str(why)
        steps.append(replace(event, state=standing.state, irregular=irregular))
    return ReplayedIncident(standing, steps)


def _once(events: Iterable[IncidentEvent]) -> list[IncidentEvent]:
    kept: dict[object, IncidentEvent] = {}
    for event in events:
        if event.key not in kept or _said(event) < _said(kept[event.key]):
            kept[event.key] = event
    return list(kept.values())


def _said(event: IncidentEvent) -> tuple[str, bytes]:
    return event.actor, msgspec.json.encode(event.params)


def _told(events: Iterable[IncidentEvent]) -> dict[str, datetime]:
    """When each order by which somebody was sent was first given."""
    told: dict[str, datetime] = {}
    for event in events:
        for one in event.params.to:
            told[one.order_id] = min(told.get(one.order_id, event.at), event.at)
    return told


def _order(
    event: IncidentEvent, opened_at: datetime, told: Mapping[str, datetime]
) -> tuple[datetime, int, datetime, str]:
    # No clock is so exact that something could have been done about an incident before it was there, or that
    # somebody could have gone before being sent.
    at = max(event.at, opened_at, told.get(event.params.order_id or "", opened_at))
    return at, _RANK[event.event], event.at, event.cause


def _blank(incident: Incident) -> Incident:
    """The incident as it was before anything happened to it."""
    fields = incident.__struct_fields__
    kept = fields[: fields.index("opened_at") + 1]
    return Incident(**{name: getattr(incident, name) for name in kept}, level=first_level(incident.path))
