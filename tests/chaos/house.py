"""A broker, a database, ingests and devices, and a ledger: what a test of this folder kills and counts."""

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from ingest.settings import DATA, DATABASE_URL, DISTRICTS, MQTT_URL
from tests import tiny
from tests.chaos.ledger import Ledger, Row, rows
from tests.chaos.processes import Ingest, Mosquitto, Server
from tests.chaos.publisher import Publisher
from tests.chaos.relay import Relay
from tests.chaos.traffic import Message, Traffic
from tests.conftest import wait_until
from tests.e2e.cli import gridward
from tests.e2e.compose import WORDS

__all__ = ["House", "Server"]


class House:
    """A broker, a database and as many ingests as are started: all of them and a ledger for one test."""

    def __init__(self, server: Server, home: Path) -> None:
        self.server, self.home, self.ledger = server, home, Ledger()
        self.logins = server.copy()
        self.broker = Mosquitto(home / "broker")
        self.ingests: list[Ingest] = []
        self.publishers: list[Publisher] = []
        self.relays: list[Relay] = []

    @property
    def data(self) -> Path:
        return self.home / "data"

    def ingest(self, port: int | None = None) -> Ingest:
        """Start one more; `port` is where it finds the broker, if not at the broker's own."""
        self.data.mkdir(exist_ok=True)
        settings = {
            DATABASE_URL: self.logins.ingest,
            MQTT_URL: f"mqtt://ingest:{WORDS['ingest']}@127.0.0.1:{port or self.broker.port}",
            DISTRICTS: str(tiny.DISTRICT),
            DATA: str(self.data),
        }
        self.ingests.append(Ingest(settings, self.home / f"ingest-{len(self.ingests) + 1}.log"))
        return self.ingests[-1]

    def publish(self, messages: Iterator[Message], rate: int) -> Publisher:
        """Start to publish, `rate` messages a second, into the ledger."""
        login = ("gateway", WORDS["gateway"])
        self.publishers.append(Publisher(self.broker.port, login, self.ledger, messages, rate))
        self.publishers[-1].start()
        return self.publishers[-1]

    def publish_all(self, messages: Iterable[Message]) -> None:
        """Publish these few as fast as it goes, and wait until all are acknowledged."""
        self.publish(iter(messages), 2000).wait()

    def publish_one(self, traffic: Traffic) -> Message:
        """Publish a single ping and wait until it is acknowledged: it comes after all before it."""
        message = traffic.one("gps")
        self.publish_all([message])
        return message

    def relay(self) -> Relay:
        """A way to the broker that can be watched."""
        self.relays.append(Relay(self.broker.port))
        return self.relays[-1]

    def connect(self) -> psycopg.Connection[Any]:
        """A connection of the database's owner."""
        return psycopg.connect(self.logins.owner, autocommit=True)

    def count(self, table: str = "ping") -> int:
        with self.connect() as conn:
            row = conn.execute(f"SELECT count(*) FROM {table}").fetchone()
        return int(row[0]) if row else 0

    @contextmanager
    def shut(self, table: str) -> Iterator[None]:
        """Let nobody into `table` meanwhile: a batch that needs it stands still in its transaction."""
        with self.connect() as conn, conn.transaction():
            conn.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            yield

    def wait_for_batch(self, table: str) -> None:
        """Wait until a batch stands before `table`, which is shut."""
        before = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass"
        with self.connect() as conn:
            wait_until(lambda: conn.execute(before, (table,)).fetchone() != (0,), 30, what="a batch in hand")

    def stored(self) -> set[Row]:
        """All facts in the database."""
        with self.connect() as conn:
            return set(rows(conn))

    def complaints(self, patience: float = 15) -> list[str]:
        """In what the database differs from the ledger, when nothing has changed in it for `patience` s."""
        logs = [ingest.log for ingest in self.ingests]
        noise = [f"Traceback in {log.name}" for log in logs if "Traceback" in log.read_text()]
        before, end = None, 0.0
        with self.connect() as conn:
            while told := self.ledger.complaints(conn, self.data):
                if told != before:
                    before, end = told, time.monotonic() + patience
                if time.monotonic() > end:
                    break
                time.sleep(0.2)
        return told + noise

    def says(self, trouble: str) -> None:
        """Wait until `gridward status` names this trouble."""
        wait_until(lambda: trouble in self.status()["trouble"], 30, what=f"the trouble {trouble!r}")

    def status(self) -> dict[str, Any]:
        """What `gridward status --json` says now."""
        done = gridward("status", "--json", **{DATABASE_URL: self.logins.owner})
        assert done.returncode == 0, done.stderr
        return dict(json.loads(done.stdout))

    def close(self) -> None:
        for publisher in self.publishers:
            publisher.abandon()
        for ingest in self.ingests:
            if ingest.process.poll() is None:
                ingest.kill()
        for relay in self.relays:
            relay.close()
        if self.broker.process.poll() is None:
            self.broker.stop()
