"""The pages of devices of our own format: what they say to send is taken, and no stream is left out."""

import csv
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from ingest.contract.acts import TAKES
from ingest.contract.delivery import Delivery
from ingest.contract.topics import STREAMS, parse
from ingest.decoders import decode, decoders
from ingest.domain.facts import Fact

PAGES = sorted((Path(__file__).parents[2] / "docs" / "devices").glob("*.md"))
BLOCK = re.compile(r"^```json topic=(gw/v1/\S+)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
KINDS = {"worker": "phone"} | {kind: kind for kind in STREAMS if kind not in ("worker", "department")}
RAW = {"worker/photo"}
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

decoders()


class Example(NamedTuple):
    """What a page says to send."""

    page: str
    topic: str
    payload: bytes


def examples(path: Path) -> list[Example]:
    found = BLOCK.findall(path.read_text("utf-8"))
    return [Example(path.stem, topic, payload.strip().encode()) for topic, payload in found]


ALL = [example for path in PAGES for example in examples(path)]


@pytest.mark.parametrize("example", ALL, ids=lambda one: f"{one.page}-{one.topic.rpartition('/')[2]}")
def test_what_a_page_says_to_send_is_taken(example: Example) -> None:
    delivery = Delivery(example.topic, example.payload, 1, False, False, 1, 1, NOW, True)
    found = decode(delivery)
    assert found
    for fact in found:
        assert isinstance(fact, Fact), fact
        assert fact.clock_off_s is None or fact.hist


@pytest.mark.parametrize(("kind", "page"), sorted(KINDS.items()))
def test_a_page_shows_every_stream_of_its_device_and_names_every_act(kind: str, page: str) -> None:
    path = next(path for path in PAGES if path.stem == page)
    shown = {f"{(topic := parse(one.topic)).kind}/{topic.stream}" for one in examples(path)}
    assert shown == {f"{kind}/{stream}" for stream in STREAMS[kind]} - RAW
    text = path.read_text("utf-8")
    assert kind == "worker" or all(f"`{act}`" in text for act in TAKES[kind])
    assert "](../acts.md)" in text


@pytest.mark.parametrize("page", sorted({*KINDS.values()} - {"phone"}))
def test_the_line_that_registers_it_is_one_of_the_file_and_of_the_device_below(page: str) -> None:
    path = next(path for path in PAGES if path.stem == page)
    (block,) = re.findall(r"```csv\n(.*?)```", path.read_text("utf-8"), re.DOTALL)
    (row,) = csv.DictReader(line.strip() for line in block.strip().splitlines())
    assert {parse(one.topic)[1:3] for one in examples(path)} == {(row["kind"], row["device_id"])}
    assert row["kind"] == page
