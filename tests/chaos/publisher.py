"""A gateway that speaks for all devices at QoS 1 and, as they would, sends again what nobody acknowledged."""

import contextlib
import select
import socket
import threading
import time
from collections.abc import Iterator
from itertools import islice

from tests.chaos import frames
from tests.chaos.ledger import Ledger
from tests.chaos.traffic import Message
from tests.conftest import wait_until

_RETRY_S = 0.2


class Publisher(threading.Thread):
    """Sends `messages`, `rate` a second, until they end or `finish`; the broker may come and go."""

    def __init__(
        self, port: int, login: tuple[str, str], ledger: Ledger, messages: Iterator[Message], rate: int
    ) -> None:
        super().__init__(name="publisher", daemon=True)
        self._port, self._login, self._ledger = port, login, ledger
        self._messages, self._rate = messages, rate
        self._stopped, self._abandoned = threading.Event(), threading.Event()
        self._unacknowledged: dict[int, Message] = {}
        self._mid = self._count = 0
        self._began = time.monotonic()
        self.ends = 0
        """How many connections, or attempts at one, have ended."""

    def run(self) -> None:
        while not self._is_done():
            with contextlib.suppress(OSError):
                self._live()
            self.ends += 1
            if not self._is_done():
                self._abandoned.wait(_RETRY_S)

    def pause(self) -> None:
        """Send nothing new from now on; what is not acknowledged is still sent again."""
        self._stopped.set()

    def finish(self) -> None:
        """Send nothing new, and wait until all is acknowledged."""
        self.pause()
        self.wait()

    def wait(self) -> None:
        """Wait until the messages have ended and all are acknowledged."""
        wait_until(lambda: not self.is_alive(), 60, what="acknowledgement of all that was sent")

    def abandon(self) -> None:
        """Let go of everything: a test that failed waits for nothing."""
        self._abandoned.set()
        self.join()

    def _is_done(self) -> bool:
        return self._abandoned.is_set() or (self._stopped.is_set() and not self._unacknowledged)

    def _live(self) -> None:
        """One connection, until all is done; raises OSError when it breaks."""
        with socket.create_connection(("127.0.0.1", self._port), timeout=10) as line:
            line.sendall(frames.connect("gateway", *self._login))
            rest = self._read(line, b"")
            again, self._unacknowledged = self._unacknowledged, {}
            self._send(line, list(again.values()), again=True)
            while not self._is_done():
                if select.select([line], [], [], 0.01)[0]:
                    rest = self._read(line, rest)
                if not self._stopped.is_set():
                    self._send(line, self._due(), again=False)
            line.sendall(frames.disconnect())

    def _due(self) -> list[Message]:
        count = int((time.monotonic() - self._began) * self._rate) - self._count
        self._count += count
        messages = list(islice(self._messages, count))
        if len(messages) < count:
            self.pause()
        return messages

    def _send(self, line: socket.socket, messages: list[Message], *, again: bool) -> None:
        packets = []
        for message in messages:
            self._mid = self._mid % 65_535 + 1
            self._unacknowledged[self._mid] = message
            self._ledger.note_sent(message)
            packets.append(
                frames.publish(message.topic, message.payload, self._mid, again=again, retain=message.retain)
            )
        line.sendall(b"".join(packets))

    def _read(self, line: socket.socket, rest: bytes) -> bytes:
        received = line.recv(65_536)
        if not received:
            raise ConnectionResetError
        packets, rest = frames.split(rest + received)
        for packet in packets:
            if packet.kind == frames.PUBACK:
                self._ledger.note_acknowledged(self._unacknowledged.pop(frames.acknowledged(packet)))
            elif packet.body[1]:
                raise ConnectionRefusedError(packet.body[1])
        return rest
