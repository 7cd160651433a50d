"""The services of docker-compose.yml with their own commands, settings and health checks, on loopback
instead of in containers: the production broker, the roles' logins, a district that reports."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
import yaml

from tests.conftest import free_port, wait_until
from tests.e2e.cli import ROOT, environ
from tests.e2e.compose import GIVEN, ProductionBroker, config, let_in, shut_out


@dataclass
class Yard:
    """Where the services run; `services` is what docker-compose made of the file."""

    home: Path
    owner: str
    broker: ProductionBroker
    services: dict[str, Any]
    screen: int = field(default_factory=free_port)
    metrics: int = field(default_factory=free_port)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def here(self, text: str) -> str:
        """`text` with the containers' addresses and folders as they are on this machine."""
        text = re.sub(r"^postgresql://postgres:.*", self.owner, text)
        place = urlsplit(self.owner)
        database = f"@127.0.0.1:{place.port}{place.path}"
        for theirs, ours in (
            ("@timescaledb:5432/gridward", database),
            ("@mosquitto:1883", f"@127.0.0.1:{self.broker.port}"),
            ("/worlds", str(self.home / "worlds")),
            ("/data", str(self.home / "data")),
            ("0.0.0.0", "127.0.0.1"),
            (":8501", f":{self.screen}"),
            (":9464", f":{self.metrics}"),
            (":075B ", f":{self.broker.port:04X} "),
        ):
            text = text.replace(theirs, ours)
        return text

    def start(self, name: str, command: list[str] | None = None) -> subprocess.Popen[bytes]:
        """The service, or another command in its environment."""
        settings = {key: self.here(value) for key, value in self.services[name]["environment"].items()}
        told = [self.here(word) for word in command or self.services[name]["command"]]
        if told[:2] == ["gridward", "dashboard"]:
            told.append(f"--port={self.screen}")
        path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
        with (self.home / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                told, env=environ(PATH=path, **settings), cwd=ROOT, stdout=log, stderr=log
            )

    def is_healthy(self, name: str) -> bool:
        how, *test = self.services[name]["healthcheck"]["test"]
        assert how == "CMD"
        return self.start(name, test).wait(30) == 0

    def serve(self, name: str) -> None:
        self.running[name] = self.start(name)

    def stop(self, name: str) -> None:
        process = self.running.pop(name)
        process.terminate()
        assert process.wait(30) == 0, (self.home / f"{name}.log").read_text()


@pytest.fixture
def yard(database_url: str, tmp_path: Path) -> Iterator[Yard]:
    services = yaml.safe_load(config(tmp_path, **GIVEN).stdout)["services"]
    (tmp_path / "worlds").mkdir()
    yard = Yard(tmp_path, database_url, ProductionBroker(tmp_path / "broker"), services)
    try:
        yield yard
    finally:
        for process in yard.running.values():
            process.kill()
            process.wait(10)
        yard.broker.stop()
        shut_out(database_url)


def test_the_services_work_together_as_their_file_says(yard: Yard) -> None:
    assert yard.start("migrate").wait(60) == 0
    words = {key: value for key, value in yard.services["logins"]["environment"].items() if "_" in key}
    let_in(yard.owner, **words)
    assert not yard.is_healthy("ingest")
    assert not yard.is_healthy("simulators")
    first = ["gridward", "account", "add", "admin", "--roles", "all"]
    assert yard.start("owner", first).wait(30) == 0
    assert re.fullmatch(r"admin [a-z-]{24}\n", (yard.home / "owner.log").read_text())
    assert yard.start("world").wait(120) == 0, (yard.home / "world.log").read_text()
    for name in ("ingest", "dashboard", "simulators"):
        yard.serve(name)
    for name in yard.running:
        wait_until(lambda name=name: yard.is_healthy(name), seconds=60, every=1, what=f"a healthy {name}")
    with psycopg.connect(yard.owner, autocommit=True) as conn:
        count = "SELECT count(*) FROM ping"
        wait_until(lambda: conn.execute(count).fetchone() != (0,), seconds=60, what="a position")
    status = yard.start("ingest", ["gridward", "status", "--json"])
    assert status.wait(30) == 0
    lines = (yard.home / "ingest.log").read_text().splitlines()
    assert json.loads(lines[-1])["trouble"] == []
    for name in ("simulators", "dashboard", "ingest"):
        yard.stop(name)
    wait_until(lambda: not yard.is_healthy("ingest"), every=1, what="ingest found silent")
