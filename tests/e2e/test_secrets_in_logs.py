"""No secret that a process was given stands in anything that it writes, whether it was right or wrong."""

import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from ingest.registry import import_world
from ingest.settings import DATA, DATABASE_URL, MQTT_URL
from tests import tiny
from tests.conftest import free_port, wait_until
from tests.e2e.cli import ROOT, environ, gridward
from tests.e2e.compose import ProductionBroker, let_in, shut_out

DATABASE_WORD, BROKER_WORD, CHANNEL_WORD = "db-s3cret-word", "mqtt-s3cret-word", "channel-s3cret-word"
SECRETS = (DATABASE_WORD, BROKER_WORD, CHANNEL_WORD)
COMMANDS = [
    *(["migrate"], ["status"], ["kpi"], ["import", "nowhere"], ["retention", "list"], ["notify", "list"]),
    *(["account", "list"], ["account", "add", "chen"], ["account", "reset", "chen"]),
    *(["device", "list"], ["device", "add", "350299/worker/W1"], ["backup", "out"], ["restore", "."]),
    *(
        ["module", "list"],
        ["threshold", "list"],
        ["report", "o.pdf", "--station=350299/01", "--month=2026-10"],
    ),
]


@pytest.fixture(scope="module")
def world(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world")))
    return database_url


def known(text: str) -> list[str]:
    """The secrets that stand in a text, plain or as an address would have them."""
    return [secret for secret in SECRETS if secret in text or quote(secret) in text]


def tries(tmp_path: Path, url: str, *words: str) -> None:
    settings = {DATABASE_URL: url.format(word=DATABASE_WORD, port=free_port()), DATA: str(tmp_path)}
    settings[MQTT_URL] = f"mqtt://ingest:{BROKER_WORD}@127.0.0.1:{free_port()}"
    done = gridward(*words, **settings)
    assert done.returncode != 0
    assert known(done.stdout + done.stderr) == []


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words[:2]))
def test_a_command_that_fails_does_not_tell_the_address(words: list[str], tmp_path: Path) -> None:
    tries(tmp_path, "postgresql://gw_ingest:{word}@127.0.0.1:{port}/gridward", *words)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://gw_ingest:{word}@nowhere.invalid/gridward",
        "postgresql://gw_ingest:{word}@127.0.0.1:port/gridward",
        "postgresql://gw_ingest:{word}:@@127.0.0.1/gridward",
        "postgres:gw_ingest:{word}@127.0.0.1/gridward",
    ],
)
def test_an_address_that_is_none_is_not_told(url: str, tmp_path: Path) -> None:
    tries(tmp_path, url, "status")


def test_a_run_with_right_and_wrong_secrets_writes_none_of_them(world: str, tmp_path: Path) -> None:
    broker = ProductionBroker(tmp_path / "broker")
    place = world.rpartition("@")[2]
    url = f"postgresql://gw_ingest:{DATABASE_WORD}@{place}"
    settings = {DATABASE_URL: url, DATA: str(tmp_path / "data")}
    logs = {name: tmp_path / f"{name}.log" for name in ("refused", "ingest", "dashboard")}
    running: list[subprocess.Popen[bytes]] = []

    def start(name: str, *words: str, **more: str) -> None:
        with logs[name].open("wb") as log:
            environment = environ(**settings | more)
            command = [sys.executable, "-m", "gridward", *words]
            running.append(subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log))

    def says(name: str, text: str) -> bool:
        return text in logs[name].read_text()

    try:
        let_in(world, INGEST_PASSWORD=DATABASE_WORD, DASHBOARD_PASSWORD=DATABASE_WORD)
        added = gridward(
            "notify", "add", "duty", typed=f"json://user:{CHANNEL_WORD}@127.0.0.1:1/x\n", **settings
        )
        assert added.returncode == 0, added
        tried = gridward("notify", "test", "duty", **settings)
        assert tried.returncode == 1
        start("refused", "ingest", **{MQTT_URL: f"mqtt://ingest:{BROKER_WORD}@127.0.0.1:{broker.port}"})
        wait_until(lambda: says("refused", "ot authori"), what="the broker's refusal")
        running.pop().kill()
        right = f"mqtt://ingest:{broker.words['ingest']}@127.0.0.1:{broker.port}"
        start("ingest", "ingest", **{MQTT_URL: right})
        start("dashboard", "dashboard", f"--port={free_port()}")
        wait_until(lambda: says("ingest", "ready"), what="a reading ingest")
        broker.kill()
        wait_until(lambda: says("ingest", "trying again"), what="the loss of the broker")
        written = "".join(path.read_text() for path in (*logs.values(), broker.home / "log"))
        assert len(written) > 500
        everything = written + added.stdout + added.stderr + tried.stdout + tried.stderr
        assert known(everything) == []
        assert not any(word in everything for word in (broker.words["ingest"], broker.words["gateway"]))
    finally:
        for process in running:
            process.kill()
            process.wait(10)
        broker.kill()
        shut_out(world)
