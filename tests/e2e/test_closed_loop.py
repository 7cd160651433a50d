"""A task through the whole house: ordered by a page, carried to a phone, inspected, followed up, closed."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import paho.mqtt.client as mqtt
import psycopg
import pytest

from db.connect import Reader, Scope
from ingest.contract.messages import InspectOrder
from ingest.contract.orders import LaunchTask
from ingest.registry import import_world
from tests import tiny
from tests.conftest import wait_until
from tests.e2e.test_ingest import Ingest

NO_TASKS = tiny.FILES["tasks.csv"].splitlines()[0] + "\n"
DAY = timedelta(days=1)


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> str:
    import_world(database_url, tiny.write(tmp_path / "world", tasks_csv=NO_TASKS))
    return database_url


class Field:
    """W1's phone, and the department's desk beside it: a plain MQTT client."""

    def __init__(self, broker_url: str) -> None:
        self.orders: list[InspectOrder] = []
        self._client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        self._client.on_message = lambda _client, _data, message: self.orders.append(
            msgspec.json.decode(message.payload, type=InspectOrder)
        )
        ready = threading.Event()
        self._client.on_subscribe = lambda *_: ready.set()
        self._client.connect("127.0.0.1", urlsplit(broker_url).port or 1883)
        self._client.subscribe(f"gw/v1/{tiny.DISTRICT}/worker/W1/order", 1)
        self._client.loop_start()
        assert ready.wait(10)

    def say(self, stream: str, at: datetime, data: dict[str, Any]) -> None:
        body = {"id": f"m{time.time_ns()}", "ts": ms(at), "sent": ms(datetime.now(UTC)), "data": data}
        topic = f"gw/v1/{tiny.DISTRICT}/{stream}"
        self._client.publish(topic, json.dumps(body), 1).wait_for_publish(10)

    def reply(self, order: InspectOrder, at: datetime, stage: str) -> None:
        self.say("worker/W1/reply", at, {"order_id": order.order_id, "stage": stage})

    def inspect(self, order: InspectOrder, at: datetime, result: str) -> None:
        visit = {"premises_id": order.premises_id, "started": ms(at), "ended": ms(at), "items": []}
        visit |= {"lon": 118.005, "lat": 24.605, "task_id": order.task_id, "result": result}
        self.say("worker/W1/inspection", at, visit)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def field(broker_url: str) -> Iterator[Field]:
    field = Field(broker_url)
    yield field
    field.close()


def ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def test_a_task_goes_from_the_page_to_the_phone_and_round_the_loop(
    world: str, broker_url: str, field: Field, tmp_path: Path
) -> None:
    task_id = f"L{urlsplit(broker_url).port}"
    ingest = Ingest(world, broker_url, tmp_path / "data").wait_until_ready()
    try:
        with psycopg.connect(world, autocommit=True) as conn:

            def ask(sql: str) -> list[Any]:
                return conn.execute(sql.replace("TASK", f"task_id = '{task_id}'").encode()).fetchall()

            def becomes(state: str) -> None:
                wait_until(lambda: ask("SELECT state FROM task WHERE TASK") == [(state,)], what=state)

            ((category, department),) = ask("SELECT category, department_id FROM task_category LIMIT 1")
            place(world, LaunchTask(task_id, "P1", category, items=["亮照经营"]))
            order = wait_until(lambda: field.orders, what="the order on the phone")[0]
            assert (order.task_id, order.premises_id, order.items) == (task_id, "P1", ["亮照经营"])
            wait_until(lambda: ask("SELECT FROM order_out WHERE TASK AND state = 'sent'"), what="sent")
            becomes("assigned")
            _move_back(conn, task_id)
            now = datetime.now(UTC)
            field.reply(order, now - 29 * DAY, "accepted")
            becomes("received")
            field.reply(order, now - 28 * DAY, "arrived")
            becomes("inspecting")
            field.inspect(order, now - 27 * DAY, "abnormal")
            becomes("recheck_due")  # by the tick: the days to put it right are over
            field.inspect(order, now - DAY, "normal")
            becomes("done")
            assert ask("SELECT closed_at FROM task WHERE TASK") == [(None,)]
            told = {"task_id": task_id, "stage": "done", "text": "已核实"}
            field.say(f"department/{department}/reply", now, told)
            wait_until(lambda: ask("SELECT FROM task WHERE TASK AND closed_at IS NOT NULL"), what="closed")
            steps = ask("SELECT event FROM task_event WHERE TASK AND irregular IS NULL ORDER BY at, event")
            assert [step for (step,) in steps] == [
                *("assigned", "launched", "received", "started"),
                *("inspected", "recheck_due", "inspected", "replied"),
            ]
    finally:
        ingest.stop()


def _move_back(conn: psycopg.Connection[Any], task_id: str) -> None:
    """As if it had been launched a month ago, so that there is time behind it for what follows."""
    for sql in (
        "UPDATE task SET launched_at = launched_at - interval '30 days' WHERE task_id = %s",
        "UPDATE task_event SET at = at - interval '30 days' WHERE task_id = %s",
    ):
        conn.execute(sql.encode(), (task_id,))


def place(url: str, order: LaunchTask) -> None:
    reader = Reader(url)
    try:
        payload, scope = msgspec.json.encode(order).decode(), Scope(tiny.DISTRICT, str(tiny.DISTRICT))
        reader.place(scope, "operator", order.task_id, "launch_task", payload)
    finally:
        reader.close()
