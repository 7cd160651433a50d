"""OwnTracks: phones with the app of that name, Android and iOS; and trackers that speak like it.

The name is the topic to which the phone publishes its positions: `owntracks/USER/DEVICE`, unless that is set
otherwise.
"""

import base64
import binascii
from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Raw, Struct

from ingest.contract.acts import Acting
from ingest.contract.delivery import Delivery
from ingest.contract.errors import DecodeError
from ingest.contract.messages import Datum, Lat, Lon
from ingest.decoders import foreign, tells
from ingest.domain import foreign as said
from ingest.domain.envelope import decode_json, require_place
from ingest.domain.heard import Answered, Happened, Heard, Other, Position, Presence, Sealed

PARTS = frozenset({"event", "waypoint", "waypoints", "status", "step", "beacon", "dump", "info", "cmd"})
"""What may stand behind the name in a topic."""
_NONCE_AND_MAC = 24 + 16

_MANY = msgspec.json.Decoder(list[Raw])


class _Kind(Struct):
    type: said.Word = msgspec.field(name="_type")


class _Location(Struct):
    """`tst` seconds since 1970, of the fix; `vel` km/h; -1: the phone does not know."""

    lat: Lat
    lon: Lon
    tst: float
    acc: float | None = None
    alt: float | None = None
    vel: float | None = None
    cog: float | None = None
    batt: float | None = None
    t: str | None = None


class _Transition(Struct):
    event: Literal["enter", "leave"]
    tst: float
    desc: said.Line | None = None
    lat: Lat | None = None
    lon: Lon | None = None


class _Ios(Struct):
    version: said.Word | None = None


class _Status(Struct):
    ios: _Ios | None = msgspec.field(name="iOS", default=None)


class _Encrypted(Struct):
    data: Annotated[str, Meta(max_length=2_000_000)]


_KIND = msgspec.json.Decoder(_Kind)
_LOCATION = msgspec.json.Decoder(_Location, strict=False)  # some send `tst` as text
_TRANSITION = msgspec.json.Decoder(_Transition, strict=False)
_STATUS = msgspec.json.Decoder(_Status)
_ENCRYPTED = msgspec.json.Decoder(_Encrypted)


@foreign(
    "owntracks",
    "owntracks/+/+",
    *(f"owntracks/+/+/{part}" for part in ("event", "waypoint", "waypoints", "status", "step")),
    kinds=("worker", "vehicle", "bodycam"),
    own=("{name}/#",),
    told=("{name}/cmd",),
)
@said.refusing
def owntracks(delivery: Delivery) -> Iterator[Heard | DecodeError]:
    if not delivery.payload:
        return  # somebody cleared a retained message, which says nothing of the phone
    name, _, part = delivery.topic.rpartition("/")
    if part not in PARTS:
        name = delivery.topic
    said.name_in(delivery.topic, name)
    for one in _each(delivery.payload):
        try:
            yield from _message(name, one, delivery)
        except DecodeError as error:
            yield error


def _each(payload: bytes) -> list[bytes | Raw]:
    if payload.lstrip()[:1] != b"[":
        return [payload]
    return [*said.read(_MANY, payload)]


def _message(name: str, body: bytes | Raw, delivery: Delivery) -> Iterator[Heard]:
    kind = said.read(_KIND, body).type
    to = f"{name}/cmd"
    if kind == "location":
        yield from _location(name, to, body, delivery)
    elif kind == "transition":
        yield _transition(name, to, body, delivery)
    elif kind == "lwt":  # its `tst`, if it has one, is when the phone connected, not when it went
        yield Presence(name=name, reply_to=to, online=False)
    elif kind == "status":
        ios = decode_json(_STATUS, body).ios
        yield Presence(name=name, reply_to=to, firmware=ios.version if ios else None)
    elif kind == "encrypted":
        yield Sealed(name=name, reply_to=to, box=_box(decode_json(_ENCRYPTED, body).data))
    elif kind in ("configuration", "dump"):
        yield Presence(name=name, reply_to=to)  # no more: the phone's passwords stand in it
    elif kind != "cmd":  # that one is ours, on its way down
        yield Other(name=name, reply_to=to, type=kind)


def _location(name: str, to: str, body: bytes | Raw, delivery: Delivery) -> Iterator[Heard]:
    fix = decode_json(_LOCATION, body)
    when = said.epoch(fix.tst, delivery.received_at)
    require_place(fix.lon, fix.lat)
    yield Position(
        name=name,
        reply_to=to,
        when=when,
        lon=fix.lon,
        lat=fix.lat,
        datum=Datum.WGS84,
        accuracy_m=said.accuracy_m(fix.acc),
        speed_kmh=said.speed_kmh(fix.vel),
        heading_deg=said.heading_deg(fix.cog),
        altitude_m=said.altitude_m(fix.alt),
        battery=said.percent(fix.batt),
    )
    if fix.t == "r" and not delivery.retain:
        yield Answered(name=name, reply_to=to, when=when, act="report_position")


def _transition(name: str, to: str, body: bytes | Raw, delivery: Delivery) -> Happened:
    move = decode_json(_TRANSITION, body)
    known = move.lon is not None and move.lat is not None and (move.lon, move.lat) != (0, 0)
    return Happened(
        name=name,
        reply_to=to,
        when=said.epoch(move.tst, delivery.received_at),
        event="entered" if move.event == "enter" else "left",
        text=move.desc,
        lon=move.lon if known else None,
        lat=move.lat if known else None,
        datum=Datum.WGS84,
    )


def _box(text: str) -> bytes:
    try:
        box = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise DecodeError("wrong_shape", "data is no base64") from None
    if len(box) < _NONCE_AND_MAC:
        raise DecodeError("wrong_shape", "data is too short to be encrypted")
    return box


@tells("owntracks", "report_position")
def report_position(_order: Acting, reply_to: str) -> tuple[str, bytes]:
    return reply_to, b'{"_type":"cmd","action":"reportLocation"}'
