"""The database's side alone: staging by COPY, and the full sink, with facts that are ready beforehand."""

import gc
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from bench.house import House
from bench.publisher import Message
from db.connect import INGEST, connect
from ingest.contract.delivery import Delivery
from ingest.decoders import decode_all, decoders
from ingest.domain.facts import Fact
from ingest.domain.place import place
from ingest.snapshots import load_roster
from ingest.store import prepare, stage_pings, store_facts

_COPY_OUT = (
    "COPY (SELECT * FROM ping ORDER BY received_at, ts, worker_id LIMIT {} OFFSET {}) TO STDOUT BINARY"
)


def facts_of(house: House, messages: Sequence[Message]) -> list[Fact]:
    """The facts of `messages`, decoded and placed as ingest does it."""
    decoders()
    now = datetime.now(UTC)
    deliveries = [
        Delivery(topic.decode(), payload, 1, False, False, 0, 0, now, live=False)
        for topic, payload in messages
    ]
    with connect(house.database.url, INGEST) as conn:
        roster = load_roster(conn, house.district.code)
    facts = [one for _, some in decode_all(deliveries) for one in some if isinstance(one, Fact)]
    return place(facts, roster)


def full(house: House, facts: Sequence[Fact], batch: int) -> float:
    """Rows a second of `stage_pings`, `store_facts` and commit, `batch` at a time, over one connection."""
    house.database.empty()
    gc.collect()
    gc.freeze()  # the facts are ours, not of ingest's making: nobody should walk through them
    with connect(house.database.url, INGEST) as conn:
        prepare(conn)
        conn.commit()
        began = time.monotonic()
        for start in range(0, len(facts), batch):
            stage_pings(conn, facts[start : start + batch])
            store_facts(conn, facts[start : start + batch])
            conn.commit()
        return len(facts) / (time.monotonic() - began)


def staging(house: House, batch: int) -> float:
    """Rows a second that COPY takes into the staging table, of the rows that `ping` holds now.

    The rows come ready in COPY's binary form: what is left is the database's own work.
    """
    rows = house.database.value("SELECT count(*) FROM ping")
    batches = list(_copied_out(house, rows, batch))
    with connect(house.database.url, INGEST) as conn:
        prepare(conn)
        conn.commit()
        began = time.monotonic()
        for batch_bytes in batches:
            with conn.cursor().copy("COPY stage_ping FROM STDIN BINARY") as copy:
                copy.write(batch_bytes)
            conn.commit()  # which empties the table
        return float(rows / (time.monotonic() - began))


def _copied_out(house: House, rows: int, batch: int) -> Iterator[bytes]:
    with connect(house.database.url) as conn:
        for start in range(0, rows, batch):
            with conn.cursor().copy(_COPY_OUT.format(batch, start).encode()) as copy:
                yield b"".join(map(bytes, copy))
