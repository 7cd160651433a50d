"""Publishes at QoS 1, and counts what the broker has acknowledged: a fill as fast as it takes, or a pace."""

import select
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from bench.errors import BenchError
from bench.wire import Wire, publish

Message = tuple[bytes, bytes]
"""Topic and payload."""

WINDOW = 20_000
"""Messages on the way and not acknowledged; a message's number must be free again before it is reused."""
_BURST = 512
_PATIENCE_S = 120
_TICK_S = 0.002


class Offered(Protocol):
    """Messages that fall due one after another from the epoch second `began` on."""

    began: float

    def due(self, after: float, until: float) -> Sequence[Message]:
        """Those due between two instants, seconds since `began`."""
        ...


class Publisher:
    """A connection that only publishes; every answer that comes is the acknowledgement of a message."""

    def __init__(self, port: int, client_id: str = "gridward-bench-publisher") -> None:
        self._wire = Wire(port, client_id, clean=True)
        self._wire.socket.setblocking(False)
        self._heard_bytes = 0
        self.sent = 0

    @property
    def acknowledged(self) -> int:
        """Messages that the broker has said yes to."""
        return self._heard_bytes // 4

    def send(self, messages: Sequence[Message]) -> None:
        """Hand over `messages` as fast as the broker takes them."""
        for start in range(0, len(messages), _BURST):
            burst = messages[start : start + _BURST]
            packets = [
                publish(topic, payload, (self.sent + n) % 65_535 + 1)
                for n, (topic, payload) in enumerate(burst)
            ]
            self._push(memoryview(b"".join(packets)))
            self.sent += len(burst)
            if self.sent - self.acknowledged > WINDOW:
                self._wait_until(lambda: self.sent - self.acknowledged <= WINDOW // 2)

    def pace(self, offer: Offered, after: float, until: float) -> float:
        """Send what is due from second `after` of the offer to second `until`, as it falls due.

        Returns by how many seconds the sender itself was behind, at worst.
        """
        late, done = 0.0, after
        while done < until:
            now = min(time.time() - offer.began, until)
            if now > done:
                late = max(late, now - done - _TICK_S)
                self.send(offer.due(done, now))
                done = now
            self._hear(0)
            time.sleep(_TICK_S)
        return late

    def finish(self) -> None:
        """Wait until everything is acknowledged."""
        self._wait_until(lambda: self.acknowledged >= self.sent)

    def close(self) -> None:
        self._wire.close()

    def _push(self, rest: memoryview) -> None:
        while rest:
            _, writable, _ = select.select([], [self._wire.socket], [], _PATIENCE_S)
            if not writable:
                raise BenchError("the broker takes nothing any more")
            rest = rest[self._wire.socket.send(rest) :]
            self._hear(0)

    def _hear(self, patience_s: float) -> bool:
        if not select.select([self._wire.socket], [], [], patience_s)[0]:
            return False
        heard = self._wire.socket.recv(1 << 16)
        if not heard:
            raise BenchError("the broker hung up")
        self._heard_bytes += len(heard)
        return True

    def _wait_until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            if not self._hear(_PATIENCE_S):
                raise BenchError("the broker acknowledges nothing any more")


def fill(port: int, messages: Sequence[Message]) -> float:
    """Publish all `messages` and wait until the broker has acknowledged each; returns messages a second."""
    publisher = Publisher(port)
    began = time.monotonic()
    publisher.send(messages)
    publisher.finish()
    publisher.close()
    return len(messages) / (time.monotonic() - began)
