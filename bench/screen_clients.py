"""Viewers without a browser: they speak Streamlit's protocol over a websocket, and keep its ticks."""

import asyncio
import threading
from collections import Counter
from dataclasses import dataclass, field

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection

from bench.errors import BenchError

_PATIENCE_S = 60.0


@dataclass
class Kept:
    """What one viewer has seen."""

    asked: Counter[str] = field(default_factory=Counter)
    """Ticks by fragment."""
    missed: int = 0
    """Ticks that were due while the one before had not been answered yet."""
    received: int = 0
    """Bytes."""


class Viewers:
    """`count` viewers of the page at `address`, from when it is entered until it is left."""

    def __init__(self, address: str, query: str, count: int) -> None:
        self._address, self._query = address, query
        self.kept = [Kept() for _ in range(count)]
        self._failed: list[Exception] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Viewers":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop)
        self._thread.join(_PATIENCE_S)
        if self._failed:
            raise BenchError(f"a viewer without a browser ended: {self._failed[0]!r}")

    @property
    def asked(self) -> int:
        """Ticks of fragments, of all viewers."""
        return sum(kept.asked.total() for kept in self.kept)

    @property
    def missed(self) -> int:
        return sum(kept.missed for kept in self.kept)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        with_all = asyncio.gather(*(self._view(kept) for kept in self.kept), return_exceptions=True)
        ended = self._loop.run_until_complete(with_all)
        self._failed = [one for one in ended if isinstance(one, Exception)]  # to be cancelled is none

    def _stop(self) -> None:
        for task in asyncio.all_tasks(self._loop):
            task.cancel()

    async def _view(self, kept: Kept) -> None:
        where = f"ws://{self._address}/_stcore/stream"
        protocols = [websockets.Subprotocol(name) for name in ("streamlit", "PLACEHOLDER_AUTH_TOKEN")]
        async with websockets.connect(where, subprotocols=protocols, max_size=None) as socket:
            await socket.send(self._ask(None))
            ticks: dict[str, asyncio.Task[None]] = {}
            due: set[str] = set()
            try:
                async for message in socket:
                    kept.received += len(message)
                    said = ForwardMsg.FromString(message.encode() if isinstance(message, str) else message)
                    of = said.WhichOneof("type")
                    if of == "auto_rerun" and said.auto_rerun.fragment_id not in ticks:
                        fragment = said.auto_rerun.fragment_id
                        beat = self._tick(socket, kept, due, fragment, said.auto_rerun.interval)
                        ticks[fragment] = asyncio.create_task(beat)
                    elif of == "delta":
                        due.discard(said.delta.fragment_id)
            finally:
                for task in ticks.values():
                    task.cancel()

    async def _tick(
        self, socket: ClientConnection, kept: Kept, due: set[str], fragment: str, every_s: float
    ) -> None:
        """As the browser's interval: by the clock, whether or not the last answer has come."""
        loop = asyncio.get_running_loop()
        began, number = loop.time(), 0
        while True:
            number += 1
            await asyncio.sleep(began + number * every_s - loop.time())
            kept.missed += fragment in due
            kept.asked[fragment] += 1
            due.add(fragment)
            await socket.send(self._ask(fragment))

    def _ask(self, fragment: str | None) -> bytes:
        message = BackMsg()
        message.rerun_script.query_string = self._query
        if fragment:
            message.rerun_script.fragment_id = fragment
            message.rerun_script.is_auto_rerun = True
        encoded: bytes = message.SerializeToString()
        return encoded
