"""What is major flashes and sounds in a real browser, from when somebody touched it."""

import shutil
from collections.abc import Iterator
from itertools import pairwise

import psycopg
import pytest
from playwright.sync_api import Browser, expect

from tests import tiny
from tests.e2e.browsing import (  # noqa: F401  fixtures
    FLAGS,
    MAP,
    WALL,
    Watched,
    browser,
    let_in,
    opened,
    screen,
)

pytestmark = pytest.mark.browser

SIREN, HINT = ".gw-siren", ".gw-mute"
COUNT_TONES = """
    window.tones = [];
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (at) {
        window.tones.push(this.context.state);
        start.call(this, at);
    };
"""
NOTE_FLASHES = """() => {
    window.flashes = [];
    new MutationObserver(() => {
        if (document.documentElement.dataset.flash === 'on') window.flashes.push(performance.now());
    }).observe(document.documentElement, {attributeFilter: ['data-flash']});
}"""
COLOUR = "siren => getComputedStyle(siren).backgroundColor"


@pytest.fixture
def alert(database_url: str) -> Iterator[psycopg.Connection]:
    """A connection to districts with one major incident each that nobody has taken up, A1."""
    with psycopg.connect(database_url, autocommit=True) as ingest:
        put(ingest, "raised")
        yield ingest


def put(ingest: psycopg.Connection, state: str, incident_id: str = "A1") -> None:
    """Let an incident be in a state, as ingest would."""
    ingest.execute("UPDATE incident SET state = %s WHERE incident_id = %s", (state, incident_id))


def is_siren(watched: Watched, state: str) -> bool:
    return bool(watched.page.evaluate("state => document.documentElement.dataset.siren === state", state))


def tones(watched: Watched) -> list[str]:
    """The state of the browser's sound at each tone that was started."""
    found: list[str] = watched.page.evaluate("() => window.tones")
    return found


def test_a_major_alert_flashes_and_after_a_click_sounds_until_somebody_acknowledges_it(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    alert: psycopg.Connection,
) -> None:
    put(alert, "acknowledged")
    with browser.new_context(viewport=WALL, locale="zh-CN") as context:
        let_in(context, screen)
        watched, colours = Watched(context.new_page()), set[str]()
        page = watched.page
        page.add_init_script(COUNT_TONES)
        page.goto(screen)
        page.wait_for_selector(f"{HINT}:visible")
        watched.until(lambda: watched.workers, "the workers on the map")
        page.eval_on_selector_all(MAP, "all => all.forEach(canvas => canvas.dataset.seen = 'yes')")
        assert page.locator(SIREN).count() == 0

        put(alert, "raised")
        page.wait_for_selector(f"{SIREN}:has-text('甲味馆 发现隐患')")
        watched.until(
            lambda: colours.add(page.eval_on_selector(SIREN, COLOUR)) or len(colours) > 1, "a flash"
        )
        assert is_siren(watched, "silent")
        assert tones(watched) == []

        page.mouse.click(960, 1075)
        watched.until(lambda: is_siren(watched, "sounding") and tones(watched), "the sound")
        assert set(tones(watched)) == {"running"}
        assert not page.locator(HINT).is_visible()
        heard = len(tones(watched))
        watched.until(lambda: len(tones(watched)) > heard, "the sound going on")

        put(alert, "acknowledged")
        page.wait_for_selector(SIREN, state="detached")
        watched.until(lambda: is_siren(watched, "silent"), "silence")
        assert set(page.eval_on_selector_all(MAP, "all => all.map(canvas => canvas.dataset.seen)")) == {"yes"}
        assert watched.hidden() == 0
        assert watched.complaints == []
        assert watched.outside() == []


def test_a_wall_that_may_play_by_itself_sounds_without_a_touch(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    alert: psycopg.Connection,
) -> None:
    flags = [*FLAGS, "--autoplay-policy=no-user-gesture-required"]
    with (
        browser.browser_type.launch(executable_path=shutil.which("chromium"), args=flags) as kiosk,
        opened(kiosk, f"{screen}/alerts?lang=en") as watched,
    ):
        watched.page.wait_for_selector(SIREN)
        watched.until(lambda: is_siren(watched, "sounding"), "the sound")
        assert not watched.page.locator(HINT).is_visible()


def test_of_several_the_newest_is_said_and_the_link_leads_to_them_all(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    alert: psycopg.Connection,
) -> None:
    put(alert, "raised", "A5")
    alert.execute("UPDATE incident SET opened_at = now() WHERE incident_id = 'A5'")
    with opened(browser, f"{screen}/tasks?lang=en") as watched:
        page = watched.page
        page.wait_for_selector(f"{SIREN}:has-text('2 of them'):has-text('SOS')")
        page.locator(".st-key-siren_bar a").click()
        page.wait_for_selector(".st-key-list .gw-note:text-is('2 found')")
    put(alert, "resolved", "A5")


def test_it_flashes_once_a_second_and_for_who_wants_no_motion_not_at_all(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    alert: psycopg.Connection,
) -> None:
    with opened(browser, screen) as watched:
        watched.page.wait_for_selector(SIREN)
        watched.page.evaluate(NOTE_FLASHES)
        watched.until(lambda: len(watched.page.evaluate("() => window.flashes")) > 3, "some flashes")
        flashes = watched.page.evaluate("() => window.flashes")
        assert min(later - earlier for earlier, later in pairwise(flashes)) > 950  # ms
    with opened(browser, screen, reduced_motion="reduce") as watched:
        watched.page.wait_for_selector(SIREN)
        watched.page.wait_for_function("() => document.documentElement.dataset.flash === 'on'")
        watched.page.evaluate(NOTE_FLASHES)
        watched.page.wait_for_timeout(3000)  # nothing is to happen, so there is nothing to wait for
        assert watched.page.evaluate("() => window.flashes") == []


def test_another_districts_alert_is_not_heard(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    alert: psycopg.Connection,
) -> None:
    ours = "UPDATE incident SET state = 'acknowledged' WHERE incident_id = 'A1' AND district = %s"
    alert.execute(ours, (tiny.DISTRICT,))
    with opened(browser, screen) as watched:
        watched.page.wait_for_selector("text=乙二 离开网格已")
        expect(watched.page.locator(SIREN)).to_have_count(0)
        said = watched.page.locator(".gw-fresh").get_attribute("data-tick")
        watched.until(
            lambda: watched.page.locator(".gw-fresh").get_attribute("data-tick") != said, "another tick"
        )
        expect(watched.page.locator(SIREN)).to_have_count(0)
