"""The screen's benchmark: what its viewers and its browser count, on a served screen."""

import pytest
from playwright.sync_api import Browser

from bench.screen_browser import window
from bench.screen_clients import Viewers
from bench.screen_login import log_in
from dashboard.rest import TICK_S
from tests.conftest import wait_until
from tests.e2e.browsing import browser, screen  # noqa: F401  fixtures

pytestmark = pytest.mark.browser


def test_viewers_without_a_browser_are_told_of_each_tick_and_answered(
    screen: str,  # noqa: F811
    database_url: str,
) -> None:
    with Viewers(screen.partition("//")[2], "lang=en", 2, key=log_in(database_url)) as viewers:
        for kept in viewers.kept:
            wait_until(lambda: len(kept.asked) == 2, seconds=60, what="the map, and what is fetched")  # noqa: B023
            wait_until(lambda: min(kept.asked.values()) >= 3, seconds=60, what="ticks of each")  # noqa: B023
            assert min(kept.wire, kept.fetched) > 1_000
    assert viewers.asked > viewers.missed


def test_a_window_counts_what_came_and_what_would_scroll(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    database_url: str,
) -> None:
    key = log_in(database_url)
    with window(browser, (1920, 1080), key) as wall:
        assert wall.open(f"{screen}/?lang=en", ".st-key-strip .gw-value") > 0
        before = len(wall.frames)
        wait_until(lambda: wall.wait(TICK_S) or wall.frames[before:], seconds=60, what="a tick")
        assert sum(size for _, size in wall.frames[before:]) > 100
        assert wall.hidden_px() == 0
        assert wall.outside == set()
        assert {"grids", "workers", "alerts"} <= wall.layers_shown(TICK_S)
        assert wall.heap_mb() > 5
    with window(browser, (1200, 700), key) as small:
        small.open(f"{screen}/?lang=en", ".st-key-strip .gw-value")
        assert small.hidden_px() > 300
