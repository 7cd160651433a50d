"""A click on the map shows the card of what lies there; by itself, while those it shows are still online."""

import math

import pytest
from playwright.sync_api import Browser, Page

from dashboard.ui import maps, theme
from tests.e2e.browsing import MAP, browser, opened, screen, worker_drawn  # noqa: F401  fixtures

pytestmark = pytest.mark.browser

# deck.gl takes a press for a click if it was short. Where WebGL is drawn by the processor, finding out what
# was pressed takes longer than that, and real clicks are lost: here no time passes between down and up.
CLICK = """([x, y]) => {
    const canvas = document.elementFromPoint(x, y), now = Date.now(), clock = Date.now;
    const mouse = {clientX: x, clientY: y, bubbles: true, cancelable: true, composed: true,
                   pointerId: 1, pointerType: 'mouse', isPrimary: true};
    Date.now = () => now;
    try {
        canvas.dispatchEvent(new PointerEvent('pointermove', {...mouse, button: -1, buttons: 0}));
        canvas.dispatchEvent(new PointerEvent('pointerdown', {...mouse, button: 0, buttons: 1}));
        canvas.dispatchEvent(new PointerEvent('pointerup', {...mouse, button: 0, buttons: 0}));
    } finally { Date.now = clock; }
}"""


def test_a_click_on_the_map_shows_the_card_of_what_lies_there(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
) -> None:
    with opened(browser, f"{screen}/map?lang=en") as watched:
        watched.page.wait_for_selector(MAP)
        watched.until(lambda: worker_drawn(watched.page, ".st-key-whole_map"), "a worker on the map")
        assert watched.page.locator(".gw-hint").is_visible()
        worker = next(dot["p"] for dot in watched.workers if dot["id"] == "W2")
        for place, said in (([118.015, 24.6055], "Yi"), (worker, "Yi Er")):
            watched.page.evaluate(CLICK, _pixel(watched.page, *place))
            watched.page.wait_for_selector(f".gw-picked header b:text-is('{said}')")


def _pixel(page: Page, lon: float, lat: float) -> list[float]:
    """Where on the window a place of the tiny district is drawn, on the map that nobody has moved."""
    box = page.locator("[data-testid=stDeckGlJsonChart]").bounding_box()
    assert box
    view = maps.view((118.0, 24.6, 118.03, 24.61), 1886, theme.WHOLE)
    pixels = 512 * 2**view.zoom / 360
    east, north = lon - view.longitude, (lat - view.latitude) / math.cos(math.radians(view.latitude))
    return [box["x"] + box["width"] / 2 + east * pixels, box["y"] + box["height"] / 2 - north * pixels]
