"""Ingest killed hard between carrying out an order and knowing that it is sent: it is sent, and done once."""

import json
import random
import threading
import time
from collections.abc import Iterator

import paho.mqtt.client as mqtt
import psycopg
import pytest

from simulators.faults import NO_FAULTS
from simulators.inbox import Inbox
from tests import tiny
from tests.chaos.conftest import Tell
from tests.chaos.house import House
from tests.chaos.length import SEED, pick
from tests.chaos.traffic import BODYCAMS
from tests.conftest import wait_until
from tests.e2e.compose import WORDS

KILLS = pick(3, 20)
ORDERS = pick(4, 25)
"""Placed in each life of ingest."""
_DEVICE = BODYCAMS[0]
_TOPIC = f"gw/v1/{tiny.DISTRICT}/bodycam/{_DEVICE}"


class Bodycam:
    """A bodycam, by the rules of the simulated devices: what it heard, and what it did."""

    def __init__(self, port: int) -> None:
        self.heard: list[str] = []
        self.done: list[str] = []
        self._inbox = Inbox(NO_FAULTS, 1, _DEVICE)
        self._client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        self._client.username_pw_set("gateway", WORDS["gateway"])
        self._client.on_message = lambda _client, _data, message: self._receive(message.payload)
        ready = threading.Event()
        self._client.on_subscribe = lambda *_: ready.set()
        self._client.connect("127.0.0.1", port)
        self._client.subscribe(f"{_TOPIC}/order", 1)
        self._client.loop_start()
        assert ready.wait(10)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _receive(self, payload: bytes) -> None:
        self.heard.append(json.loads(payload)["order_id"])
        if accepted := self._inbox.take(payload, time.time()):
            self.done.append(accepted.order.order_id)
            now = round(time.time() * 1000)
            data = {"order_id": accepted.order.order_id, "stage": "done"}
            body = {"id": f"done-{accepted.order.order_id}", "ts": now, "sent": now, "data": data}
            self._client.publish(f"{_TOPIC}/reply", json.dumps(body), 1)


@pytest.fixture
def bodycam(house: House) -> Iterator[Bodycam]:
    bodycam = Bodycam(house.broker.port)
    yield bodycam
    bodycam.close()


def place(conn: psycopg.Connection[object], number: int) -> None:
    """As a command on the server does."""
    order = json.dumps(
        {"kind": "send_order", "to": "bodycam", "device_id": _DEVICE, "act": "start_recording"}
    )
    with conn.transaction():
        conn.execute(
            "INSERT INTO command (district, command_id, kind, payload, actor) VALUES "
            f"({tiny.DISTRICT}, 'chaos-{number}', 'send_order', %s, 'cli:chaos')",
            (order,),
        )
        conn.execute("NOTIFY gridward_command")


def acts(house: House, column: str) -> list[str]:
    with house.connect() as conn:
        return [row[0] for row in conn.execute(f"SELECT {column} FROM order_out WHERE act IS NOT NULL")]


def settled(house: House, bodycam: Bodycam, number: int) -> None:
    """Wait until all have been done, and see that each was done once. That one was sent is not known
    where ingest had stored its answer, and not yet the broker's word, when it was killed.
    """
    wait_until(lambda: acts(house, "state") == ["done"] * number, 60, what=f"{number} orders done")
    assert sorted(bodycam.done) == sorted(acts(house, "order_id"))
    with house.connect() as conn:
        stages = conn.execute("SELECT order_id, array_agg(stage ORDER BY stage) FROM order_event GROUP BY 1")
        assert {tuple(found) for _, found in stages} <= {("done", "queued", "sent"), ("done", "queued")}
        assert conn.execute("SELECT reason FROM rejected_message").fetchall() == []


def nothing_waits(house: House) -> None:
    """Wait until the orders of the world's own tasks are with the broker."""
    with house.connect() as conn:
        waiting = "SELECT FROM order_out WHERE state = 'queued'"
        wait_until(lambda: not conn.execute(waiting).fetchall(), 30, what="the world's own orders")


def test_an_order_that_was_carried_out_and_never_sent_goes_out_after_the_start(
    house: House, bodycam: Bodycam
) -> None:
    relay = house.relay()
    ingest = house.ingest(relay.port).wait_until_ready()
    nothing_waits(house)
    relay.hold()
    with house.connect() as conn:
        place(conn, 1)
    wait_until(lambda: acts(house, "state") == ["queued"], what="the order carried out")
    ingest.kill()
    assert bodycam.heard == []
    house.ingest().wait_until_ready()
    settled(house, bodycam, 1)
    assert len(bodycam.heard) == 1


def test_an_order_that_was_sent_without_our_knowing_goes_out_again_and_is_done_once(
    house: House, bodycam: Bodycam
) -> None:
    relay = house.relay()
    ingest = house.ingest(relay.port).wait_until_ready()
    nothing_waits(house)
    relay.deafen()
    with house.connect() as conn:
        place(conn, 1)
    wait_until(lambda: len(bodycam.heard) == 1, what="the order on the device")
    ingest.kill()
    assert acts(house, "state") == ["queued"]
    house.ingest().wait_until_ready()
    settled(house, bodycam, 1)
    assert len(bodycam.heard) == 2


def test_whenever_ingest_is_killed_every_order_is_sent_and_done_once(
    house: House, bodycam: Bodycam, tell: Tell
) -> None:
    chance = random.Random(SEED)
    placed = 0
    for _ in range(KILLS):
        ingest = house.ingest().wait_until_ready()
        with house.connect() as conn:
            for _ in range(ORDERS):
                place(conn, placed := placed + 1)
        enough = len(bodycam.heard) + chance.randrange(ORDERS)
        wait_until(lambda enough=enough: len(bodycam.heard) >= enough, what="orders", every=0.001)
        ingest.kill()
    house.ingest().wait_until_ready()
    settled(house, bodycam, placed)
    tell(f"killed {KILLS} times: {placed} orders were sent {len(bodycam.heard)} times, and done once each")
