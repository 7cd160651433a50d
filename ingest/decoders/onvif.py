"""ONVIF Profile M: cameras of many makes that publish their events themselves, as ``onvif-ej``.

The name is the topic prefix set in the camera. A property is published whenever it changes, retained; when it
is deleted, zero bytes are.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

from ingest.contract.delivery import Delivery
from ingest.contract.errors import DecodeError
from ingest.decoders import foreign
from ingest.domain import foreign as said
from ingest.domain.heard import Happened, Heard, Other, Phase, Presence

WORDS = {
    "RuleEngine/LineDetector/Crossed": "line_crossing",
    "RuleEngine/FieldDetector/ObjectsInside": "intrusion",
    "RuleEngine/LoiteringDetector/ObjectIsLoitering": "loitering",
    "RuleEngine/CellMotionDetector/Motion": "motion",
    "RuleEngine/MotionRegionDetector/Motion": "motion",
    "VideoSource/MotionAlarm": "motion",
    "RuleEngine/MyRuleDetector/PeopleDetect": "person",
    "RuleEngine/MyRuleDetector/VehicleDetect": "vehicle",
    "RuleEngine/ObjectDetection/Object": "object",
    "RuleEngine/Recognition/Face": "person",
    "RuleEngine/Recognition/LicensePlate": "plate",
    "RuleEngine/TamperDetector/Tamper": "tamper",
    "VideoSource/GlobalSceneChange": "tamper",
    "VideoSource/SignalLoss": "video_loss",
    "Device/HardwareFailure": "camera_fault",
}
"""The beginning of a topic -> our word."""
STATES = ("State", "IsMotion", "IsInside", "IsTamper", "Failed", "Critical", "Motion", "Tamper")
"""Which item of the data says whether it is so, in the order of belief."""
_SAID = {"true": True, "1": True, "false": False, "0": False}
_PLACE = "/onvif-ej/"


class _Message(Struct, rename="pascal"):
    """Values are texts, or bare where they are numbers or truths."""

    utc_time: str
    source: dict[str, Any] = {}
    data: dict[str, Any] = {}


_MESSAGE = msgspec.json.Decoder(_Message)


@foreign("onvif", "+/onvif-ej/#", "+/+/onvif-ej/#", kinds=("camera",), own=("{name}/onvif-ej/#",))
@said.refusing
def onvif(delivery: Delivery) -> Iterator[Heard | DecodeError]:
    name, place, local = delivery.topic.partition(_PLACE)
    topic, _, source = local.partition("/&")
    if not place or not topic:
        raise DecodeError("bad_topic", delivery.topic[:200])
    said.name_in(delivery.topic, name)
    topic = topic.removeprefix("tns1:").strip("/")  # which some do not leave out, as they should
    event = _word(topic)
    if not delivery.payload:
        yield _deleted(name, event, source[:200])
        return
    message = said.read(_MESSAGE, delivery.payload)
    when = said.utc(message.utc_time, delivery.received_at)
    if event is None:
        yield Other(name=name, when=when, type=topic[:80])
        return
    phase = _phase(message.data, event)
    yield Happened(
        name=name, when=when, event=event, phase=phase, key=source[:200], text=_text(message.data, event)
    )


def _deleted(name: str, event: str | None, source: str) -> Heard:
    """What a camera no longer watches does not go on either."""
    if event is None:
        return Presence(name=name)
    return Happened(name=name, event=event, phase="over", key=source)


def _word(topic: str) -> str | None:
    """That of the longest known topic in front of this one; a maker's own part may stand behind it."""
    parts = topic.split("/")
    found = ("/".join(parts[:count]) for count in range(min(len(parts), 3), 1, -1))
    return next((WORDS[known] for known in found if known in WORDS), None)


def _phase(data: dict[str, Any], event: str) -> Phase:
    state = next((data[item] for item in STATES if item in data), None)
    on = _SAID.get(str(state).lower())
    if on is not None:
        return "began" if on else "over"
    return "began" if event == "loitering" else "once"  # it goes on until it is deleted


def _text(data: dict[str, Any], event: str) -> str | None:
    """The plate; of things, what kind they are."""
    if event == "plate":
        info = data.get("LicensePlateInfo")
        found = info.get("PlateNumber") if isinstance(info, dict) else data.get("PlateNumber")
    else:
        found = data.get("ClassTypes")
    return found[:1000].replace("\0", "") or None if isinstance(found, str) else None
