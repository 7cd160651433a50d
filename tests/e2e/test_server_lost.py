"""The screen while its server is away: the last picture, how old it is, and on by itself."""

import os
import shutil
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from dashboard.ui.i18n import say
from tests import tiny, tiny_day
from tests.conftest import free_port, need
from tests.e2e.browsing import FLAGS, opened, served

pytestmark = pytest.mark.browser

FIGURES, LOST = ".st-key-strip .gw-value", ".gw-lost"


def test_a_screen_that_loses_its_server_says_so_and_goes_on_by_itself(
    database_url: str, tmp_path: Path
) -> None:
    need("chromium")
    tiny_day.seed(database_url, tmp_path)
    port = free_port()
    environ = {**os.environ, "GRIDWARD_DATABASE_URL": database_url, "GRIDWARD_DISTRICTS": str(tiny.DISTRICT)}
    with ExitStack() as windows:
        playwright = windows.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        windows.callback(browser.close)
        with served(port, environ):
            watched = windows.enter_context(opened(browser, f"http://127.0.0.1:{port}/?lang=en"))
            page = watched.page
            page.wait_for_selector(FIGURES)
            seen = page.locator(FIGURES).all_inner_texts()
        page.wait_for_selector(LOST)
        assert (
            page.locator(LOST)
            .inner_text()
            .startswith("▲ " + say("en", "notice.server_lost", seconds="|")[:20])
        )
        assert page.locator(FIGURES).all_inner_texts() == seen
        with served(port, environ):
            page.wait_for_selector(LOST, state="hidden")
            page.wait_for_selector(f"[role=status]:has-text('{say('en', 'notice.live')}')")
            assert page.locator(FIGURES).count() == len(seen)
