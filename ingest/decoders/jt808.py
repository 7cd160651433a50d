"""JT/T 808: bodycams and boxes in vehicles, whose frames EMQX's gateway publishes as JSON, as
`jt808/ID/PHONE/up`.

The name is the terminal's phone number in the topic. What is told to it goes to the same topic with `dn`.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Raw, Struct

from ingest.contract.acts import Act, Acting
from ingest.contract.delivery import Delivery
from ingest.contract.errors import DecodeError
from ingest.contract.messages import Stage
from ingest.decoders import foreign, tells
from ingest.domain import foreign as said
from ingest.domain import jt808 as wire
from ingest.domain.clock import instant
from ingest.domain.envelope import decode_json
from ingest.domain.heard import Answered, Happened, Heard, Other, Position, Presence

_STAGES: dict[int, Stage] = {0: "done", 1: "failed", 2: "failed", 3: "refused"}
_BEIJING = timezone(timedelta(hours=8))

Word = Annotated[int, Meta(ge=0, le=0xFFFF)]
DWord = Annotated[int, Meta(ge=0, le=0xFFFFFFFF)]


class _Report(Struct):
    """Degrees in millionths, without a sign; `speed` 0.1 km/h; `time` YYMMDDhhmmss at +8."""

    alarm: DWord
    status: DWord
    latitude: DWord
    longitude: DWord
    time: str
    altitude: Word | None = None
    speed: Word | None = None
    direction: Word | None = None


class _Queried(Struct):
    params: _Report


class _Batch(Struct):
    """`type` 1: reports that were kept where there was no network."""

    location: list[Raw]
    type: int = 0


class _Answer(Struct):
    seq: Word
    result: int
    id: Word = wire.CAMERA


class _Media(Struct):
    type: int


class _Hello(Struct):
    software_version: said.Word | None = None
    firmware_version: said.Word | None = None


class _Header(Struct):
    msg_id: Word


class _Frame(Struct):
    header: _Header
    body: Raw = Raw(b"{}")


_FRAME = msgspec.json.Decoder(_Frame)
_REPORT = msgspec.json.Decoder(_Report)
_QUERIED = msgspec.json.Decoder(_Queried)
_BATCH = msgspec.json.Decoder(_Batch)
_ANSWER = msgspec.json.Decoder(_Answer)
_MEDIA = msgspec.json.Decoder(_Media)
_HELLO = msgspec.json.Decoder(_Hello)


@foreign("jt808", "jt808/+/+/up", kinds=("bodycam", "vehicle"))
@said.refusing
def jt808(delivery: Delivery) -> Iterator[Heard | DecodeError]:
    front, _, direction = delivery.topic.rpartition("/")
    name = said.name_in(delivery.topic, front if direction == "up" else "").rpartition("/")[2]
    said.name_in(delivery.topic, name)
    frame = said.read(_FRAME, delivery.payload)
    who: dict[str, Any] = {"name": name, "reply_to": f"{front}/dn"}
    kind, body = frame.header.msg_id, frame.body
    if kind == wire.REPORT:
        yield from _report(who, decode_json(_REPORT, body), delivery)
    elif kind == wire.QUERIED:
        yield from _report(who, decode_json(_QUERIED, body).params, delivery)
        yield Answered(**who, act="report_position")
    elif kind == wire.BATCH:
        yield from _batch(who, decode_json(_BATCH, body), delivery)
    elif kind in (wire.ANSWER, wire.SHOT):
        yield _answer(who, kind, decode_json(_ANSWER, body))
    elif kind == wire.MEDIA and decode_json(_MEDIA, body).type == 0:
        yield Happened(**who, event="photo")
    elif kind in (wire.HEARTBEAT, wire.LOGOUT, wire.REGISTER, wire.AUTH, wire.ATTRIBUTES):
        yield _presence(who, kind, body)
    else:
        yield Other(**who, type=f"0x{kind:04X}")


def _batch(who: dict[str, Any], batch: _Batch, delivery: Delivery) -> Iterator[Heard | DecodeError]:
    for one in batch.location:
        try:
            yield from _report({**who, "hist": batch.type == 1}, decode_json(_REPORT, one), delivery)
        except DecodeError as error:
            yield error


def _report(who: dict[str, Any], report: _Report, delivery: Delivery) -> Iterator[Heard]:
    """The alarms come first, if need be without a place or a clock: no SOS is lost for the want of either."""
    when, place = _when(report.time, delivery), _place(report)
    for bit, event in wire.ALARMS.items():
        if report.alarm >> bit & 1:
            yield Happened(**who, **(place or {}), when=when, event=event, phase="began")
        else:
            yield Happened(**who, when=when, event=event, phase="off")
    if not report.status & wire.FIXED:  # the last place that it knew stands there still
        yield Presence(**who, when=when)
        return
    if place is None:
        raise DecodeError("impossible_place", f"{report.longitude}, {report.latitude} millionths")
    if when is None:
        raise DecodeError("impossible_clock", report.time[:20])
    yield Position(
        **who,
        **place,
        when=when,
        speed_kmh=None if report.speed is None else report.speed / 10,
        heading_deg=said.heading_deg(report.direction),
        altitude_m=report.altitude,
    )


def _place(report: _Report) -> dict[str, Any] | None:
    """Where it was, in degrees; None if that cannot be known, or be."""
    lon = report.longitude / (-1e6 if report.status & wire.WEST else 1e6)
    lat = report.latitude / (-1e6 if report.status & wire.SOUTH else 1e6)
    known = report.status & wire.FIXED and abs(lon) <= 180 and abs(lat) <= 90 and (lon, lat) != (0, 0)
    return {"lon": lon, "lat": lat} if known else None


def _when(text: str, delivery: Delivery) -> datetime | None:
    """The report's time; None for one that cannot be, as a terminal has before it saw a satellite."""
    try:
        year, month, day, hour, minute, second = (int(text[at : at + 2]) for at in range(0, 12, 2))
        local = datetime(2000 + year, month, day, hour, minute, second, tzinfo=_BEIJING)
        return instant(int(local.timestamp() * 1000), delivery.received_at).astimezone(UTC)
    except (ValueError, DecodeError):
        return None


