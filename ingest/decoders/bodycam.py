"""Bodycams (执法记录仪) in our own format: events, and positions as the event ``position``."""

from collections.abc import Iterable

from ingest.contract.delivery import Delivery
from ingest.contract.errors import DecodeError
from ingest.contract.messages import BodycamEvent, Gps
from ingest.contract.topics import Topic
from ingest.decoders import decoder
from ingest.domain.envelope import EnvelopeReader, Opened, require_place
from ingest.domain.facts import DeviceEvent, Fact

_EVENT = EnvelopeReader(BodycamEvent)
_GPS = EnvelopeReader(Gps)


@decoder("gw/v1/+/bodycam/+/event")
def event(topic: Topic, delivery: Delivery) -> Iterable[Fact | DecodeError]:
    return _EVENT.facts(topic, delivery, _happened)


def _happened(opened: Opened[BodycamEvent]) -> DeviceEvent:
    said = opened.data
    if (said.lon is None) != (said.lat is None):
        raise DecodeError("wrong_shape", "lon and lat come together")
    return DeviceEvent(
        **opened.header,
        raw_lon=said.lon,
        raw_lat=said.lat,
        datum=opened.datum,
        event=said.event,
        text=said.text,
    )


@decoder("gw/v1/+/bodycam/+/gps")
def gps(topic: Topic, delivery: Delivery) -> Iterable[Fact | DecodeError]:
    return _GPS.facts(topic, delivery, _position)


def _position(opened: Opened[Gps]) -> DeviceEvent:
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
