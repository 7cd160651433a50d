"""What the page of tasks shows in place of its list, in a real browser: it fits, and can be taken away."""

import pytest
from playwright.sync_api import Browser

from dashboard.ui.i18n import say
from tests.e2e.browsing import IN_ENGLISH, browser, opened, screen  # fixtures

__all__ = ["browser", "screen"]

pytestmark = pytest.mark.browser


@IN_ENGLISH
@pytest.mark.parametrize(("view", "title"), [("survey=1", "survey_list"), ("round=W2", "round")])
def test_a_view_fits_the_wall_and_complains_of_nothing(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    view: str,
    title: str,
    lang: str,
) -> None:
    with opened(browser, f"{screen}/tasks?{view}&lang={lang}") as watched:
        page = watched.page
        page.wait_for_selector(f".gw-title:has-text('{say(lang, f'panel.{title}')}')")
        page.wait_for_selector("[data-testid=stDataFrame] tbody tr", state="attached")
        assert watched.hidden() == 0
        assert watched.complaints == []
        assert watched.outside() == []


def test_a_days_list_is_taken_away_in_the_order_of_the_way(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
) -> None:
    with opened(browser, f"{screen}/tasks?round=W2&lang=en") as watched:
        page = watched.page
        page.wait_for_selector("img.gw-way")
        with page.expect_download() as taken:
            page.get_by_role("button", name="CSV", exact=True).click()
        lines = taken.value.path().read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("No.,Premises,Deadline,Tasks,")
    assert [line.split(",")[:2] for line in lines[1:]] == [["1", "乙便利店"]]
    assert taken.value.suggested_filename.startswith("round-W2-")
