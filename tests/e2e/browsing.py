"""A real browser on the served screen, and what it asked for and complained of."""

import io
import json
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Frame,
    Page,
    Response,
    ViewportSize,
    expect,
    sync_playwright,
)

from dashboard.ui import theme
from dashboard.ui.i18n import LANGUAGES
from tests import accounts, tiny, tiny_day, warm
from tests.conftest import free_port, need, wait_until

FLAGS = [
    "--no-sandbox",  # tests run as root, too
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",  # the map needs WebGL, machines that test have no graphics card
    "--disable-gpu-compositing",  # nor is the rest of the page drawn faster by pretending that they have
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WALL, LARGE_WALL = {"width": 1920, "height": 1080}, {"width": 3840, "height": 2160}
MAP = "[data-testid=stDeckGlJsonChart] canvas"
PATIENCE_MS = 60_000
"""How long an element is waited for: a tested machine may have other things to do."""
expect.set_options(timeout=PATIENCE_MS)

# A way of the staff's is gone in one language: test_pages.py and tests/app look at every page in both.
IN_CHINESE, IN_ENGLISH = (pytest.mark.parametrize("lang", [lang]) for lang in LANGUAGES)


@dataclass
class Watched:
    """A page, and what went over the network and the console since it was opened."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    workers: list[dict[str, Any]] = field(default_factory=list)
    """The newest answer of /api/map/workers that the browser was given."""
    alerts: list[dict[str, Any]] = field(default_factory=list)
    """The same of /api/map/alerts."""

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE_MS)
        self._heard = {
            "request": lambda request: self.requests.append(request.url),
            "websocket": lambda socket: self.requests.append(socket.url),
            "response": self._on_response,
            "console": self._on_console,
            "pageerror": lambda error: self.complaints.append(str(error)),
        }
        for event, hear in self._heard.items():
            self.page.on(event, hear)

    def leave(self) -> None:
        """Nothing of what was done here is known to who comes next. Raises Error where that cannot be."""
        for event, hear in self._heard.items():
            self.page.remove_listener(event, hear)
        for frame in self.page.frames:
            frame.evaluate("() => { localStorage.clear(); sessionStorage.clear() }")
        self.page.goto("about:blank")
        self.page.context.clear_cookies()

    def _on_response(self, response: Response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status} {response.url}")
        elif "/api/map/workers" in response.url:
            self.workers = [
                each["properties"] | {"p": each["geometry"]["coordinates"]}
                for each in json.loads(response.body())["features"]
            ]
        elif "/api/map/alerts" in response.url:
            self.alerts = json.loads(response.body())

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def until(self, condition: Any, what: str) -> Any:
        """Wait as `wait_until` does, letting the browser's events in."""

        def look() -> Any:
            self.page.wait_for_timeout(50)
            return condition()

        return wait_until(look, seconds=PATIENCE_MS / 1000, what=what)

    def outside(self) -> list[str]:
        """The addresses asked for that are not this machine's."""
        told = [url for url in self.requests if not url.startswith(("data:", "blob:"))]
        return [url for url in told if "//127.0.0.1:" not in url]

    def content(self) -> Frame:
        """What shows the screen: the page itself, or on a large wall the frame that enlarges it."""
        self.page.wait_for_selector("iframe, [data-testid=stApp]", state="attached")
        return self.page.frames[-1]

    def hidden(self) -> int:
        """By how many pixels the page is larger than the window; 0 without scroll bars."""
        found: int = self.content().evaluate(
            """() => Math.max(...[document.scrollingElement, document.querySelector('[data-testid=stMain]')]
                 .flatMap(box => [box.scrollHeight - box.clientHeight, box.scrollWidth - box.clientWidth]))"""
        )
        return found


@pytest.fixture(scope="module")
def screen(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a served screen that shows the tiny day."""
    need("chromium")
    tiny_day.seed(database_url, tmp_path_factory.mktemp("worlds"))
    port = free_port()
    environ = {**os.environ, "GRIDWARD_DATABASE_URL": database_url, "GRIDWARD_DISTRICTS": str(tiny.DISTRICT)}
    with served(port, environ):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def served(port: int, environ: dict[str, str]) -> Iterator[None]:
    """The screen's server, as production starts it."""
    with tempfile.NamedTemporaryFile("r") as log:
        said = Path(log.name)
        process = warm.start("dashboard", [f"--port={port}"], environ, [Path(os.devnull), said, said])
        wait_until(lambda: listens(port) or process.exitcode is not None, seconds=60, what="the server")
        assert process.exitcode is None, (process.exitcode, log.read())
    try:
        database = environ["GRIDWARD_DATABASE_URL"]
        DOORS[port] = database, accounts.logged_in(database)
        yield
    finally:
        process.terminate()
        process.join(5)
        assert process.exitcode == 0


@pytest.fixture(scope="module")
def browser(screen: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield browser
        browser.close()


DOORS: dict[int | None, tuple[str, str]] = {}
"""By a server's port its database, and the token of somebody who may see and do everything."""


def let_in(context: BrowserContext, url: str, name: str | None = None) -> None:
    """Let the window's browser be logged in, as the account of that name; where `url` is none of a server's,
    at the newest one, to which it may come from there."""
    database, token = DOORS.get(urlsplit(url).port) or list(DOORS.values())[-1]
    if name:
        token = accounts.logged_in(database, name)
    place = {"domain": "127.0.0.1", "path": "/"}
    context.add_cookies([{"name": "gridward", "value": token, "httpOnly": True, **place}])


@contextmanager
def opened(
    browser: Browser,
    url: str,
    locale: str = "zh-CN",
    name: str | None = None,
    viewport: ViewportSize = WALL,
    **look: Any,
) -> Iterator[Watched]:
    """`url` in a window of its own, as large as the wall unless `viewport` says otherwise; logged in, as the
    account of that `name`."""
    asked = {"locale": locale, **look}
    page = _idle(browser, asked) or browser.new_context(**asked).new_page()
    let_in(page.context, url, name)
    page.set_viewport_size(viewport)
    watched = Watched(page)
    page.goto(url)
    yield watched
    try:
        watched.leave()
    except Error:
        page.context.close()
    else:
        LEFT.setdefault(browser, []).append((asked, page))


LEFT: dict[Browser, list[tuple[dict[str, Any], Page]]] = {}
"""Windows that may be used again, with what was asked for: one that has compiled the screen's scripts opens
it in a third of the time."""


def _idle(browser: Browser, asked: dict[str, Any]) -> Page | None:
    left = LEFT.get(browser, [])
    found = next((one for one in left if one[0] == asked), None)
    if found:
        left.remove(found)
    return found and found[1]


def worker_drawn(page: Page, panel: str) -> bool:
    """Whether the map in `panel` shows the worker who is outside their grid, whom no name lies upon."""
    picture = Image.open(io.BytesIO(page.locator(panel).screenshot())).convert("RGB")
    below_the_legend = picture.crop((0, theme.TITLE, picture.width, picture.height))
    wanted = theme.rgba(theme.AMBER)[:3]
    found = below_the_legend.getcolors(2**24) or ()
    near = [n for n, rgb in found if max(abs(a - b) for a, b in zip(rgb, wanted, strict=True)) < 12]
    return sum(near) > 20


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
