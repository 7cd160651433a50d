"""`gridward up`: the whole house from nothing, for a minute; then again, interrupted, killed, broken."""

import http.client
import json
import os
import re
import shlex
import signal
import socket
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ingest.settings import DATA, DATABASE_URL, DISTRICTS, MQTT_URL
from tests.conftest import free_port, wait_until
from tests.e2e.cli import Up, complaint, gridward, processes, remove_cluster
from tests.tiny import DISTRICT, write

STREAMS = ("ping", "inspection", "clue", "device_event", "receipt", "photo")
STEPS = ["world", "database", "schema", "broker", "registry", "dashboard", "ingest", "simulators"]
STOPS = ["simulators", "ingest", "dashboard", "broker", "database"]


def ports() -> list[str]:
    return [f"{option}={free_port()}" for option in ("--port", "--mqtt-port", "--db-port")]


def figures(data: Path) -> dict[str, Any]:
    done = gridward("status", "--json", **{DATA: str(data)})
    assert done.returncode == 0, done
    return dict(json.loads(done.stdout))


def words_after(sign: str, lines: list[str]) -> list[str]:
    return [line.split()[1] for line in lines if line.startswith(sign)]


@dataclass(frozen=True)
class Minute:
    """What was seen of the first run, from outside and while it lasted."""

    data: Path
    starting: str
    ready: str
    status: dict[str, Any]
    exports: dict[str, str]
    premises: int
    health: int
    second: str
    alive: dict[int, str]
    mode: int
    code: int
    lines: list[str]


@pytest.fixture(scope="module")
def minute(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Minute]:
    """A run of 60 seconds in a fresh directory."""
    data = tmp_path_factory.mktemp("up") / "data"
    house = Up(data, "--for=60", *ports())
    try:
        wait_until((data / "run.lock").exists, what="the beginning of a run")
        starting = complaint(gridward("env", **{DATA: str(data)}), code=1)
        ready = house.wait_ready()
        exports = dict(
            shlex.split(line)[1].split("=", 1)
            for line in gridward("env", **{DATA: str(data)}).stdout.splitlines()
            if line.startswith("export ")
        )
        with psycopg.connect(exports[DATABASE_URL]) as conn:
            (premises,) = conn.execute("SELECT count(*) FROM premises").fetchone() or (0,)
        second = complaint(gridward("up", f"--data={data}", *ports()), code=1)
        alive, mode = processes(data), stat.S_IMODE((data / "run.json").stat().st_mode)
        health = answer(ready)
        status = wait_until(lambda: with_all_streams(data), seconds=55, every=2, what="a row of every stream")
        yield Minute(
            data, starting, ready, status, exports, premises, health, second, alive, mode,
            house.wait_end(), house.lines,
        )  # fmt: skip
    finally:
        house.kill()
        remove_cluster(data)


def with_all_streams(data: Path) -> dict[str, Any] | None:
    found = figures(data)
    return found if all(found["rows"][stream] for stream in STREAMS) else None


def answer(ready: str) -> int:
    address = re.search(r"http://([\d.]+):(\d+)", ready)
    assert address
    connection = http.client.HTTPConnection(address[1], int(address[2]), timeout=10)
    connection.request("GET", "/_stcore/health")
    return connection.getresponse().status


def test_each_step_tells_its_progress_and_each_stop_its_order(minute: Minute) -> None:
    assert words_after("✓", minute.lines) == STEPS
    assert words_after("■", minute.lines) == STOPS
    assert all(re.search(r"\(\d+\.\d s\)$", line) for line in minute.lines if line[0] in "✓■")


def test_a_run_of_sixty_seconds_ends_by_itself_and_well(minute: Minute) -> None:
    assert minute.code == 0, minute.lines


def test_all_streams_of_the_world_arrive(minute: Minute) -> None:
    rows = minute.status["rows"]
    assert all(rows[stream] > 0 for stream in STREAMS)
    devices = 120 + 77 + 77 + 18 + 8 + 6  # cameras, bodycams, printers, terminals, scanners, vehicles
    assert (rows["grid"], rows["premises"], rows["device"]) == (66, 7400, devices)
    assert rows["task"] > 0
    assert minute.status["devices_online"] > 0
    assert minute.status["trouble"] == []


def test_env_leads_to_the_database_and_names_the_rest(minute: Minute) -> None:
    assert list(minute.exports) == [DATABASE_URL, MQTT_URL, DISTRICTS, DATA]
    assert minute.premises == 7400
    assert minute.exports[DISTRICTS] == "350211"
    assert minute.exports[DATA] == str(minute.data)
    assert minute.exports[MQTT_URL].startswith("mqtt://127.0.0.1:")


def test_env_waits_until_the_house_is_ready(minute: Minute) -> None:
    assert minute.starting == f"`gridward up` on {minute.data} is still starting"


