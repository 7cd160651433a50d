"""A real browser on the screen: what comes to it, what it asks for, keeps, and where it would scroll."""

import base64
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench.errors import BenchError

WALL, LARGE = (1920, 1080), (3840, 2160)
_FLAGS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-gpu-compositing",
]
_LAYER = re.compile(r"/api/map/(\w+)[/?]")
_PATIENCE_MS = 60_000
_HIDDEN = """() => Math.max(...[document.scrollingElement, document.querySelector('[data-testid=stMain]')]
    .flatMap(box => [box.scrollHeight - box.clientHeight, box.scrollWidth - box.clientWidth]))"""


class Window:
    """One page, watched from before it is opened."""

    def __init__(self, page: Any) -> None:
        self._page, self._session = page, page.context.new_cdp_session(page)
        self.frames: list[tuple[float, int]] = []
        """When each message of the websocket came, monotonic, and its bytes."""
        self.outside: set[str] = set()
        self.layers: set[str] = set()
        """Those of the map's that were asked for."""
        for domain in ("Network", "Performance", "HeapProfiler"):
            self._session.send(f"{domain}.enable")
        self._session.on("Network.webSocketFrameReceived", self._received)
        page.on("request", lambda request: self._asked(request.url))
        page.on("websocket", lambda socket: self._asked(socket.url))
        page.set_default_timeout(_PATIENCE_MS)

    def open(self, url: str, drawn: str) -> float:
        """Seconds until there is an element `drawn`, of one's own picture."""
        began = time.monotonic()
        self._page.goto(url)
        self._content().wait_for_selector(drawn)
        return time.monotonic() - began

    def wait(self, seconds: float) -> None:
        """Let so much time pass, and what comes come."""
        self._page.wait_for_timeout(1000 * seconds)

    def layers_shown(self, seconds: float) -> frozenset[str]:
        """The layers that the map asks for within so many seconds of its first. Raises BenchError if there is
        none."""
        end = time.monotonic() + _PATIENCE_MS / 1000
        while not self.layers:
            if time.monotonic() > end:
                raise BenchError("the browser asks for nothing of the map")
            self.wait(0.1)
        self.wait(seconds)
        return frozenset(self.layers)

    def hidden_px(self) -> int:
        """By how much the page is larger than the window; 0 without scroll bars."""
        found: int = self._content().evaluate(_HIDDEN)
        return found

    def heap_mb(self) -> float:
        """What its scripts keep, after everything that nobody holds has gone."""
        self._session.send("HeapProfiler.collectGarbage")
        metrics = {
            one["name"]: one["value"] for one in self._session.send("Performance.getMetrics")["metrics"]
        }
        return float(metrics["JSHeapUsedSize"]) / 2**20

    def _content(self) -> Any:
        """The page, or the frame that shows it enlarged."""
        self._page.wait_for_selector("iframe, [data-testid=stApp]", state="attached")
        return self._page.frames[-1]

    def _received(self, event: dict[str, Any]) -> None:
        response = event["response"]
        data = response["payloadData"]
        size = len(base64.b64decode(data)) if response["opcode"] == 2 else len(data)
        self.frames.append((time.monotonic(), size))

    def _asked(self, url: str) -> None:
        if layer := _LAYER.search(url):
            self.layers.add(layer[1])
        if not url.startswith(("data:", "blob:")) and "//127.0.0.1:" not in url:
            self.outside.add(url)


@contextmanager
def browser() -> Iterator[Any]:
    """Chromium, as the tests have it. Raises BenchError where it, or what drives it, is not there."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise BenchError("chromium is not installed")
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - one of the tests' tools
    except ImportError:
        raise BenchError("playwright is not installed: make install") from None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
        yield browser
        browser.close()


@contextmanager
def window(browser: Any, size: tuple[int, int] = WALL, key: str = "") -> Iterator[Window]:
    """A window of `size` pixels; `key`: the cookie of who is logged in."""
    width, height = size
    with browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN") as context:
        if key:
            name, _, value = key.partition("=")
            context.add_cookies([{"name": name, "value": value, "domain": "127.0.0.1", "path": "/"}])
        yield Window(context.new_page())
