"""A module that nobody has heard of before goes the whole loop: a file, an order, a menu, answers by code,
two deadlines, a re-check, the department; through real processes, a real broker and simulated devices."""

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

from ingest.contract.messages import Envelope, InspectionLog
from ingest.contract.orders import LaunchTask
from ingest.registry import import_world
from ingest.settings import DATABASE_URL
from simulators import town as town_module
from simulators.device import Device
from simulators.devices.department import Department
from simulators.devices.phone import Phone
from simulators.faults import NO_FAULTS, replay
from simulators.files import read_world
from simulators.town import Town
from tests import tiny
from tests.conftest import wait_until
from tests.e2e.cli import gridward
from tests.e2e.test_closed_loop import _move_back, place
from tests.e2e.test_ingest import Ingest

NOISE = """
code: noise
name: {zh: 噪声, en: Noise}
department:
  code: city
  name: {zh: 城管局, en: City Management}
categories:
  - code: noise_patrol
    name: {zh: 噪声巡查, en: Noise patrol}
    hazard: general
    items: [loudspeaker, hours_kept]
    targets:
      tags: [夜间经营]
    cycle:
      ungraded: {days: 30}
    first_handling:
      text: {zh: 当场劝导, en: Talk to them}
      hours: 1
    department_working_days: 4
items:
  - code: loudspeaker
    text: {zh: 无高音喇叭, en: No loudspeaker}
    answers:
      - {code: none, text: {zh: 无, en: None}, means: normal}
      - code: in_use
        text: {zh: 有, en: In use}
        means: abnormal
        severity: serious
        follow_up: {zh: 当场关闭, en: Switched off on the spot}
  - code: hours_kept
    text: {zh: 按时停业, en: Closes in time}
    answers:
      - {code: kept, text: {zh: 是, en: They do}, means: normal}
"""
PREMISES = tiny.FILES["premises.csv"] + "P5,夜市,L5,住宿服务,,in_business,甲村五号,夜间经营,118.008,24.607,\n"
HOUR = timedelta(hours=1)


class Radio:
    """Simulated devices on a real connection, in a time of their own: what they say comes as after a time
    offline."""

    def __init__(self, broker_url: str, devices: list[Device]) -> None:
        self._devices = {device.listens_to: device for device in devices}
        self.heard: list[tuple[str, bytes]] = []
        self._client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        self._client.on_message = lambda _client, _data, message: self.heard.append(
            (message.topic, message.payload)
        )
        ready = threading.Event()
        self._client.on_subscribe = lambda *_: ready.set()
        self._client.connect("127.0.0.1", urlsplit(broker_url).port or 1883)
        self._client.subscribe([(topic, 1) for topic in self._devices if topic])
        self._client.loop_start()
        assert ready.wait(10)

    def hand_over(self, at: float) -> None:
        """Give the devices what has come down for them."""
        for topic, payload in self.heard:
            self._devices[topic].receive(payload, at)

    def live(self, device: Device, at: float) -> list[InspectionLog]:
        """Send all that a device has to say up to that instant; returns the visits among it."""
        said = [message for message in device.due(at) if not message.retain]
        for message in replay(said):
            self._client.publish(message.topic, message.payload, 1).wait_for_publish(10)
        told = [message.payload for message in said if message.stream == "inspection"]
        return [msgspec.json.decode(payload, type=Envelope[InspectionLog]).data for payload in told]

    def visit(self, phone: Device, task_id: str, at: float) -> tuple[InspectionLog, float]:
        """Let the phone's time go on from `at` until it has visited for the task: the visit, and then."""
        for now in range(int(at), int(at) + 4 * 3600, 30):
            for log in self.live(phone, now):
                if log.task_id == task_id:
                    return log, now
        raise AssertionError(f"{task_id} was not visited within four hours")

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Path:
    directory = tiny.write(tmp_path / "world", premises_csv=PREMISES)
    import_world(database_url, directory)
    return directory


@pytest.fixture
def began() -> float:
    """When the field's time begins: long enough ago for all that happens there."""
    return time.time() - 8 * 3600


