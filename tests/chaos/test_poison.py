"""Messages that decode well and that the database refuses: rejected alone, and their batch is stored."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random

import psycopg
import pytest

from db.connect import INGEST, Row, connect
from ingest.alerts import rules
from ingest.contract.delivery import Delivery
from ingest.decoders import decode_all, decoders
from ingest.pipeline import Pipeline
from ingest.registry import import_world
from ingest.snapshots import load_roster
from ingest.store import prepare
from tests import tiny
from tests.chaos.conftest import Tell
from tests.chaos.house import House
from tests.chaos.length import SEED, pick
from tests.chaos.session import open_session, waiting
from tests.chaos.traffic import Message, Traffic
from tests.conftest import wait_until

BATCH = 5_000
NOW = datetime.now(UTC).replace(microsecond=0)
SECRET = "poison-of-甲一"
"""In every message that is refused: a person's own words, which no log may quote."""
CONSTRAINTS = (
    "ALTER TABLE clue ADD CONSTRAINT harmless CHECK (text NOT LIKE 'poison%')",
    "ALTER TABLE ping ADD CONSTRAINT harmless CHECK (id NOT LIKE 'poison%')",
)
decoders()
rules()


@pytest.fixture(scope="module")
def world(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world")))
    with psycopg.connect(database_url) as owner:
        for constraint in CONSTRAINTS:
            owner.execute(constraint.encode())
    return database_url


@pytest.fixture
def conn(world: str) -> Iterator[psycopg.Connection[Row]]:
    with connect(world, INGEST) as conn:
        yield conn
        conn.rollback()


def envelope(id_: str, number: int, **data: object) -> bytes:
    ts = round(NOW.timestamp() * 1000) - number
    return json.dumps({"id": id_, "ts": ts, "data": {"lon": 118.005, "lat": 24.605, **data}}).encode()


def batch(poisoned: str, poisons: int) -> list[Delivery]:
    """A batch of pings with so many of the stream `poisoned` among them that the database refuses."""
    bad = set(Random(SEED).sample(range(BATCH), poisons))
    deliveries = []
    for number in range(BATCH):
        stream, payload = "gps", envelope(f"g{number}", number)
        if number in bad:
            stream = poisoned
            payload = (
                envelope(f"poison-{number}", number)
                if stream == "gps"
                else envelope(f"c{number}", number, kind="无证经营", severity="general", text=SECRET)
            )
        topic = f"gw/v1/{tiny.DISTRICT}/worker/W{number % 3 + 1}/{stream}"
        deliveries.append(Delivery(topic, payload, 1, False, False, 1, 1, NOW, False))
    return deliveries


@pytest.mark.parametrize(
    ("poisoned", "poisons"),
    [("clue", 1), ("clue", 5), ("clue", pick(25, 500)), ("gps", 1), ("gps", pick(3, 50))],
)
def test_poison_in_a_batch_is_rejected_alone_and_the_others_are_stored(
    poisoned: str, poisons: int, conn: psycopg.Connection[Row], tmp_path: Path, tell: Tell
) -> None:
    prepare(conn)
    rosters = {tiny.DISTRICT: load_roster(conn, tiny.DISTRICT)}
    pipeline = Pipeline(conn, tmp_path, rosters, NOW - timedelta(days=1), lambda: rosters)
    messages = decode_all(batch(poisoned, poisons))
    began = time.perf_counter()
    pipeline.take(messages)
    took = time.perf_counter() - began
    (stored,) = conn.execute("SELECT count(*) AS pings FROM ping")
    (hourly,) = conn.execute("SELECT sum(pings) AS pings FROM ping_hourly")
    assert (stored["pings"], hourly["pings"]) == (BATCH - poisons, BATCH - poisons)
    rejected = conn.execute("SELECT reason, payload FROM rejected_message").fetchall()
    assert len(rejected) == poisons
    assert all(row["reason"].startswith("refused_by_database: ") for row in rejected)
    assert all(b"poison" in row["payload"] for row in rejected)
    tell(f"{poisons} {poisoned} refused in a batch of {BATCH}: {took:.2f} s")


def poison(number: int) -> Message:
    """A clue that decodes and that the database refuses, acknowledged all the same."""
    data = {"kind": "无证经营", "severity": "general", "text": SECRET}
    payload = envelope(f"{SEED}-{number}", number, **data)
    return Message("clue", "worker", f"W{number % 40 + 1}", f"{SEED}-{number}", payload)


def test_through_all_of_ingest_poison_is_acknowledged_kept_as_a_reject_and_not_in_the_log(
    house: House, traffic: Traffic, tell: Tell
) -> None:
    poisons, good = pick(3, 100), pick(500, 20_000)
    with house.connect() as owner:
        owner.execute(CONSTRAINTS[0].encode())
    mixed, chance = list(islice(traffic, good)), Random(SEED)
    bad = [poison(number) for number in range(poisons)]
    for message in (*bad, Message("gps", "worker", "W1", "noise", SECRET.encode())):
        mixed.insert(chance.randrange(good), message)
    open_session(house.broker.port)
    house.publish_all(mixed)  # all of it waits in the broker: for ingest one batch, or nearly
    ingest = house.ingest().wait_until_ready()
    last = house.publish_one(traffic)
    wait_until(lambda: last.row in house.stored(), 60, what="the last message")

    told = [line for line in house.complaints(patience=1) if not line.startswith("rejected: ")]
    assert told == []
    with house.connect() as owner:
        rejects = dict(
            owner.execute("SELECT split_part(reason, ':', 1), count(*) FROM rejected_message GROUP BY 1")
        )
    assert rejects == {"refused_by_database": poisons, "not_json": 1}
    assert ingest.stop() == 0
    after = house.publish_one(traffic)
    assert waiting(house.broker.port, after.payload) == [
        after.payload
    ]  # nothing else was left unacknowledged
    log = ingest.log.read_text(encoding="utf-8")
    assert "refused by the database" in log
    assert "poison" not in log and "甲一" not in log
    tell(f"{poisons} refused and 1 not understood among {good}; none of it is in the log")
