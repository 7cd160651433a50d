"""``python -m bench.latency``: from an SOS to its alert and to the screen, from an order to its device."""

import argparse
import json
import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import msgspec
import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from bench.command import command
from bench.errors import BenchError
from bench.figures import Result, percentiles
from bench.house import House, say
from bench.publisher import Publisher
from bench.streams import Offer
from bench.viewer import Viewer
from db.connect import Reader, Scope
from ingest.contract.messages import BodycamEvent, Envelope, Reply
from ingest.contract.orders import SendOrder
from ingest.domain.account import SCREEN

RATE, SECONDS = 5_000.0, 60.0
GOAL_MS = 500
EVERY_S = 0.2
"""Between two calls for help, two orders, and two round trips."""
_WARM_S = 5.0
_PATIENCE_S = 30.0
_ACTOR = f"{SCREEN}bench"
_ACCOUNT = """
INSERT INTO account (name, roles, grade, made_by) VALUES ('bench', '{operate}', 'officer', 'bench')
ON CONFLICT DO NOTHING"""
_ALERTS = """
SELECT alert_id, incident_id, extract(epoch FROM raised_at)::float8,
       extract(epoch FROM pg_xact_commit_timestamp(xmin))::float8
FROM alert WHERE rule = 'bodycam_sos' AND raised_at >= to_timestamp(%s)"""


def run(at: House, rate: float = RATE, seconds: float = SECONDS) -> Result:
    """p50, p95, p99 and the longest, ms: `sos`, published to its alert committed; `screen`, published to the
    picture that the page draws; `order`, placed by the page's way to the device's socket; and, as baseline,
    `round_trip`, the same from one bare paho client to another.
    """
    if at.database.value("SHOW track_commit_timestamp") != "on":
        raise BenchError("the server must run with track_commit_timestamp = on")
    count = int(seconds / EVERY_S)
    say(f"latency: {rate:,.0f} positions/s and the other streams for {seconds:.0f} s")
    with ExitStack() as stack:
        stack.enter_context(at.broker.kept_session(at.district.client_id, at.district.filter))
        stack.enter_context(at.ingest())
        stack.enter_context(background(at, rate, _WARM_S + seconds))
        time.sleep(_WARM_S)
        viewer = stack.enter_context(Viewer(at.database.url, at.district.code))
        field = stack.enter_context(Field(at))
        at.database.execute(_ACCOUNT)
        reader = Reader(at.database.url)
        stack.callback(reader.close)
        began = int(time.time() * 1000) / 1000  # as messages tell the time
        for number in range(count):
            time.sleep(max(0.0, began + number * EVERY_S - time.time()))
            field.call_for_help(number)
            field.round_trip(number)
            _place(reader, at, number)
        _wait_until(lambda: len(field.orders) + len(field.trips) >= 2 * count, "orders")
        _wait_until(lambda: len(at.database.rows(_ALERTS, (began,))) >= count, "alerts")
        alerts = at.database.rows(_ALERTS, (began,))
        # Of those that are told as one incident the first is what is new on the screen.
        leading = [raised for alert, incident, raised, _ in alerts if alert == incident]
        shown = viewer.first_seen([alert for alert, incident, *_ in alerts if alert == incident])
    took = {
        "sos": [committed - raised for *_, raised, committed in alerts],
        "order": list(field.orders.values()),
        "round_trip": list(field.trips.values()),
        "screen": [seen - raised for seen, raised in zip(shown, leading, strict=True)],
    }
    figures = {name: percentiles([1000 * one for one in some]) for name, some in took.items()}
    told = {f"{name}_{key}_ms": ms for name, some in figures.items() for key, ms in some.items()}
    return {"pings_per_s": rate, "seconds": seconds, "each": count, "goal_ms": GOAL_MS, **told}


