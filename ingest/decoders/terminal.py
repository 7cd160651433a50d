"""Community terminals (社区服务终端): what the public says there; complaints and reports are clues."""

from collections.abc import Iterable

from ingest.contract.delivery import Delivery
from ingest.contract.errors import DecodeError
from ingest.contract.messages import TerminalEvent
from ingest.contract.topics import Topic
from ingest.decoders import decoder
from ingest.domain.envelope import EnvelopeReader, Opened, require_pair
from ingest.domain.facts import Fact, PublicSaid

_EVENT = EnvelopeReader(TerminalEvent)


@decoder("gw/v1/+/terminal/+/event")
def event(topic: Topic, delivery: Delivery) -> Iterable[Fact | DecodeError]:
    return _EVENT.facts(topic, delivery, _said)


def _said(opened: Opened[TerminalEvent]) -> PublicSaid:
    said = opened.data
    require_pair(said.lon, said.lat)
    return PublicSaid(
        **opened.header,
        raw_lon=said.lon,
        raw_lat=said.lat,
        datum=opened.datum,
        event=said.kind,
        severity=said.severity,
        text=said.text,
        about=said.about,
        premises_id=said.premises_id,
    )
