"""The wall itself: a real browser at 1920x1080 on the served screen, over a real database."""

import io
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, sync_playwright

from dashboard.ui import theme
from tests import tiny, tiny_day
from tests.conftest import free_port, need, wait_until

pytestmark = pytest.mark.browser

FLAGS = [
    "--no-sandbox",  # tests run as root, too
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",  # the map needs WebGL, machines that test have no graphics card
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
MAP = "[data-testid=stDeckGlJsonChart] canvas"


@dataclass
class Watched:
    """A page, and what went over the network and the console since it was opened."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    workers: list[dict[str, Any]] = field(default_factory=list)
    """The newest answer of /api/map/workers that the browser was given."""

    def __post_init__(self) -> None:
        self.page.on("request", self._on_request)
        self.page.on("websocket", lambda socket: self.requests.append(socket.url))
        self.page.on("response", self._on_response)
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _on_request(self, request: Request) -> None:
        self.requests.append(request.url)

    def _on_response(self, response: Response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status} {response.url}")
        elif "/api/map/workers" in response.url:
            self.workers = json.loads(response.body())

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def until(self, condition: Any, what: str) -> Any:
        """Wait as `wait_until` does, letting the browser's events in."""

        def look() -> Any:
            self.page.wait_for_timeout(50)
            return condition()

        return wait_until(look, what=what)


@pytest.fixture(scope="module")
def screen(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a served screen that shows the tiny day."""
    need("chromium")
    tiny_day.seed(database_url, tmp_path_factory.mktemp("worlds"))
    port = free_port()
    environ = {**os.environ, "GRIDWARD_DATABASE_URL": database_url, "GRIDWARD_DISTRICTS": str(tiny.DISTRICT)}
    process = subprocess.Popen([sys.executable, "-m", "dashboard", f"--port={port}"], env=environ)
    wait_until(lambda: listens(port), what="the server")
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    assert process.wait(5) == 0


@pytest.fixture(scope="module")
def browser(screen: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def wall(browser: Browser, screen: str) -> Iterator[Watched]:
    """The command centre as a Chinese browser sees it, once its map is there and knows the workers."""
    with browser.new_context(viewport={"width": 1920, "height": 1080}, locale="zh-CN") as context:
        watched = Watched(context.new_page())
        watched.page.goto(screen)
        watched.page.wait_for_selector(MAP)
        watched.until(lambda: watched.workers, "the workers on the map")
        yield watched


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_worker_who_walks_moves_on_a_map_that_is_never_mounted_anew(
    wall: Watched, database_url: str
) -> None:
    before = {worker["id"]: worker["p"] for worker in wall.workers}
    wall.page.eval_on_selector_all(MAP, "all => all.forEach(canvas => canvas.dataset.seen = 'yes')")
    with psycopg.connect(database_url) as ingest:
        ingest.execute(
            "UPDATE worker_state SET lon = lon + 0.001, at = now(), last_seen = now() "
            "WHERE district = %s AND worker_id = 'W1'",
            (tiny.DISTRICT,),
        )
    walked = [pytest.approx(before["W1"][0] + 0.001), before["W1"][1]]
    wall.until(lambda: wall.workers[0]["p"] == walked, "the step on the map")
    assert [worker["p"] for worker in wall.workers[1:]] == [before["W2"], before["W3"]]
    seen = wall.page.eval_on_selector_all(MAP, "all => all.map(canvas => canvas.dataset.seen)")
    assert set(seen) == {"yes"}


def test_a_new_alert_and_a_closed_task_are_there_within_a_few_ticks(wall: Watched, database_url: str) -> None:
    with psycopg.connect(database_url) as ingest:
        ingest.execute(
            "INSERT INTO alert (district, alert_id, rule, subject, severity, params, path, raised_at) "
            "VALUES (%s, 'A9', 'bodycam_sos', 'device:B2', 'major', %s, %s, now())",
            (tiny.DISTRICT, json.dumps({"device_id": "B2", "worker_id": "W2"}), tiny.PATH_2),
        )
        ingest.execute("UPDATE task SET state = 'done', done_at = now(), done_by = 'W2' WHERE task_id = 'T3'")
    wall.page.wait_for_selector("text=乙二 执法记录仪紧急求助")
    wall.page.wait_for_selector("text=已结案 4 / 应结案 5")


def test_nothing_leaves_the_host_and_nothing_goes_wrong(wall: Watched) -> None:
    wall.page.wait_for_selector("[data-testid=stPlotlyChart] .barlayer")
    outside = [
        url for url in wall.requests if not url.startswith(("data:", "blob:")) and "//127.0.0.1:" not in url
    ]
    assert outside == []
    assert wall.complaints == []


def test_it_fills_the_wall_without_scroll_bars(wall: Watched) -> None:
    wall.page.wait_for_selector("[data-testid=stPlotlyChart] .barlayer")
    hidden = wall.page.evaluate(
        """() => [document.scrollingElement, ...document.querySelectorAll('[data-testid=stMain]')]
             .map(box => [box.scrollHeight - box.clientHeight, box.scrollWidth - box.clientWidth])"""
    )
    assert [lost for lost in hidden if max(lost) > 0] == []
    edges = wall.page.evaluate(
        """() => ['map', 'ends', 'ranking'].map(
             name => document.querySelector('.st-key-' + name).getBoundingClientRect().bottom)"""
    )
    assert edges == [1070, 1070, 1070]


def test_no_word_is_cut_off_in_either_language(wall: Watched) -> None:
    for lang, heading in (("English", "Live grid map"), ("中文", "网格实时态势")):
        wall.page.get_by_role("radio", name=lang).click()
        wall.page.wait_for_selector(f"text={heading}")
        cut = wall.page.evaluate(
            """() => [...document.querySelectorAll(
                 '.gw-name, .gw-title span, .gw-card *, .gw-place *, .gw-fresh *, .gw-worker *')]
                 .filter(box => box.scrollWidth > box.clientWidth + 1 && box.clientWidth > 0)
                 .map(box => box.innerText)"""
        )
        assert cut == []
        assert f"lang={'en' if lang == 'English' else 'zh'}" in wall.page.url


def test_the_map_draws_the_workers_that_it_was_told_of(wall: Watched) -> None:
    def green_pixels() -> int:
        picture = Image.open(io.BytesIO(wall.page.locator(".st-key-map").screenshot())).convert("RGB")
        below_the_legend = picture.crop((0, theme.TITLE, picture.width, picture.height))
        wanted = theme.rgba(theme.GREEN)[:3]
        return sum(
            count
            for count, colour in below_the_legend.getcolors(2**24) or ()
            if max(abs(one - other) for one, other in zip(colour, wanted, strict=True)) < 12
        )

    wall.until(lambda: green_pixels() > 20, "a green dot on the map")


def test_the_pages_own_address_opens_it_too(browser: Browser, screen: str) -> None:
    with browser.new_context(locale="en-US") as context:
        page = context.new_page()
        page.goto(f"{screen}/command_centre?lang=en")
        page.wait_for_selector("text=Live grid map")


def test_the_screen_says_when_ingest_is_silent(wall: Watched, database_url: str) -> None:
    with psycopg.connect(database_url) as ingest:
        ingest.execute("UPDATE ingest_state SET beat_at = now() - interval '2 minutes'")
    wall.page.wait_for_selector("[role=status]:has-text('采集服务无响应 2 分钟')")
