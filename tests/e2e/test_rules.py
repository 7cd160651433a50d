"""Dangers of many sorts from a client through the broker to alerts, and a threshold set while they go on."""

import json
import subprocess
import time
from urllib.parse import urlsplit

import msgspec
import psycopg
import pytest

from db.connect import Reader, Scope
from ingest.contract.orders import Order, PreviewThreshold, SetThreshold
from ingest.registry import import_world
from ingest.settings import DATABASE_URL
from tests import tiny
from tests.conftest import need, wait_until
from tests.e2e.cli import gridward
from tests.e2e.test_ingest import Ingest

SCOPE = Scope(tiny.DISTRICT, str(tiny.DISTRICT))


@pytest.fixture(scope="module")
def world(database_url, tmp_path_factory):
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world")))
    return database_url


@pytest.fixture
def broker_url(mosquitto):
    return mosquitto


@pytest.fixture
def ingest(world, broker_url, tmp_path):
    process = Ingest(world, broker_url, tmp_path / "data").wait_until_ready()
    yield process
    if process.process.poll() is None:
        process.stop()
    with psycopg.connect(world) as conn:
        conn.execute(
            "TRUNCATE alert, alert_event, ping, device_event, worker_state, device_state, threshold, preview"
        )


@pytest.fixture
def rows(world):
    with psycopg.connect(world, autocommit=True) as conn:
        yield lambda sql: conn.execute(sql).fetchall()


def publish(broker_url: str, stream: str, payload: object) -> None:
    need("mosquitto_pub")
    port, topic = str(urlsplit(broker_url).port), f"gw/v1/{tiny.DISTRICT}/{stream}"
    command = [
        "mosquitto_pub",
        "-h",
        "127.0.0.1",
        "-p",
        port,
        "-q",
        "1",
        "-t",
        topic,
        "-m",
        json.dumps(payload),
    ]
    subprocess.run(command, check=True, timeout=10)


def message(data: dict[str, object], seconds_ago: float = 0) -> dict[str, object]:
    ts = time.time_ns() // 1_000_000 - round(seconds_ago * 1000)
    return {"id": f"m{time.time_ns()}", "ts": ts, "sent": time.time_ns() // 1_000_000, "data": data}


PLACE = {"lon": 118.005, "lat": 24.605}
ELSEWHERE = {"lon": 118.015, "lat": 24.605}


def test_dangers_of_many_sorts_become_alerts(ingest, broker_url, rows):
    for event in ("sos", "fall", "storage_full"):
        publish(broker_url, "bodycam/B1/event", message({"event": event, **PLACE}))
    for danger in ("fire", "smoke", "crowd", "intrusion", "tamper"):
        publish(broker_url, "camera/C1/event", message({"event": danger, "confidence": 0.9}))
    publish(broker_url, "bodycam/B2/state", {"online": True, "battery": 7})
    publish(broker_url, "worker/W1/gps", message(ELSEWHERE, 400))
    publish(broker_url, "worker/W1/gps", message({**ELSEWHERE, "battery": 60}, 1))
    fast = message(PLACE, -600)  # ten minutes ahead, whatever it has waited
    publish(broker_url, "worker/W2/gps", {**fast, "sent": fast["ts"]})
    wanted = {
        *(("bodycam_sos", "device:B1"), ("worker_fell", "device:B1"), ("storage_full", "device:B1")),
        *((danger, "device:C1") for danger in ("fire", "smoke", "crowd", "intrusion", "tamper")),
        *(("low_battery", "device:B2"), ("left_grid", "worker:W1"), ("clock_wrong", "worker:W2")),
    }
    open_ = "SELECT rule, subject FROM alert WHERE cleared_at IS NULL"
    for one in sorted(wanted):
        wait_until(lambda one=one: one in rows(open_), 60, what=str(one))
    assert wanted <= set(rows(open_))
    publish(broker_url, "bodycam/B1/event", message({"event": "sos_cleared", **PLACE}))
    publish(broker_url, "bodycam/B1/event", message({"event": "docked", **PLACE}))
    publish(broker_url, "bodycam/B2/state", {"online": True, "battery": 80})
    publish(broker_url, "worker/W1/gps", message(PLACE))
    over = {one for one in wanted if one[1] in ("device:B1", "device:B2", "worker:W1")}
    wait_until(lambda: not over & set(rows(open_)), 60, what="their end")


def place(world: str, command_id: str, order: Order) -> None:
    reader = Reader(world)
    try:
        kind, payload = msgspec.to_builtins(order)["kind"], msgspec.json.encode(order).decode()
        reader.place(SCOPE, "operator", command_id, kind, payload)
    finally:
        reader.close()


def test_a_threshold_counts_within_seconds_of_being_set_and_a_preview_is_played(
    ingest, world, broker_url, rows
):
    publish(broker_url, "bodycam/B1/state", {"online": True, "battery": 40})
    wait_until(lambda: rows("SELECT FROM device_state WHERE battery = 40"), what="the battery")
    done = gridward("threshold", "set", "low_battery.below", "50", **{DATABASE_URL: world})
    assert done.stdout == "low_battery.below: 50 percent from now on\n"
    low = "SELECT subject FROM alert WHERE rule = 'low_battery' AND cleared_at IS NULL"
    wait_until(lambda: rows(low) == [("device:B1",)], 60, what="the alert")
    port = urlsplit(broker_url).port
    place(world, f"set-{port}", SetThreshold("low_battery.below", 5))
    publish(broker_url, "bodycam/B1/state", {"online": True, "battery": 41})
    wait_until(lambda: rows(low) == [], 60, what="its end")
    assert rows("SELECT actor LIKE 'cli:%', actor = 'operator' FROM threshold ORDER BY valid_from") == [
        (True, False),
        (False, True),
    ]
    place(world, f"preview-{port}", PreviewThreshold("left_grid.minutes", 9, 7))
    wait_until(lambda: rows("SELECT FROM preview WHERE state = 'done'"), 30, what="the preview")
