"""Facts and decisions into the database, inside the caller's transaction."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
import psycopg

from db.connect import Row, fetch, query
from ingest.contract.delivery import Delivery
from ingest.contract.errors import DecodeError
from ingest.contract.messages import STAGES
from ingest.domain.facts import (
    Clue,
    DepartmentReplied,
    DeviceEvent,
    DutyChanged,
    Fact,
    Inspection,
    OrderReplied,
    PhotoTaken,
    Ping,
    PremisesFound,
    ProductScanned,
    PublicSaid,
    ReceiptPrinted,
    StateReported,
    VisitAppealed,
)
from ingest.domain.task import Task, TaskEvent

Connection = psycopg.Connection[Row]

KEPT_PAYLOAD_BYTES = 64 * 1024

_QUERIES: dict[type[Fact], str] = {
    Inspection: "store_inspections",
    PremisesFound: "store_premises_found",
    Clue: "store_clues",
    DeviceEvent: "store_device_events",
    PublicSaid: "store_device_events",
    ProductScanned: "store_device_events",
    ReceiptPrinted: "store_receipts",
    DutyChanged: "store_duty",
    VisitAppealed: "store_appeals",
}
_PING_COLUMNS = {
    "district": "int4",
    "worker_id": "text",
    "ts": "timestamptz",
    "at": "timestamptz",
    "id": "text",
    "lon": "float8",
    "lat": "float8",
    "raw_lon": "float8",
    "raw_lat": "float8",
    "datum": "text",
    "grid_id": "text",
    "in_own_grid": "bool",
    "accuracy_m": "float4",
    "speed_kmh": "float4",
    "heading_deg": "float4",
    "altitude_m": "float4",
    "battery": "float4",
    "provider": "text",
    "mock": "bool",
    "hist": "bool",
    "clock_off_s": "float4",
    "received_at": "timestamptz",
}


def prepare(conn: Connection) -> None:
    """Make what a connection needs once: the staging table."""
    conn.execute(query("write/stage_ping"))


def stage_pings(conn: Connection, facts: Sequence[Fact]) -> None:
    """Bring the pings among `facts`, which are placed, to the server; `store_facts` stores them."""
    columns = ", ".join(_PING_COLUMNS)
    with conn.cursor() as cursor:
        cursor.execute(query("write/empty_stage"))
        with cursor.copy(f"COPY stage_ping ({columns}) FROM STDIN BINARY".encode()) as copy:
            copy.set_types(list(_PING_COLUMNS.values()))
            for p in facts:
                if isinstance(p, Ping):
                    copy.write_row(
                        (
                            *(p.district, p.device_id, p.ts, p.at, p.id, p.lon, p.lat, p.raw_lon, p.raw_lat),
                            *(str(p.datum), p.grid_id, p.in_own_grid, p.accuracy_m, p.speed_kmh),
                            *(p.heading_deg, p.altitude_m, p.battery, p.provider, p.mock, p.hist),
                            *(p.clock_off_s, p.received_at),
                        )
                    )


def store_facts(conn: Connection, facts: Sequence[Fact]) -> list[Fact]:
    """Store each fact once and keep the live state; return those that were new, in their order.

    Of pings those are stored that `stage_pings` has brought.
    """
    by_type: dict[type[Fact], list[Fact]] = defaultdict(list)
    for fact in facts:
        by_type[type(fact)].append(fact)
    if by_type.pop(Ping, None):
        conn.execute(query("write/store_pings"))
    if photos := by_type.pop(PhotoTaken, None):
        _store_photos(conn, photos)
    by_type.pop(StateReported, None)  # a state is no fact of its own: it only shows in _seen
    fresh: set[int] = set()
    for reply in (OrderReplied, DepartmentReplied):  # they are kept as what they did to orders and tasks
        fresh.update(map(id, by_type.pop(reply, ())))
    for kind, some in by_type.items():
        fresh.update(map(id, _store_new(conn, _QUERIES[kind], some)))
    events = [fact for fact in facts if isinstance(fact, DeviceEvent)]
    if ended := [fact for fact in events if fact.ended is not None and fact.id]:
        fetch(conn, "write/end_events", {"rows": _json(ended)})
    if moved := [fact for fact in events if _moves(fact)]:
        fetch(conn, "write/move_devices", {"rows": _json(moved)})
    _seen(conn, facts)
    return [fact for fact in facts if id(fact) in fresh]


def _moves(event: DeviceEvent) -> bool:
    """Whether it says where its device was. The public speaks of other places; where a person was is told by
    pings, and their phone may be called as some device is."""
    return event.lon is not None and event.kind != "worker" and not isinstance(event, PublicSaid)


def _store_new(conn: Connection, name: str, facts: Sequence[Fact]) -> list[Fact]:
    returned = fetch(conn, f"write/{name}", {"rows": _json(facts)})
    new = {(row["device_id"], row["ts"], row["id"]) for row in returned}
    fresh = []
    for fact in facts:
        key = (fact.device_id, fact.ts, fact.id)
        if key in new:
            new.remove(key)  # the same message twice in one batch is new once
            fresh.append(fact)
    return fresh


def _store_photos(conn: Connection, photos: Iterable[Any]) -> None:
    rows = [
        {
            "district": photo.district,
            "worker_id": photo.device_id,
            "sha256": photo.id,
            "bytes": len(photo.content),
            "received_at": photo.received_at,
        }
        for photo in photos
    ]
    fetch(conn, "write/store_photos", {"rows": _json(rows)})


def _seen(conn: Connection, facts: Sequence[Fact]) -> None:
    """Who was heard, and what each said of being there. A will and a retained copy are no sign of life.

    Departments are no devices. Pings have told of themselves; here they only come after what else their
    worker said.
    """
    heard: dict[tuple[int, str, str], Row] = {}
    for fact in facts:
        key = (fact.district, fact.kind, fact.device_id)
        if (isinstance(fact, Ping) and key not in heard) or fact.kind == "department":
            continue
        row = heard.setdefault(key, {"last_seen": None, "messages": 0})
        if isinstance(fact, StateReported):
            row.update(online=fact.online, battery=fact.battery, firmware=fact.firmware, storage=fact.storage)
            if fact.retained or not fact.online:
                continue
        else:
            row["online"] = True
            if not fact.hist and fact.ts != fact.received_at:  # what comes late proves nothing about a clock
                row["clock_off_s"] = fact.clock_off_s or 0
        row["last_seen"] = fact.received_at
        row["messages"] += 1
    rows = [{"district": d, "kind": k, "device_id": i, **row} for (d, k, i), row in sorted(heard.items())]
    for name, chosen in (
        ("seen_workers", [row for row in rows if row["kind"] == "worker"]),
        ("seen_devices", [row for row in rows if row["kind"] != "worker"]),
    ):
        if chosen:
            fetch(conn, f"write/{name}", {"rows": _json(chosen)})


def store_tasks(conn: Connection, tasks: Sequence[Task], events: Sequence[TaskEvent]) -> None:
    """Write the tasks as they stand now, what their departments owe, and the events that led there."""
    if not tasks:
        return
    owed = [
        {"district": task.district, "task_id": task.task_id, "path": task.path, "category": task.category}
        | msgspec.structs.asdict(task.obligation)
        for task in tasks
        if task.obligation
    ]
    rows = {"tasks": _json(tasks), "obligations": _json(owed), "events": _json(events)}
    fetch(conn, "write/store_tasks", rows)


def queue_orders(conn: Connection, rows: Sequence[Row]) -> None:
    """Queue orders for phones, which `ingest.dispatch` sends."""
    if rows:
        fetch(conn, "write/queue_orders", {"rows": _json(rows)})


class Answer(NamedTuple):
    """How far somebody is with an order."""

    order_id: str
    stage: str
    at: datetime
    text: str | None


def store_replies(conn: Connection, district: int, answers: Sequence[Answer]) -> None:
    """Keep how far those whom orders were for are with them."""
    rows = [{**one._asdict(), "rank": STAGES.index(one.stage) + 1} for one in answers]
    if rows:
        told = {"district": district, "rows": _json(rows), "stages": list(STAGES)}
        fetch(conn, "write/orders_replied", told)


def store_rejects(
    conn: Connection, rejects: Sequence[tuple[Delivery, DecodeError]], known: Iterable[int]
) -> None:
    """Keep what could not be understood: reason, topic, and the first 64 KB."""
    districts = set(known)
    rows = [
        {
            "district": district if (district := _district(delivery.topic)) in districts else 0,
            "received_at": delivery.received_at,
            "topic": delivery.topic.replace("\0", "\N{REPLACEMENT CHARACTER}")[:1000],
            "reason": str(error).replace("\0", "\N{REPLACEMENT CHARACTER}")[:1000],
            "payload": delivery.payload[:KEPT_PAYLOAD_BYTES],
            "bytes": len(delivery.payload),
        }
        for delivery, error in rejects
    ]
    with conn.cursor() as cursor:
        cursor.executemany(query("write/store_reject"), rows)


def _district(topic: str) -> int:
    parts = topic.split("/")
    return int(parts[2]) if len(parts) > 2 and parts[2].isascii() and parts[2].isdigit() else 0


def beat(conn: Connection, row: dict[str, Any]) -> None:
    """Say that this process is alive, and how far behind."""
    fetch(conn, "write/beat", row)


def _json(rows: Any) -> str:
    return msgspec.json.encode(rows).decode()
