"""Where people are when they are off duty is nobody's business: it is dropped, and counted."""

from collections.abc import Sequence

import msgspec
import psycopg

from db.connect import Row, fetch
from ingest.domain.duty import KEPT, Duty
from ingest.domain.facts import DeviceEvent, DutyChanged, Fact, Ping, of_kind
from ingest.domain.roster import Roster

Connection = psycopg.Connection[Row]


def load_duty(conn: Connection, district: int) -> Duty:
    """What is known of who was on duty during the last days."""
    rows = fetch(conn, "write/load_duty", {"district": district, "kept": KEPT})
    return Duty((row["worker_id"], row["at"], row["on_duty"]) for row in rows)


def on_duty_only(conn: Connection, roster: Roster, duty: Duty, facts: Sequence[Fact]) -> list[Fact]:
    """The facts without the positions of people off duty, their phones' and what they carry; what changes of
    duty there are among them is learned first. How many are dropped is counted by day."""
    for fact in of_kind(DutyChanged, facts):
        duty.note(fact.device_id, fact.at, fact.on)
    kept = [fact for fact in facts if not _is_private(fact, roster, duty)]
    if dropped := len(facts) - len(kept):
        fetch(conn, "write/count_off_duty", {"district": roster.district, "positions": dropped})
    return kept


def forget_off_duty(conn: Connection, roster: Roster, duty: Duty, fresh: Sequence[Fact]) -> None:
    """Drop the positions that were stored before we learned that their worker had gone off duty, and what is
    kept of their messages of that time."""
    rows = [
        {"worker_id": fact.device_id, "since": fact.at, "until": duty.off_until(fact.device_id, fact.at)}
        for fact in fresh
        if isinstance(fact, DutyChanged) and not fact.on
    ]
    if rows:
        key = {"district": roster.district, "rows": msgspec.json.encode(rows).decode()}
        fetch(conn, "write/forget_messages", key)
        forgotten = fetch(conn, "write/forget_off_duty", key)[0]["positions"]
        if forgotten:
            fetch(conn, "write/count_off_duty", {"district": roster.district, "positions": forgotten})


def _is_private(fact: Fact, roster: Roster, duty: Duty) -> bool:
    if isinstance(fact, Ping):
        return not duty.is_on(fact.device_id, fact.at)
    if isinstance(fact, DeviceEvent) and fact.event == "position":
        if fact.kind == "worker":
            return not duty.is_on(fact.device_id, fact.at)
        device = roster.devices.get(fact.device_id)
        return (
            device is not None and device.worker_id is not None and not duty.is_on(device.worker_id, fact.at)
        )
    return False
