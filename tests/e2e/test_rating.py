"""An officer rates premises by mouse: ingest carries it out, the archive and the map show it."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from dashboard.ui.i18n import say
from tests.e2e.browsing import browser, opened, screen  # noqa: F401  fixtures
from tests.e2e.test_desk import NAMES, Field, choose, field, send, write  # noqa: F401  fixtures

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("lang", "was", "grade"), [("zh", "B", "D")])
def test_premises_are_rated_and_the_archive_says_by_whom_and_why(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    field: Field,  # noqa: F811
    lang: str,
    was: str,
    grade: str,
    tmp_path: Path,
) -> None:
    with opened(browser, f"{screen}/premises?lang={lang}&picked=P2", name=NAMES[lang]) as watched:
        page = watched.page
        card = page.locator(".st-key-archive_rating")
        expect(card).to_contain_text(say(lang, "rating.grade", grade=was))
        choose(watched, f"rating_P2_{was}", say(lang, "rating.grade", grade=grade))
        write(page, "rating_P2_reason", "两次复查未改")
        send(page, "rating_P2")
        expect(card.locator("header b")).to_have_text(say(lang, "rating.grade", grade=grade))
        expect(card).to_contain_text(f"{say(lang, 'actor.screen')} · {NAMES[lang]}")
        expect(card).to_contain_text("两次复查未改")
        expect(card).to_contain_text(say(lang, "order_state.done"))
        assert watched.hidden() == 0
        page.screenshot(path=tmp_path / f"rating-{lang}.png")
        tile = page.request.get(f"{screen}/api/map/premises/27125/14072?lang={lang}&t=1")
        shown = {
            one["properties"]["id"]: one["properties"]["g"] for one in json.loads(tile.body())["features"]
        }
        assert shown["P2"] == grade
        assert watched.complaints == []
    rated = (
        f"SELECT actor, changes FROM premises_event WHERE event = 'rated' AND actor = 'screen:{NAMES[lang]}'"
    )
    assert field.rows(rated) == [(f"screen:{NAMES[lang]}", {"risk_grade": [was, grade]})]
