"""Orders about incidents: carried out one after the other, so that of two operators one is the first."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import psycopg

from db.connect import Row, fetch
from ingest.act_orders import about_incidents, order_row, queue_acts
from ingest.contract.errors import InvalidTransition
from ingest.contract.orders import (
    AcknowledgeIncident,
    CommentIncident,
    ConfirmHandover,
    DispatchIncident,
    IncidentOrder,
    IncidentStep,
    MergeIncidents,
    ReopenIncident,
    ResolveIncident,
    Target,
)
from ingest.domain.acts import About, params
from ingest.domain.escalation import Awaited
from ingest.domain.incident import (
    Incident,
    IncidentDetails,
    IncidentEvent,
    IncidentHappened,
    IncidentState,
    Sent,
)
from ingest.domain.incident_steps import going_id, happened
from ingest.domain.roster import Roster
from ingest.incidentbook import Incidentbook

Connection = psycopg.Connection[Row]


def carry_out_incident_orders(
    conn: Connection, roster: Roster, orders: Sequence[tuple[Row, IncidentOrder]], now: datetime
) -> dict[str, str]:
    """Carry out the orders in their sequence; returns why some were refused, by command id.

    A reason is a code, with a name behind a colon where one belongs to it: ``already_acknowledged: li``.
    """
    refused: dict[str, str] = {}
    book = Incidentbook(conn, roster, (one for _, order in orders for one in _about(order)))
    dispatched = {order.incident_id for _, order in orders if isinstance(order, DispatchIncident)}
    places = about_incidents(conn, roster.district, dispatched)
    down: list[Row] = []
    stored_after: list[tuple[str, Row]] = []
    for command, order in orders:
        try:
            if isinstance(order, ConfirmHandover):
                stored_after.append(("write/store_handover", _taken_over(roster, order, command)))
            elif isinstance(order, MergeIncidents):
                _merge(book, roster, order, command)
                key = {"district": roster.district, "into": order.into, "ids": [order.into, *order.ids]}
                stored_after += [("write/merge_incidents", key), ("write/count_alerts", key)]
            elif not _is_theirs_already(book, order, command):
                event = _event(book, roster, order, command)
                told = list(_told(event, roster, places.get(event.incident_id, About()), now))
                book.decree(event)
                down += told
        except InvalidTransition as refusal:
            refused[command["command_id"]] = str(refusal)
    book.store()
    queue_acts(conn, down)
    for query, row in stored_after:
        fetch(conn, query, row)
    return refused


def _about(order: IncidentOrder) -> Iterator[str]:
    match order:
        case ConfirmHandover():
            return
        case MergeIncidents():
            yield from (order.into, *order.ids)
        case _:
            yield order.incident_id


def _is_theirs_already(book: Incidentbook, order: IncidentStep, command: Row) -> bool:
    """Whether somebody takes up once more what they have: nothing happens, and they are not refused."""
    if not isinstance(order, AcknowledgeIncident) or order.incident_id not in book:
        return False
    incident = book.incident(order.incident_id)
    mine = incident.acknowledged_by == command["actor"]
    return mine and incident.state is IncidentState.ACKNOWLEDGED


def _event(book: Incidentbook, roster: Roster, order: IncidentStep, command: Row) -> IncidentEvent:
    """What the order lets happen, at the moment at which it was placed, or just after the one before it."""
    incident = _known(book, order.incident_id)
    at = book.after_orders(order.incident_id, command["queued_at"])
    match order:
        case AcknowledgeIncident():
            due = roster.escalation.due(Awaited.DISPATCH, incident.severity, at)
            kind, details = IncidentHappened.ACKNOWLEDGED, IncidentDetails(due=due)
        case DispatchIncident():
            to = [
                Sent(whose, one, going_id(incident, whose, one, command["command_id"]), order.act, at, via)
                for whose, one, via in _people(order.to, incident, roster)
            ]
            due = roster.escalation.due(Awaited.ARRIVE, incident.severity, at)
            kind, details = IncidentHappened.DISPATCHED, IncidentDetails(to=to, due=due, text=order.text)
        case ResolveIncident():
            kind, details = IncidentHappened(order.outcome), IncidentDetails(text=order.reason)
        case ReopenIncident():
            due = roster.escalation.due(Awaited.DISPATCH, incident.severity, at)
            kind, details = IncidentHappened.REOPENED, IncidentDetails(text=order.reason, due=due)
        case CommentIncident():
            kind, details = IncidentHappened.COMMENTED, IncidentDetails(text=order.text)
    return happened(incident, at, kind, command["actor"], command["command_id"], details)


def _told(event: IncidentEvent, roster: Roster, about: About, now: datetime) -> Iterator[Row]:
    """The orders to those who are sent by an event; raises InvalidTransition where one of them cannot be."""
    if event.event is IncidentHappened.DISPATCHED:
        for one in event.params.to:
            said = params(one.act, one.kind, event.params.text, about, roster.centre, event.incident_id)
            whom = (one.kind, one.id)
            yield order_row(roster, one.order_id, whom, one.act, said, now, event.incident_id)


def _known(book: Incidentbook, incident_id: str) -> Incident:
    if incident_id not in book:
        raise InvalidTransition(f"unknown_incident: {incident_id}")
    return book.incident(incident_id)


def _people(to: Sequence[Target], incident: Incident, roster: Roster) -> list[tuple[str, str, str | None]]:
    """Who is to be sent, each once: kind and id on the wire, and of which squadron; none of those who are
    under way already."""
    people: dict[tuple[str, str], str | None] = {}
    for target in to:
        for kind, one, via in _named(target, roster):
            people.setdefault((kind, one), via)
    busy = {(one.kind, one.id) for one in incident.sent if one.is_open}
    return [(kind, one, via) for (kind, one), via in people.items() if (kind, one) not in busy]


def _named(target: Target, roster: Roster) -> list[tuple[str, str, str | None]]:
    """Whom a target means; raises InvalidTransition where there is nobody."""
    if target.kind == "squadron":
        if not (officers := roster.officers_of(target.id)):
            raise InvalidTransition(f"no_officers: {target.id}")
        return [("worker", officer, target.id) for officer in officers]
    if target.kind == "department":
        known = roster.knows("department", target.id)
    else:
        worker = roster.workers.get(target.id)
        known = worker is not None and (target.kind == "worker" or worker.role == "officer")
    if not known:
        raise InvalidTransition(f"unknown_{target.kind}: {target.id}")
    return [("department" if target.kind == "department" else "worker", target.id, None)]


def _merge(book: Incidentbook, roster: Roster, order: MergeIncidents, command: Row) -> None:
    """Let all of them be merged, or, raising InvalidTransition, none."""
    into = _known(book, order.into)
    ids = list(dict.fromkeys(order.ids))
    if order.into in ids:
        raise InvalidTransition(f"same_incident: {order.into}")
    others = [_known(book, one) for one in ids]
    if over := next((one for one in (into, *others) if not one.is_open), None):
        raise InvalidTransition(f"after_end: {over.incident_id}")
    actor, cause = command["actor"], command["command_id"]
    at = max(book.after_orders(one, command["queued_at"]) for one in (order.into, *ids))
    for one in others:
        details = IncidentDetails(into=order.into)
        book.decree(happened(one, at, IncidentHappened.MERGED, actor, cause, details))
    sent = [person for one in others for person in one.sent if person.is_open]
    worst = max((one.severity for one in (into, *others)), key=lambda severity: severity.rank)
    due = roster.escalation.due(Awaited.ARRIVE if sent else into.awaited, worst, at)
    details = IncidentDetails(ids=ids, to=sent, severity=worst, due=due)
    book.decree(happened(into, at, IncidentHappened.GATHERED, actor, cause, details))


def _taken_over(roster: Roster, order: ConfirmHandover, command: Row) -> Row:
    """The row of a shift handover; what else was open then is looked up with it."""
    units = {str(roster.district), *roster.paths.values()}
    if not any(f"{path}/".startswith(f"{order.unit}/") for path in units):
        raise InvalidTransition(f"unknown_unit: {order.unit}")
    return {
        "district": roster.district,
        "handover_id": command["command_id"],
        "unit": order.unit,
        "actor": command["actor"],
        "at": command["queued_at"],
        "note": order.note,
        "confirmed": sorted(set(order.ids)),
    }
