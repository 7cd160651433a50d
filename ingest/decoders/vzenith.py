"""Vzenith (臻识) plate cameras.

The name is the serial number in the topic, `device/SN/message/up/...`.
"""

import base64
import binascii
import re
from collections.abc import Iterator

import msgspec
from msgspec import Raw, Struct

from ingest.contract.delivery import Delivery
from ingest.contract.errors import DecodeError
from ingest.contract.topics import ID_PATTERN
from ingest.decoders import foreign
from ingest.domain import foreign as said
from ingest.domain.envelope import decode_json
from ingest.domain.heard import Happened, Heard, Other, Presence

_TOPIC = re.compile(r"(?:device/)?(?P<sn>.+)/message/up/[^/]+\Z")
_NO_PLATE = "_无_"
"""What the camera reads where there is no plate."""


class _Timeval(Struct, frozen=True):
    sec: float = 0


class _TimeStamp(Struct, frozen=True):
    Timeval: _Timeval = _Timeval()


class _Plate(Struct):
    """`license` is base64 of UTF-8; `isoffline` 1: it was kept while there was no line; `confidence` in
    percent."""

    license: said.Line = ""
    isoffline: int = 0
    confidence: float | None = None
    timeStamp: _TimeStamp = _TimeStamp()  # noqa: N815 as in the document


class _Result(Struct):
    PlateResult: _Plate


class _Alarm(Struct):
    result: _Result


class _Seen(Struct):
    AlarmInfoPlate: _Alarm


class _Message(Struct):
    """`timestamp` seconds since 1970, of the sending."""

    name: said.Word
    timestamp: float
    id: str = ""
    payload: Raw = Raw(b"{}")


_MESSAGE = msgspec.json.Decoder(_Message)
_SEEN = msgspec.json.Decoder(_Seen)


@foreign("vzenith", "device/+/message/up/+", kinds=("camera",), own=("device/{name}/message/up/#",))
@said.refusing
def vzenith(delivery: Delivery) -> Iterator[Heard | DecodeError]:
    found = _TOPIC.match(delivery.topic)
    name = said.name_in(delivery.topic, found["sn"] if found else "")
    message = said.read(_MESSAGE, delivery.payload)
    if message.name == "ivs_result":
        yield _plate(name, message, delivery)
    elif message.name in ("keep_alive", "heartbeat"):
        yield Presence(name=name, when=said.epoch(message.timestamp, delivery.received_at))
    else:
        yield Other(name=name, when=said.epoch(message.timestamp, delivery.received_at), type=message.name)


def _plate(name: str, message: _Message, delivery: Delivery) -> Happened:
    """A plate that was read; a vehicle whose plate was not is a vehicle all the same."""
    seen = decode_json(_SEEN, message.payload).AlarmInfoPlate.result.PlateResult
    plate = _text(seen.license)
    sure = None if seen.confidence is None else seen.confidence / 100
    return Happened(
        name=name,
        id=message.id if re.match(ID_PATTERN, message.id) else "",
        when=said.epoch(seen.timeStamp.Timeval.sec or message.timestamp, delivery.received_at),
        hist=seen.isoffline == 1,
        prompt=seen.isoffline != 1,
        event="plate" if plate else "vehicle",
        text=plate,
        confidence=said.within(sure, 0, 1),
    )


def _text(text: str) -> str | None:
    try:
        plate = base64.b64decode(text, validate=True).decode().strip()
    except (binascii.Error, ValueError):
        raise DecodeError("wrong_shape", "license is no text in base64") from None
    if "\0" in plate:
        raise DecodeError("wrong_shape", "license has a NUL in it")
    return None if plate in ("", _NO_PLATE) else plate
