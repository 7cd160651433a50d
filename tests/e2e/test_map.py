"""The map in a real browser: coloured, searched, seen from near, and on tiles of one's own."""

import io
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from dashboard.indicators import on_strip
from dashboard.ui.i18n import say
from tests import tiny
from tests.conftest import free_port
from tests.e2e.browsing import IN_CHINESE, IN_ENGLISH, MAP, Watched, browser, opened, screen  # noqa: F401  fixtures
from tests.e2e.browsing import served as at_port

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("lang", "page_name"), [("en", ""), ("zh", "map")])
def test_a_colour_is_kept_over_a_reload_and_its_legend_has_figures(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    lang: str,
    page_name: str,
) -> None:
    title = on_strip()[0].title[lang]
    with opened(browser, f"{screen}/{page_name}?lang={lang}") as watched:
        page = watched.page
        page.locator(".st-key-map_colour input").click()
        page.get_by_role("option", name=title).click()
        page.wait_for_url(f"**colour={on_strip()[0].name}*")
        page.reload()
        expect(page.locator(".gw-scale b")).to_have_text(title)
        expect(page.locator(".gw-scale li").first).to_contain_text("%")
        watched.until(lambda: coloured(watched), "the grids in their colours")
        assert watched.hidden() == 0
        assert watched.outside() == []
        assert watched.complaints == []


def coloured(watched: Watched) -> bool:
    return any("/api/map/grids" in url and "colour=" in url for url in watched.requests)


@IN_ENGLISH
def test_a_search_by_keyboard_flies_to_premises_on_the_map_that_was_there(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    lang: str,
) -> None:
    with opened(browser, f"{screen}/?lang={lang}") as watched:
        page = watched.page
        page.wait_for_selector(MAP)
        page.eval_on_selector_all(MAP, "all => all.forEach(canvas => canvas.dataset.seen = 'yes')")
        box = page.get_by_placeholder(say(lang, "map.search_hint"))
        box.fill("乙便利")
        box.press("Enter")
        hit = page.locator(".st-key-map_hits button").first
        expect(hit).to_contain_text("乙便利店")
        hit.focus()
        page.keyboard.press("Enter")
        card = page.locator(".gw-picked")
        expect(card.locator("header b")).to_have_text("乙便利店")
        expect(card.locator("a")).to_have_attribute("href", f"premises?lang={lang}&picked=P2")
        watched.until(lambda: any("/api/map/premises/" in url for url in watched.requests), "the premises")
        seen = page.eval_on_selector_all(MAP, "all => all.map(canvas => canvas.dataset.seen)")
        assert set(seen) == {"yes"}
        assert watched.complaints == []


def test_heat_is_fetched_once_it_is_wanted(browser: Browser, screen: str) -> None:  # noqa: F811
    with opened(browser, f"{screen}/map?lang=en") as watched:
        watched.page.wait_for_selector(MAP)
        watched.until(lambda: watched.workers, "the workers on the map")
        assert not any("/api/map/hazards" in url for url in watched.requests)
        watched.page.get_by_role("button", name=say("en", "layer.hazards")).click()
        watched.until(lambda: any("/api/map/hazards" in url for url in watched.requests), "the heat")
        expect(watched.page.locator(".gw-scale b")).to_have_text(say("en", "map.hazards_scale"))
        assert watched.complaints == []


@pytest.mark.parametrize(("motion", "sizes"), [("no-preference", 2), ("reduce", 1)])
def test_an_alert_pulses_for_whom_things_may_move(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    motion: str,
    sizes: int,
) -> None:
    with opened(browser, f"{screen}/?lang=en", reduced_motion=motion) as watched:
        seen: list[frozenset[int]] = []

        def ticks() -> bool:
            radii = frozenset(alert["r"] for alert in watched.alerts)
            if radii and radii not in seen:
                seen.append(radii)
            asked = [url for url in watched.requests if "/api/map/alerts" in url]
            return len(set(asked)) >= 5

        watched.until(ticks, "five pictures of the alerts")
        assert len(seen) == sizes


class Tiles(BaseHTTPRequestHandler):
    """Every tile is one colour."""

    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        tile = io.BytesIO()
        Image.new("RGB", (256, 256), (255, 120, 0)).save(tile, "PNG")
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        self.wfile.write(tile.getvalue())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def tiles() -> Iterator[str]:
    """The address of a tile server, as the setting wants it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Tiles)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{{z}}/{{x}}/{{y}}.png"
    server.shutdown()


@contextmanager
def served(**environ: str) -> Iterator[str]:
    port = free_port()
    with at_port(port, {**os.environ, **environ}):
        yield f"http://127.0.0.1:{port}"


def test_tiles_of_ones_own_lie_under_a_map_that_is_moved_onto_them(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    tiles: str,
    database_url: str,
) -> None:
    with opened(browser, f"{screen}/?lang=en") as watched:
        watched.until(lambda: watched.workers, "the workers on the map")
        plain = {worker["id"]: worker["p"] for worker in watched.workers}
    environ = {"GRIDWARD_DATABASE_URL": database_url, "GRIDWARD_DISTRICTS": str(tiny.DISTRICT)}
    environ |= {"GRIDWARD_BASEMAP": tiles, "GRIDWARD_BASEMAP_DATUM": "gcj02"}
    with served(**environ) as address, opened(browser, f"{address}/?lang=en") as watched:
        watched.until(lambda: orange(watched), "the tiles under the map")
        watched.until(lambda: watched.workers, "the workers on the map")
        moved = {worker["id"]: worker["p"] for worker in watched.workers}
        assert watched.outside() == []
        assert watched.complaints == []
    assert all(path.count("/") == 3 and path.endswith(".png") for path in Tiles.asked)
    for worker, (lon, lat) in plain.items():
        assert 0.002 < abs(moved[worker][0] - lon) + abs(moved[worker][1] - lat) < 0.02


def orange(watched: Watched) -> bool:
    """Whether much of the map is the tiles' colour, darkened as it is."""
    picture = Image.open(io.BytesIO(watched.page.locator(".st-key-map").screenshot())).convert("RGB")
    warm = sum(n for n, (red, _, blue) in picture.getcolors(2**24) or () if red > blue + 25)
    return warm > picture.width * picture.height / 4
