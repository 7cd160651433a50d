"""All foreign protocols: whatever bytes come, they hear something that can be stored, or say why not."""

import math
from random import Random
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.contract.acts import ACTS, TAKES, StartRecording
from ingest.contract.errors import DecodeError
from ingest.contract.messages import (
    MAX_MESSAGE_BYTES,
    BodycamEventKind,
    CameraEventKind,
    TrackerEventKind,
)
from ingest.decoders import protocols
from ingest.decoders.axis import WORDS as AXIS
from ingest.decoders.dahua import WORDS as DAHUA
from ingest.decoders.frigate import LABELS
from ingest.decoders.hikvision import WORDS as HIKVISION
from ingest.decoders.onvif import WORDS as ONVIF
from ingest.decoders.traccar import ALARMS as TRACCAR_ALARMS
from ingest.decoders.traccar import EVENTS as TRACCAR
from ingest.domain.clock import AHEAD, EARLIEST
from ingest.domain.heard import Answered, Happened, Heard, Other, Position, Sealed
from ingest.domain.jt808 import ALARMS
from ingest.metrics import REASONS
from tests.chaos.mutate import mutate, mutate_topic
from tests.contract.hearing import NOW, delivery, reasons
from tests.contract.pages import MESSAGES
from words import words

NAMES = ["owntracks", "traccar", "frigate", "onvif", "axis", "jt808", "vzenith", "hikvision", "dahua"]
KINDS = {*get_args(CameraEventKind), *get_args(BodycamEventKind), *get_args(TrackerEventKind)}
TABLES = [AXIS, DAHUA, LABELS, HIKVISION, ONVIF, TRACCAR, TRACCAR_ALARMS, ALARMS]


def test_these_protocols_are_there():
    assert set(NAMES) <= set(protocols())


@pytest.mark.parametrize("table", TABLES)
def test_every_word_that_a_device_is_given_is_one_of_the_wires(table):
    assert set(table.values()) <= KINDS


@pytest.mark.parametrize("event", sorted(KINDS))
def test_every_event_has_words(event):
    assert all(f"event.{event}" in words(lang) for lang in ("zh", "en"))


@pytest.mark.parametrize("name", NAMES)
def test_what_a_device_can_be_told_is_an_act_that_one_of_its_kinds_takes(name):
    protocol = protocols()[name]
    takes = {act for kind in protocol.kinds for act in TAKES.get(kind, ())}
    assert set(protocol.tellers) <= takes & set(ACTS)
    for tell in protocol.tellers.values():
        topic, payload = tell(StartRecording(order_id="O1", expires=0), "a/b")
        assert topic.startswith("a/b")
        assert isinstance(payload, bytes)
        assert payload


def storable(heard: Heard | DecodeError) -> None:
    """Nothing in it that a database or the registry could choke on."""
    if isinstance(heard, DecodeError):
        assert heard.reason in REASONS
        return
    assert 0 < len(heard.name) <= 200
    assert heard.when is None or heard.when.tzinfo is None or EARLIEST <= heard.when <= NOW + AHEAD
    assert not heard.id or (heard.id.isascii() and len(heard.id) <= 64)
    for value in msgspec.structs.asdict(heard).values():
        if isinstance(value, float):
            assert math.isfinite(value)
        if isinstance(value, str):
            assert "\0" not in value
            assert len(value) <= 1000 or value == heard.reply_to
            value.encode()
    if isinstance(heard, Happened):
        assert heard.event in KINDS
        assert (heard.lon is None) == (heard.lat is None)
        assert len(heard.key) <= 200
    if isinstance(heard, Position):
        assert abs(heard.lon) <= 180
        assert abs(heard.lat) <= 90
        assert (heard.lon, heard.lat) != (0, 0)
        assert isinstance(heard.when, type(NOW))
    if isinstance(heard, Other):
        assert 0 < len(heard.type) <= 80
    if isinstance(heard, Answered):
        assert heard.act in ACTS
    if isinstance(heard, Sealed):
        assert len(heard.box) >= 40


def listen(name: str, topic: str, payload: bytes) -> None:
    for retain in (False, True):
        for heard in protocols()[name].decode(delivery(topic, payload, retain=retain)):
            storable(heard)


@pytest.mark.parametrize("name", NAMES)
@given(chance=st.integers(0, 2**32).map(Random))
def test_a_message_made_bad_is_heard_or_refused_and_never_a_crash(name, chance):
    own = [message for message in MESSAGES if message.page == name]
    message, other = chance.choice(own), chance.choice(MESSAGES)
    payload = mutate(chance, message.payload, other.payload)
    topic = message.topic if chance.random() < 0.8 else mutate_topic(chance, message.topic)
    listen(name, topic, payload)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("name", NAMES)
@given(
    said=JSON, topic=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
)
def test_any_document_on_any_topic_is_heard_or_refused(name, said, topic):
    payload = msgspec.json.encode(said)
    listen(name, topic, payload)
    listen(name, next(m.topic for m in MESSAGES if m.page == name), payload)


@pytest.mark.parametrize("name", NAMES)
@given(payload=st.binary(max_size=300))
def test_any_bytes_are_heard_or_refused(name, payload):
    listen(name, next(m.topic for m in MESSAGES if m.page == name), payload)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_too_large_is_refused(name):
    topic = next(message.topic for message in MESSAGES if message.page == name)
    assert reasons(name, topic, b" " * (MAX_MESSAGE_BYTES + 1)) == ["too_large"]


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("owntracks", "onvif")])
def test_an_empty_payload_is_refused_where_it_means_nothing(name):
    topic = next(message.topic for message in MESSAGES if message.page == name)
    assert reasons(name, topic, b"") == ["empty_payload"]


@pytest.mark.parametrize("name", NAMES)
def test_a_message_deep_as_a_well_is_refused(name):
    topic = next(message.topic for message in MESSAGES if message.page == name)
    assert set(reasons(name, topic, b'{"a":' * 50_000)) == {"not_json"}