@pytest.fixture
def field(world: Path, broker_url: str, began: float) -> Iterator[tuple[Radio, Phone, Department]]:
    # Of a seed of its own: at the same time of day, the same worker's same visit would be the same message.
    town = Town(read_world(world), began, seed=urlsplit(broker_url).port or 1)
    phone, desk = Phone(town, "W1", rates=NO_FAULTS), Department(town, "city", 0, NO_FAULTS)
    radio = Radio(broker_url, [phone, desk])
    yield radio, phone, desk
    radio.close()


def test_a_new_module_goes_the_whole_loop_without_a_line_of_code(
    database_url: str,
    broker_url: str,
    field: tuple[Radio, Phone, Department],
    began: float,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    radio, phone, desk = field
    task_id = f"N{urlsplit(broker_url).port}"
    ingest = Ingest(database_url, broker_url, tmp_path / "data").wait_until_ready()
    try:
        with psycopg.connect(database_url, autocommit=True) as conn:

            def ask(sql: str) -> list[Any]:
                return conn.execute(sql.replace("TASK", f"task_id = '{task_id}'").encode()).fetchall()

            def becomes(state: str) -> None:
                wait_until(lambda: ask("SELECT state FROM task WHERE TASK") == [(state,)], what=state)

            (tmp_path / "noise.yaml").write_text(NOISE, encoding="utf-8")
            loaded = gridward("module", "load", str(tmp_path / "noise.yaml"), **{DATABASE_URL: database_url})
            assert loaded.returncode == 0, loaded.stderr

            place(database_url, LaunchTask(task_id, "P5", "noise_patrol"))
            wait_until(lambda: any(task_id.encode() in body for _, body in radio.heard), what="the order")
            becomes("assigned")
            _move_back(conn, task_id)

            radio.hand_over(began)
            monkeypatch.setattr(town_module, "ABNORMAL", 1.0)
            bad, now = radio.visit(phone, task_id, began)
            assert {item.item: item.answer for item in bad.items} == {
                "loudspeaker": "in_use",
                "hours_kept": "kept",
            }
            assert {item.severity for item in bad.items} == {None}
            becomes("recheck_due")  # an hour after the visit, by the module's time for the first handling
            ended = datetime.fromtimestamp(bad.ended / 1000, UTC)
            assert ask("SELECT rectify_due_at FROM task WHERE TASK") == [(ended + HOUR,)]
            assert ask("SELECT severity::text, result FROM inspection WHERE TASK") == [
                ("serious", "abnormal")
            ]
            rings = "FROM alert WHERE subject = 'premises:P5' AND cleared_at IS NULL"
            assert ask(f"SELECT params -> 'findings' {rings}") == [([["loudspeaker", "in_use"]],)]

            monkeypatch.setattr(town_module, "ABNORMAL", 0.0)
            good, _ = radio.visit(phone, task_id, now)
            assert {item.item: item.answer for item in good.items} == {
                "loudspeaker": "none",
                "hours_kept": "kept",
            }
            becomes("done")
            ((whom, days),) = ask(
                "SELECT department_id, (SELECT min(params #>> '{department,working_days}') FROM task_event e "
                "WHERE e.task_id = o.task_id) FROM obligation o WHERE TASK"
            )
            assert (whom, days) == ("city", "4")
            assert ask("SELECT closed_at FROM task WHERE TASK") == [(None,)]

            wait_until(
                lambda: any("/department/" in topic for topic, _ in radio.heard), what="the department's"
            )
            radio.hand_over(time.time() - 600)
            radio.live(desk, time.time())
            wait_until(lambda: ask("SELECT FROM task WHERE TASK AND closed_at IS NOT NULL"), what="closed")
            assert ask("SELECT FROM obligation WHERE TASK AND replied_at < due_at AND reply IS NOT NULL")
            steps = [step for (step,) in ask("SELECT DISTINCT event FROM task_event WHERE TASK")]
            assert {"received", "started", "inspected", "recheck_due", "replied"} < set(steps)
            assert ask("SELECT FROM task_event WHERE TASK AND irregular IS NOT NULL") == []
            assert ask("SELECT DISTINCT state FROM order_out WHERE TASK AND kind = 'worker'") == [
                ("arrived",)
            ]
            assert ask(f"SELECT {rings}") == []
    finally:
        ingest.stop()
