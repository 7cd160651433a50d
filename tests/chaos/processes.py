"""The processes that are killed here: a PostgreSQL, a mosquitto as in production, and the real ingest."""

import os
import secrets
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from db.connect import INGEST, connect
from db.embedded import EmbeddedPostgres
from db.migrate import migrate
from ingest.courier import carry_out
from ingest.registry import import_world
from ingest.snapshots import load_roster
from tests import tiny
from tests.chaos.traffic import write_world
from tests.conftest import wait_until
from tests.e2e.cli import ROOT, environ
from tests.e2e.compose import ProductionBroker
from up.database import Logins, make_logins

_NOWHERE = "350298/worker/nobody/gps"  # no ingest of ours listens there


class Server(EmbeddedPostgres):
    """A cluster of our own, with one migrated and imported database to copy."""

    def furnish(self, world: Path) -> None:
        """Start, and make the database that `copy` copies, its tasks launched."""
        self.start()
        migrate(self.url)
        import_world(self.url, write_world(world))
        with connect(self.url, INGEST) as conn:
            carry_out(conn, load_roster(conn, tiny.DISTRICT), datetime.now(UTC))

    def copy(self) -> Logins:
        """The addresses of a fresh copy of the furnished database."""
        name = f"chaos_{secrets.token_hex(4)}"
        with psycopg.connect(self._address("postgres"), autocommit=True) as conn:
            conn.execute(f"CREATE DATABASE {name} TEMPLATE gridward")
        return make_logins(self._address(name))

    def kill(self) -> None:
        """End all of its processes at once and hard, as a crash of the machine would."""
        assert self._server
        os.killpg(self._server.pid, signal.SIGKILL)
        self._server.wait()

    def _address(self, database: str) -> str:
        return self.url.removesuffix("gridward") + database


class Mosquitto(ProductionBroker):
    """The broker with the production configuration, logins and all."""

    def takes(self, login: str, text: str, where: str = _NOWHERE) -> bool:
        return super().takes(login, text, where)

    @property
    def saved(self) -> Path:
        """The file in which it keeps what it has accepted."""
        return self.home / "data" / "mosquitto.db"


class Ingest:
    """`python -m ingest` in a process of its own, with its output in a file."""

    def __init__(self, settings: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ingest"],
                env=environ(**settings), cwd=ROOT, stdout=output, stderr=output,
            )  # fmt: skip

    @property
    def is_ready(self) -> bool:
        return "ingest ready: " in self.log.read_text()

    def wait_until_ready(self, seconds: float = 30) -> "Ingest":
        wait_until(lambda: self.is_ready or self.process.poll() is not None, seconds, what="ingest ready")
        assert self.process.poll() is None, self.log.read_text()
        return self

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)

    def stop(self, seconds: float = 10) -> int:
        """Ask it to end; its exit code."""
        self.process.terminate()
        return self.process.wait(seconds)
