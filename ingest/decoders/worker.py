"""A worker's phone or tablet: positions, inspection logs, premises found, clues, duty, photos, appeals."""

import hashlib
from collections.abc import Iterable

from ingest.contract.delivery import Delivery
from ingest.contract.errors import DecodeError
from ingest.contract.messages import (
    MAX_PHOTO_BYTES,
    Appeal,
    ClueReport,
    Duty,
    Gps,
    InspectionLog,
    PremisesReport,
)
from ingest.contract.topics import Topic
from ingest.decoders import decoder
from ingest.domain.clock import instant
from ingest.domain.envelope import EnvelopeReader, Opened, require_place
from ingest.domain.facts import (
    Clue,
    DutyChanged,
    Fact,
    Inspection,
    PhotoTaken,
    Ping,
    PremisesFound,
    VisitAppealed,
    worst,
)

_GPS = EnvelopeReader(Gps)
_INSPECTION = EnvelopeReader(InspectionLog)
_PREMISES = EnvelopeReader(PremisesReport)
_CLUE = EnvelopeReader(ClueReport)
_DUTY = EnvelopeReader(Duty)
_APPEAL = EnvelopeReader(Appeal)


@decoder("gw/v1/+/worker/+/gps")
def gps(topic: Topic, delivery: Delivery) -> Iterable[Fact | DecodeError]:
    return _GPS.facts(topic, delivery, _ping)


def _ping(opened: Opened[Gps]) -> Ping:
    fix = opened.data
    require_place(fix.lon, fix.lat)
    return Ping(
        **opened.header,
        raw_lon=fix.lon,
        raw_lat=fix.lat,
        datum=opened.datum,
        accuracy_m=fix.accuracy_m,
        speed_kmh=fix.speed_kmh,
        heading_deg=fix.heading_deg,
        altitude_m=fix.altitude_m,
        battery=fix.battery,
        mock=fix.mock,
        provider=fix.provider,
    )


@decoder("gw/v1/+/worker/+/inspection")
def inspection(topic: Topic, delivery: Delivery) -> Iterable[Fact | DecodeError]:
    return _INSPECTION.facts(topic, delivery, _inspection)


def _inspection(opened: Opened[InspectionLog]) -> Inspection:
    log, received_at = opened.data, opened.header["received_at"]
    require_place(log.lon, log.lat)
    started, ended = instant(log.started, received_at), instant(log.ended, received_at)
    if ended < started:
        raise DecodeError("wrong_shape", "the visit ended before it started")
    return Inspection(
        **opened.header,
        raw_lon=log.lon,
        raw_lat=log.lat,
        datum=opened.datum,
        premises_id=log.premises_id,
        started=started + opened.when.shift,
        ended=ended + opened.when.shift,
        result=log.result,
        items=log.items,
        severity=worst(log.result, log.items),
        task_id=log.task_id,
        photos=log.photos,
        receipt_no=log.receipt_no,
        accuracy_m=log.accuracy_m,
        mock=log.mock,
        archive=log.archive,
    )


@decoder("gw/v1/+/worker/+/premises")
def premises(topic: Topic, delivery: Delivery) -> Iterable[Fact | DecodeError]:
    return _PREMISES.facts(topic, delivery, _found)


def _found(opened: Opened[PremisesReport]) -> PremisesFound:
    report = opened.data
    require_place(report.lon, report.lat)
    return PremisesFound(
        **opened.header,
        raw_lon=report.lon,
        raw_lat=report.lat,
        datum=opened.datum,
        name=report.name,
        category=report.category,
        status=report.status,
        licence_no=report.licence_no,
        address=report.address,
        phone=report.phone,
        tags=report.tags,
        photos=report.photos,
        accuracy_m=report.accuracy_m,
        mock=report.mock,
    )


@decoder("gw/v1/+/worker/+/clue")
def clue(topic: Topic, delivery: Delivery) -> Iterable[Fact | DecodeError]:
    return _CLUE.facts(topic, delivery, _clue)


def _clue(opened: Opened[ClueReport]) -> Clue:
    report = opened.data
    require_place(report.lon, report.lat)
    return Clue(
        **opened.header,
        raw_lon=report.lon,
        raw_lat=report.lat,
        datum=opened.datum,
        clue_kind=report.kind,
        severity=report.severity,
        text=report.text,
        industry=report.industry,
        premises_id=report.premises_id,
        photos=report.photos,
    )


@decoder("gw/v1/+/worker/+/duty")
def duty(topic: Topic, delivery: Delivery) -> Iterable[Fact | DecodeError]:
    return _DUTY.facts(topic, delivery, lambda opened: DutyChanged(**opened.header, on=opened.data.on))


@decoder("gw/v1/+/worker/+/appeal")
def appeal(topic: Topic, delivery: Delivery) -> Iterable[Fact | DecodeError]:
    return _APPEAL.facts(topic, delivery, _appeal)


def _appeal(opened: Opened[Appeal]) -> VisitAppealed:
    return VisitAppealed(**opened.header, visit_id=opened.data.visit, text=opened.data.text)


@decoder("gw/v1/+/worker/+/photo")
def photo(topic: Topic, delivery: Delivery) -> Iterable[Fact | DecodeError]:
    """Raw JPEG, no envelope: the content is its own id, so sent twice it is one photo."""
    content = delivery.payload
    if not content:
        yield DecodeError("empty_payload")
    elif len(content) > MAX_PHOTO_BYTES:
        yield DecodeError("too_large", f"{len(content)} bytes")
    elif not (content.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in content[-64:]):
        yield DecodeError("not_jpeg")
    else:
        yield PhotoTaken(
            district=topic.district,
            kind=topic.kind,
            device_id=topic.device,
            id=hashlib.sha256(content).hexdigest(),
            ts=delivery.received_at,
            at=delivery.received_at,
            received_at=delivery.received_at,
            content=content,
        )
