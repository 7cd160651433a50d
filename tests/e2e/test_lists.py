"""A list page as somebody uses it: narrowed, sorted and scrolled while it goes on being refreshed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from playwright.sync_api import Browser, Page

from dashboard.ui.i18n import say
from tests import tiny
from tests.e2e.browsing import Watched, browser, opened, screen  # noqa: F401  fixtures

pytestmark = pytest.mark.browser

ADD_TASKS = """
    INSERT INTO task (district, task_id, premises_id, category, grid_id, path, state, launched_at, due_at)
    SELECT %s, 'N' || n, 'P3', '专项检查', 'G3', %s, 'launched', now(), now() + n * interval '1 minute'
    FROM generate_series(%s::integer, %s) n"""
DRAWN = """() => new Promise(done =>
    requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(done), 250)))"""
"""A canvas shows where it was scrolled to some frames later."""
TABLE = ".st-key-tasks_table [data-testid=stDataFrame]"
OLD = re.compile(r"picture of ([89] s|[1-5]\d s|\d min) ago")
NOTE = ".st-key-list .gw-title .gw-note"


@pytest.fixture(scope="module")
def desk(browser: Browser, screen: str, database_url: str) -> Iterator[Watched]:  # noqa: F811
    """The list of tasks in English, of which 202 are to be done."""
    add_tasks(database_url, 100, 299)
    with opened(browser, f"{screen}/tasks?lang=en") as watched:
        yield watched


def add_tasks(url: str, first: int, last: int) -> None:
    with psycopg.connect(url) as ingest:
        ingest.execute(ADD_TASKS, (tiny.DISTRICT, tiny.PATH_3, first, last))


def found(page: Page, n: int, lang: str = "en") -> None:
    """Wait until the list says that it has `n` rows."""
    page.wait_for_selector(f"{NOTE}:text-is('{say(lang, 'list.found', n=n)}')")


def narrowed_by(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def numbers(page: Page) -> list[str]:
    """The task numbers in sight, from the top; what the canvas shows is also there for screen readers."""
    cells: list[str] = page.eval_on_selector_all(
        f"{TABLE} tbody tr", "all => all.map(row => row.lastChild.innerText)"
    )
    return cells


def test_filters_stand_in_the_address_and_outlast_reload_language_and_other_pages(desk: Watched) -> None:
    page, said = desk.page, {"lang": ["en"], "unit": [f"{tiny.DISTRICT}/02"], "states": ["launched", "done"]}
    found(page, 206)
    page.get_by_role("button", name=say("en", "task.launched")).click()
    found(page, 202)
    page.get_by_role("button", name=say("en", "task.done")).click()
    found(page, 205)
    page.goto(f"{page.url}&unit={tiny.DISTRICT}/02&lamps=nonsense")  # as somebody was sent it
    found(page, 202)
    desk.until(lambda: narrowed_by(page) == said, "the address without nonsense")
    page.get_by_role("radio", name="中文").click()
    found(page, 202, "zh")
    page.reload()
    found(page, 202, "zh")
    page.locator(".st-key-nav a", has_text=say("zh", "page.devices")).click()
    page.wait_for_selector(f".st-key-list .gw-title:has-text('{say('zh', 'panel.devices_list')}')")
    page.locator(".st-key-nav a", has_text=say("zh", "page.tasks")).click()
    found(page, 202, "zh")
    assert narrowed_by(page) == {**said, "lang": ["zh"]}
    page.locator(".st-key-nav a", has_text=say("zh", "page.tasks")).click()
    found(page, 206, "zh")
    desk.until(lambda: narrowed_by(page) == {"lang": ["zh"]}, "the address without filters")
    page.go_back()
    found(page, 202, "zh")
    assert desk.complaints == []


def test_a_list_keeps_filter_order_and_place_while_it_is_refreshed(desk: Watched, database_url: str) -> None:
    page = desk.page
    page.goto(f"{page.url.partition('?')[0]}?lang=en&states=launched")
    found(page, 202)
    page.wait_for_selector(f"{TABLE} tbody tr", state="attached")
    page.locator("[data-testid=stDataFrame]").nth(1).wait_for()  # what stands beside it is in its place
    box = page.locator(TABLE).bounding_box()
    assert box
    page.eval_on_selector(f"{TABLE} .dvn-scroller", "box => box.scrollLeft = box.scrollWidth")
    page.evaluate(DRAWN)
    page.mouse.click(box["x"] + box["width"] - 40, box["y"] + 18)  # the last column's head
    page.wait_for_selector(f"{TABLE} th:text-is('↑ Number')", state="attached")
    page.eval_on_selector(f"{TABLE} .dvn-scroller", "box => box.scrollTop = 1800")
    place = f"document.querySelector('{TABLE} .dvn-scroller').scrollTop"
    desk.until(lambda: page.evaluate(place) == 1800 and numbers(page)[0] > "N130", "the place scrolled to")
    page.eval_on_selector(f"{TABLE} canvas", "canvas => canvas.dataset.seen = 'yes'")
    before = numbers(page)
    assert before == sorted(before)
    add_tasks(database_url, 900, 900)  # due last, and last in this order
    page.wait_for_selector(f"{TABLE} table[aria-rowcount='204']", state="attached")  # the head is one
    assert page.eval_on_selector(f"{TABLE} canvas", "canvas => canvas.dataset.seen") == "yes"
    assert (page.evaluate(place), numbers(page)) == (1800, before)
    pressed = page.locator(".st-key-tasks_states [aria-pressed=true]")
    assert pressed.all_inner_texts() == [say("en", "task.launched")]


def test_while_the_database_is_away_the_list_stays_and_says_how_old_it_is(
    desk: Watched,
    server_url: str,
    database_url: str,
) -> None:
    page = desk.page
    page.goto(f"{page.url.partition('?')[0]}?lang=en&text=丙药房")
    page.wait_for_selector(f"{TABLE} tbody tr", state="attached")
    before = numbers(page)
    status = page.locator("[role=status]")
    with closed(server_url, database_url):
        page.wait_for_selector(f"[role=status]:has-text('{say('en', 'notice.database_away')}')")
        status.filter(has_text=OLD).wait_for()  # by now the list has been refreshed in vain
        assert numbers(page) == before
        assert say("en", "notice.database_away") in status.inner_text()
    page.wait_for_selector(f"[role=status]:has-text('{say('en', 'notice.live')}')")
    with psycopg.connect(database_url) as ingest:
        ingest.execute("DELETE FROM task WHERE task_id = 'T4'")
    desk.until(lambda: numbers(page)[0] == before[1], "the list without the task at its top")
    assert desk.complaints == []


@contextmanager
def closed(server_url: str, database_url: str) -> Iterator[None]:
    """The database ends every connection and takes no new one."""
    name = database_url.rpartition("/")[2]
    with psycopg.connect(server_url, autocommit=True) as owner:
        owner.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        try:
            yield
        finally:
            owner.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
