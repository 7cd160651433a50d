"""Each stream: a payload as a device sends it beside the fact expected, and every bad one refused."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from ingest.contract.delivery import Delivery
from ingest.contract.errors import ConfigError, DecodeError
from ingest.contract.messages import ArchivePart, Datum, Finding, PhotoRef, Result, Severity
from ingest.contract.topics import STREAMS, Topic, parse
from ingest.decoders import decode, decoder, decoders, kinds
from ingest.domain.facts import (
    Clue,
    DepartmentReplied,
    DeviceEvent,
    DutyChanged,
    Inspection,
    OrderReplied,
    PhotoTaken,
    Ping,
    PremisesFound,
    ProductScanned,
    PublicSaid,
    ReceiptPrinted,
    StateReported,
    VisitAppealed,
)

NOW = datetime(2026, 3, 2, 8, 0, 0, tzinfo=UTC)
TS = 1772438399000  # a second before
AT = NOW - timedelta(seconds=1)
SHA = "ab" * 32
JPEG = b"\xff\xd8\xff\xe0" + b"pixels" * 10 + b"\xff\xd9"
HEADER = {"district": 350211, "id": "m1", "ts": AT, "at": AT, "received_at": NOW}

decoders()


def deliver(stream: str, payload: bytes, *, retain: bool = False, live: bool = True) -> Delivery:
    kind, _, name = stream.partition("/")
    return Delivery(f"gw/v1/350211/{kind}/D1/{name}", payload, 1, retain, False, 7, 1, NOW, live)


def envelope(data: object, **fields: object) -> bytes:
    return json.dumps({"id": "m1", "ts": TS, "data": data, **fields}, ensure_ascii=False).encode()


GPS = {"lon": 118.1, "lat": 24.6, "accuracy_m": 8, "speed_kmh": 4.5, "heading_deg": 90, "battery": 77}
VISIT = {
    "premises_id": "P1",
    "started": TS - 300_000,
    "ended": TS,
    "lon": 118.1,
    "lat": 24.6,
    "result": "abnormal",
    "items": [
        {"item": "亮照经营", "answer": "是"},
        {"item": "消防通道", "answer": "堵塞", "severity": "serious", "note": "已责令改正"},
        {"item": "食品存放", "answer": "不合格", "severity": "general"},
    ],
    "task_id": "T1",
    "photos": [{"sha256": SHA, "taken": TS}],
    "receipt_no": "2026-1",
    "archive": {"status": "in_business", "here": True, "tags_added": ["夜间经营"], "sign": "甲味"},
}
FOUND = {"name": "新小店", "category": "餐饮服务", "lon": 118.1, "lat": 24.6}
CLUE = {
    "kind": "无证经营",
    "severity": "major",
    "text": "地下作坊",
    "lon": 118.1,
    "lat": 24.6,
    "industry": "餐饮",
}

CASES = {
    "worker/gps": (
        envelope(GPS, datum="GCJ02", seq=4, unknown_field=[1]),
        Ping(
            **HEADER,
            kind="worker",
            device_id="D1",
            raw_lon=118.1,
            raw_lat=24.6,
            datum=Datum.GCJ02,
            accuracy_m=8,
            speed_kmh=4.5,
            heading_deg=90,
            battery=77,
        ),
    ),
    "worker/inspection": (
        envelope(VISIT),
        Inspection(
            **HEADER,
            kind="worker",
            device_id="D1",
            raw_lon=118.1,
            raw_lat=24.6,
            premises_id="P1",
            started=AT - timedelta(minutes=5),
            ended=AT,
            result=Result.ABNORMAL,
            items=[
                Finding("亮照经营", "是"),
                Finding("消防通道", "堵塞", Severity.SERIOUS, "已责令改正"),
                Finding("食品存放", "不合格", Severity.GENERAL),
            ],
            severity=Severity.SERIOUS,
            task_id="T1",
            photos=[PhotoRef(SHA, TS)],
            receipt_no="2026-1",
            archive=ArchivePart("in_business", True, ["夜间经营"], sign="甲味"),
        ),
    ),
    "worker/premises": (
        envelope({**FOUND, "licence_no": "L1", "tags": ["夜间经营"], "phone": "0592-1"}),
        PremisesFound(
            **HEADER,
            kind="worker",
            device_id="D1",
            raw_lon=118.1,
            raw_lat=24.6,
            name="新小店",
            category="餐饮服务",
            status="in_business",
            licence_no="L1",
            phone="0592-1",
            tags=["夜间经营"],
        ),
    ),
    "worker/clue": (
        envelope(CLUE),
        Clue(
            **HEADER,
            kind="worker",
            device_id="D1",
            raw_lon=118.1,
            raw_lat=24.6,
            clue_kind="无证经营",
            severity=Severity.MAJOR,
            text="地下作坊",
            industry="餐饮",
        ),
    ),
    "worker/duty": (
        envelope({"on": False}),
        DutyChanged(**HEADER, kind="worker", device_id="D1", on=False),
    ),
    "worker/appeal": (
        envelope({"visit": "v-1", "text": "手机没电"}),
        VisitAppealed(**HEADER, kind="worker", device_id="D1", visit_id="v-1", text="手机没电"),
    ),
    "worker/photo": (
        JPEG,
        PhotoTaken(
            district=350211,
            kind="worker",
            device_id="D1",
            id=sha256(JPEG).hexdigest(),
            ts=NOW,
            at=NOW,
            received_at=NOW,
            content=JPEG,
        ),
    ),
    "camera/event": (
        envelope({"event": "fire", "confidence": 0.9, "severity": "major", "began": TS - 5000}),
        DeviceEvent(
            **HEADER,
            kind="camera",
            device_id="D1",
            raw_lon=None,
            raw_lat=None,
            event="fire",
            confidence=0.9,
            severity=Severity.MAJOR,
            began=AT - timedelta(seconds=5),
        ),
    ),
    "bodycam/event": (
        envelope({"event": "sos", "lon": 118.1, "lat": 24.6}),
        DeviceEvent(**HEADER, kind="bodycam", device_id="D1", raw_lon=118.1, raw_lat=24.6, event="sos"),
    ),
    "bodycam/gps": (
        envelope({"lon": 118.1, "lat": 24.6, "battery": 40}, datum="BD09"),
        DeviceEvent(
            **HEADER,
            kind="bodycam",
            device_id="D1",
            raw_lon=118.1,
            raw_lat=24.6,
            datum=Datum.BD09,
            event="position",
            battery=40,
        ),
    ),
    "printer/receipt": (
        envelope({"number": "2026-1", "text": "责令改正通知书\n甲味馆", "inspection_id": "i1"}),
        ReceiptPrinted(
            **HEADER,
            kind="printer",
            device_id="D1",
            number="2026-1",
            body="责令改正通知书\n甲味馆",
            inspection_id="i1",
        ),
    ),
    "worker/reply": (
        envelope({"order_id": "O1", "stage": "accepted"}),
        OrderReplied(**HEADER, kind="worker", device_id="D1", order_id="O1", stage="accepted"),
    ),
    **{
        f"{kind}/reply": (
            envelope({"order_id": "O1", "stage": "failed", "text": "缺纸"}),
            OrderReplied(**HEADER, kind=kind, device_id="D1", order_id="O1", stage="failed", text="缺纸"),
        )
        for kind in ("bodycam", "camera", "printer")
    },
    "department/reply": (
        envelope({"task_id": "T1", "stage": "done", "text": "已立案"}),
        DepartmentReplied(
            **HEADER,
            kind="department",
            device_id="D1",
            task_id="T1",
            clue_id=None,
            stage="done",
            text="已立案",
        ),
    ),
    "terminal/event": (
        envelope(
            {
                "kind": "complaint",
                "text": "外卖里有异物",
                "about": "食品安全",
                "severity": "serious",
                "premises_id": "P1",
            }
        ),
        PublicSaid(
            **HEADER,
            kind="terminal",
            device_id="D1",
            raw_lon=None,
            raw_lat=None,
            event="complaint",
            severity=Severity.SERIOUS,
            text="外卖里有异物",
            about="食品安全",
            premises_id="P1",
        ),
    ),
    "terminal/reply": (
        envelope({"order_id": "O1", "stage": "done"}),
        OrderReplied(**HEADER, kind="terminal", device_id="D1", order_id="O1", stage="done"),
    ),
    "scanner/event": (
        envelope(
            {
                "batch": "20260101-7",
                "product": "白酒",
                "verdict": "counterfeit",
                "premises_id": "P1",
                "lon": 118.1,
                "lat": 24.6,
            }
        ),
        ProductScanned(
            **HEADER,
            kind="scanner",
            device_id="D1",
            raw_lon=118.1,
            raw_lat=24.6,
            event="counterfeit",
            text="白酒",
            batch="20260101-7",
            premises_id="P1",
        ),
    ),
    "scanner/reply": (
        envelope({"order_id": "O1", "stage": "done"}),
        OrderReplied(**HEADER, kind="scanner", device_id="D1", order_id="O1", stage="done"),
    ),
    "vehicle/gps": (
        envelope({"lon": 118.1, "lat": 24.6, "speed_kmh": 28}, datum="GCJ02"),
        DeviceEvent(
            **HEADER,
            kind="vehicle",
            device_id="D1",
            raw_lon=118.1,
            raw_lat=24.6,
            datum=Datum.GCJ02,
            event="position",
        ),
    ),
    "vehicle/event": (
        envelope({"event": "overspeed", "text": "92 km/h"}),
        DeviceEvent(
            **HEADER,
            kind="vehicle",
            device_id="D1",
            raw_lon=None,
            raw_lat=None,
            event="overspeed",
            text="92 km/h",
        ),
    ),
    "vehicle/reply": (
        envelope({"order_id": "O1", "stage": "arrived"}),
        OrderReplied(**HEADER, kind="vehicle", device_id="D1", order_id="O1", stage="arrived"),
    ),
    "camera/state": (
        b'{"online":true,"battery":50,"boot":3,"storage":71.5}',
        StateReported(
            district=350211,
            kind="camera",
            device_id="D1",
            id="",
            ts=NOW,
            at=NOW,
            received_at=NOW,
            online=True,
            retained=False,
            battery=50,
            storage=71.5,
        ),
    ),
}
STREAM_NAMES = sorted(f"{kind}/{stream}" for kind, streams in STREAMS.items() for stream in streams)
ENVELOPED = [name for name in STREAM_NAMES if name not in ("worker/photo",) and not name.endswith("/state")]


@pytest.mark.parametrize("stream", sorted(CASES))
def test_a_payload_becomes_its_fact(stream):
    payload, fact = CASES[stream]
    assert decode(deliver(stream, payload)) == [fact]


def test_every_stream_of_the_wire_has_a_case_here():
    states = {name for name in STREAM_NAMES if name.endswith("/state")}
    assert set(STREAM_NAMES) - states <= set(CASES)


@pytest.mark.parametrize("stream", [name for name in STREAM_NAMES if name.endswith("/state")])
def test_a_will_and_a_retained_copy_are_told_apart(stream):
    (will,) = decode(deliver(stream, b'{"online":false}'))
    (copy,) = decode(deliver(stream, b'{"online":true}', retain=True))
    assert (will.online, will.retained, copy.online, copy.retained) == (False, False, True, True)


def reasons(stream: str, payload: bytes) -> list[str]:
    return [error.reason for error in decode(deliver(stream, payload)) if isinstance(error, DecodeError)]


NOISE = bytes(range(256)) * 4096


@pytest.mark.parametrize("stream", STREAM_NAMES)
@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"not json",
        b"{",
        b"null",
        b"42",
        b'"text"',
        b"\x00",
        b"\xff\xfe{}",
        b"[" * 100_000,
        NOISE,
        b"{}",
        b"[]",
    ],
    ids=lambda payload: repr(payload[:12]),
)
def test_no_stream_takes_noise_and_none_crashes(stream, payload):
    assert len(reasons(stream, payload)) == 1


@pytest.mark.parametrize("stream", ENVELOPED)
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": None}, "wrong_shape"),
        ({"id": "a/b"}, "wrong_shape"),
        ({"id": "x" * 65}, "wrong_shape"),
        ({"id": "a\0"}, "wrong_shape"),
        ({"id": "a\n"}, "wrong_shape"),
        ({"ts": "now"}, "wrong_shape"),
        ({"ts": 1.5}, "wrong_shape"),
        ({"ts": 0}, "impossible_clock"),
        ({"ts": 4_070_908_800_000}, "impossible_clock"),
        ({"sent": -1}, "impossible_clock"),
        ({"data": None}, "wrong_shape"),
        ({"data": []}, "wrong_shape"),
        ({"data": {}}, "wrong_shape"),
        ({"datum": "MARS"}, "wrong_shape"),
        ({"hist": "yes"}, "wrong_shape"),
    ],
)
def test_a_bad_envelope_is_refused_with_its_reason(stream, change, reason):
    body = {**json.loads(CASES[stream][0]), **change}
    assert reasons(stream, json.dumps(body).encode()) == [reason]


@pytest.mark.parametrize("stream", ENVELOPED)
def test_a_missing_field_of_the_envelope_is_named(stream):
    for name in ("id", "ts", "data"):
        body = json.loads(CASES[stream][0])
        del body[name]
        (error,) = decode(deliver(stream, json.dumps(body).encode()))
        assert isinstance(error, DecodeError)
        assert (error.reason, f"`{name}`" in str(error)) == ("wrong_shape", True)


@pytest.mark.parametrize(
    ("stream", "data", "reason"),
    [
        ("worker/gps", {"lon": 181, "lat": 0}, "wrong_shape"),
        ("worker/gps", {"lon": 0, "lat": 91}, "wrong_shape"),
        ("worker/gps", {"lon": 0, "lat": 0}, "impossible_place"),
        ("worker/gps", {"lon": "118", "lat": 24}, "wrong_shape"),
        ("worker/gps", {"lon": 118.1}, "wrong_shape"),
        ("worker/gps", {**GPS, "battery": 101}, "wrong_shape"),
        ("worker/gps", {**GPS, "speed_kmh": -1}, "wrong_shape"),
        ("worker/gps", {**GPS, "altitude_m": 1e300}, "wrong_shape"),
        ("bodycam/gps", {"lon": 0, "lat": 0}, "impossible_place"),
        ("bodycam/event", {"event": "explode"}, "wrong_shape"),
        ("bodycam/event", {"event": "sos", "lon": 118.1}, "wrong_shape"),
        ("camera/event", {"event": "sos"}, "wrong_shape"),
        ("terminal/event", {"kind": "gossip", "text": "x"}, "wrong_shape"),
        ("terminal/event", {"kind": "report"}, "wrong_shape"),
        ("terminal/event", {"kind": "report", "text": "x", "lat": 24.6}, "wrong_shape"),
        ("scanner/event", {"batch": "", "product": "x", "verdict": "genuine"}, "wrong_shape"),
        ("scanner/event", {"batch": "1", "product": "x", "verdict": "fine"}, "wrong_shape"),
        ("scanner/event", {"batch": "1", "product": "x", "verdict": "genuine", "lon": 1.0}, "wrong_shape"),
        ("vehicle/event", {"event": "fall"}, "wrong_shape"),
        ("vehicle/gps", {"lon": 0, "lat": 0}, "impossible_place"),
        ("camera/event", {"event": "fire", "confidence": 2}, "wrong_shape"),
        ("worker/inspection", {**VISIT, "result": "fine"}, "wrong_shape"),
        ("worker/inspection", {**VISIT, "started": TS + 1}, "wrong_shape"),
        ("worker/inspection", {**VISIT, "ended": 0}, "impossible_clock"),
        ("worker/inspection", {**VISIT, "photos": [{"sha256": "xyz", "taken": 1}]}, "wrong_shape"),
        ("worker/inspection", {**VISIT, "items": [{"item": "a\0b", "answer": "c"}]}, "wrong_shape"),
        ("worker/inspection", {**VISIT, "archive": {"status": "asleep"}}, "wrong_shape"),
        ("worker/inspection", {**VISIT, "archive": {"tags_added": ["a;b"]}}, "wrong_shape"),
        ("worker/inspection", {**VISIT, "archive": {"tags_added": ["a"] * 31}}, "wrong_shape"),
        ("worker/inspection", {**VISIT, "archive": {"sign": " "}}, "wrong_shape"),
        ("worker/premises", {**FOUND, "name": ""}, "wrong_shape"),
        ("worker/premises", {**FOUND, "status": "moved"}, "wrong_shape"),
        ("worker/premises", {**FOUND, "lon": 0, "lat": 0}, "impossible_place"),
        ("worker/clue", {**CLUE, "severity": "huge"}, "wrong_shape"),
        ("worker/clue", {**CLUE, "text": "nul\0"}, "wrong_shape"),
        ("worker/duty", {"on": 1}, "wrong_shape"),
        ("worker/appeal", {"visit": "v-1", "text": ""}, "wrong_shape"),
        ("worker/appeal", {"visit": "v 1", "text": "x"}, "wrong_shape"),
        ("worker/appeal", {"text": "x"}, "wrong_shape"),
        ("printer/receipt", {"number": 7, "text": "x"}, "wrong_shape"),
    ],
)
def test_bad_data_is_refused_with_its_reason(stream, data, reason):
    assert reasons(stream, envelope(data)) == [reason]


def test_a_text_with_half_a_surrogate_is_refused_not_passed_on():
    raw = envelope(CLUE).decode().replace("地下作坊", "\\ud800").encode()
    assert reasons("worker/clue", raw) == ["not_json"]


def test_of_an_array_the_good_ones_are_kept_and_the_bad_one_refused():
    good, bad = json.loads(envelope(GPS, hist=True)), {"id": "m2", "ts": TS}
    decoded = decode(deliver("worker/gps", json.dumps([good, bad, {**good, "id": "m3"}]).encode()))
    assert [getattr(d, "id", None) or d.reason for d in decoded] == ["m1", "wrong_shape", "m3"]


def test_a_replayed_message_is_not_taken_for_a_slow_clock():
    body = envelope(GPS, ts=TS - 3_600_000, hist=True)
    (ping,) = decode(deliver("worker/gps", body))
    assert (ping.at, ping.clock_off_s) == (AT - timedelta(hours=1), None)


def test_a_slow_clock_is_shifted_and_flagged_in_the_visits_times_too():
    old = TS - 600_000
    body = envelope({**VISIT, "started": old - 60_000, "ended": old}, ts=old)
    (visit,) = decode(deliver("worker/inspection", body))
    assert (visit.at, visit.ended, visit.clock_off_s) == (NOW, NOW, 601.0)
    assert visit.started == NOW - timedelta(minutes=1)


@pytest.mark.parametrize("payload", [JPEG[1:], JPEG[:-2], b"GIF89a", JPEG[:4] + b"x" * (1 << 20) + JPEG[-2:]])
def test_a_photo_that_is_no_jpeg_or_too_large_is_refused(payload):
    assert len(reasons("worker/photo", payload)) == 1


@pytest.mark.parametrize(
    ("topic", "reason"),
    [
        ("gw/v1/350211/worker/W1", "bad_topic"),
        ("gw/v2/350211/worker/W1/gps", "bad_topic"),
        ("gw/v1/35021/worker/W1/gps", "bad_topic"),
        ("gw/v1/350211/worker/W 1/gps", "bad_topic"),
        ("gw/v1/350211/worker/W1\n/gps", "bad_topic"),
        ("gw/v1/350211/worker/W1/gps\n", "bad_topic"),
        ("gw/v1/350211/worker//gps", "bad_topic"),
        ("gw/v1/350211/worker/W1/gps/more", "bad_topic"),
    ],
)
def test_a_topic_of_another_form_is_refused(topic, reason):
    with pytest.raises(DecodeError, match=reason):
        parse(topic)


@pytest.mark.parametrize(
    ("stream", "reason"),
    [("toaster/gps", "unknown_kind"), ("worker/mood", "unknown_stream"), ("camera/gps", "unknown_stream")],
)
def test_a_stream_without_a_decoder_is_refused(stream, reason):
    assert reasons(stream, b"{}") == [reason]


def test_the_kinds_that_can_be_registered_are_those_of_the_wire():
    assert kinds() == set(STREAMS) - {"department"}  # which come with the supervision modules


def test_a_topic_reads_back_as_it_was_written():
    topic = Topic(350211, "worker", "W1", "gps")
    assert parse(str(topic)) == topic


@pytest.mark.parametrize("bad", ["gw/v1/#", "gw/v1/+/#/+/gps", "owntracks/+/+", "gw/v1/+/worker/+/gps"])
def test_a_decoder_for_no_stream_or_a_taken_one_stops_the_start(bad):
    with pytest.raises(ConfigError):
        decoder(bad)(lambda topic, delivery: [])
