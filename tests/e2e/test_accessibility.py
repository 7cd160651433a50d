"""WCAG 2.1 A and AA on every page in both looks, as axe-core measures it, and the keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from dashboard.pages import discover
from dashboard.ui.i18n import say
from tests.e2e.browsing import browser, opened, screen  # noqa: F401  fixtures

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
# On a gradient axe-core does not judge the contrast of what is written: here what lies below it.
PLAIN = """* { background-image: none !important; text-shadow: none !important; }
    h1.gw-name { color: var(--name) !important; }"""

FOCUSED = """() => {
    const on = document.activeElement, look = getComputedStyle(on);
    return on.closest('.st-key-nav') && [on.innerText, look.borderColor, look.outlineStyle, look.boxShadow];
}"""


@pytest.mark.parametrize(("look", "lang"), [("dark", "zh"), ("light", "en")])
def test_no_page_breaks_a_rule_of_wcag(browser: Browser, screen: str, look: str, lang: str) -> None:  # noqa: F811
    broken = []
    with opened(browser, f"{screen}/?lang={lang}&look={look}") as watched:
        page = watched.page
        for number, entry in enumerate(discover()):
            if number:
                page.locator(".st-key-nav a", has_text=say(lang, entry.title)).click()
            page.wait_for_selector(
                ".st-key-list .gw-title" if number > 1 else "[data-testid=stDeckGlJsonChart]"
            )
            page.add_style_tag(content=PLAIN)
            found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
            broken += [(entry.name, one["id"], node["html"][:160]) for one in found for node in one["nodes"]]
    assert broken == []


def test_the_way_to_every_page_is_found_by_the_keyboard_and_seen(browser: Browser, screen: str) -> None:  # noqa: F811
    with opened(browser, f"{screen}/?lang=en") as watched:
        page, reached = watched.page, []
        ways = page.locator(".st-key-nav a")
        ways.nth(len(discover()) - 1).wait_for()  # the strip is there before them, and a Tab passes by
        for _ in range(40):
            page.keyboard.press("Tab")
            told = page.evaluate(FOCUSED)
            if told:
                reached.append(told[0].strip())
                assert told[1] != "rgba(0, 0, 0, 0)" or told[2] != "none" or told[3] != "none", told
        assert list(dict.fromkeys(reached)) == [say("en", entry.title) for entry in discover()]
