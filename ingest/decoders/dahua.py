"""Dahua cameras and recorders, whose event stream a gateway publishes as JSON, `dahua/GATEWAY/event`.

The name is `GATEWAY/CHANNEL`, channels being counted from 1 as on the recorder's screen.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from ingest.contract.delivery import Delivery
from ingest.contract.errors import DecodeError
from ingest.decoders import foreign
from ingest.domain import foreign as said
from ingest.domain.heard import Happened, Heard, Other, Phase

WORDS = {
    "VideoMotion": "motion",
    "SmartMotionHuman": "person",
    "SmartMotionVehicle": "vehicle",
    "CrossLineDetection": "line_crossing",
    "CrossRegionDetection": "intrusion",
    "WanderDetection": "loitering",
    "CrowdDetection": "crowd",
    "RioterDetection": "crowd",
    "FaceDetection": "person",
    "ParkingDetection": "vehicle",
    "LeftDetection": "object",
    "TakenAwayDetection": "object",
    "FireWarning": "fire",
    "FireDetection": "fire",
    "SmokeDetection": "smoke",
    "VideoBlind": "tamper",
    "VideoAbnormalDetection": "tamper",
    "VideoLoss": "video_loss",
    "StorageFailure": "camera_fault",
    "StorageNotExist": "camera_fault",
    "StorageLowSpace": "storage_low",
}
"""`Code` -> our word."""
_PHASE: dict[str, Phase] = {"Start": "began", "Stop": "over", "Pulse": "once"}


class _Data(Struct):
    """`LocaleTime` is by the device's wall clock, `UTC` seconds since 1970; `Name` is the rule's."""

    locale_time: str | None = msgspec.field(name="LocaleTime", default=None)
    utc: float | None = msgspec.field(name="UTC", default=None)
    rule: said.Line | None = msgspec.field(name="Name", default=None)


class _Event(Struct, rename="pascal"):
    code: said.Word
    action: Literal["Start", "Stop", "Pulse"]
    index: Annotated[int, Meta(ge=0, le=10_000)] = 0
    data: _Data | None = None


_EVENT = msgspec.json.Decoder(_Event, strict=False)


@foreign("dahua", "dahua/+/event", kinds=("camera",), own=("dahua/{front}/event", "{front}/event"))
@said.refusing
def dahua(delivery: Delivery) -> Iterator[Heard | DecodeError]:
    event = said.read(_EVENT, delivery.payload)
    name = f"{said.before(delivery.topic, '/event', 'dahua')}/{event.index + 1}"
    data = event.data or _Data()
    when = _when(data, delivery)
    if event.code not in WORDS:
        yield Other(name=name, when=when, type=event.code)
        return
    yield Happened(
        name=name,
        when=when,
        prompt=True,
        event=WORDS[event.code],
        phase=_PHASE[event.action],
        key=(data.rule or "")[:200],
    )


def _when(data: _Data, delivery: Delivery) -> datetime | None:
    """The wall clock's where it is said: what stands in `UTC` is the wall clock's too in some firmware."""
    if data.locale_time:
        return said.iso(data.locale_time, delivery.received_at)
    return None if data.utc is None else said.epoch(data.utc, delivery.received_at)
