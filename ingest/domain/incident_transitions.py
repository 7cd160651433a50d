"""What each kind of event does to an incident; what does not fit raises InvalidTransition with its code."""

from collections.abc import Callable

from msgspec.structs import replace

from ingest.contract.errors import InvalidTransition
from ingest.contract.messages import Severity
from ingest.domain.incident import Incident, IncidentEvent, IncidentHappened, IncidentState
from ingest.domain.incident_progress import heard, is_before, on_the_spot, require_open, taken_up, under_way


def _opened(incident: Incident, event: IncidentEvent) -> Incident:
    said = event.params
    if incident.state is not IncidentState.RAISED:
        return incident
    return replace(incident, severity=said.severity or Severity.GENERAL, due_at=said.due)


def _aggravated(incident: Incident, event: IncidentEvent) -> Incident:
    said = event.params
    if said.severity is None or said.severity.rank <= incident.severity.rank:
        return incident
    due = incident.due_at
    if due is not None and said.due is not None:
        due = min(due, said.due)
    return replace(incident, severity=said.severity, due_at=due)


def _acknowledged(incident: Incident, event: IncidentEvent) -> Incident:
    require_open(incident)
    if incident.state is not IncidentState.RAISED:
        raise InvalidTransition(f"already_acknowledged: {incident.acknowledged_by}")
    return replace(taken_up(incident, event), state=IncidentState.ACKNOWLEDGED, due_at=event.params.due)


def _dispatched(incident: Incident, event: IncidentEvent) -> Incident:
    require_open(incident)
    busy = {(one.kind, one.id) for one in incident.sent if one.is_open}
    new = [one for one in event.params.to if (one.kind, one.id) not in busy]
    if not new:
        raise InvalidTransition("already_dispatched")
    return under_way(incident, event, new)


def _declined(incident: Incident, event: IncidentEvent) -> Incident:
    incident = heard(incident, event, event.params.stage or "refused")
    waits = incident.state in (IncidentState.DISPATCHED, IncidentState.ON_THE_WAY)
    if waits and not any(one.is_open for one in incident.sent):
        return replace(incident, state=IncidentState.ACKNOWLEDGED, due_at=event.params.due)
    return incident


def _on_the_way(incident: Incident, event: IncidentEvent) -> Incident:
    incident = heard(incident, event, "on_the_way")
    if not is_before(incident.state, IncidentState.ON_THE_WAY):
        return incident
    first = incident.on_the_way_at or event.at
    return replace(incident, state=IncidentState.ON_THE_WAY, on_the_way_at=first)


def _on_the_spot(incident: Incident, event: IncidentEvent) -> Incident:
    proved_at = event.at if event.params.proved else None
    incident = heard(incident, event, "arrived", proved_at)
    if is_before(incident.state, IncidentState.ON_THE_SPOT):
        return on_the_spot(incident, event.at, event.actor, proved_at)
    return replace(incident, proved_at=incident.proved_at or proved_at)


def _done(incident: Incident, event: IncidentEvent) -> Incident:
    return heard(incident, event, "done")


def _escalated(incident: Incident, event: IncidentEvent) -> Incident:
    said = event.params
    late = said.step is not None and said.step is incident.awaited
    if not late or said.level is None or said.level >= incident.level:
        return incident  # it had been done by then
    return replace(incident, level=said.level, escalated_at=event.at, due_at=said.due)


def _commented(incident: Incident, event: IncidentEvent) -> Incident:
    return incident


def _judged(state: IncidentState) -> Callable[[Incident, IncidentEvent], Incident]:
    def judged(incident: Incident, event: IncidentEvent) -> Incident:
        require_open(incident)
        return _ended(taken_up(incident, event), event, state)

    return judged


def _passed(incident: Incident, event: IncidentEvent) -> Incident:
    if incident.state is not IncidentState.RAISED or incident.severity is Severity.MAJOR:
        return incident  # somebody had taken it up by then
    return _ended(incident, event, IncidentState.PASSED)


def _merged(incident: Incident, event: IncidentEvent) -> Incident:
    require_open(incident)
    return replace(_ended(incident, event, IncidentState.MERGED), merged_into=event.params.into)


def _gathered(incident: Incident, event: IncidentEvent) -> Incident:
    require_open(incident)
    incident = _aggravated(incident, event)
    known = {one.order_id for one in incident.sent}
    new = [one for one in event.params.to if one.order_id not in known]
    if not new:
        return incident
    return under_way(incident, event, new)


def _reopened(incident: Incident, event: IncidentEvent) -> Incident:
    if incident.state is IncidentState.MERGED:
        raise InvalidTransition(f"merged: {incident.merged_into}")
    if incident.is_open:
        raise InvalidTransition("not_ended")
    return replace(
        taken_up(incident, event),
        state=IncidentState.ACKNOWLEDGED,
        acknowledged_by=event.actor,
        due_at=event.params.due,
        sent=[],  # whoever was sent has been let go with the end
        ended_at=None,
        ended_by=None,
        reason=None,
        reopened=incident.reopened + 1,
    )


def _ended(incident: Incident, event: IncidentEvent, state: IncidentState) -> Incident:
    over = {"ended_at": event.at, "ended_by": event.actor, "reason": event.params.text}
    return replace(incident, state=state, due_at=None, **over)


TAKE: dict[IncidentHappened, Callable[[Incident, IncidentEvent], Incident]] = {
    IncidentHappened.OPENED: _opened,
    IncidentHappened.AGGRAVATED: _aggravated,
    IncidentHappened.ACKNOWLEDGED: _acknowledged,
    IncidentHappened.GATHERED: _gathered,
    IncidentHappened.DISPATCHED: _dispatched,
    IncidentHappened.DECLINED: _declined,
    IncidentHappened.ON_THE_WAY: _on_the_way,
    IncidentHappened.ON_THE_SPOT: _on_the_spot,
    IncidentHappened.DONE: _done,
    IncidentHappened.ESCALATED: _escalated,
    IncidentHappened.COMMENTED: _commented,
    IncidentHappened.RESOLVED: _judged(IncidentState.RESOLVED),
    IncidentHappened.FALSE_ALARM: _judged(IncidentState.FALSE_ALARM),
    IncidentHappened.PASSED: _passed,
    IncidentHappened.MERGED: _merged,
    IncidentHappened.REOPENED: _reopened,
}
