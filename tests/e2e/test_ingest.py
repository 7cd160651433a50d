"""The ingest process between a real broker and a real database, fed by a real client."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import msgspec
import psycopg
import pytest

from dashboard.data import TICK_S
from db.connect import Reader, Scope
from ingest.contract.orders import LaunchTask
from ingest.registry import import_world
from tests import accounts, tiny
from tests.app.test_serve import keys
from tests.conftest import free_port, need, wait_until

WITHIN_S = 2


@pytest.fixture(scope="module")
def world(database_url, tmp_path_factory):
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world")))
    return database_url


class Ingest:
    """`python -m ingest` in a process of its own, with its output in a file."""

    def __init__(self, database_url: str, broker_url: str, data: Path) -> None:
        data.mkdir(exist_ok=True)
        self.log = data / "ingest.log"
        environ = {
            **os.environ,
            "GRIDWARD_DATABASE_URL": database_url,
            "GRIDWARD_MQTT_URL": broker_url,
            "GRIDWARD_DATA": str(data),
        }
        with self.log.open("w") as log:
            command = [sys.executable, "-m", "ingest"]
            self.process = subprocess.Popen(command, env=environ, stdout=log, stderr=log)

    def wait_until_ready(self) -> "Ingest":
        wait_until(lambda: f"ingest ready: districts {tiny.DISTRICT}" in self.log.read_text(), what="ready")
        return self

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(10)


@pytest.fixture
def ingest(world, broker_url, tmp_path):
    process = Ingest(world, broker_url, tmp_path / "data").wait_until_ready()
    yield process
    if process.process.poll() is None:
        process.stop(signal.SIGKILL)


@pytest.fixture
def rows(world):
    with psycopg.connect(world, autocommit=True) as conn:
        yield lambda sql: conn.execute(sql).fetchall()


@pytest.fixture(scope="module")
def shown(world):
    """The workers as the map draws them at this tick, by id."""
    port = free_port()
    environ = {**os.environ, "GRIDWARD_DATABASE_URL": world}
    process = subprocess.Popen([sys.executable, "-m", "dashboard", f"--port={port}"], env=environ)

    def workers() -> dict[str, Any]:
        address = f"http://127.0.0.1:{port}/api/map/workers?lang=en&t={int(time.time() // TICK_S)}"
        asked = Request(address, headers={"Cookie": cookie})
        with contextlib.suppress(OSError), urlopen(asked, timeout=5) as answer:  # noqa: S310  our own
            return {each["properties"]["id"]: each for each in json.load(answer)["features"]}
        return {}

    def is_serving() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    try:
        wait_until(is_serving, what="the dashboard")
        cookie = keys(f"http://127.0.0.1:{port}", accounts.logged_in(world))
        yield workers
    finally:
        process.terminate()
        process.wait(10)


def publish(broker_url: str, stream: str, payload: object, *options: str) -> None:
    need("mosquitto_pub")
    message = payload if isinstance(payload, str) else json.dumps(payload)
    topic = f"gw/v1/{tiny.DISTRICT}/{stream}"
    port = str(urlsplit(broker_url).port)
    command = ["mosquitto_pub", "-h", "127.0.0.1", "-p", port, "-q", "1", "-t", topic, "-m", message]
    subprocess.run([*command, *options], check=True, timeout=10)


def ping(name: str, **data: object) -> dict[str, object]:
    ts = time.time_ns() // 1_000_000
    return {"id": name, "ts": ts, "data": {"lon": 118.005, "lat": 24.605, **data}}


def test_a_ping_sent_by_mosquitto_pub_is_stored_within_two_seconds(ingest, broker_url, rows):
    name = f"by-hand-{urlsplit(broker_url).port}"
    publish(broker_url, "worker/W1/gps", ping(name))
    found = wait_until(lambda: rows(f"SELECT worker_id, grid_id FROM ping WHERE id = '{name}'"), WITHIN_S)
    assert found == [("W1", "G1")]


def test_and_it_is_on_the_map_in_the_next_tick(ingest, broker_url, shown):
    lon = round(118.001 + urlsplit(broker_url).port % 800 / 1e5, 5)  # tells the brokers apart
    publish(broker_url, "worker/W1/gps", ping("on-the-map", lon=lon))
    wait_until(
        lambda: shown().get("W1", {}).get("geometry", {}).get("coordinates") == [lon, 24.605],
        WITHIN_S + TICK_S,
        every=0.2,
    )


def test_noise_does_not_stop_the_flow(ingest, broker_url, rows):
    port = urlsplit(broker_url).port
    publish(broker_url, "worker/W1/gps", "noise")
    publish(broker_url, f"worker/stranger-{port}/gps", ping("x"))
    publish(broker_url, "worker/W1/gps", ping(f"after-{port}"))
    wait_until(lambda: rows(f"SELECT FROM ping WHERE id = 'after-{port}'"), WITHIN_S)
    reasons = rows(f"SELECT reason FROM rejected_message WHERE topic LIKE '%stranger-{port}%'")
    assert reasons == [(f"unknown_device: worker/stranger-{port}",)]


def test_what_is_sent_while_ingest_is_away_arrives_when_it_is_back(ingest, world, broker_url, rows):
    port = urlsplit(broker_url).port
    assert ingest.stop() == 0
    publish(broker_url, "worker/W1/gps", ping(f"away-{port}"))
    again = Ingest(world, broker_url, ingest.log.parent).wait_until_ready()
    wait_until(lambda: rows(f"SELECT FROM ping WHERE id = 'away-{port}'"), WITHIN_S)
    assert again.stop() == 0


def test_sigterm_ends_it_with_zero_and_nothing_is_lost_by_the_stop(ingest, world, broker_url, rows):
    port = urlsplit(broker_url).port
    for number in range(20):
        publish(broker_url, "worker/W1/gps", ping(f"s{port}-{number}"))
    assert ingest.stop() == 0
    again = Ingest(world, broker_url, ingest.log.parent).wait_until_ready()
    wait_until(lambda: rows(f"SELECT count(*) FROM ping WHERE id LIKE 's{port}-%'") == [(20,)])
    again.stop()


def test_a_will_makes_a_device_offline(ingest, broker_url, rows):
    state = "SELECT online FROM device_state WHERE device_id = 'B1'"
    topic = f"gw/v1/{tiny.DISTRICT}/bodycam/B1/state"
    publish(broker_url, "bodycam/B1/state", {"online": True}, "-r")
    wait_until(lambda: rows(state) == [(True,)], WITHIN_S)
    need("mosquitto_sub")
    port = str(urlsplit(broker_url).port)
    will = ["--will-topic", topic, "--will-payload", '{"online":false}', "--will-qos", "1", "--will-retain"]
    listen = ["mosquitto_sub", "-p", port, "-t", topic, "-i", f"bodycam{port}", *will]
    bodycam = subprocess.Popen(listen, stdout=subprocess.PIPE, text=True)
    assert bodycam.stdout
    assert "true" in bodycam.stdout.readline()  # the retained state: it is connected
    bodycam.kill()
    bodycam.wait()
    wait_until(lambda: rows(state) == [(False,)])


def test_an_order_placed_by_the_dashboard_is_carried_out_within_a_second(ingest, world, rows, broker_url):
    task_id = f"T-{urlsplit(broker_url).port}"
    order = LaunchTask(task_id, "P1", "专项检查", date(2030, 1, 1))
    reader = Reader(world)
    try:
        scope = Scope(tiny.DISTRICT, str(tiny.DISTRICT))
        for _ in "twice":
            reader.place(scope, "operator", task_id, "launch_task", msgspec.json.encode(order).decode())
    finally:
        reader.close()
    done = f"SELECT actor, state FROM command WHERE command_id = '{task_id}'"
    wait_until(lambda: rows(done) == [("operator", "done")], 1)
    assert rows(f"SELECT state, worker_id FROM task WHERE task_id = '{task_id}'") == [("assigned", "W1")]


def test_a_second_ingest_stands_by_until_the_first_is_gone(ingest, world, broker_url, tmp_path, rows):
    second = Ingest(world, broker_url, tmp_path / "second")
    try:
        wait_until(lambda: "standing by" in second.log.read_text(), what="standing by")
        assert "ready" not in second.log.read_text()
        ingest.stop(signal.SIGKILL)
        second.wait_until_ready()
    finally:
        second.stop()


def test_a_broker_that_is_away_is_said_and_waited_for(world, tmp_path, rows):
    away = Ingest(world, f"mqtt://127.0.0.1:{free_port()}", tmp_path / "data")
    wait_until(lambda: "Connection refused" in away.log.read_text(), what="the complaint")
    wait_until(lambda: rows("SELECT FROM ingest_state WHERE NOT connected"), what="not connected")
    assert away.stop() == 0
    assert "Traceback" not in away.log.read_text()


def test_a_query_that_takes_long_is_not_waited_for_by_who_is_told_to_stop(ingest, world, rows):
    with psycopg.connect(world) as held:
        held.execute("LOCK ingest_state")  # in which the lane writes at each of its ticks
        waits = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        wait_until(lambda: rows(waits), what="the lane's query")
        assert ingest.stop() == 0
    said = ingest.log.read_text()
    assert "left in the middle of something" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("missing", ["GRIDWARD_DATABASE_URL", "GRIDWARD_MQTT_URL"])
def test_a_missing_setting_is_one_line_and_exit_two(missing):
    environ = {
        **os.environ,
        "GRIDWARD_DATABASE_URL": "postgresql://127.0.0.1/x",
        "GRIDWARD_MQTT_URL": "mqtt://127.0.0.1:1",
    }
    del environ[missing]
    command = [sys.executable, "-m", "ingest"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=20, check=False)
    assert (done.returncode, done.stderr.count("\n"), missing in done.stderr) == (2, 1, True)
