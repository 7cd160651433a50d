"""How a browser shows the screen: enlarged on a large wall, light at a desk, as a kiosk, view after view."""

import pytest
from playwright.sync_api import Browser

from dashboard.ui.i18n import say
from tests.e2e.browsing import LARGE_WALL, browser, opened, screen  # noqa: F401  fixtures

pytestmark = pytest.mark.browser

STRIP = ".st-key-strip .gw-value"
SMALL = """() => [...document.querySelectorAll('.st-key-room .gw *, .st-key-header .gw *')]
    .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
    .filter(one => one.checkVisibility())
    .filter(one => parseFloat(getComputedStyle(one).fontSize) < 16).map(one => one.outerHTML)"""
CLICKABLE = """() => [...document.querySelectorAll('.st-key-screen :is(button, input)')]
    .filter(one => one.checkVisibility() && !one.closest('.maplibregl-ctrl, .mapboxgl-ctrl'))
    .map(one => one.outerHTML)"""

COLOURS = (
    """() => [document.body, document.querySelector('.gw-title')].map(one => getComputedStyle(one).color)"""
)
MIDDLE = """one => {
    const box = one.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
}"""


def test_a_wall_of_four_times_the_dots_shows_the_same_enlarged(browser: Browser, screen: str) -> None:  # noqa: F811
    with opened(browser, f"{screen}/?lang=zh", viewport=LARGE_WALL) as watched:
        wall = watched.content()
        wall.wait_for_selector(STRIP)
        assert wall.evaluate("[devicePixelRatio, innerWidth, innerHeight]") == [2, 1920, 1080]
        assert watched.hidden() == 0
        x, y = wall.locator(".st-key-nav a", has_text=say("zh", "page.tasks")).evaluate(MIDDLE)
        watched.page.mouse.click(2 * x, 2 * y)
        wall.wait_for_selector(".st-key-list [data-testid=stDataFrame]")
        watched.until(lambda: "/tasks?lang=zh" in watched.page.url, "the address of what the wall shows")
        watched.until(lambda: watched.page.title() == say("zh", "page.tasks"), "its title")
        assert watched.hidden() == 0
        assert watched.complaints == []


def test_the_light_look_is_kept_by_the_browser(browser: Browser, screen: str) -> None:  # noqa: F811
    with opened(browser, f"{screen}/?lang=en") as watched:
        page = watched.page
        page.get_by_role("link", name=say("en", "look.light")).click()
        page.wait_for_selector(STRIP)
        page.goto(f"{screen}/tasks?lang=en")
        page.wait_for_selector(".st-key-list .gw-title")
        streamlits, ours = page.evaluate(COLOURS)
        assert streamlits == ours == "rgb(20, 40, 63)"
        page.get_by_role("link", name=say("en", "look.dark")).click()
        page.wait_for_selector(".st-key-list .gw-title")
        assert page.evaluate(COLOURS) == ["rgb(214, 232, 255)"] * 2


def test_a_kiosk_has_nothing_to_click_and_is_read_from_three_metres(browser: Browser, screen: str) -> None:  # noqa: F811
    with opened(browser, f"{screen}/?lang=zh&embed=true") as watched:
        page = watched.page
        page.wait_for_selector(STRIP)
        page.wait_for_selector(".gw-alert")
        assert page.evaluate(SMALL) == []
        assert page.evaluate(CLICKABLE) == []
        assert watched.hidden() == 0


def test_views_follow_one_another_until_somebody_touches_the_screen(browser: Browser, screen: str) -> None:  # noqa: F811
    address = f"{screen}/?lang=en&embed=true&rotate=5&views=command_centre,kpi"
    with opened(browser, address) as watched:
        page = watched.page
        page.wait_for_url("**/kpi?*")
        page.wait_for_selector(".st-key-list")
        page.wait_for_url(lambda url: "/kpi" not in url)
        page.wait_for_selector(STRIP)
        page.mouse.click(700, 60)
        page.wait_for_timeout(8_000)  # longer than a view has
        assert "/kpi" not in page.url
