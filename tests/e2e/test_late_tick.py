"""A list that was left does not come back by a tick of it that reaches the server late."""

import pytest
from playwright.sync_api import Browser, WebSocketRoute
from streamlit.proto.BackMsg_pb2 import BackMsg

from dashboard.ui.i18n import say
from tests.e2e.browsing import WALL, Watched, browser, let_in, screen  # noqa: F401  fixtures

pytestmark = pytest.mark.browser


class Line:
    """The page's line to its server, on which what was sent can be sent once more."""

    def __init__(self) -> None:
        self.ticks: list[bytes] = []
        """What the browser sent by itself, the newest last."""
        self.sent: list[bytes] = []
        """All that it sent."""

    def join(self, page: WebSocketRoute) -> None:
        self._server = page.connect_to_server()
        page.on_message(self._pass_on)

    def _pass_on(self, message: str | bytes) -> None:
        if isinstance(message, bytes):
            self.sent.append(message)
        if isinstance(message, bytes) and BackMsg.FromString(message).rerun_script.is_auto_rerun:
            self.ticks.append(message)
        self._server.send(message)

    def repeat(self, message: bytes) -> None:
        self._server.send(message)


def test_a_late_tick_of_the_list_does_not_take_the_browser_back_to_it(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
) -> None:
    line = Line()
    with browser.new_context(viewport=WALL) as context:
        let_in(context, screen)
        watched = Watched(context.new_page())
        page = watched.page
        page.route_web_socket("**/_stcore/stream", line.join)
        page.goto(f"{screen}/tasks?lang=en")
        button = page.get_by_role("button", name=say("en", "launch.open"))
        button.wait_for()
        before = watched.until(lambda: line.ticks, "a tick")[-1]
        button.click()
        page.locator(".st-key-launch_unit").wait_for()
        said = page.locator(".gw-fresh").get_attribute("data-tick")
        line.repeat(before)
        watched.until(
            lambda: page.locator(".gw-fresh").get_attribute("data-tick") != said, "the head's next tick"
        )
        page.locator(".st-key-launch_unit").wait_for()
        line.sent.clear()
        page.locator(".st-key-wake_siren button").dispatch_event("click")  # as beat.js does
        watched.until(lambda: line.sent, "what the browser asks for next")
        assert BackMsg.FromString(line.sent[-1]).rerun_script.query_string == "lang=en&launch=1"
        assert page.url.endswith("/tasks?lang=en&launch=1")
