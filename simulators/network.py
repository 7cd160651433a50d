"""Many MQTT connections driven by one thread; one that is lost comes back, with patience."""

import logging
import selectors
import socket
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from paho.mqtt.client import Client, MQTTMessageInfo, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion

from ingest.contract.errors import ConfigError
from simulators.device import Message

log = logging.getLogger(__name__)

_BACK_OFF_S = (0.5, 15.0)
_CONNECT_S = 2.0
_CONNECTING = 8  # lines at a time, as many as a broker's queue surely holds
_MISC_EVERY_S = 1.0
_CONNECTING_EVERY_S = 0.02
_KEEPALIVE_S = 60


class Line:
    """One MQTT 3.1.1 connection. `wanted` says whether it should be up, `up` whether it is."""

    def __init__(self, network: "Network", client_id: str, will: Message | None) -> None:
        self._network = network
        self.up = False
        self.wanted = True
        self.on_up: Callable[[], None] = lambda: None
        self.client = Client(CallbackAPIVersion.VERSION2, client_id, protocol=MQTTv311)
        self.client.max_inflight_messages_set(1000)
        self.client.connect_timeout = _CONNECT_S
        self.client.username_pw_set(network.username, network.password)
        if will:
            self.client.will_set(will.topic, will.payload, 1, will.retain)
        self.client.on_connect = self._connected
        self.client.on_disconnect = self._disconnected
        self.filters: list[str] = []
        self.client.on_socket_open = lambda client, data, sock: network.watch(self, sock)
        self.client.on_socket_close = lambda client, data, sock: network.forget(sock)
        self.client.connect_async(network.host, network.port, _KEEPALIVE_S)

    def publish(self, message: Message) -> MQTTMessageInfo:
        """Send at QoS 1; while the broker is slow, the client keeps it."""
        return self.client.publish(message.topic, message.payload, 1, message.retain)

    def listen(self, topics: str, hear: Callable[[str, bytes], None]) -> None:
        """Have `hear` called with topic and payload of what comes on the filter `topics`, from the next
        connection on."""
        self.filters.append(topics)
        self.client.message_callback_add(
            topics, lambda client, data, message: hear(message.topic, bytes(message.payload))
        )

    def drop(self) -> None:
        """Lose the connection without a word, as a phone in a lift does; the broker sends the will."""
        self.wanted = False
        sock = self.client.socket()
        if isinstance(sock, socket.socket):
            sock.shutdown(socket.SHUT_RDWR)

    def _connected(self, client: Client, data: Any, flags: Any, reason: Any, properties: Any) -> None:
        self.up = not reason.is_failure
        if self.up:
            self._network.answered()
            if self.filters:
                client.subscribe([(topics, 1) for topics in self.filters])
        else:
            self._network.refused(str(reason))

    def _disconnected(self, client: Client, data: Any, flags: Any, reason: Any, properties: Any) -> None:
        self.up = False


class Network:
    """All lines to the broker at `url` (mqtt://[user:password@]host[:port]); ConfigError if it is none."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        shown = url.rpartition("@")[2]  # without a password
        try:
            self.host, self.port = parts.hostname or "", parts.port or 1883
        except ValueError as error:
            raise ConfigError(f"{shown}: {error}") from error
        if parts.scheme != "mqtt" or not self.host:
            raise ConfigError(f"{shown} is no broker's address (mqtt://host:port)")
        self.username, self.password = parts.username, parts.password
        self.lines: list[Line] = []
        self._selector = selectors.DefaultSelector()
        self._line_of: dict[int, Line] = {}
        self._misc_at = 0.0
        self._retry_at = 0.0
        self._back_off_s = _BACK_OFF_S[0]

    def line(self, client_id: str, will: Message | None = None) -> Line:
        """A new line, connected as soon as `poll` gets to it."""
        line = Line(self, client_id, will)
        self.lines.append(line)
        return line

    def watch(self, line: Line, sock: Any) -> None:
        self._line_of[sock.fileno()] = line
        self._selector.register(sock, selectors.EVENT_READ)

    def forget(self, sock: Any) -> None:
        self._line_of.pop(sock.fileno(), None)
        self._selector.unregister(sock)

    def poll(self, timeout_s: float) -> None:
        """Serve what the network has for us, waiting `timeout_s` at most for it."""
        now = time.monotonic()
        if now >= self._misc_at:
            self._misc_at = now + _MISC_EVERY_S
            self._upkeep(now)
        for key, events in self._selector.select(timeout_s):
            line = self._line_of.get(key.fd)
            if line is None:
                continue
            if events & selectors.EVENT_WRITE:
                line.client.loop_write()
            if events & selectors.EVENT_READ:
                line.client.loop_read()
            self._listen_for(line)

    def close(self, goodbyes: list[MQTTMessageInfo], within_s: float = 5.0) -> None:
        """Wait for the broker to take `goodbyes`, then disconnect every line in good order."""
        end = time.monotonic() + within_s
        while time.monotonic() < end and not all(told.is_published() for told in goodbyes):
            self.poll(0.05)
        for line in self.lines:
            line.wanted = False
            line.client.disconnect()
        self._selector.close()

    def _upkeep(self, now: float) -> None:
        """Keep alive what is connected, and bring back what should be, a few at a time."""
        connecting = 0
        for line in self.lines:
            if line.client.socket() is not None:
                line.client.loop_misc()
                self._listen_for(line)
            elif line.wanted and now >= self._retry_at and connecting < _CONNECTING:
                self._connect(line)
            connecting += not line.up and line.client.socket() is not None
        if connecting:
            self._misc_at = now + _CONNECTING_EVERY_S

    def _connect(self, line: Line) -> None:
        try:
            line.client.reconnect()
        except OSError as error:
            self.refused(error.strerror or str(error))

    def answered(self) -> None:
        """The broker took a line: no more patience is needed."""
        self._back_off_s = _BACK_OFF_S[0]

    def refused(self, reason: str) -> None:
        """One refused connection makes all wait, longer each time: they have the same broker."""
        if self._back_off_s == _BACK_OFF_S[0]:
            log.warning("broker %s:%s: %s; trying again", self.host, self.port, reason)
        self._retry_at = time.monotonic() + self._back_off_s
        self._back_off_s = min(2 * self._back_off_s, _BACK_OFF_S[1])

    def _listen_for(self, line: Line) -> None:
        sock = line.client.socket()
        if sock is not None:
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if line.client.want_write() else 0)
            if self._selector.get_key(sock).events != events:
                self._selector.modify(sock, events)
