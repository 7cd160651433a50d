"""Patrol vehicles (巡查车) in our own format: events, and positions as the event ``position``."""

from collections.abc import Iterable

from ingest.contract.delivery import Delivery
from ingest.contract.errors import DecodeError
from ingest.contract.messages import Gps, VehicleEvent
from ingest.contract.topics import Topic
from ingest.decoders import decoder
from ingest.domain.envelope import EnvelopeReader
from ingest.domain.facts import Fact
from ingest.domain.mobile import happened, position

_EVENT = EnvelopeReader(VehicleEvent)
_GPS = EnvelopeReader(Gps)


@decoder("gw/v1/+/vehicle/+/event")
def event(topic: Topic, delivery: Delivery) -> Iterable[Fact | DecodeError]:
    return _EVENT.facts(topic, delivery, happened)


@decoder("gw/v1/+/vehicle/+/gps")
def gps(topic: Topic, delivery: Delivery) -> Iterable[Fact | DecodeError]:
    return _GPS.facts(topic, delivery, position)
