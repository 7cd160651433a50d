"""Waking a fragment takes no click away from whoever clicks at the same moment."""

import pytest
from playwright.sync_api import Browser, Route

from dashboard.ui.i18n import say
from tests.e2e.browsing import WALL, browser, let_in, screen  # noqa: F401  fixtures

pytestmark = pytest.mark.browser

# What is new wakes the fragment of the siren; in the next task of the browser's, before anything that this
# one put off, somebody clicks.
CLICK_AFTER_WAKING = """button => {
    const later = window.setTimeout;
    addEventListener('click', event => {
        if (!event.target.closest('.st-key-wake_siren') || document.body.dataset.clicked) return;
        document.body.dataset.clicked = 'yes';
        later(() => button.click());
    }, true);
}"""


def test_a_click_right_after_a_fragment_was_woken_is_carried_out(browser: Browser, screen: str) -> None:  # noqa: F811
    def something_new(route: Route) -> None:
        told = route.fetch()
        said = told.json()
        said["stamps"]["siren"] = "new"
        route.fulfill(response=told, json=said)

    with browser.new_context(viewport=WALL) as context:
        let_in(context, screen)
        page = context.new_page()
        page.goto(f"{screen}/tasks?lang=en")
        launch = page.get_by_role("button", name=say("en", "launch.open"))
        launch.evaluate(CLICK_AFTER_WAKING)
        page.route("**/api/beat?*", something_new)
        page.wait_for_selector("body[data-clicked]", state="attached")
        page.locator(".st-key-launch_unit").wait_for(timeout=10_000)
        page.unroute_all(behavior="wait")
