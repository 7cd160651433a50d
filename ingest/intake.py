"""Reads and decodes ahead, in a thread of its own, while the lane stores what came before.

So batches are as small as the broker is quiet and as large as the database is behind, up to a bound:
beyond it nothing is read, and the broker holds the backlog.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from threading import Condition, Thread

from ingest import metrics
from ingest.broker import WAIT_S, Line
from ingest.decoders import Message, decode_all
from ingest.domain.registered import Routes

AHEAD = 40_000
AHEAD_BYTES = 64 * 1024 * 1024
_REST_S = 0.2


class Intake:
    """Between a connected `line` and the lane: `take` what has come, then `acknowledge` it."""

    def __init__(self, line: Line, turn: AbstractContextManager[object], routes: Routes) -> None:
        """`turn` is held while the thread computes: it and the lane taking turns at the one interpreter are
        done sooner than both tugging at it. `routes` are those of the foreign topics that `line` brings."""
        self._line, self._routes = line, routes
        self._turn = turn
        self._changed = Condition()
        self._ready: list[Message] = []
        self._bytes = 0
        self._stopping = False
        self._failure: Exception | None = None
        self._thread = Thread(target=self._read, name="intake", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """Messages that are decoded and not yet taken."""
        return len(self._ready)

    def take(self, wait_s: float) -> list[Message]:
        """All that is decoded, in its order; waits up to `wait_s` for the first.

        Raises RetryLater when the line is lost; what was not taken then comes again.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._ready or self._failure, wait_s)
            if self._failure:
                raise self._failure
            taken, self._ready, self._bytes = self._ready, [], 0
            self._changed.notify()
        return taken

    def acknowledge(self, messages: Sequence[Message]) -> None:
        """Tell the broker that these are stored."""
        self._line.ack([delivery for delivery, _ in messages])

    def close(self) -> None:
        """Read nothing more; what is decoded can still be taken."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self._thread.join()

    def _read(self) -> None:
        try:
            while not self._stopping:
                if self._line.wait(WAIT_S):
                    self._read_some()
                while self._is_full() and not self._stopping:
                    self._line.tend()
        except Exception as error:  # noqa: BLE001  whatever ends the reader ends the lane, which says why
            with self._changed:
                self._failure = error
                self._changed.notify()

    def _read_some(self) -> None:
        with self._turn:
            deliveries = self._line.collect(0)
            with metrics.stage("decode"):
                messages = decode_all(deliveries, self._routes)
        if messages:
            self._add(messages)

    def _add(self, messages: list[Message]) -> None:
        with self._changed:
            self._ready += messages
            self._bytes += sum(len(delivery.payload) for delivery, _ in messages)
            self._changed.notify()

    def _is_full(self) -> bool:
        """Whether there is no room yet, having waited for it a little."""
        with self._changed:
            return not self._changed.wait_for(
                lambda: self._stopping or (len(self._ready) < AHEAD and self._bytes < AHEAD_BYTES), _REST_S
            )
