"""Whatever bytes come on whatever topic: no decoder crashes, each message is facts or rejects, and every fact
can be stored."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.connect import Row
from ingest.alerts import rules
from ingest.contract.errors import DecodeError
from ingest.contract.messages import Datum
from ingest.decoders import Message
from ingest.domain.facts import Fact
from ingest.domain.roster import Device
from ingest.pipeline import Pipeline
from ingest.registry import import_world
from ingest.store import prepare
from tests import tiny
from tests.chaos.conftest import Tell
from tests.chaos.length import pick
from tests.chaos.mutants import DECODERS, captured, decoded, deliver, mutants, topic_of
from tests.chaos.mutate import mutate_topic
from tests.contract.test_decoders import NOW, TS

SEED = 350211
"""Fixed: a failure of one run is a failure of the next."""
EACH = pick(500, -(-1_000_000 // len(DECODERS)))
"""Mutated messages for each decoder: together at least a million at full length."""
BATCH = 500
TOPICS = pick(2_000, 100_000)
EXAMPLES = pick(200, 5_000)
rules()


@pytest.mark.parametrize(("kind", "stream"), DECODERS)
def test_every_decoder_has_a_captured_payload(kind: str, stream: str) -> None:
    for payload in captured(kind, stream):
        assert all(isinstance(one, Fact) for one in decoded(deliver(topic_of(kind, stream), payload))[1])


class Room:
    """A pipeline on a real database; its registry has a device of every kind that some decoder names."""

    def __init__(self, conn: psycopg.Connection[Row], data: Path) -> None:
        devices = {
            kind.upper(): Device(kind, tiny.PATH_1, datum, "W1", None, None, None)
            for (kind, _), datum in zip(DECODERS, [*Datum] * len(DECODERS), strict=False)
        }
        roster = replace(tiny.roster(), devices=devices, departments={"x": "DEPARTMENT"})
        prepare(conn)
        self._conn = conn
        self._pipeline = Pipeline(
            conn, data, {tiny.DISTRICT: roster}, NOW - timedelta(days=1), lambda: self._pipeline.rosters
        )

    def refused(self, messages: list[Message]) -> list[Row]:
        """What of their facts was not stored; nothing of it all stays there."""
        with self._conn.transaction() as undone:
            self._pipeline.take(messages)
            rows = self._conn.execute(
                "SELECT topic, reason, payload FROM rejected_message "
                "WHERE split_part(reason, ':', 1) IN ('refused_by_database', 'unknown_device')"
            ).fetchall()
            raise psycopg.Rollback(undone)
        return rows


@pytest.fixture(scope="module")
def world(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world")))
    return database_url


@pytest.fixture
def room(world: str, ingest_conn: psycopg.Connection[Row]) -> Iterator[Room]:
    with TemporaryDirectory() as photos:  # thousands of them
        yield Room(ingest_conn, Path(photos))


@pytest.mark.parametrize(("kind", "stream"), DECODERS)
@pytest.mark.timeout(1800)
def test_a_mutated_message_is_facts_or_rejects_and_its_facts_can_be_stored(
    kind: str, stream: str, room: Room, tell: Tell
) -> None:
    outcome: Counter[str] = Counter()
    waiting: list[Message] = []
    for number, delivery in enumerate(mutants(SEED, kind, stream, EACH), start=1):
        message = decoded(delivery)
        outcome.update(one.reason if isinstance(one, DecodeError) else "facts" for one in message[1])
        if any(isinstance(one, Fact) for one in message[1]):
            waiting.append(message)
        if len(waiting) == BATCH or number == EACH:
            assert room.refused(waiting) == []
            waiting = []
    rejects = 1 if stream == "photo" else 2  # a photo has no shape that could be wrong in many ways
    assert outcome["facts"] and len(outcome) > rejects, outcome
    told = ", ".join(f"{count} {what}" for what, count in outcome.most_common())
    tell(f"{kind}/{stream}: seed {SEED}, {EACH} mutated messages: {told}")


@pytest.mark.parametrize(
    ("kind", "stream", "name"),
    [
        ("worker", "gps", "accuracy_m"),
        ("worker", "inspection", "accuracy_m"),
        ("camera", "event", "confidence"),
        ("bodycam", "gps", "battery"),
    ],
)
@pytest.mark.parametrize("number", [1e-39, 1e-50, 1e-320])
def test_a_number_smaller_than_the_databases_is_no_reason_to_refuse(
    kind: str, stream: str, name: str, number: float, room: Room
) -> None:
    body = json.loads(captured(kind, stream)[0])
    body["data"][name] = number
    states = [f'{{"online":true,"battery":{number}}}'.encode()]
    sent = [deliver(topic_of(kind, stream), json.dumps(body).encode())]
    sent += [deliver(topic_of(its, "state"), payload) for its in ("worker", "printer") for payload in states]
    messages = [decoded(delivery) for delivery in sent]
    assert all(isinstance(one, Fact) for _, said in messages for one in said)
    assert room.refused(messages) == []


def test_a_mutated_topic_is_somebodys_or_refused(tell: Tell) -> None:
    chance, outcome = Random(SEED), Counter[str]()
    for _ in range(TOPICS):
        kind, stream = chance.choice(DECODERS)
        topic = mutate_topic(chance, topic_of(kind, stream))
        said = decoded(deliver(topic, chance.choice(captured(kind, stream))))[1]
        outcome.update(one.reason if isinstance(one, DecodeError) else "facts" for one in said)
    assert {"facts", "bad_topic", "unknown_kind", "unknown_stream"} <= outcome.keys()
    tell(f"topics: seed {SEED}, {TOPICS} mutated: {dict(outcome.most_common())}")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
anything = settings(max_examples=EXAMPLES, deadline=None, derandomize=True)


@given(st.sampled_from(DECODERS), st.binary(max_size=300))
@anything
def test_any_bytes_are_facts_or_rejects(decoder: tuple[str, str], payload: bytes) -> None:
    decoded(deliver(topic_of(*decoder), payload))


@given(st.sampled_from(DECODERS), JSON, st.data())
@anything
def test_any_json_is_facts_or_rejects(decoder: tuple[str, str], document: Any, data: st.DataObject) -> None:
    import json

    good = {"id": "m1", "ts": TS, "data": document}
    body = data.draw(st.sampled_from([document, good, [good, document]]))
    decoded(deliver(topic_of(*decoder), json.dumps(body).encode("utf-8", "surrogatepass")))


@given(st.text(), st.binary(max_size=50))
@anything
def test_any_topic_is_somebodys_or_refused(topic: str, payload: bytes) -> None:
    decoded(deliver(topic, payload))
