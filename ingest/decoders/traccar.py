"""Traccar, a tracking server, forwarding what the boxes in vehicles say in any of its 200 protocols.

The name is the device's `uniqueId` in Traccar. Nothing can be told to the devices this way.
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec
from msgspec import Struct

from ingest.contract.delivery import Delivery
from ingest.contract.errors import DecodeError
from ingest.contract.messages import Lat, Lon
from ingest.decoders import foreign
from ingest.domain import foreign as said
from ingest.domain.envelope import require_place
from ingest.domain.heard import Happened, Heard, Other, Position, Presence

_KMH_OF_KNOT = 1.852

EVENTS = {
    "geofenceEnter": "entered",
    "geofenceExit": "left",
    "deviceOverspeed": "overspeed",
    "ignitionOn": "ignition_on",
    "ignitionOff": "ignition_off",
    "deviceMoving": "moving",
    "deviceStopped": "stopped",
}
ALARMS = {
    "sos": "sos",
    "fallDown": "fall",
    "accident": "accident",
    "overspeed": "overspeed",
    "lowBattery": "low_battery",
    "lowPower": "low_battery",
    "powerOff": "power_off",
    "powerCut": "power_off",
    "tampering": "tamper",
    "removing": "tamper",
    "gpsAntennaCut": "gnss_fault",
    "jamming": "gnss_fault",
    "geofenceEnter": "entered",
    "geofenceExit": "left",
}
"""An alarm, which stands in a position or comes as an event -> our word."""
PRESENCE = {"deviceOnline": True, "deviceOffline": False, "deviceUnknown": False, "deviceInactive": False}
"""`deviceUnknown`: nothing has come for some minutes, and the line has not been closed."""


class _Device(Struct):
    uniqueId: said.Word  # noqa: N815 as in the document


class _Attributes(Struct, frozen=True):
    battery: float | None = msgspec.field(name="batteryLevel", default=None)
    alarm: said.Line | None = None


class _Position(Struct, rename="camel"):
    """`id` is 0 in all that are forwarded, and not read; `speed` in knots."""

    latitude: Lat
    longitude: Lon
    fix_time: str | None = None
    device_time: str | None = None
    server_time: str | None = None
    valid: bool = True
    outdated: bool = False
    altitude: float | None = None
    speed: float | None = None
    course: float | None = None
    accuracy: float | None = None
    attributes: _Attributes = _Attributes()

    @property
    def trusted(self) -> bool:
        """Whether the device knew where it was: else it repeats an old place, or makes one up."""
        return self.valid and not self.outdated


class _Event(Struct, rename="camel"):
    type: said.Word
    event_time: str | None = None
    server_time: str | None = None
    attributes: _Attributes = _Attributes()


class _Geofence(Struct):
    name: said.Line | None = None


class _Forwarded(Struct):
    device: _Device
    position: _Position | None = None
    event: _Event | None = None
    geofence: _Geofence | None = None


_FORWARDED = msgspec.json.Decoder(_Forwarded, strict=False)


@foreign(
    "traccar",
    *("traccar/positions", "traccar/events", "positions", "events"),
    *("_traccar/+/position", "_traccar/+/event/+"),
    kinds=("vehicle", "worker", "bodycam"),
)
@said.refusing
def traccar(delivery: Delivery) -> Iterator[Heard | DecodeError]:
    told = said.read(_FORWARDED, delivery.payload)
    if told.event is not None:
        yield _event(told, told.event, delivery)
    elif told.position is not None:
        yield from _position(told.device.uniqueId, told.position, delivery)
    else:
        raise DecodeError("wrong_shape", "neither a position nor an event")


def _position(name: str, fix: _Position, delivery: Delivery) -> Iterator[Heard | DecodeError]:
    battery = said.percent(fix.attributes.battery)
    for alarm in filter(None, map(str.strip, (fix.attributes.alarm or "").split(","))):
        yield _alarm(name, alarm, fix, _first(delivery, fix.device_time, fix.fix_time), battery)
    when = _first(delivery, fix.fix_time)
    if not fix.trusted or when is None:
        yield Presence(name=name, when=_first(delivery, fix.device_time), battery=battery)
        return
    require_place(fix.longitude, fix.latitude)
    yield Position(
        name=name,
        when=when,
        lon=fix.longitude,
        lat=fix.latitude,
        accuracy_m=said.accuracy_m(fix.accuracy),
        speed_kmh=None if fix.speed is None else said.speed_kmh(fix.speed * _KMH_OF_KNOT),
        heading_deg=said.heading_deg(fix.course),
        altitude_m=said.altitude_m(fix.altitude),
        battery=battery,
    )


def _event(told: _Forwarded, event: _Event, delivery: Delivery) -> Heard:
    name, at = told.device.uniqueId, told.position
    if event.type in PRESENCE:
        return Presence(name=name, when=_first(delivery, event.event_time), online=PRESENCE[event.type])
    fixed = at.fix_time if at else None
    when = _first(delivery, event.event_time, at.device_time if at else None, fixed, event.server_time)
    if event.type == "alarm" and event.attributes.alarm:
        return _alarm(name, event.attributes.alarm, at, when, None)
    if event.type not in EVENTS:
        return Other(name=name, when=when, type=event.type)
    lon, lat = _place(at)
    area = told.geofence.name if told.geofence else None
    return Happened(name=name, when=when, event=EVENTS[event.type], text=area, lon=lon, lat=lat)


def _alarm(
    name: str, alarm: str, at: _Position | None, when: datetime | None, battery: float | None
) -> Heard:
    """The same, id and all, whether it stood in a position or came as an event: both may be forwarded."""
    event = ALARMS.get(alarm)
    if event is None:
        return Other(name=name, when=when, type=f"alarm/{alarm}"[:80])
    own = f"{event}-{int(when.timestamp() * 1000)}" if when else ""
    lon, lat = _place(at)
    return Happened(name=name, id=own, when=when, event=event, lon=lon, lat=lat, battery=battery)


def _place(at: _Position | None) -> tuple[float | None, float | None]:
    known = at is not None and at.trusted and (at.longitude, at.latitude) != (0, 0)
    return (at.longitude, at.latitude) if at and known else (None, None)


def _first(delivery: Delivery, *times: str | None) -> datetime | None:
    """The first of the times that is said."""
    return next((said.utc(time, delivery.received_at) for time in times if time), None)
