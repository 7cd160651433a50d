"""Fixed cameras: what their analytics saw."""

from collections.abc import Iterable
from datetime import datetime

from ingest.contract.delivery import Delivery
from ingest.contract.errors import DecodeError
from ingest.contract.messages import CameraEvent
from ingest.contract.topics import Topic
from ingest.decoders import decoder
from ingest.domain.clock import instant
from ingest.domain.envelope import EnvelopeReader, Opened
from ingest.domain.facts import DeviceEvent, Fact

_EVENT = EnvelopeReader(CameraEvent)


@decoder("gw/v1/+/camera/+/event")
def event(topic: Topic, delivery: Delivery) -> Iterable[Fact | DecodeError]:
    return _EVENT.facts(topic, delivery, _seen)


def _seen(opened: Opened[CameraEvent]) -> DeviceEvent:
    seen = opened.data
    return DeviceEvent(
        **opened.header,
        raw_lon=None,  # a fixed camera's place is in the registry
        raw_lat=None,
        event=seen.event,
        severity=seen.severity,
        confidence=seen.confidence,
        began=_shifted(seen.began, opened),
        ended=_shifted(seen.ended, opened),
        snapshot=seen.snapshot,
        text=seen.text,
    )


def _shifted(ms: int | None, opened: Opened[CameraEvent]) -> datetime | None:
    return None if ms is None else instant(ms, opened.header["received_at"]) + opened.when.shift
