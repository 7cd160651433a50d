"""Incidents learn of those who were sent to them: what they say, and where they are."""

from collections.abc import Iterator, Sequence

import msgspec
import psycopg

from db.connect import Row, fetch
from ingest.contract.errors import DecodeError
from ingest.domain.facts import DepartmentReplied, Fact, OrderReplied, Ping
from ingest.domain.incident import Incident, IncidentEvent, Sent
from ingest.domain.incident_steps import replied, seen
from ingest.domain.roster import Roster
from ingest.incidentbook import Incidentbook
from ingest.store import Answer, store_replies

Connection = psycopg.Connection[Row]
Orphan = tuple[Fact, DecodeError]
"""A fact that speaks of an incident, or of being sent to one, which there is not."""
Reply = OrderReplied | DepartmentReplied


def follow(conn: Connection, roster: Roster, facts: Sequence[Fact], fresh: Sequence[Fact]) -> list[Orphan]:
    """Let the incidents learn of the positions among all `facts`, which are placed, and of the replies among
    the `fresh`; returns the orphans among these."""
    arrivals = list(_arrivals(conn, roster, facts))
    told = list(_told(conn, roster, fresh))
    if not (arrivals or told):
        return []
    ids = [incident_id for _, incident_id in told]
    book = Incidentbook(conn, roster, [*ids, *(event.incident_id for event in arrivals)])
    orphans: list[Orphan] = []
    for reply, incident_id in told:
        if (why := _hear(conn, book, reply, incident_id, roster)) is not None:
            orphans.append((reply, why))
    for event in arrivals:
        book.hear(event)
    book.store()
    return orphans


def _told(conn: Connection, roster: Roster, fresh: Sequence[Fact]) -> Iterator[tuple[Reply, str]]:
    """The replies that are about an incident, each with which."""
    replies = [fact for fact in fresh if isinstance(fact, OrderReplied)]
    if replies:
        key = {"district": roster.district, "ids": sorted({reply.order_id for reply in replies})}
        about = {row["order_id"]: row["incident_id"] for row in fetch(conn, "write/load_orders", key)}
        for reply in replies:
            if about.get(reply.order_id) is not None:
                yield reply, about[reply.order_id]
    for fact in fresh:
        if isinstance(fact, DepartmentReplied) and fact.incident_id is not None:
            yield fact, fact.incident_id


def _hear(
    conn: Connection, book: Incidentbook, reply: Reply, incident_id: str, roster: Roster
) -> DecodeError | None:
    """Let an incident learn of a reply; returns why it cannot, if it cannot."""
    if incident_id not in book:
        return DecodeError("unknown_incident", incident_id)
    incident = book.incident(incident_id)
    sent = next((one for one in reversed(incident.sent) if _is_by(reply, one)), None)
    if sent is None:
        return DecodeError("unknown_order", incident_id)
    if isinstance(reply, DepartmentReplied):  # those of devices are kept by the order's id
        answer = Answer(sent.order_id, reply.stage, reply.at, reply.text)
        store_replies(conn, roster.district, [answer])
    event = replied(incident, sent, reply.at, reply.id, reply.stage, reply.text, roster)
    if event is not None and not book.hear(event):
        return DecodeError("too_many_events", incident_id)
    return None


def _is_by(reply: Reply, one: Sent) -> bool:
    """Whether a reply is the word of this one, who was sent."""
    same_order = isinstance(reply, DepartmentReplied) or reply.order_id == one.order_id
    return same_order and (reply.kind, reply.device_id) == (one.kind, one.id)


def _arrivals(conn: Connection, roster: Roster, facts: Sequence[Fact]) -> Iterator[IncidentEvent]:
    """Who of those who were sent is seen on the spot, by the earliest position that shows it.

    Every position there is passes here: only those of the few who were sent are looked at.
    """
    if not any(isinstance(fact, Ping) for fact in facts):
        return
    key = {"district": roster.district}
    incidents = [msgspec.convert(row, Incident) for row in fetch(conn, "write/watch_sent", key)]
    going: dict[str, list[Ping]] = {one.id: [] for incident in incidents for one in _unproved(incident)}
    if not going:
        return
    for fact in facts:
        if fact.device_id in going and isinstance(fact, Ping):
            going[fact.device_id].append(fact)
    for pings in going.values():
        pings.sort(key=lambda ping: ping.at)
    for incident in incidents:
        for one in _unproved(incident):
            shown = (seen(incident, one, ping, roster) for ping in going[one.id])
            if event := next(filter(None, shown), None):
                yield event


def _unproved(incident: Incident) -> list[Sent]:
    return [one for one in incident.sent if one.kind == "worker" and one.is_open and one.proved_at is None]
