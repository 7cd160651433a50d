"""Traceability scanners (产品追溯): which product of which batch, and what its code says of it."""

from collections.abc import Iterable

from ingest.contract.delivery import Delivery
from ingest.contract.errors import DecodeError
from ingest.contract.messages import ScannerEvent
from ingest.contract.topics import Topic
from ingest.decoders import decoder
from ingest.domain.envelope import EnvelopeReader, Opened, require_pair
from ingest.domain.facts import Fact, ProductScanned

_EVENT = EnvelopeReader(ScannerEvent)


@decoder("gw/v1/+/scanner/+/event")
def event(topic: Topic, delivery: Delivery) -> Iterable[Fact | DecodeError]:
    return _EVENT.facts(topic, delivery, _scanned)


def _scanned(opened: Opened[ScannerEvent]) -> ProductScanned:
    said = opened.data
    require_pair(said.lon, said.lat)
    return ProductScanned(
        **opened.header,
        raw_lon=said.lon,
        raw_lat=said.lat,
        datum=opened.datum,
        event=said.verdict,
        text=said.product,
        batch=said.batch,
        premises_id=said.premises_id,
    )