def _answer(who: dict[str, Any], kind: int, answer: _Answer) -> Heard:
    """SHOT: the shot has been made, or not. ANSWER: the order has been understood, or not."""
    acts: dict[int, Act | None] = {
        wire.QUERY: "report_position",
        wire.TEXT: "speak",
        wire.CAMERA: wire.told(answer.seq),
    }
    act = acts.get(wire.CAMERA if kind == wire.SHOT else answer.id)
    stage = _STAGES.get(answer.result, "failed")
    if kind == wire.SHOT and answer.result == 2:
        stage = "refused"  # there is no such camera
    elif kind == wire.ANSWER and act != "speak" and stage == "done":
        stage = "accepted"
    return Presence(**who) if act is None else Answered(**who, act=act, stage=stage)


def _presence(who: dict[str, Any], kind: int, body: Raw) -> Presence:
    hello = decode_json(_HELLO, body) if kind in (wire.AUTH, wire.ATTRIBUTES) else _Hello()
    online = {wire.LOGOUT: False, wire.REGISTER: True, wire.AUTH: True}.get(kind)
    return Presence(**who, online=online, firmware=hello.firmware_version or hello.software_version)


@tells("jt808", "report_position")
def report_position(_order: Acting, reply_to: str) -> tuple[str, bytes]:
    return reply_to, wire.frame(wire.QUERY)


@tells("jt808", "speak")
def speak(order: Acting, reply_to: str) -> tuple[str, bytes]:
    return reply_to, wire.text(order.text or "")


@tells("jt808", "take_photo")
def take_photo(order: Acting, reply_to: str) -> tuple[str, bytes]:
    return reply_to, wire.camera("take_photo", order.order_id)


@tells("jt808", "start_recording")
def start_recording(order: Acting, reply_to: str) -> tuple[str, bytes]:
    return reply_to, wire.camera("start_recording", order.order_id)


@tells("jt808", "stop_recording")
def stop_recording(order: Acting, reply_to: str) -> tuple[str, bytes]:
    return reply_to, wire.camera("stop_recording", order.order_id)
