"""The hash on a receipt: the same for the phone, for ingest, and for anybody who goes by the page."""

import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.contract.delivery import Delivery
from ingest.contract.messages import Envelope, InspectionLog
from ingest.decoders import decode, decoders
from ingest.domain.canonical import canonical
from ingest.domain.facts import Inspection
from ingest.domain.visit_record import FIELDS, Mark, hash_of, hash_of_fact, hash_of_log, mark_of, read_mark

PAGE = (Path(__file__).parents[2] / "docs" / "wire.md").read_text("utf-8")
TOPIC = "gw/v1/350211/worker/W012/inspection"
NOW = datetime(2026, 3, 2, 8, 0, 2, tzinfo=UTC)
MARK = Mark(350211, "W012", "0198a-7", "ab" * 32)

decoders()


def vector(name: str) -> str:
    found = re.search(rf"^```\w+ vector={name}\n(.*)\n```$", PAGE, re.MULTILINE)
    assert found
    return found[1]


def heard(message: bytes, received_at: datetime = NOW) -> Inspection:
    (fact,) = decode(Delivery(TOPIC, message, 1, False, False, 1, 1, received_at, True))
    assert isinstance(fact, Inspection)
    return fact


def test_the_pages_example_is_what_ingest_and_a_phone_come_to() -> None:
    message, digest = vector("message").encode(), vector("sha256")
    assert hashlib.sha256(vector("canonical").encode()).hexdigest() == digest
    assert hash_of_fact(heard(message)) == digest
    envelope = msgspec.json.decode(message, type=Envelope[InspectionLog])
    assert hash_of_log(350211, "W012", envelope.id, envelope.ts, envelope.data) == digest


def test_the_pages_canonical_form_is_json_with_sorted_keys_and_no_blanks() -> None:
    said = json.loads(vector("canonical"))
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert text == vector("canonical")
    assert all(field in FIELDS for field in said["data"])


@pytest.mark.parametrize("late", [0, 90, 86_400, -600])
def test_a_corrected_clock_does_not_change_the_hash(late: int) -> None:
    told = heard(vector("message").encode(), NOW + timedelta(seconds=late))
    assert (told.at != told.ts) is (late in (90, 86_400, -600))
    assert hash_of_fact(told) == vector("sha256")


CHANGES: list[tuple[str, Any]] = [
    *[("premises_id", "P2"), ("started", 1772438098000), ("ended", 1772438398000), ("result", "normal")],
    *[("lon", 118.1000001), ("lat", 24.7), ("items", []), ("task_id", "T1"), ("receipt_no", None)],
    *[("photos", [{"sha256": "ab" * 32, "taken": 1}]), ("mock", True), ("archive", {"status": "closed"})],
]


@pytest.mark.parametrize(("field", "value"), CHANGES, ids=[field for field, _ in CHANGES])
def test_any_other_word_of_the_visit_is_another_hash(field: str, value: Any) -> None:
    assert {name for name, _ in CHANGES} == set(FIELDS)
    message = json.loads(vector("message"))
    message["data"][field] = value
    assert hash_of_fact(heard(json.dumps(message).encode())) != vector("sha256")


@pytest.mark.parametrize(
    "silent",
    [{"mock": False}, {"photos": []}, {"archive": None}, {"archive": {}}, {"archive": {"here": False}}],
)
def test_what_says_nothing_may_be_said_or_left_out(silent: dict[str, Any]) -> None:
    data = json.loads(vector("message"))["data"]
    told = hash_of(350211, "W012", "0198a-7", 1772438399000, data)
    without = {key: value for key, value in data.items() if key not in silent}
    assert hash_of(350211, "W012", "0198a-7", 1772438399000, without | silent) == told == vector("sha256")


def test_a_link_says_its_mark_whatever_stands_before_it() -> None:
    for address in ("https://a.example", "http://127.0.0.1:8501/", "https://a.example/gw?x=1"):
        assert read_mark(MARK.link(address)) == MARK
    assert read_mark(MARK.link("https://a.example").replace(":0198", "%3A0198")) == MARK


@pytest.mark.parametrize(
    "code",
    [
        "260302155959-W012",
        "",
        MARK.link("https://a.example").replace("&h=ab", "&h=AB"),
        MARK.link("https://a.example") + "0",
        MARK.link("https://a.example") + "\n",
        MARK.link("https://a.example").replace("W012", "W/12"),
        MARK.link("https://a.example").replace("d=350211", "d=٣50211"),
    ],
)
def test_another_code_has_no_mark(code: str) -> None:
    assert read_mark(code) is None


def test_a_mark_is_made_of_nothing_that_could_not_stand_in_a_link() -> None:
    assert mark_of("350211", "W012:0198a-7", "ab" * 32) == MARK
    assert mark_of("350211", "W012:0198a-7&h=", "ab" * 32) is None
    assert mark_of("350211&id=W1:x", "W012:0198a-7", "ab" * 32) is None
    assert mark_of("", "", "") is None


NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**60), 2**60)


@given(NUMBERS)
def test_a_number_is_written_as_the_double_that_it_is(number: float) -> None:
    written = canonical([number]).decode()
    assert float(json.loads(written)[0]) == float(number)
    assert canonical([float(number)]).decode() == written
    assert not re.search(r"\.0\b|e0|E|e\+?0", written)
