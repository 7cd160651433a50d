"""Bluetooth printers: the papers given to traders, as JSON from the phone's app."""

from collections.abc import Iterable

from ingest.contract.delivery import Delivery
from ingest.contract.errors import DecodeError
from ingest.contract.messages import Receipt
from ingest.contract.topics import Topic
from ingest.decoders import decoder
from ingest.domain.envelope import EnvelopeReader, Opened
from ingest.domain.facts import Fact, ReceiptPrinted

_RECEIPT = EnvelopeReader(Receipt)


@decoder("gw/v1/+/printer/+/receipt")
def receipt(topic: Topic, delivery: Delivery) -> Iterable[Fact | DecodeError]:
    return _RECEIPT.facts(topic, delivery, _printed)


def _printed(opened: Opened[Receipt]) -> ReceiptPrinted:
    paper = opened.data
    return ReceiptPrinted(
        **opened.header, number=paper.number, body=paper.text, inspection_id=paper.inspection_id
    )
