"""Every page in both languages in a real browser: opened by its own address, whole, asking nobody outside."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from dashboard.pages import Page as Entry
from dashboard.pages import discover
from dashboard.ui.i18n import LANGUAGES, say
from tests.e2e.browsing import (  # noqa: F401  fixtures
    LARGE_WALL,
    MAP,
    WALL,
    Watched,
    browser,
    opened,
    screen,
    worker_drawn,
)

pytestmark = pytest.mark.browser

MAPS = {"command_centre": ".st-key-map", "map": ".st-key-whole_map"}


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[tuple[str, str, int], Path]]:
    """The pictures by page, language and width: all of them make one contact sheet."""
    shots: dict[tuple[str, str, int], Path] = {}
    yield shots
    told = _sheet(shots, tmp_path_factory.mktemp("sheet") / "contact-sheet.png")
    print("contact sheet:", told)  # noqa: T201


@pytest.mark.parametrize("lang", LANGUAGES)
def test_links_lead_from_page_to_page_and_the_browsers_buttons_back_and_forward(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    lang: str,
    tmp_path: Path,
    sheet: dict[tuple[str, str, int], Path],
) -> None:
    # The browser's own language is the other one: the address decides.
    with opened(browser, f"{screen}/?lang={lang}", locale="en-US" if lang == "zh" else "zh-CN") as watched:
        page, seen = watched.page, discover()
        for number, entry in enumerate(seen):
            if number:
                page.locator(".st-key-nav a", has_text=say(lang, entry.title)).click()
            _shown(watched, entry.name, lang)
            if panel := MAPS.get(entry.name):
                watched.until(lambda: worker_drawn(page, panel), f"a worker on {entry.name}")  # noqa: B023
            _is_whole(watched, entry, lang)
            sheet[entry.name, lang, WALL["width"]] = _shot(page, tmp_path, entry.name)
        for entry in seen[-2:-5:-1]:
            page.go_back()
            _shown(watched, entry.name, lang)
        page.go_forward()
        _shown(watched, seen[-3].name, lang)
        assert watched.complaints == []
        assert watched.outside() == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_is_whole_at_its_own_address_on_a_large_wall_and_after_a_reload(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    lang: str,
    tmp_path: Path,
    sheet: dict[tuple[str, str, int], Path],
) -> None:
    with opened(browser, "about:blank", viewport=LARGE_WALL) as watched:
        page = watched.page
        for entry in discover():
            page.goto(f"{screen}/{entry.name}?lang={lang}")
            _shown(watched, entry.name, lang)
            _is_whole(watched, entry, lang)
            sheet[entry.name, lang, LARGE_WALL["width"]] = _shot(page, tmp_path, entry.name)
        page.reload()
        _shown(watched, entry.name, lang)
        _is_whole(watched, entry, lang)
        assert watched.outside() == []


def _is_whole(watched: Watched, entry: Entry, lang: str) -> None:
    """It has its address and title, needs no scroll bar, and nothing was complained of."""
    first = entry is discover()[0]  # which is at home at the root, whatever it is asked by
    assert _address(watched.page) == ("/" if first else f"/{entry.name}", {"lang": [lang]})
    watched.until(lambda: watched.page.title() == say(lang, entry.title), "its title")
    assert watched.hidden() == 0, entry.name
    assert watched.complaints == [], entry.name


def _shot(page: Page, folder: Path, name: str) -> Path:
    shot = folder / f"{name}.png"
    page.screenshot(path=shot)
    return shot


def _address(page: Page) -> tuple[str, dict[str, list[str]]]:
    parts = urlsplit(page.url)
    return parts.path, parse_qs(parts.query)


def _shown(watched: Watched, name: str, lang: str) -> None:
    """Wait until the page stands: with its map, or its list with rows."""
    page = watched.content()
    page.wait_for_selector(f"[role=status]:has-text('{say(lang, 'notice.live')}')")
    if name in MAPS:
        page.wait_for_selector(f"{MAPS[name]} .gw-title:has-text('{say(lang, 'panel.map')}')")
        page.wait_for_selector(f"{MAPS[name]} {MAP}")
    else:
        page.wait_for_selector(f".st-key-list .gw-title:has-text('{say(lang, f'panel.{name}_list')}')")
        page.wait_for_selector(".st-key-list [data-testid=stDataFrame] tbody tr", state="attached")


def _sheet(shots: dict[tuple[str, str, int], Path], path: Path) -> Path:
    """The pictures at a third of the wall's size: a line a page, a column a language and size."""
    lines = list(dict.fromkeys(name for name, _, _ in shots))
    columns = list(dict.fromkeys((lang, width) for _, lang, width in shots))
    sheet = Image.new("RGB", (640 * len(columns), 360 * len(lines)))
    for (name, *column), shot in shots.items():
        picture = Image.open(shot).convert("RGB").resize((640, 360))
        sheet.paste(picture, (640 * columns.index(tuple(column)), 360 * lines.index(name)))
    sheet.save(path)
    return path
