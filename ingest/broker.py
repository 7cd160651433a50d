"""The line to the broker: hands over messages in bulk, and takes back acknowledgements.

The only file that imports paho. Nothing is decided here. A persistent session (fixed client id, MQTT
3.1.1, QoS 1) lets the broker keep what comes while we are away.
"""

import contextlib
import select
import time
from collections import deque
from collections.abc import Collection
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion

from ingest import metrics
from ingest.contract.delivery import Delivery
from ingest.contract.errors import RetryLater
from ingest.settings import MqttAddress
from ingest.sieve import Publish, Sieve

BATCH = 5000
LINGER_S = 0.05
WAIT_S = 0.2
SETTLE_S = 30.0
_KEEPALIVE_S = 60
_HANDSHAKE_S = 10
_FAREWELL_S = 1
_RETAIN, _QOS, _DUP = 1, 6, 8
"""Bits of a PUBLISH packet's first byte."""


class Line:
    """One connection to the broker. One thread drives it; `ack` may be called from another."""

    def __init__(self, address: MqttAddress, client_id: str, settle_s: float = SETTLE_S) -> None:
        self._address = address
        self._settle_s = settle_s
        self._box: list[Delivery] = []
        self._epoch = 0
        self._granted = self._resumed = False
        self._live_from = float("inf")
        self._drained = False
        self._client = _Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            clean_session=False,
            protocol=MQTTProtocolVersion.MQTTv311,
        )
        self._client.username_pw_set(address.username, address.password)
        if address.tls:
            self._client.tls_set()
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe

    def connect(self, filters: list[str], closed: Collection[str] = ()) -> None:
        """Connect, subscribe to `filters` at QoS 1, and to the `closed` ones no longer, which a kept session
        may still have; raises RetryLater if the broker does not agree."""
        self._box, self._granted, self._drained = [], False, False
        self._epoch += 1
        try:
            self._client.connect(self._address.host, self._address.port, keepalive=_KEEPALIVE_S)
            self._pump_until(lambda: self._live_from < float("inf"), "did not accept us")
            if closed:
                self._client.unsubscribe(sorted(closed))
            self._client.subscribe([(name, 1) for name in filters])
            # A kept session has its subscriptions, and may bring so long a backlog before the grant that
            # the broker waits for acknowledgements: those come with the first batches.
            self._pump_until(lambda: self._granted or self._resumed, "did not grant the subscription")
        except (OSError, ValueError) as error:
            raise RetryLater(f"broker {self._address.host}:{self._address.port}: {error}") from error

    def wait(self, wait_s: float) -> bool:
        """Wait up to `wait_s` for something to collect; raises RetryLater when the line is lost."""
        sieve = self._sieve()
        try:
            there = bool(self._box or sieve.pending() or select.select([sieve], [], [], wait_s)[0])
        except (OSError, ValueError) as error:
            raise RetryLater(f"broker: {error}") from error
        if not there:
            self._drained = True
            self.tend()
        return there

    def collect(self, wait_s: float = WAIT_S) -> list[Delivery]:
        """What has arrived: some 5,000 messages, as soon as the socket is idle, 50 ms at most.

        Waits up to `wait_s` for the first one. Raises RetryLater when the connection is lost; what was
        collected and not acknowledged then comes again.
        """
        first_by, flush_by = time.monotonic() + wait_s, float("inf")
        while len(self._box) < BATCH and time.monotonic() < flush_by:
            if not self._pump(0 if self._box else max(0.0, first_by - time.monotonic())):
                self._drained = True  # idle: nobody is served by waiting for more
                break
            if self._box and flush_by == float("inf"):
                flush_by = time.monotonic() + LINGER_S
        self.tend()
        batch, self._box = self._box, []
        return batch

    def tend(self) -> None:
        """Keep the connection alive, also while nothing is collected; raises RetryLater when it is lost."""
        self._check(self._client.loop_misc())

    def ack(self, deliveries: list[Delivery]) -> None:
        """Tell the broker that these are stored; those of an earlier connection are left alone."""
        mids = [delivery.mid for delivery in deliveries if delivery.qos and delivery.epoch == self._epoch]
        try:
            self._sieve().acknowledge(mids)
        except (OSError, ValueError) as error:  # ValueError: the reading thread has closed the socket
            raise RetryLater(f"broker: {error}") from error

    def disconnect(self) -> None:
        """Close the connection; the broker keeps the session and what is not acknowledged."""
        self._client.disconnect()
        # Said, not cut off: a broker that finds the line broken may drop the last acknowledgements.
        end = time.monotonic() + _FAREWELL_S
        while self._client.want_write() and time.monotonic() < end:
            with contextlib.suppress(OSError, ValueError):
                select.select([], [self._sieve()], [], _FAREWELL_S)
            self._client.loop_write()

    def _pump(self, patience: float) -> bool:
        """Read what the socket holds, waiting up to `patience` seconds; False if there was nothing."""
        sieve = self._sieve()
        if self._client.want_write():
            self._check(self._client.loop_write())
        try:
            if not (sieve.pending() or select.select([sieve], [], [], patience)[0]):
                return False
            with metrics.stage("read"):
                self._box += self._deliveries(sieve.pull())
        except OSError as error:
            raise RetryLater(f"broker: {error}") from error
        while sieve.control:
            self._check(self._client.loop_read())
        return True

    def _pump_until(self, condition: Any, complaint: str) -> None:
        end = time.monotonic() + _HANDSHAKE_S
        while not condition():
            self._pump(0.1)
            if time.monotonic() > end:
                raise RetryLater(f"the broker {complaint} within {_HANDSHAKE_S} s")

    def _sieve(self) -> Sieve:
        sieve = self._client.socket()
        if not isinstance(sieve, Sieve):
            raise RetryLater("the broker closed the connection")
        return sieve

    def _check(self, code: MQTTErrorCode) -> None:
        if code != MQTTErrorCode.MQTT_ERR_SUCCESS:
            raise RetryLater(f"broker: {mqtt.error_string(code)}")

    def _on_connect(self, _client: Any, _data: Any, flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            raise RetryLater(f"the broker refused us: {reason}")
        self._resumed = bool(flags.session_present)
        # A session that was kept brings a backlog first; its messages are old, not their clocks wrong.
        self._live_from = time.monotonic() + (self._settle_s if flags.session_present else 0)

    def _on_subscribe(self, _client: Any, _data: Any, _mid: int, reasons: Any, _properties: Any) -> None:
        refused = [str(reason) for reason in reasons if reason.is_failure]
        if refused:
            raise RetryLater(f"the broker refused the subscription: {refused[0]}")
        self._granted = True

    def _deliveries(self, publishes: list[Publish]) -> list[Delivery]:
        now, epoch = datetime.now(UTC), self._epoch
        live = self._drained and time.monotonic() >= self._live_from
        return [
            # Positional, as it is done for every message: topic, payload, qos, retain, dup, mid, epoch.
            Delivery(
                _text(topic),
                payload,
                (flags & _QOS) >> 1,
                bool(flags & _RETAIN),
                bool(flags & _DUP),
                mid,
                epoch,
                now,
                live and not flags & (_RETAIN | _DUP),
            )
            for flags, topic, mid, payload in publishes
        ]


class Sender:
    """The courier's own connection, which comes back by itself; what it was given goes out at QoS 1."""

    def __init__(self, address: MqttAddress, client_id: str) -> None:
        self._arrived: deque[int] = deque()
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=client_id, protocol=MQTTProtocolVersion.MQTTv311
        )
        self._client.username_pw_set(address.username, address.password)
        if address.tls:
            self._client.tls_set()
        self._client.max_inflight_messages_set(500)
        self._client.on_publish = lambda _client, _data, mid, _reason, _properties: self._arrived.append(mid)
        self._client.connect_async(address.host, address.port, keepalive=_KEEPALIVE_S)
        self._client.loop_start()

    @property
    def is_up(self) -> bool:
        """Whether the broker takes something now."""
        return self._client.is_connected()

    def send(self, topic: str, payload: bytes) -> int:
        """Give the broker a message, again after a lost connection; its id is in `arrived` once it has it."""
        return self._client.publish(topic, payload, 1).mid

    @property
    def has_news(self) -> bool:
        """Whether something arrived since the last call of `arrived`."""
        return bool(self._arrived)

    def arrived(self) -> list[int]:
        """The ids of what the broker has got since the last call."""
        return [self._arrived.popleft() for _ in range(len(self._arrived))]

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


class _Client(mqtt.Client):
    def _create_socket(self) -> Any:
        return Sieve(super()._create_socket())  # type: ignore[arg-type]


@lru_cache(maxsize=65_536)
def _text(topic: bytes) -> str:
    # UTF-8 by the standard, yet not every broker checks.
    return topic.decode("utf-8", "backslashreplace")
