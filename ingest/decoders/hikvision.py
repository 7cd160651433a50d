"""Hikvision cameras and recorders, whose alert stream a gateway publishes as JSON, `hikvision/GATEWAY/event`.

The name is `GATEWAY/CHANNEL`. While something goes on it is said about once a second.
"""

from collections.abc import Iterator
from typing import Literal

import msgspec
from msgspec import Struct

from ingest.contract.delivery import Delivery
from ingest.contract.errors import DecodeError
from ingest.decoders import foreign
from ingest.domain import foreign as said
from ingest.domain.heard import Happened, Heard, Other, Presence

WORDS = {
    "vmd": "motion",
    "pir": "motion",
    "linedetection": "line_crossing",
    "fielddetection": "intrusion",
    "regionentrance": "intrusion",
    "loitering": "loitering",
    "group": "crowd",
    "persondensitydetection": "crowd",
    "facedetection": "person",
    "peopledetection": "person",
    "parking": "vehicle",
    "vehicledetection": "vehicle",
    "anpr": "plate",
    "unattendedbaggage": "object",
    "attendedbaggage": "object",
    "firedetection": "fire",
    "smokedetection": "smoke",
    "shelteralarm": "tamper",
    "tamperdetection": "tamper",
    "scenechangedetection": "tamper",
    "videoloss": "video_loss",
    "diskfull": "storage_full",
    "diskerror": "camera_fault",
}
"""`eventType`, whose case differs by model, in small letters -> our word."""


class _Anpr(Struct):
    plate: said.Line | None = msgspec.field(name="licensePlate", default=None)


class _Alert(Struct, rename="camel"):
    """`dateTime` has a zone, or is by the device's wall clock."""

    event_type: said.Word
    event_state: Literal["active", "inactive"] = "active"
    date_time: str | None = None
    channel: said.Word | int | None = msgspec.field(name="channelID", default=None)
    dyn_channel: said.Word | int | None = msgspec.field(name="dynChannelID", default=None)
    anpr: _Anpr | None = msgspec.field(name="ANPR", default=None)


class _Wrapped(Struct):
    alert: _Alert = msgspec.field(name="EventNotificationAlert")


_BARE = msgspec.json.Decoder(_Alert)
_KIND = msgspec.json.Decoder(dict[str, msgspec.Raw])
_WRAPPED = msgspec.json.Decoder(_Wrapped)


@foreign(
    "hikvision", "hikvision/+/event", kinds=("camera",), own=("hikvision/{front}/event", "{front}/event")
)
@said.refusing
def hikvision(delivery: Delivery) -> Iterator[Heard | DecodeError]:
    gateway = said.before(delivery.topic, "/event", "hikvision")
    wrapped = "EventNotificationAlert" in said.read(_KIND, delivery.payload)
    alert = said.read(_WRAPPED, delivery.payload).alert if wrapped else said.read(_BARE, delivery.payload)
    yield _heard(gateway, alert, delivery)


def _heard(gateway: str, alert: _Alert, delivery: Delivery) -> Heard:
    channel = alert.channel if alert.channel is not None else alert.dyn_channel
    name = f"{gateway}/{1 if channel is None else channel}"
    when = said.iso(alert.date_time, delivery.received_at) if alert.date_time else None
    kind = alert.event_type.lower()
    over = alert.event_state == "inactive"
    if kind == "videoloss" and over:
        return Presence(name=name, when=when)  # no picture is lost: this is how the stream keeps alive
    if kind not in WORDS:
        return Other(name=name, when=when, type=alert.event_type)
    return Happened(
        name=name,
        when=when,
        prompt=True,
        event=WORDS[kind],
        phase="over" if over else "again",
        text=alert.anpr.plate if alert.anpr else None,
    )
