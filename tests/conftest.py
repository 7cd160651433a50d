"""Real servers for the tests: a PostgreSQL, an embedded broker, Debian's mosquitto.

The server is the one that GRIDWARD_TEST_DATABASE_URL names (its owner's address), else an embedded
one that lives as long as the test run.
"""

import contextlib
import os
import random
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import settings
from iotcore import Broker

from db.connect import INGEST, Row, connect
from db.embedded import EmbeddedPostgres
from db.embedded_home import account, cluster
from db.migrate import migrate
from ingest.contract.messages import MAX_MESSAGE_BYTES

WAITING = ("e2e", "chaos")
"""The rooms whose tests wait for processes and browsers, some of them a minute."""

# No test is timed: on a busy machine a property's example may take any time.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first: where several workers take files in turn, none is left with one at the end."""
    items.sort(key=lambda item: item.path.parent.name not in WAITING)


def free_port() -> int:
    """A port to listen on, below those that the kernel gives to outgoing connections: one of the many
    that the simulators make must not take it before its server does."""
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no free port")


def wait_until(
    condition: Callable[[], Any], seconds: float = 20, every: float = 0.05, what: str = "the condition"
) -> Any:
    """Poll until `condition` gives something true, and return it; fails the test after `seconds`."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, f"{what} did not come true within {seconds} s"
        time.sleep(every)
    return value


@pytest.fixture(scope="session", autouse=True)
def out_of_the_checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What is told no other place keeps its files where they go with the test run."""
    with pytest.MonkeyPatch.context() as environ:
        environ.setenv("GRIDWARD_DATA", str(tmp_path_factory.mktemp("gridward")))
        yield


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server's owner, for making databases on it."""
    if given := os.environ.get("GRIDWARD_TEST_DATABASE_URL"):
        yield given
        return
    data = tmp_path_factory.mktemp("server")
    server = EmbeddedPostgres(data, free_port())
    server.start()
    with psycopg.connect(server.url, autocommit=True) as owner:
        # Nothing of it has to outlive the machine; what a killed server had written is there all the same.
        owner.execute("ALTER SYSTEM SET fsync = off")
        owner.execute("SELECT pg_reload_conf()")
    yield server.url
    server.stop()
    shutil.rmtree(cluster(data, account()))  # started by root, it lies outside of `data`


@contextlib.contextmanager
def database(server_url: str, copy_of: str = "template1") -> Iterator[str]:
    """The owner's address of a database on the server, a copy of another, for the length of the block."""
    name = f"gw_test_{secrets.token_hex(4)}"
    with psycopg.connect(server_url, autocommit=True) as owner:
        owner.execute(f"CREATE DATABASE {name} TEMPLATE {copy_of}")
        yield server_url.rpartition("/")[0] + "/" + name
        owner.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def migrated(server_url: str) -> Iterator[str]:
    """The name of a migrated database that is there to be copied: nobody can connect to it."""
    with database(server_url) as url, psycopg.connect(server_url, autocommit=True) as owner:
        migrate(url)
        name = url.rpartition("/")[2]
        owner.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        yield name


@pytest.fixture(scope="module")
def database_url(server_url: str, migrated: str) -> Iterator[str]:
    """The owner's address of a fresh, migrated database of the module's own."""
    with database(server_url, migrated) as url:
        yield url


@pytest.fixture
def ingest_conn(database_url: str) -> Iterator[psycopg.Connection[Row]]:
    """A connection acting as ingest, whose work is rolled back after the test."""
    with connect(database_url, INGEST) as conn:
        yield conn
        conn.rollback()


@pytest.fixture(scope="module")
def embedded_broker() -> Iterator[str]:
    """The address of an embedded broker, which keeps no session of other tests' ingest."""
    with Broker(port=free_port(), listen="127.0.0.1", max_payload_size=MAX_MESSAGE_BYTES) as broker:
        yield f"mqtt://127.0.0.1:{broker.port}"


def need(*programs: str) -> None:
    """Skip the test, naming what is missing; in CI a missing program is a failure."""
    missing = [name for name in programs if shutil.which(name, path=_path()) is None]
    if missing and os.environ.get("CI"):
        pytest.fail(f"in CI nothing may be missing: {', '.join(missing)}")
    if missing:
        pytest.skip(f"needs {', '.join(missing)} (see CONTRIBUTING.md)")


def _path() -> str:
    return os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


@pytest.fixture(scope="module")
def mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of Debian's mosquitto with the production settings for queues and persistence."""
    need("mosquitto")
    home, port = tmp_path_factory.mktemp("mosquitto"), free_port()
    (home / "mosquitto.conf").write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous true\nuser {_user()}\n"
        f"persistence true\npersistence_location {home}/\nautosave_interval 1\n"
        "max_queued_messages 1000000\nmax_queued_bytes 536870912\nmax_inflight_messages 0\n"
    )
    program = shutil.which("mosquitto", path=_path())
    assert program
    with (home / "log").open("w") as log:
        process = subprocess.Popen([program, "-c", str(home / "mosquitto.conf")], stdout=log, stderr=log)
    try:
        wait_until(lambda: _listens(port), what="mosquitto")
        yield f"mqtt://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _user() -> str:
    """Mosquitto started as root would change to an account that cannot read the test's folder."""
    return "root" if os.geteuid() == 0 else os.environ.get("USER", "nobody")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(params=["embedded_broker", "mosquitto"])
def broker_url(request: pytest.FixtureRequest) -> str:
    """Each broker in turn."""
    return str(request.getfixturevalue(request.param))


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"
