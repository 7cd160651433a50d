"""Bluetooth printers: the papers given to traders, as JSON from the phone's app or as the print job."""

import hashlib
from collections.abc import Iterable

from ingest.contract.delivery import Delivery
from ingest.contract.errors import DecodeError
from ingest.contract.messages import MAX_MESSAGE_BYTES, Receipt
from ingest.contract.topics import Topic
from ingest.decoders import decoder
from ingest.domain import print_job
from ingest.domain.envelope import EnvelopeReader, Opened
from ingest.domain.facts import Fact, ReceiptPrinted
from ingest.domain.paper import shown
from ingest.domain.visit_record import read_mark

_RECEIPT = EnvelopeReader(Receipt)


@decoder("gw/v1/+/printer/+/receipt")
def receipt(topic: Topic, delivery: Delivery) -> Iterable[Fact | DecodeError]:
    job = delivery.payload
    written_in = None if job.lstrip()[:1] in (b"{", b"[", b"") else print_job.language(job)
    if written_in is None:
        yield from _RECEIPT.facts(topic, delivery, _printed)
    elif len(job) > MAX_MESSAGE_BYTES:
        yield DecodeError("too_large", f"{len(job)} bytes")
    else:
        yield _job(topic, delivery, written_in)


def _printed(opened: Opened[Receipt]) -> ReceiptPrinted:
    paper = opened.data
    codes = [] if paper.qr is None else [paper.qr]
    return ReceiptPrinted(
        **opened.header,
        number=paper.number,
        body="\n".join((paper.text, *(shown("qr", code) for code in codes))),
        inspection_id=paper.inspection_id or _visit(opened.header["district"], codes),
    )


def _visit(district: int, codes: Iterable[str]) -> str | None:
    """The visit that one of the paper's codes names."""
    marks = filter(None, map(read_mark, codes))
    return next((mark.id for mark in marks if mark.district == district), None)


def _job(topic: Topic, delivery: Delivery, written_in: print_job.Language) -> ReceiptPrinted | DecodeError:
    """Bytes have no id and no clock: they are known by their content, and are as old as their arrival."""
    paper = print_job.read(delivery.payload, written_in)
    if not paper.marks:
        return DecodeError("nothing_printed", f"a job in {written_in}")
    return ReceiptPrinted(
        district=topic.district,
        kind=topic.kind,
        device_id=topic.device,
        id=hashlib.sha256(f"{topic}\n".encode() + delivery.payload).hexdigest()[:32],
        ts=delivery.received_at,
        at=delivery.received_at,
        received_at=delivery.received_at,
        number=print_job.number(paper),
        body=paper.text(),
        inspection_id=_visit(topic.district, paper.codes()),
        language=written_in,
        job=delivery.payload,
    )
