"""Every page in both languages in a real browser: reached by its link, whole, and asking nobody outside."""

import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from dashboard.pages import discover
from dashboard.ui import theme
from dashboard.ui.i18n import LANGUAGES, say
from tests.e2e.test_screen import Watched, browser, screen  # noqa: F401  fixtures

pytestmark = pytest.mark.browser

MAPS = {"command_centre": ".st-key-map", "map": ".st-key-whole_map"}


def test_every_page_is_whole_in_both_languages(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    tmp_path: Path,
) -> None:
    shots = []
    for lang in LANGUAGES:
        with browser.new_context(viewport={"width": 1920, "height": 1080}, locale="zh-CN") as context:
            watched = Watched(context.new_page())
            page = watched.page
            page.goto(f"{screen}/?lang={lang}")
            for entry in discover():
                page.locator(".st-key-nav a", has_text=say(lang, entry.title)).click()
                if entry.name in MAPS:
                    watched.until(lambda: _workers_drawn(page, MAPS[entry.name]), "a worker on the map")  # noqa: B023
                else:
                    title = say(lang, f"panel.{entry.name}_list")
                    page.wait_for_selector(f".st-key-list .gw-title:has-text('{title}')")
                    page.wait_for_selector(".st-key-list [data-testid=stDataFrame] canvas")
                assert f"lang={lang}" in page.url
                lost = page.evaluate(
                    "() => [document.scrollingElement, document.querySelector('[data-testid=stMain]')]"
                    ".map(box => [box.scrollHeight - box.clientHeight, box.scrollWidth - box.clientWidth])"
                )
                assert max(max(pair) for pair in lost) <= 0, (entry.name, lang, lost)
                shots.append(tmp_path / f"{entry.name}-{lang}.png")
                page.screenshot(path=shots[-1])
            assert watched.complaints == []
            told = [url for url in watched.requests if not url.startswith(("data:", "blob:"))]
            assert [url for url in told if "//127.0.0.1:" not in url] == []
    print("contact sheet:", _sheet(shots, tmp_path / "contact-sheet.png"))  # noqa: T201


def _workers_drawn(page: Page, panel: str) -> bool:
    """Whether there is green below the legend of the map in `panel`."""
    if not page.locator(f"{panel} canvas").count():
        return False
    picture = Image.open(io.BytesIO(page.locator(panel).screenshot())).convert("RGB")
    found = picture.crop((0, 60, picture.width, picture.height)).getcolors(2**24) or ()
    wanted = theme.rgba(theme.GREEN)[:3]
    near = [n for n, rgb in found if max(abs(a - b) for a, b in zip(rgb, wanted, strict=True)) < 12]
    return sum(near) > 20


def _sheet(shots: list[Path], path: Path) -> Path:
    """The pictures in two columns, one a language, at a third of their size."""
    width, height, half = 640, 360, len(shots) // 2
    sheet = Image.new("RGB", (2 * width, half * height))
    for number, shot in enumerate(shots):
        small = Image.open(shot).convert("RGB").resize((width, height))
        sheet.paste(small, (number // half * width, number % half * height))
    sheet.save(path)
    return path
