"""The parts of a run: how each is started and watched; they stop in the reverse order.

That order is database, broker, dashboard, ingest, simulators, so that on the way back nobody speaks
to somebody who is gone, and ingest has stored all that the devices said.
"""

import http.client
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from db.embedded import EmbeddedPostgres
from db.migrate import migrate
from ingest.contract.errors import ConfigError, RetryLater
from ingest.registry import STEPS as IMPORT_STEPS
from ingest.registry import import_world
from ingest.settings import DATA, DATABASE_URL, DISTRICTS, FOREIGN, MQTT_URL, SCREEN, Settings
from simulators.__main__ import STEPS as DEVICE_STEPS
from up.account_store import ADMINISTRATOR, first_administrator
from up.child import Child
from up.database import Logins, make_logins, same_for_all
from up.order import actor
from up.ports import check_free
from up.progress import Progress
from up.run import Run, record
from up.world import STEPS, prepare

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What `gridward up` was asked for; `seconds` None means until it is stopped."""

    world: str
    data: Path
    port: int
    mqtt_port: int
    db_port: int
    simulate: bool = True
    seconds: float | None = None


class House:
    """All parts of one run; what has been started is put onto `stack`, to be stopped from there."""

    def __init__(
        self, wishes: Wishes, settings: Settings, environ: Mapping[str, str], say: Say, stack: ExitStack
    ) -> None:
        self._wishes, self._settings, self._say, self._stack = wishes, settings, say, stack
        self._environ = {
            name: value for name, value in environ.items() if name not in (DATABASE_URL, MQTT_URL)
        }
        self._environ[DATA] = str(wishes.data)
        self._children: list[Child] = []
        self._server: EmbeddedPostgres | None = None

    def start(self) -> None:
        """Start all parts, one line each; raises what the part that fails raises."""
        self._check_ports()
        with self._step("world") as told:
            with Progress("world", STEPS, self._say) as progress:
                world = prepare(self._wishes.world, self._wishes.data, progress.begin)
            told.append(str(world))
        logins = self._start_database()
        mqtt_url = self._start_broker()
        run = Run(logins.owner, mqtt_url, f"http://127.0.0.1:{self._wishes.port}")
        record(self._wishes.data, run)
        with self._step("registry") as told:
            with Progress("registry", IMPORT_STEPS, self._say) as progress:
                report = import_world(logins.owner, world, progress.begin, actor=actor())
            told += report.lines()
        if password := first_administrator(logins.owner):
            line = f"administrator: {ADMINISTRATOR.name}  first password: {password}"
            self._say(f"{line} (changed at the first login)")
        districts = self._settings.districts or (report.district,)
        if report.district not in districts:
            raise ConfigError(f"{DISTRICTS} leaves out {report.district}, the district of {world}")
        self._environ[DISTRICTS] = ",".join(map(str, districts))
        self._environ.setdefault(FOREIGN, "1")  # there is no other ingest
        self._environ.setdefault(SCREEN, run.dashboard_url)
        self._start_dashboard(logins.dashboard)
        self._start_ingest(logins.ingest, mqtt_url)
        if self._wishes.simulate:
            self._start_simulators(world, mqtt_url)
        record(self._wishes.data, msgspec.structs.replace(run, districts=districts, ready=True))
        self._say(f"Gridward is at {run.dashboard_url} (Ctrl-C stops it; data stays in {self._wishes.data})")

    def watch(self) -> None:
        """Wait until the wished time is over; raises RetryLater when a part ends by itself."""
        seconds = self._wishes.seconds
        end = time.monotonic() + (float("inf") if seconds is None else seconds)
        while time.monotonic() < end:
            for child in self._children:
                child.check()
            if self._server and not self._server.is_running:
                raise RetryLater(f"database ended: {self._server.last_words}")
            time.sleep(0.2)

    def _check_ports(self) -> None:
        ports = {"--port": self._wishes.port}
        if self._settings.broker is None:
            ports["--mqtt-port"] = self._wishes.mqtt_port
        if self._settings.database is None:
            self._server = EmbeddedPostgres(self._wishes.data, self._wishes.db_port)
            self._server.stop()  # what a killed run has left
            ports["--db-port"] = self._wishes.db_port
        # Such a run's other processes have been told to end and may be at it.
        killed = (self._wishes.data / "run.json").exists()
        check_free(ports, patience_s=10 if killed else 0)

    def _start_database(self) -> Logins:
        with self._step("database") as told:
            if server := self._server:
                server.start()
                self._on_stop("database", server.stop)
                told.append(f"PostgreSQL on 127.0.0.1:{server.port}")
            else:
                told.append(f"as {DATABASE_URL} says")
        owner = server.url if server else self._settings.database_url
        with self._step("schema") as told:
            applied = migrate(owner)
            told.append(f"{len(applied)} migrations applied" if applied else "up to date")
        return make_logins(owner) if server else same_for_all(owner)

    def _start_broker(self) -> str:
        with self._step("broker") as told:
            if self._settings.broker:
                told.append(f"as {MQTT_URL} says")
                return self._settings.broker.url
            port = self._wishes.mqtt_port
            broker = self._start("broker", "up.broker", str(port))
            broker.wait_until(lambda: _answers(port))
            told.append(f"MQTT on 127.0.0.1:{port}")
            return f"mqtt://127.0.0.1:{port}"

    def _start_dashboard(self, database_url: str) -> None:
        with self._step("dashboard"):
            port = self._wishes.port
            screen = self._start("dashboard", "dashboard", f"--port={port}", **{DATABASE_URL: database_url})
            screen.wait_until(lambda: _answers(port, "/_stcore/health"))

    def _start_ingest(self, database_url: str, mqtt_url: str) -> None:
        with self._step("ingest") as told:
            ingest = self._start("ingest", "ingest", **{DATABASE_URL: database_url, MQTT_URL: mqtt_url})
            ingest.wait_until(lambda: ingest.said("ingest ready"))
            told.append(f"districts {self._environ[DISTRICTS]}")

    def _start_simulators(self, world: Path, mqtt_url: str) -> None:
        with self._step("simulators") as told:
            devices = self._start("simulators", "simulators", f"--world={world}", **{MQTT_URL: mqtt_url})
            with Progress("simulators", DEVICE_STEPS, self._say) as progress:
                devices.wait_until(lambda: devices.said("simulating"), progress.begin)
            told.append(devices.said("simulating") or "")

    def _start(self, name: str, module: str, *arguments: str, **environ: str) -> Child:
        command = [sys.executable, "-P", "-m", module, *arguments]
        log = self._wishes.data / "logs" / f"{name}.log"
        log.parent.mkdir(exist_ok=True)
        child = Child(name, command, {**self._environ, **environ}, log)
        self._children.append(child)
        self._on_stop(name, child.stop)
        return child

    def _on_stop(self, name: str, stop: Callable[[], None]) -> None:
        def stop_and_say() -> None:
            began = time.monotonic()
            stop()
            self._say(f"■ {name:<11} stopped ({time.monotonic() - began:.1f} s)")

        self._stack.callback(stop_and_say)

    @contextmanager
    def _step(self, name: str) -> Iterator[list[str]]:
        """One line of progress when the block is through; it says what the block puts into the list."""
        began, told = time.monotonic(), list[str]()
        yield told
        self._say(f"✓ {name:<11} {'; '.join(told)} ({time.monotonic() - began:.1f} s)")


def _answers(port: int, path: str | None = None) -> bool:
    """Whether somebody listens on loopback, and answers a GET of `path` with 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.connect()
        if path is None:
            return True
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
