"""Orders on their way over a real broker: sent until it has them, and again after a restart in between."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import msgspec
import paho.mqtt.client as mqtt
import pytest

from ingest.broker import Sender
from ingest.contract.messages import InspectOrder, WithdrawOrder
from ingest.contract.orders import AssignTask, CancelTask
from ingest.dispatch import Dispatch
from ingest.settings import MQTT_URL, load
from simulators.desk import Desk
from simulators.faults import NO_FAULTS
from tests import tiny
from tests.conftest import wait_until
from tests.sql.test_closed_loop import DAY, NOW, Room, room, world  # noqa: F401  fixtures

TOPIC = f"gw/v1/{tiny.DISTRICT}/worker/W1/order"


class Phone:
    """W1's phone: whatever comes down to it, as bytes."""

    def __init__(self, broker_url: str) -> None:
        self.heard: list[bytes] = []
        self._client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        self._client.on_message = lambda _client, _data, message: self.heard.append(message.payload)
        ready = threading.Event()
        self._client.on_subscribe = lambda *_: ready.set()
        self._client.connect("127.0.0.1", urlsplit(broker_url).port or 1883)
        self._client.subscribe(TOPIC, 1)
        self._client.loop_start()
        assert ready.wait(10)

    def orders(self, count: int) -> list[InspectOrder | WithdrawOrder]:
        """The first `count` orders, once they are there."""
        wait_until(lambda: len(self.heard) >= count, what=f"{count} orders on the phone")
        return [msgspec.json.decode(one, type=InspectOrder | WithdrawOrder) for one in self.heard]

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def phone(broker_url: str) -> Iterator[Phone]:
    phone = Phone(broker_url)
    yield phone
    phone.close()


@pytest.fixture
def sender(broker_url: str) -> Iterator[Sender]:
    sender = connected(broker_url)
    yield sender
    sender.close()


def connected(broker_url: str) -> Sender:
    sender = Sender(load({MQTT_URL: broker_url}).mqtt_url, "gridward-courier-test")
    wait_until(lambda: sender.is_up, what="the courier's connection")
    return sender


def until_sent(dispatch: Dispatch, room: Room) -> None:  # noqa: F811
    """Go on until the database knows that the broker has everything."""

    def nothing_waits() -> bool:
        dispatch.go_on(room.conn, room.roster, NOW)
        return not dispatch.is_busy and not room.rows("SELECT FROM order_out WHERE state = 'queued'")

    wait_until(nothing_waits, what="everything sent")


def test_what_was_on_its_way_at_a_restart_goes_out_again_as_the_same_order(
    room: Room,  # noqa: F811
    phone: Phone,
    broker_url: str,
) -> None:
    room.launch(at=NOW - DAY)
    before = connected(broker_url)
    Dispatch(before).go_on(room.conn, room.roster, NOW)
    (first,) = phone.orders(1)
    before.close()  # ended here, the database never heard that the broker has it
    assert room.rows("SELECT state, tries FROM order_out") == [("queued", 0)]
    after = connected(broker_url)
    try:
        until_sent(Dispatch(after), room)
    finally:
        after.close()
    assert phone.orders(2) == [first, first]
    assert room.rows("SELECT state, tries FROM order_out") == [("sent", 1)]
    desk = Desk(NO_FAULTS, 1, "W1")
    for payload in phone.heard:
        desk.take(payload, 0)
    assert [reply.stage for _, reply in desk.answers(10_000)] == ["delivered", "accepted"]


def test_a_phone_hears_of_its_task_and_then_that_it_is_its_own_no_longer(
    room: Room,  # noqa: F811
    phone: Phone,
    sender: Sender,
) -> None:
    dispatch = Dispatch(sender)
    for task_id in ("T1", "T2"):
        room.launch(task_id, NOW - DAY)
    until_sent(dispatch, room)
    room.order(AssignTask("T1", "W2"), NOW - DAY + timedelta(minutes=1))
    room.order(CancelTask("T2", "重复"), NOW - DAY + timedelta(minutes=2))
    until_sent(dispatch, room)
    *given, moved, called_off = phone.orders(4)
    assert {one.task_id for one in given} == {"T1", "T2"}
    assert isinstance(moved, WithdrawOrder) and isinstance(called_off, WithdrawOrder)
    assert (moved.task_id, moved.reason) == ("T1", "reassigned")
    assert (called_off.task_id, called_off.reason) == ("T2", "cancelled")