def test_the_screen_answers_at_the_printed_address(minute: Minute) -> None:
    assert minute.health == 200


def test_a_second_run_on_the_same_data_is_refused(minute: Minute) -> None:
    assert minute.second == f"`gridward up` is already running on {minute.data}"


def test_the_addresses_are_for_the_owners_eyes_only(minute: Minute) -> None:
    assert minute.mode == 0o600
    secret = minute.exports[DATABASE_URL].split(":")[2].split("@")[0]
    assert not any(secret in command for command in minute.alive.values())
    assert not any(secret in line for line in minute.lines)


def test_nothing_stays_running(minute: Minute) -> None:
    for part in ("up.broker", "dashboard", "ingest", "simulators", "postgres"):
        assert any(part in command for command in minute.alive.values()), part
    assert processes(minute.data) == {}
    assert complaint(gridward("env", **{DATA: str(minute.data)}), code=1).startswith("no `gridward up` is")


def test_a_second_start_carries_on_and_ctrl_c_ends_it_in_order(minute: Minute) -> None:
    house = Up(minute.data, *ports())
    try:
        house.wait_ready()
        rows = figures(minute.data)["rows"]
        assert house.interrupt() == 0
    finally:
        house.kill()
    assert all(rows[name] >= before for name, before in minute.status["rows"].items()), rows
    assert words_after("■", house.lines) == STOPS
    assert processes(minute.data) == {}


def test_a_part_that_dies_is_named_and_takes_the_house_with_it(minute: Minute) -> None:
    house = Up(minute.data, "--no-simulate", *ports())
    try:
        house.wait_ready()
        (ingest,) = (pid for pid, command in processes(minute.data).items() if "-m ingest" in command)
        os.kill(ingest, signal.SIGKILL)
        assert house.wait_end() == 1
    finally:
        house.kill()
    assert house.lines[-1].startswith("gridward: ingest ended: ingest ready: districts 350211 (see ")
    assert processes(minute.data) == {}


def test_a_run_that_is_killed_leaves_nothing_in_the_way_of_the_next(minute: Minute) -> None:
    same = ports()
    house = Up(minute.data, *same)
    try:
        house.wait_ready()
        assert len(processes(minute.data)) > 5
    finally:
        house.kill()
    # At once, while the killed run's parts may still be ending.
    again = Up(minute.data, "--no-simulate", "--for=0", *same)
    assert again.wait_end() == 0, again.lines
    wait_until(lambda: not processes(minute.data), what="the end of all processes")


def test_ctrl_c_while_starting_stops_what_has_been_started(tmp_path: Path) -> None:
    house = Up(tmp_path / "data", *ports())
    try:
        wait_until(lambda: "database" in words_after("✓", house.lines), seconds=60, what="a database")
        assert house.interrupt() == 0
    finally:
        house.kill()
    assert house.lines[-1].startswith("■ database")
    assert processes(tmp_path / "data") == {}
    remove_cluster(tmp_path / "data")


@pytest.mark.parametrize("option", ["--port", "--mqtt-port", "--db-port"])
def test_a_port_in_use_is_named_by_its_option_before_anything_starts(option: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = gridward("up", f"--data={tmp_path / 'data'}", *ports(), f"{option}={port}")
    assert complaint(done, code=1).startswith(f"{option} {port}: Address already in use")
    assert done.stdout == ""
    assert processes(tmp_path / "data") == {}


def test_servers_of_ones_own_replace_the_embedded_ones(
    database_url: str, embedded_broker: str, tmp_path: Path
) -> None:
    data, world = tmp_path / "data", write(tmp_path / "tiny")
    house = Up(
        data, "--no-simulate", f"--world={world}", *ports(),
        **{DATABASE_URL: database_url, MQTT_URL: embedded_broker},
    )  # fmt: skip
    try:
        house.wait_ready()
        commands = processes(data).values()
        assert not any("postgres" in command or "up.broker" in command for command in commands)
        assert house.terminate() == 0
    finally:
        house.kill()
    with psycopg.connect(database_url) as conn:
        assert conn.execute("SELECT district FROM district").fetchall() == [(DISTRICT,)]
    assert words_after("■", house.lines) == ["ingest", "dashboard"]


def test_districts_that_leave_out_the_world_are_a_wrong_setting(
    database_url: str, embedded_broker: str, tmp_path: Path
) -> None:
    done = gridward(
        "up", "--no-simulate", f"--world={write(tmp_path / 'tiny')}", f"--data={tmp_path / 'data'}", *ports(),
        **{DATABASE_URL: database_url, MQTT_URL: embedded_broker, DISTRICTS: "350211"},
    )  # fmt: skip
    assert complaint(done, code=2).startswith(f"{DISTRICTS} leaves out {DISTRICT}, the district of ")
