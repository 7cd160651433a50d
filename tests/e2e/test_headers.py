"""What the screen's answers forbid a browser; by one that ignores them each gets through."""

from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.e2e.browsing import browser, opened, screen  # noqa: F401  fixtures

pytestmark = pytest.mark.browser

RUN = """() => {
    const script = document.createElement("script");
    script.textContent = "window.ran = true";
    document.head.append(script);
    return window.ran === true;
}"""
ASK = "url => fetch(url).then(() => true, () => false)"


class Outside(BaseHTTPRequestHandler):
    """Another host: it answers whoever asks, and shows the screen in a frame."""

    def __init__(self, framed: str, *given: Any) -> None:
        self._framed = framed
        super().__init__(*given)

    def do_GET(self) -> None:
        body = f'<iframe src="{self._framed}" width="1000" height="600"></iframe>'.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing on stderr."""


@pytest.fixture(scope="module")
def outside(screen: str) -> Iterator[str]:  # noqa: F811
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Outside, f"{screen}/?lang=en"))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("guarded", [True, False])
def test_a_page_runs_no_script_but_ours_and_asks_nobody_else(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    outside: str,
    guarded: bool,
) -> None:
    with opened(browser, f"{screen}/?lang=en", bypass_csp=not guarded) as watched:
        page = watched.page
        page.wait_for_selector(".st-key-strip .gw-value")
        assert page.evaluate(ASK, f"{screen}/_stcore/health")
        gets_through = [page.evaluate(RUN), page.evaluate(ASK, outside)]
        assert gets_through == [not guarded] * 2


def test_nobody_elses_page_shows_the_screen_in_a_frame(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    outside: str,
) -> None:
    """One's own does: so larger walls are shown (test_look)."""
    with opened(browser, outside) as watched:
        watched.until(lambda: "frame-ancestors" in " ".join(watched.complaints), "the browser's refusal")
        assert watched.page.frames[-1].locator("[data-testid=stApp]").count() == 0
