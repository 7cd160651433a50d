"""Broker, database and registry of one run, and whatever is started against them; all gone at the end."""

import random
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bench.broker import Mosquitto
from bench.database import Database, database
from bench.ingest_process import Ingest, running
from bench.world import District, settle


@dataclass(frozen=True)
class House:
    """What a benchmark is run against."""

    home: Path
    broker: Mosquitto
    database: Database
    district: District
    metrics_port: int

    @contextmanager
    def ingest(self) -> Iterator[Ingest]:
        """The real ingest of the district, ready."""
        settings = {
            "GRIDWARD_DATABASE_URL": self.database.url,
            "GRIDWARD_MQTT_URL": self.broker.url,
            "GRIDWARD_DATA": str(self.home / "data"),
            "GRIDWARD_DISTRICTS": str(self.district.code),
            "GRIDWARD_METRICS": f"127.0.0.1:{self.metrics_port}",
        }
        with running(settings, self.home / "ingest.log") as ingest:
            yield ingest


@contextmanager
def house(world: str) -> Iterator[House]:
    """A house with the world of that name, made within some twenty seconds."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gridward-bench-")))
        say("starting PostgreSQL and mosquitto")
        base = stack.enter_context(database(home / "database", free_port()))
        broker = Mosquitto(home / "mosquitto", free_port())
        stack.callback(broker.stop)
        say(f"growing and importing the world {world}")
        district = settle(base.url, world, home / "world")
        (home / "data").mkdir()
        yield House(home, broker, base, district, free_port())


def say(line: str) -> None:
    """Progress, for people: on stderr, since stdout is for the result."""
    print(f"bench: {line}", file=sys.stderr, flush=True)  # noqa: T201 - a command's own words


def free_port() -> int:
    """A port of loopback's that nobody listens on, below those given to outgoing connections."""
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("no free port")