class Field:
    """Bodycams that call for help, cameras that are spoken through, and two clients with nothing between."""

    def __init__(self, at: House) -> None:
        self._district, self._devices = at.district.code, at.district.devices
        self._lon, self._lat = at.district.spots[:, 0, 0], at.district.spots[:, 0, 1]
        self.orders: dict[str, float] = {}
        """Order id -> seconds from when it was placed."""
        self.trips: dict[str, float] = {}
        self._speaker, self._ear = _client(), _client()
        self._ear.on_message = self._hear
        ready = threading.Event()
        self._ear.on_subscribe = lambda *_: ready.set()
        for client in (self._speaker, self._ear):
            client.connect("127.0.0.1", at.broker.port)
            client.loop_start()
        self._ear.subscribe([(f"gw/v1/{self._district}/camera/+/order", 1), ("bench/trip", 1)])
        if not ready.wait(_PATIENCE_S):
            raise BenchError("the broker answers no subscription")

    def __enter__(self) -> "Field":
        return self

    def __exit__(self, *_: object) -> None:
        for client in (self._speaker, self._ear):
            client.disconnect()
            client.loop_stop()

    def call_for_help(self, number: int) -> None:
        """Another bodycam's SOS, each somewhere else."""
        place = number * 7 % len(self._lon)
        event = BodycamEvent("sos", float(self._lon[place]), float(self._lat[place]))
        self._say("bodycam", number, "event", event)

    def round_trip(self, number: int) -> None:
        """What an order weighs, from one client to the other."""
        said = {"kind": "speak", "order_id": f"t{number}", "text": str(time.time()), "expires": 0}
        self._speaker.publish("bench/trip", json.dumps(said), 1)

    def _hear(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        now, order = time.time(), json.loads(message.payload)
        known = self.trips if message.topic == "bench/trip" else self.orders
        known.setdefault(order["order_id"], now - float(order["text"]))
        if known is self.orders:
            number = self._devices["camera"].index(message.topic.split("/")[4])
            self._say("camera", number, "reply", Reply(order["order_id"], "done"))

    def _say(self, kind: str, number: int, stream: str, data: Any) -> None:
        devices, ms = self._devices[kind], int(time.time() * 1000)
        topic = f"gw/v1/{self._district}/{kind}/{devices[number % len(devices)]}/{stream}"
        body = Envelope(f"{ms:x}-{stream}-{number:x}", ms, data, sent=ms)
        self._speaker.publish(topic, msgspec.json.encode(body), 1)


def _client() -> mqtt.Client:
    return mqtt.Client(CallbackAPIVersion.VERSION2)


def _place(reader: Reader, at: House, number: int) -> None:
    """As the page does."""
    cameras, district = at.district.devices["camera"], at.district.code
    order = SendOrder("camera", cameras[number % len(cameras)], "speak", str(time.time()))
    scope, payload = Scope(district, str(district)), msgspec.json.encode(order).decode()
    reader.place(scope, _ACTOR, f"bench-{number}", "send_order", payload)


@contextmanager
def background(at: House, rate: float, seconds: float) -> Iterator[None]:
    """The district goes on for so long, out of a process of its own."""
    process = multiprocessing.get_context("fork").Process(target=_pace, args=(at, rate, seconds))
    process.start()
    try:
        yield
        process.join()
        if process.exitcode:
            raise BenchError("the background ended by itself")
    finally:
        process.kill()


def _pace(at: House, rate: float, seconds: float) -> None:
    publisher = Publisher(at.broker.port)
    publisher.pace(Offer(at.district, rate), 0.0, seconds)
    publisher.close()
    os._exit(0)  # what was inherited is the other process's to end


def _wait_until(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + _PATIENCE_S
    while not condition():
        if time.monotonic() > end:
            raise BenchError(f"not all {what} came within {_PATIENCE_S:.0f} s")
        time.sleep(0.05)


def options(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument("--rate", type=float, default=RATE, help="positions a second (default %(default)s)")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long (default %(default)s)")


def main() -> int:
    """Run it by itself."""
    return command("latency", __doc__, options, lambda at, given: run(at, given.rate, given.seconds))


if __name__ == "__main__":
    sys.exit(main())
