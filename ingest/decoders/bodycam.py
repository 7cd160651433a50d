"""Bodycams (执法记录仪) in our own format: events, and positions as the event ``position``."""

from collections.abc import Iterable

from ingest.contract.delivery import Delivery
from ingest.contract.errors import DecodeError
from ingest.contract.messages import BodycamEvent, Gps
from ingest.contract.topics import Topic
from ingest.decoders import decoder
from ingest.domain.envelope import EnvelopeReader
from ingest.domain.facts import Fact
from ingest.domain.mobile import happened, position

_EVENT = EnvelopeReader(BodycamEvent)
_GPS = EnvelopeReader(Gps)


@decoder("gw/v1/+/bodycam/+/event")
def event(topic: Topic, delivery: Delivery) -> Iterable[Fact | DecodeError]:
    return _EVENT.facts(topic, delivery, happened)


@decoder("gw/v1/+/bodycam/+/gps")
def gps(topic: Topic, delivery: Delivery) -> Iterable[Fact | DecodeError]:
    return _GPS.facts(topic, delivery, position)
