"""The events of incidents, made from alerts, messages, positions and the time, with what is due after them.

Until when the next step must have happened is given here, once, by the rules of that moment, and kept in its
event.
"""

from datetime import datetime
from hashlib import sha256

from ingest.contract.messages import Severity
from ingest.domain.escalation import Awaited
from ingest.domain.facts import Ping
from ingest.domain.geo import distance_m
from ingest.domain.grouping import Group
from ingest.domain.handling import handling
from ingest.domain.incident import (
    Incident,
    IncidentDetails,
    IncidentEvent,
    IncidentHappened,
    IncidentState,
    Sent,
)
from ingest.domain.roster import Roster

RULES, FACTS, TIME = "rules", "facts", "time"
"""Who does what no person does."""

_STAGES = {
    "on_the_way": IncidentHappened.ON_THE_WAY,
    "arrived": IncidentHappened.ON_THE_SPOT,
    "done": IncidentHappened.DONE,
    "refused": IncidentHappened.DECLINED,
    "failed": IncidentHappened.DECLINED,
}
"""What the stages of an order mean for its incident; the others only say how far the order is."""


def opened(group: Group, roster: Roster, now: datetime) -> tuple[Incident, IncidentEvent]:
    """The incident that a group of new alerts is, and its first event."""
    lead, worst = group.alerts[0], group.worst
    incident = Incident(
        district=roster.district,
        incident_id=group.incident_id,
        rule=lead.rule,
        path=lead.path,
        grid_id=lead.grid_id,
        lon=lead.lon,
        lat=lead.lat,
        raised_at=lead.raised_at,
        opened_at=now,
    )
    due = roster.escalation.due(Awaited.ACKNOWLEDGE, worst, now)
    details = IncidentDetails(severity=worst, due=due)
    return incident, happened(incident, now, IncidentHappened.OPENED, RULES, lead.alert_id, details)


def aggravated(
    incident: Incident, severity: Severity, cause: str, roster: Roster, now: datetime
) -> IncidentEvent | None:
    """That it has become worse by an alert (`cause`), which may leave less time for the next step."""
    if severity.rank <= incident.severity.rank:
        return None
    details = IncidentDetails(severity=severity, due=roster.escalation.due(incident.awaited, severity, now))
    return happened(incident, now, IncidentHappened.AGGRAVATED, RULES, cause, details)


def escalated(incident: Incident, roster: Roster, now: datetime) -> IncidentEvent | None:
    """That it goes to the next level, as the awaited step is late; None if it is not, or nobody is above."""
    step, above = incident.awaited, incident.above
    if step is None or above is None or incident.due_at is None or incident.due_at >= now:
        return None
    due = roster.escalation.due(step, incident.severity, now)
    details = IncidentDetails(step=step, level=above, due=due)
    return happened(incident, now, IncidentHappened.ESCALATED, TIME, str(step), details)


def may_pass(incident: Incident) -> bool:
    """Whether it ends by itself when the facts have cleared it: nobody has touched it, it is not major."""
    return incident.state is IncidentState.RAISED and incident.severity is not Severity.MAJOR


def passed(incident: Incident, now: datetime) -> IncidentEvent:
    """That it is over by itself."""
    return happened(incident, now, IncidentHappened.PASSED, FACTS, "cleared", IncidentDetails())


def replied(
    incident: Incident, sent: Sent, at: datetime, cause: str, stage: str, text: str | None, roster: Roster
) -> IncidentEvent | None:
    """What the word of somebody who was sent means for the incident, if anything."""
    kind = _STAGES.get(stage)
    if kind is None:
        return None
    declined = kind is IncidentHappened.DECLINED
    details = IncidentDetails(
        order_id=sent.order_id,
        stage=stage if declined else None,
        text=text,
        due=roster.escalation.due(Awaited.DISPATCH, incident.severity, at) if declined else None,
    )
    return happened(incident, at, kind, sent.id, cause, details)


def seen(incident: Incident, sent: Sent, ping: Ping, roster: Roster) -> IncidentEvent | None:
    """That a position proves that somebody who was sent is on the spot; None if it does not.

    Neither a faked position proves anything, nor one of before, nor one that is not known well enough.
    """
    within_m = handling(roster.thresholds, ping.at).arrive_m
    placed = incident.lon is not None and ping.lon is not None
    vague = ping.accuracy_m is not None and ping.accuracy_m > within_m
    if not placed or ping.mock or vague or ping.at < sent.at:
        return None
    away_m = float(distance_m(incident.lon, incident.lat, ping.lon, ping.lat))  # type: ignore[arg-type]
    if away_m > within_m:
        return None
    details = IncidentDetails(order_id=sent.order_id, proved=True, distance_m=round(away_m, 1))
    return happened(incident, ping.at, IncidentHappened.ON_THE_SPOT, sent.id, ping.id, details)


def going_id(incident: Incident, kind: str, id: str, cause: str) -> str:  # noqa: A002
    """The id of the order by which somebody is sent to an incident, from what made it so."""
    key = f"{incident.district}|{incident.incident_id}|{kind} {id}|{cause}"
    return sha256(key.encode()).hexdigest()[:24]


def happened(
    incident: Incident, at: datetime, kind: IncidentHappened, actor: str, cause: str, details: IncidentDetails
) -> IncidentEvent:
    """An event of the incident."""
    return IncidentEvent(incident.district, incident.incident_id, at, kind, actor, cause, details)
