"""Axis cameras, which publish their events as JSON in a form of their own.

The name is the serial number in the topic, `axis/SERIAL/event/...`; with another prefix, that.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

from ingest.contract.delivery import Delivery
from ingest.contract.errors import DecodeError
from ingest.decoders import foreign
from ingest.domain import foreign as said
from ingest.domain.heard import Happened, Heard, Other, Presence

WORDS = {
    "CameraApplicationPlatform/VMD": "motion",
    "CameraApplicationPlatform/MotionGuard": "motion",
    "CameraApplicationPlatform/FenceGuard": "line_crossing",
    "CameraApplicationPlatform/LoiteringGuard": "loitering",
    "CameraApplicationPlatform/ObjectAnalytics": "object",
    "VideoAnalytics/MotionDetection": "motion",
    "RuleEngine/VideoMotionDetection": "motion",
    "RuleEngine/VMD3": "motion",
    "Device/Sensor/PIR": "motion",
    "Device/Casing/Open": "tamper",
    "Device/HardwareFailure": "camera_fault",
    "VideoSource/Tampering": "tamper",
    "VideoSource/GlobalSceneChange": "tamper",
}
"""The beginning of a topic, without namespaces -> our word."""
STATES = ("active", "state", "State", "disruption", "Failed", "open")
"""Which item of the data says whether it is so, in the order of belief."""
_SAID = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


class _Body(Struct):
    """All values are texts, also those of numbers and truths."""

    source: dict[str, str] = {}
    data: dict[str, str] = {}


class _Message(Struct):
    """`timestamp` is milliseconds since 1970."""

    topic: said.Line
    timestamp: float
    message: _Body


class _Connection(Struct):
    connected: bool


_MESSAGE = msgspec.json.Decoder(_Message)
_CONNECTION = msgspec.json.Decoder(_Connection)


@foreign("axis", "axis/+/event/#", kinds=("camera",), own=("axis/{name}/event/#", "{name}/event/#"))
@said.refusing
def axis(delivery: Delivery) -> Iterator[Heard | DecodeError]:
    front, place, behind = delivery.topic.partition("/event/")
    if not place:
        raise DecodeError("bad_topic", delivery.topic[:200])
    name = said.name_in(delivery.topic, front.removeprefix("axis/"))
    if behind == "connection":
        yield Presence(name=name, online=said.read(_CONNECTION, delivery.payload).connected)
    else:
        yield _event(name, said.read(_MESSAGE, delivery.payload), delivery)


def _event(name: str, told: _Message, delivery: Delivery) -> Heard:
    when = said.epoch(told.timestamp / 1000, delivery.received_at)
    parts = [part.rpartition(":")[2] for part in told.topic.split("/")]
    found = ("/".join(parts[:count]) for count in (3, 2))
    known = next((known for known in found if known in WORDS), None)
    if known is None:
        return Other(name=name, when=when, type=_type("/".join(parts)))
    body = told.message
    rule = "/".join([*parts[known.count("/") + 1 :], *body.source.values()])[:200].replace("\0", "")
    state = next((body.data[item] for item in STATES if item in body.data), None)
    on = _SAID.get(state.lower()) if state is not None else None
    event: dict[str, Any] = {"event": WORDS[known], "phase": "once"}
    if on is not None:
        event["phase"] = "began" if on else "over"
    elif "total" in body.data:  # a line that counts who crosses it
        event["event"] = "line_crossing"
    return Happened(name=name, when=when, key=rule, text=_text(body.data), **event)


def _type(topic: str) -> str:
    if not topic:
        raise DecodeError("wrong_shape", "no topic")
    return topic[:80]


def _text(data: dict[str, str]) -> str | None:
    """What kind of thing it is, where the camera's analytics say so."""
    found = data.get("classTypes") or data.get("reason")
    return found[:1000].replace("\0", "") or None if found else None
