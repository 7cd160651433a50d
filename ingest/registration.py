"""Orders about foreign devices: whose a name is from now on, that it is nobody's any more, or not wanted."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import psycopg

from db.connect import Row, fetch
from ingest.contract.errors import InvalidTransition
from ingest.contract.messages import Datum
from ingest.contract.orders import PutAsideStranger, RegisterDevice, RegistrationOrder, ReleaseName
from ingest.decoders import protocols
from ingest.domain.geo import to_wgs84
from ingest.domain.roster import Roster

Connection = psycopg.Connection[Row]


def carry_out_registrations(
    conn: Connection, roster: Roster, orders: Sequence[tuple[Row, RegistrationOrder]]
) -> dict[str, str]:
    """Carry out the orders in their sequence and ring for ingest to learn of it; returns why some were
    refused, by command id."""
    refused: dict[str, str] = {}
    for command, order in orders:
        try:
            with conn.transaction():
                if isinstance(order, RegisterDevice):
                    _register(conn, roster, order)
                else:
                    _name(conn, roster.district, order, command["actor"])
        except InvalidTransition as refusal:
            refused[command["command_id"]] = str(refusal)
        except psycopg.errors.UniqueViolation:
            refused[command["command_id"]] = "name_taken"
    if orders:
        fetch(conn, "write/ring_registry", {"district": roster.district})
    return refused


def _name(conn: Connection, district: int, order: ReleaseName | PutAsideStranger, actor: str) -> None:
    params: Row = {"district": district, "decoder": order.decoder, "name": order.name}
    query = "write/release_name"
    if isinstance(order, PutAsideStranger):
        query, params = "write/put_aside_stranger", params | {"aside": order.aside, "actor": actor}
    if not fetch(conn, query, params):
        raise InvalidTransition("name_unknown")


def _register(conn: Connection, roster: Roster, order: RegisterDevice) -> None:
    _check(roster, order)
    if order.as_kind != "worker":
        fetch(conn, "write/register_device", _device(roster, order))
    named = {"district": roster.district, "decoder": order.decoder, "name": order.name}
    whose = {"kind": order.as_kind, "device_id": order.device_id}
    rest = {"datum": order.datum, "tz": order.tz, "key": order.key}
    fetch(conn, "write/register_name", {**named, **whose, **rest})


def _check(roster: Roster, order: RegisterDevice) -> None:
    protocol = protocols().get(order.decoder)
    if protocol is None or order.as_kind not in protocol.kinds:
        raise InvalidTransition(f"wrong_kind: {order.as_kind}")
    if order.as_kind == "worker" and order.device_id not in roster.workers:
        raise InvalidTransition(f"unknown_worker: {order.device_id}")
    if order.worker_id is not None and order.worker_id not in roster.workers:
        raise InvalidTransition(f"unknown_worker: {order.worker_id}")
    there = roster.devices.get(order.device_id)
    if order.as_kind != "worker" and there is not None and there.kind != order.as_kind:
        raise InvalidTransition(f"id_taken: {order.device_id}")
    if (order.lon is None) != (order.lat is None):
        raise InvalidTransition("half_a_place")
    try:
        ZoneInfo(order.tz or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidTransition(f"no_time_zone: {order.tz}") from None


def _device(roster: Roster, order: RegisterDevice) -> Row:
    """The row of the device, at its place, or at its worker's; else it is the whole district's."""
    lon = lat = grid_id = None
    path = roster.workers[order.worker_id].path if order.worker_id else str(roster.district)
    if order.lon is not None and order.lat is not None:
        x, y = to_wgs84([order.lon], [order.lat], order.datum or Datum.WGS84)
        lon, lat = float(x[0]), float(y[0])
        (grid_id,) = roster.grids.find([lon], [lat])
        if grid_id is not None and order.worker_id is None:
            path = roster.paths[grid_id]
    return {
        "district": roster.district,
        "device_id": order.device_id,
        "kind": order.as_kind,
        "title": order.title or order.device_id,
        "worker_id": order.worker_id,
        "lon": lon,
        "lat": lat,
        "heading_deg": order.heading_deg,
        "datum": order.datum or Datum.WGS84,
        "grid_id": grid_id,
        "path": path,
    }
