"""How fast others only read: paho's own loop, and a client in C. Nothing is decoded or stored."""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench.broker import PATH
from bench.errors import BenchError
from bench.house import House
from bench.publisher import Message, Publisher, fill
from bench.streams import Offer
from db.lifeline import lifeline

_PATIENCE_S = 300
_SESSION = "gridward-bench-reader"


def paho(house: House, messages: list[Message]) -> dict[str, Any]:
    """What `bench.paho_loop` tells of draining `messages` from a kept session."""
    with house.broker.kept_session(_SESSION, house.district.filter):
        fill(house.broker.port, messages)
        return _result(_loop(house, len(messages)), len(messages))


def paho_listening(house: House, rate: float, seconds: float) -> dict[str, Any]:
    """What it tells of an offer (`bench.streams`) that comes while it listens."""
    with house.broker.kept_session(_SESSION, house.district.filter):
        count = Offer(house.district, rate).messages(seconds)
        listening = _loop(house, count)
        assert listening.stdout is not None
        listening.stdout.readline()  # it is connected
        publisher, offer = Publisher(house.broker.port), Offer(house.district, rate)
        publisher.pace(offer, 0.0, seconds)
        publisher.finish()
        publisher.close()
        return _result(listening, count)


def _loop(house: House, count: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "bench.paho_loop", str(house.broker.port), _SESSION, str(count)],
        cwd=Path(__file__).parents[1], stdout=subprocess.PIPE, text=True, preexec_fn=lifeline(),
    )  # fmt: skip


def _result(loop: "subprocess.Popen[str]", count: int) -> dict[str, Any]:
    lines = loop.communicate(timeout=_PATIENCE_S)[0].splitlines()
    told: dict[str, Any] = json.loads(lines[-1])
    if told["messages"] != count:
        raise BenchError(f"paho was given {told['messages']} of {count} messages")
    return told


def mosquitto_sub(house: House, messages: list[Message]) -> float:
    """Messages a second that `mosquitto_sub` takes from a kept session, its start included."""
    program = shutil.which("mosquitto_sub", path=PATH)
    if program is None:
        raise BenchError("mosquitto_sub is not installed (apt-get install mosquitto-clients)")
    with house.broker.kept_session(_SESSION, house.district.filter):
        fill(house.broker.port, messages)
        command = [program, "-h", "127.0.0.1", "-p", str(house.broker.port), "-i", _SESSION, "-c", "-q", "1"]
        began = time.monotonic()
        subprocess.run(
            [*command, "-t", house.district.filter, "-C", str(len(messages))],
            stdout=subprocess.DEVNULL, timeout=_PATIENCE_S, check=True,
        )  # fmt: skip
        return len(messages) / (time.monotonic() - began)
