"""What was done, written into the district's log: by the lane alone, so that its rows have one order."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import psycopg

from db.connect import Row, fetch
from ingest.contract.orders import (
    LookAtTrack,
    NoteDeed,
    Order,
    PreviewThreshold,
    RegisterDevice,
    SendOrder,
    SetThreshold,
)
from ingest.domain.audit import Entry, Head, chained
from ingest.domain.canonical import filled
from ingest.domain.facts import Fact, Inspection, of_kind
from ingest.domain.visit_record import hash_of_fact, millis

Connection = psycopg.Connection[Row]

NO_ORDER = "no_order"
"""The act of a command that could not be read: what it called itself is nothing that we know."""
_ABOUT = {
    **{"task_id": "task", "clue_id": "clue", "incident_id": "incident", "into": "incident"},
    **{"premises_id": "premises", "account": "account", "list": "list", "unit": "unit", "name": "name"},
}
"""The field of an order that says what it is about, and what that is."""


def append(conn: Connection, district: int, entries: Iterable[Entry]) -> None:
    """Add the entries to the log, in the connection's transaction."""
    found = fetch(conn, "write/audit_head", {"district": district})
    after = Head(**found[0]) if found else Head()
    rows = list(chained(district, after, entries))
    fetch(conn, "write/store_audit", {"rows": msgspec.json.encode(rows).decode()})


def note_orders(
    conn: Connection,
    district: int,
    commands: Sequence[Row],
    orders: Mapping[str, Order],
    refused: Mapping[str, str],
) -> None:
    """Write down commands, each with the order that it was, if it was one, and why it was refused, if it
    was; both by command id."""

    def entry(command: Row) -> Entry:
        name = command["command_id"]
        return _command(command, orders.get(name), refused.get(name))

    append(conn, district, map(entry, commands))


def note_visits(conn: Connection, district: int, facts: Sequence[Fact]) -> None:
    """Write down the hash of every visit among `facts`, which are new."""
    visits = of_kind(Inspection, facts)
    if visits:
        append(conn, district, map(_visit, visits))


def note_deed(conn: Connection, district: int | None, actor: str, deed: NoteDeed) -> None:
    """Have ingest write down a deed that a command does itself, in that deed's transaction; None: in all
    districts' logs."""
    told = {"district": district, "payload": msgspec.json.encode(deed).decode(), "actor": actor}
    fetch(conn, "write/note_deed", told)


def _command(command: Row, order: Order | None, why: str | None) -> Entry:
    ended = {"order": command["command_id"], "state": "refused" if why else "done"}
    if why:
        ended["reason"] = why
    act, subject, said = NO_ORDER, "", {}
    match order:
        case NoteDeed():
            act, subject, said = order.act, order.subject, order.about
        case _ if order is not None:
            said = msgspec.to_builtins(order)
            act, subject = said.pop("kind"), _subject(order, said)
    if isinstance(order, RegisterDevice) and order.key:
        said["key"] = "..."  # opens what the device seals
    said.pop("password", None)  # the hash of one
    params = {**ended, "said": filled(said)}
    return Entry(command["queued_at"], command["actor"], act, subject, params)


def _subject(order: Order, said: Mapping[str, Any]) -> str:
    match order:
        case LookAtTrack():
            return f"{order.about}:{order.id}"
        case SetThreshold() | PreviewThreshold():
            return f"threshold:{order.name}"
        case SendOrder():
            return f"{order.to}:{order.device_id}"
        case RegisterDevice():
            return f"{order.as_kind}:{order.device_id}"
    return next((f"{what}:{said[field]}" for field, what in _ABOUT.items() if field in said), "")


def _visit(visit: Inspection) -> Entry:
    name = f"visit:{visit.device_id}:{visit.id}"
    params = {"sha256": hash_of_fact(visit), "ts": millis(visit.ts)}
    return Entry(visit.received_at, visit.device_id, "inspection", name, params)
