"""What moves and is no phone, bodycams and vehicles: its events, and where it was, as facts."""

from ingest.contract.messages import BodycamEvent, Gps, VehicleEvent
from ingest.domain.envelope import Opened, require_pair, require_place
from ingest.domain.facts import DeviceEvent


def happened(opened: Opened[BodycamEvent] | Opened[VehicleEvent]) -> DeviceEvent:
    """One of its events."""
    said = opened.data
    require_pair(said.lon, said.lat)
    return DeviceEvent(
        **opened.header,
        raw_lon=said.lon,
        raw_lat=said.lat,
        datum=opened.datum,
        event=said.event,
        text=said.text,
    )


def position(opened: Opened[Gps]) -> DeviceEvent:
    """Where it was, as the event ``position``; DecodeError for 0 N 0 E."""
    fix = opened.data
    require_place(fix.lon, fix.lat)
    return DeviceEvent(
        **opened.header,
        raw_lon=fix.lon,
        raw_lat=fix.lat,
        datum=opened.datum,
        event="position",
        battery=fix.battery,
    )
