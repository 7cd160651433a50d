"""Viewers without a browser: they keep Streamlit's ticks, and ask for what the scripts of the page do."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection

from bench.errors import BenchError
from bench.screen_beat import Page
from dashboard.rest import TICK_S

_PATIENCE_S = 60.0


@dataclass
class Kept:
    """What one viewer has seen."""

    asked: Counter[str] = field(default_factory=Counter)
    """Ticks by fragment; those of what is fetched by address by ''."""
    missed: int = 0
    """Ticks that were due while the one before had not been answered yet."""
    wire: int = 0
    """Bytes of the websocket, packed as they come."""
    fetched: int = 0
    """Bytes of what was fetched by address, packed."""


class Viewers:
    """`count` viewers of the page at `address`, from when it is entered until it is left; `scripts`: the page
    has ours, that ask for its panels; `key`: the cookie of who they are; `shown`: the map's layers that
    they ask for, None for all."""

    def __init__(
        self,
        address: str,
        query: str,
        count: int,
        scripts: bool = True,
        key: str = "",
        shown: frozenset[str] | None = None,
    ) -> None:
        self._address, self._query, self._scripts = address, query, scripts
        self._key, self._shown = key, shown
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
        """Ticks, of all viewers."""
        return sum(kept.asked.total() for kept in self.kept)

    @property
    def missed(self) -> int:
        return sum(kept.missed for kept in self.kept)

    @property
    def came(self) -> tuple[int, int]:
        """Those of the websockets, and those fetched by address, as they came over the line."""
        return sum(kept.wire for kept in self.kept), sum(kept.fetched for kept in self.kept)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        # A thread each, as browsers do not wait for one another.
        self._loop.set_default_executor(ThreadPoolExecutor(len(self.kept)))
        with_all = asyncio.gather(*(self._view(kept) for kept in self.kept), return_exceptions=True)
        ended = self._loop.run_until_complete(with_all)
        self._failed = [one for one in ended if isinstance(one, Exception)]  # to be cancelled is none

    def _stop(self) -> None:
        for task in asyncio.all_tasks(self._loop):
            task.cancel()

    async def _view(self, kept: Kept) -> None:
        where = f"ws://{self._address}/_stcore/stream"
        protocols = [websockets.Subprotocol(name) for name in ("streamlit", "PLACEHOLDER_AUTH_TOKEN")]
        page = await asyncio.to_thread(Page, self._address, self._key, self._shown)
        async with websockets.connect(
            where,
            subprotocols=protocols,
            max_size=None,
            create_connection=_counting(kept),
            origin=websockets.Origin(f"http://{self._address}"),
            additional_headers={"Cookie": self._key},
        ) as socket:
            await socket.send(self._ask(None))
            tasks = [asyncio.create_task(self._fetch(socket, kept, page))] if self._scripts else []
            due: dict[str, bool] = {}
            try:
                async for message in socket:
                    said = ForwardMsg.FromString(message.encode() if isinstance(message, str) else message)
                    of = said.WhichOneof("type")
                    if of == "auto_rerun" and said.auto_rerun.fragment_id not in due:
                        fragment = said.auto_rerun.fragment_id
                        due[fragment] = False
                        ask = self._asking(socket, due, fragment)
                        beat = _tick(
                            kept, fragment, said.auto_rerun.interval, partial(due.get, fragment), ask
                        )
                        tasks.append(asyncio.create_task(beat))
                    elif of == "delta":
                        due[said.delta.fragment_id] = False
                        page.drawn(said.delta)
            finally:
                for task in tasks:
                    task.cancel()

    def _asking(
        self, socket: ClientConnection, due: dict[str, bool], fragment: str
    ) -> Callable[[], Coroutine[Any, Any, None]]:
        async def ask() -> None:
            due[fragment] = True
            await socket.send(self._ask(fragment))

        return ask

    async def _fetch(self, socket: ClientConnection, kept: Kept, page: Page) -> None:
        """The panels, and the map's layers, each tick; and what they say is to be woken."""
        under_way: list[asyncio.Task[None]] = []

        async def fetch() -> None:
            kept.fetched += await asyncio.to_thread(page.fetch)
            for fragment, widget in page.woken():
                await socket.send(self._ask(fragment, widget))

        async def ask() -> None:
            if not late():  # as the page's script, that asks for one at a time
                under_way[:] = [asyncio.create_task(fetch())]

        def late() -> bool:
            for task in under_way:
                if task.done():
                    task.result()  # what went wrong ends the viewer
            return any(not task.done() for task in under_way)

        try:
            await _tick(kept, "", TICK_S, late, ask)
        finally:
            for task in under_way:
                task.cancel()

    def _ask(self, fragment: str | None, widget: str | None = None) -> bytes:
        message = BackMsg()
        message.rerun_script.query_string = self._query
        if fragment:
            message.rerun_script.fragment_id = fragment
            message.rerun_script.is_auto_rerun = widget is None
        if widget:
            message.rerun_script.widget_states.widgets.add(id=widget, trigger_value=True)
        encoded: bytes = message.SerializeToString()
        return encoded


async def _tick(
    kept: Kept,
    of: str,
    every_s: float,
    late: Callable[[], bool | None],
    ask: Callable[[], Coroutine[Any, Any, None]],
) -> None:
    """As the browser's interval: by the clock, whether or not the last answer has come."""
    loop = asyncio.get_running_loop()
    began, number = loop.time(), 0
    while True:
        number += 1
        await asyncio.sleep(began + number * every_s - loop.time())
        kept.missed += bool(late())
        kept.asked[of] += 1
        await ask()


def _counting(kept: Kept) -> type[ClientConnection]:
    class Counting(ClientConnection):
        def data_received(self, data: bytes) -> None:
            kept.wire += len(data)
            super().data_received(data)

    return Counting
