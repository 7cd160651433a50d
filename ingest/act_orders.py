"""Orders to devices, people and departments to do something: made out, or refused with a code."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256

import msgspec
import psycopg

from db.connect import Row, fetch
from ingest.contract.acts import Act
from ingest.contract.errors import InvalidTransition
from ingest.contract.orders import SendOrder
from ingest.domain.acts import PATIENCE, About, params
from ingest.domain.roster import Roster

Connection = psycopg.Connection[Row]


def carry_out_act_orders(
    conn: Connection, roster: Roster, orders: Sequence[tuple[Row, SendOrder]], now: datetime
) -> dict[str, str]:
    """Queue what goes down for each of the orders; returns why some were refused, by command id."""
    refused: dict[str, str] = {}
    premises = about_premises(conn, roster.district, (order.premises_id for _, order in orders))
    takers = _foreign_takers(conn, roster.district, (order for _, order in orders))
    rows = []
    for command, order in orders:
        try:
            about = _about(order, premises)
            order_id = _order_id(roster.district, command["command_id"])
            if not roster.knows(order.to, order.device_id):
                raise InvalidTransition(f"unknown_device: {order.device_id}")
            _check_foreign(order, takers)
            said = params(order.act, order.to, order.text, about, roster.centre, order_id)
        except InvalidTransition as refusal:
            refused[command["command_id"]] = str(refusal)
        else:
            rows.append(order_row(roster, order_id, (order.to, order.device_id), order.act, said, now))
    queue_acts(conn, rows)
    return refused


def order_row(
    roster: Roster,
    order_id: str,
    whom: tuple[str, str],
    act: Act,
    said: dict[str, object],
    now: datetime,
    incident_id: str | None = None,
) -> Row:
    """The row of `order_out` by which `whom`, a kind of device and its id, is told to do something."""
    return {
        "district": roster.district,
        "order_id": order_id,
        "incident_id": incident_id,
        "kind": whom[0],
        "device_id": whom[1],
        "act": act,
        "params": said,
        "queued_at": now,
        "expires_at": now + roster.thresholds.span(PATIENCE, now),
    }


def queue_acts(conn: Connection, rows: Sequence[Row]) -> None:
    """Queue the rows, which `ingest.dispatch` sends."""
    if rows:
        fetch(conn, "write/queue_acts", {"rows": msgspec.json.encode(rows).decode()})


def about_premises(conn: Connection, district: int, ids: Iterable[str | None]) -> dict[str, About]:
    """Those of the premises that there are, by id."""
    key = {"district": district, "ids": sorted({one for one in ids if one})}
    rows = fetch(conn, "write/load_act_premises", key) if key["ids"] else []
    return {row["premises_id"]: msgspec.convert(row, About) for row in rows}


def about_incidents(conn: Connection, district: int, ids: Iterable[str]) -> dict[str, About]:
    """Where the incidents are, and at which premises, by id."""
    key = {"district": district, "ids": sorted(set(ids))}
    rows = fetch(conn, "write/load_act_incidents", key) if key["ids"] else []
    return {row.pop("incident_id"): msgspec.convert(row, About) for row in rows}


def _foreign_takers(conn: Connection, district: int, orders: Iterable[SendOrder]) -> dict[str, list[Row]]:
    """The foreign protocols of those of the devices that speak one."""
    takers: dict[str, list[Row]] = {}
    devices = sorted({f"{order.to}:{order.device_id}" for order in orders})
    for row in fetch(conn, "write/foreign_takers", {"district": district, "devices": devices}):
        takers.setdefault(row["device"], []).append(row)
    return takers


def _check_foreign(order: SendOrder, takers: dict[str, list[Row]]) -> None:
    """Raises InvalidTransition for what a foreign device does not take, or cannot be told yet."""
    speaks = takers.get(f"{order.to}:{order.device_id}", [])
    taking = [one for one in speaks if order.act in one["acts"]]
    if speaks and not taking:
        raise InvalidTransition(f"act_not_taken: {speaks[0]['decoder']}")
    if speaks and not any(one["is_heard"] for one in taking):
        raise InvalidTransition("never_heard")


def _about(order: SendOrder, premises: dict[str, About]) -> About:
    if order.premises_id is None:
        return About(order.lon, order.lat)
    if order.premises_id not in premises:
        raise InvalidTransition(f"unknown_premises: {order.premises_id}")
    return premises[order.premises_id]


def _order_id(district: int, command_id: str) -> str:
    return sha256(f"{district}|{command_id}".encode()).hexdigest()[:24]
