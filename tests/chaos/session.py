"""Ingest's place at the broker, taken by the test: to be there before it, or to see what waits for it."""

import threading

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from ingest.contract.topics import district_filter
from tests import tiny
from tests.conftest import wait_until
from tests.e2e.compose import WORDS


def open_session(port: int) -> None:
    """Make the session, as ingest does when it comes for the first time; from now on all waits for it."""
    client, granted = _client(), threading.Event()
    client.on_subscribe = lambda *_: granted.set()
    _connect(client, port)
    wait_until(client.is_connected, what="the session")
    client.subscribe(district_filter(tiny.DISTRICT), 1)
    assert granted.wait(10)
    _disconnect(client)


def waiting(port: int, last: bytes) -> list[bytes]:
    """The payloads that wait for ingest up to the one that is `last`; they go on waiting."""
    seen: list[bytes] = []
    client = _client()
    client.on_message = lambda _client, _data, message: seen.append(bytes(message.payload))
    _connect(client, port)
    wait_until(lambda: last in seen, 30, what="the last message")
    _disconnect(client)
    return seen


def _client() -> mqtt.Client:
    client = mqtt.Client(
        CallbackAPIVersion.VERSION2,
        client_id=f"gridward-ingest-{tiny.DISTRICT}",
        clean_session=False,
        protocol=MQTTProtocolVersion.MQTTv311,
        manual_ack=True,
    )
    client.username_pw_set("ingest", WORDS["ingest"])
    return client


def _connect(client: mqtt.Client, port: int) -> None:
    client.connect("127.0.0.1", port)
    client.loop_start()


def _disconnect(client: mqtt.Client) -> None:
    client.disconnect()
    client.loop_stop()
