"""An SOS through the whole house: from the bodycam's button to a person on the spot, and to its end."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import paho.mqtt.client as mqtt
import psycopg
import pytest

from db.connect import Reader, Scope
from ingest.contract.orders import AcknowledgeIncident, DispatchIncident, Order, ResolveIncident, Target
from ingest.registry import import_world
from tests import tiny
from tests.conftest import wait_until
from tests.e2e.test_ingest import Ingest

PLACE = {"lon": 118.005, "lat": 24.605}
SCOPE = Scope(tiny.DISTRICT, str(tiny.DISTRICT))


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[str]:
    import_world(database_url, tiny.write(tmp_path / "world"))
    yield database_url
    with psycopg.connect(database_url, autocommit=True) as owner:  # for the other broker's turn
        owner.execute(
            "TRUNCATE alert, alert_event, incident, order_out, order_event, device_event, ping, worker_state"
        )


class Field:
    """W1's bodycam and phone: a plain MQTT client."""

    def __init__(self, broker_url: str) -> None:
        self._client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        self._client.connect("127.0.0.1", urlsplit(broker_url).port or 1883)
        self._client.loop_start()

    def say(self, stream: str, data: dict[str, Any]) -> None:
        now = round(datetime.now(UTC).timestamp() * 1000)
        body = json.dumps({"id": f"m{time.time_ns()}", "ts": now, "sent": now, "data": data})
        self._client.publish(f"gw/v1/{tiny.DISTRICT}/{stream}", body, 1).wait_for_publish(10)

    def listen(self, topic: str) -> list[dict[str, Any]]:
        """What comes down on it, as it comes."""
        heard: list[dict[str, Any]] = []
        ready = threading.Event()
        self._client.on_message = lambda _client, _data, message: heard.append(json.loads(message.payload))
        self._client.on_subscribe = lambda *_: ready.set()
        self._client.subscribe(f"gw/v1/{tiny.DISTRICT}/{topic}", 1)
        assert ready.wait(10)
        return heard

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


class Desk:
    """Two operators at their screens: they place orders and look at rows, as the dashboard does."""

    def __init__(self, url: str) -> None:
        self._reader, self._placed = Reader(url), 0
        self._conn = psycopg.connect(url, autocommit=True)

    def order(self, actor: str, order: Order) -> Any:
        """Place it; how it ended, and why it was refused."""
        self._placed += 1
        command_id = f"desk-{time.time_ns()}-{self._placed}"
        kind = msgspec.to_builtins(order)["kind"]
        self._reader.place(SCOPE, actor, command_id, kind, msgspec.json.encode(order).decode())

        def ended() -> Any:
            (row,) = self._reader.read(SCOPE, "read/order", id=command_id)
            return row["state"] != "queued" and (row["state"], row["reason"])

        return wait_until(ended, what=kind)

    def rows(self, sql: str) -> list[Any]:
        return self._conn.execute(sql.encode()).fetchall()

    def becomes(self, state: str) -> None:
        wait_until(lambda: self.rows("SELECT state FROM incident") == [(state,)], what=state)

    def close(self) -> None:
        self._reader.close()
        self._conn.close()


def test_from_the_button_to_a_person_on_the_spot_and_to_the_end(
    world: str, broker_url: str, tmp_path: Path
) -> None:
    field, desk = Field(broker_url), Desk(world)
    heard = field.listen("worker/W1/order")
    ingest = Ingest(world, broker_url, tmp_path / "data").wait_until_ready()
    try:
        field.say("bodycam/B1/event", {"event": "sos", **PLACE})
        ((alert_id,),) = wait_until(lambda: desk.rows("SELECT alert_id FROM alert"), what="the alert")
        assert desk.rows("SELECT incident_id, state, severity::text FROM incident") == [
            (alert_id, "raised", "major")
        ]
        assert desk.order("li", AcknowledgeIncident(alert_id)) == ("done", None)
        told = desk.order("wang", AcknowledgeIncident(alert_id))
        assert told == ("refused", "already_acknowledged: li")
        assert desk.order("li", DispatchIncident(alert_id, [Target("worker", "W1")])) == ("done", None)
        ((order_id,),) = desk.rows("SELECT order_id FROM order_out WHERE incident_id IS NOT NULL")
        wait_until(lambda: [one for one in heard if one["kind"] == "go_to"], what="the order on the phone")
        (order,) = (one for one in heard if one["kind"] == "go_to")
        assert (order["order_id"], order["incident_id"]) == (order_id, alert_id)
        assert (order["lon"], order["lat"], order["place"]) == (*PLACE.values(), "甲村网格")
        field.say("worker/W1/reply", {"order_id": order_id, "stage": "on_the_way"})
        desk.becomes("on_the_way")
        field.say("worker/W1/gps", {**PLACE, "lon": 118.009})
        wait_until(lambda: desk.rows("SELECT FROM ping"), what="the position")
        assert desk.rows("SELECT state FROM incident") == [("on_the_way",)]
        field.say("worker/W1/gps", PLACE)
        desk.becomes("on_the_spot")
        field.say("bodycam/B1/event", {"event": "sos_cleared", **PLACE})
        wait_until(lambda: desk.rows("SELECT FROM incident WHERE open_alerts = 0"), what="cleared")
        assert desk.order("li", ResolveIncident(alert_id, "resolved", "已到场处置")) == ("done", None)
        desk.becomes("resolved")

        assert desk.rows("SELECT event, actor FROM alert_event WHERE state IS NOT NULL ORDER BY at") == [
            *(("opened", "rules"), ("acknowledged", "li"), ("dispatched", "li")),
            *(("on_the_way", "W1"), ("on_the_spot", "W1"), ("resolved", "li")),
        ]
        assert desk.rows("SELECT event FROM alert_event WHERE state IS NULL ORDER BY at") == [
            *(("raised",), ("cleared",)),
        ]
        assert desk.rows("SELECT irregular FROM alert_event WHERE irregular IS NOT NULL") == []
        steps = "opened_at, acknowledged_at, dispatched_at, on_the_way_at, on_the_spot_at, ended_at"
        ((*instants,),) = desk.rows(f"SELECT {steps} FROM incident")
        assert instants == sorted(instants)
        assert desk.rows("SELECT proved_at = on_the_spot_at, on_the_spot_by, alerts FROM incident") == [
            (True, "W1", 1)
        ]
        down = wait_until(lambda: [one for one in heard if one["kind"] == "stand_down"], what="its end")
        assert [(one["withdrawn"], one["reason"]) for one in down] == [(order_id, "ended")]
        assert desk.rows("SELECT state FROM order_out WHERE incident_id IS NOT NULL") == [("withdrawn",)]
        stages = f"SELECT stage FROM order_event WHERE order_id = '{order_id}'"
        assert {stage for (stage,) in desk.rows(stages)} == {"queued", "sent", "on_the_way", "withdrawn"}
        assert desk.rows("SELECT reason FROM rejected_message") == []
    finally:
        ingest.stop()
        field.close()
        desk.close()
