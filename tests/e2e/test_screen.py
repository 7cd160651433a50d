"""The wall itself: a real browser at 1920x1080 on the served screen, over a real database."""

import json
from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import Browser

from dashboard.ui import ends, kpi
from tests import tiny
from tests.e2e.browsing import MAP, Watched, browser, opened, screen, worker_drawn  # noqa: F401  fixtures

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def wall(browser: Browser, screen: str) -> Iterator[Watched]:  # noqa: F811
    """The command centre as a Chinese browser sees it, once its map is there and knows the workers."""
    with opened(browser, screen) as watched:
        watched.page.wait_for_selector(MAP)
        watched.until(lambda: watched.workers, "the workers on the map")
        yield watched


def test_a_worker_who_walks_moves_on_a_map_that_is_never_mounted_anew(
    wall: Watched, database_url: str
) -> None:
    before = {worker["id"]: worker["p"] for worker in wall.workers}
    wall.page.eval_on_selector_all(MAP, "all => all.forEach(canvas => canvas.dataset.seen = 'yes')")
    with psycopg.connect(database_url) as ingest:
        ingest.execute(
            "UPDATE worker_state SET lon = lon + 0.001, at = now(), last_seen = now() "
            "WHERE district = %s AND worker_id = 'W1'",
            (tiny.DISTRICT,),
        )
    walked = [pytest.approx(before["W1"][0] + 0.001), before["W1"][1]]
    wall.until(lambda: wall.workers[0]["p"] == walked, "the step on the map")
    assert [worker["p"] for worker in wall.workers[1:]] == [before["W2"], before["W3"]]
    seen = wall.page.eval_on_selector_all(MAP, "all => all.map(canvas => canvas.dataset.seen)")
    assert set(seen) == {"yes"}


def test_a_new_alert_and_a_closed_task_are_there_within_a_few_ticks(wall: Watched, database_url: str) -> None:
    with psycopg.connect(database_url) as ingest:
        ingest.execute(
            "INSERT INTO alert "
            "(district, alert_id, incident_id, rule, subject, severity, params, path, raised_at) "
            "VALUES (%s, 'A9', 'A9', 'bodycam_sos', 'device:B2', 'major', %s, %s, now())",
            (tiny.DISTRICT, json.dumps({"device_id": "B2", "worker_id": "W2"}), tiny.PATH_2),
        )
        ingest.execute(
            "INSERT INTO incident (district, incident_id, rule, section, path, raised_at, opened_at, alerts, "
            "open_alerts, subjects, last_alert_at, severity, level) "
            "SELECT district, alert_id, rule, path, path, raised_at, now(), 1, 1, 1, raised_at, severity, 4 "
            "FROM alert WHERE alert_id = 'A9'"
        )
        ingest.execute(
            "UPDATE task SET state = 'done', done_at = now(), closed_at = now(), done_by = 'W2' "
            "WHERE task_id = 'T3'"
        )
    wall.page.wait_for_selector("text=乙二 紧急求助")
    wall.page.wait_for_selector("text=已结案 4 / 应结案 5")


def test_nothing_leaves_the_host_and_nothing_goes_wrong(wall: Watched) -> None:
    wall.page.wait_for_selector("[data-testid=stPlotlyChart] .barlayer")
    assert wall.outside() == []
    assert wall.complaints == []


def test_it_fills_the_wall_without_scroll_bars(wall: Watched) -> None:
    wall.page.wait_for_selector("[data-testid=stPlotlyChart] .barlayer")
    assert wall.hidden() == 0
    edges = wall.page.evaluate(
        """() => ['map', 'ends', 'ranking'].map(
             name => document.querySelector('.st-key-' + name).getBoundingClientRect().bottom)"""
    )
    assert edges == [1070, 1070, 1070]


@pytest.mark.parametrize("kiosk", [False, True])
def test_the_figures_of_a_city_have_room(wall: Watched, kiosk: bool) -> None:
    codes = ("worker", "camera", "bodycam", "printer", "terminal", "scanner", "vehicle")
    large = ends.table("zh", 12, [{"code": code, "n": 12_344, "whole": 12_345} for code in codes])
    counts = {"workers": 12_345, "on_duty": 12_344, "workers_online": 12_344, "due_today": 101_996}
    counts |= {
        "due_today_done": 1_234,
        "due_today_rectifying": 123,
        "devices": 36_123,
        "devices_online": 36_120,
    }
    counts |= {"alerts": 10_001, "major": 1_001, "serious": 3_000, "general": 6_000}
    wall.page.wait_for_selector(".gw-strip")
    over = wall.page.evaluate(
        """([ends, strip, kiosk]) => {
            if (kiosk) document.documentElement.dataset.kiosk = "on";
            document.querySelector(".gw-ends").outerHTML = ends;
            const told = document.createElement("template");
            told.innerHTML = strip;
            const figures = of => [...of.querySelectorAll(".gw-value > span")];
            const large = figures(told.content), shown = figures(document);  // beside their sparklines
            for (const place of [0, 1, -2, -1]) shown.at(place).replaceWith(large.at(place));
            const over = [...document.querySelectorAll(".gw-ends, .gw-ends div, .gw-value, .st-key-ends")]
                .filter(box => box.scrollWidth > box.clientWidth + 1)
                .map(box => [box.className, box.innerText, box.scrollWidth, box.clientWidth]);
            delete document.documentElement.dataset.kiosk;
            return over;
        }""",
        [large, kpi.strip("zh", counts, [], {}), kiosk],
    )
    assert over == []


def test_no_word_is_cut_off_in_either_language(wall: Watched) -> None:
    for lang, heading in (("English", "Live grid map"), ("中文", "网格实时态势")):
        wall.page.get_by_role("radio", name=lang).click()
        wall.page.wait_for_selector(f"text={heading}")
        cut = wall.page.evaluate(
            """() => [...document.querySelectorAll(
                 '.gw-name, .gw-title span, .gw-card *, .gw-place *, .gw-fresh *, .gw-worker *')]
                 .filter(box => box.scrollWidth > box.clientWidth + 1 && box.clientWidth > 0)
                 .map(box => box.innerText)"""
        )
        assert cut == []
        assert f"lang={'en' if lang == 'English' else 'zh'}" in wall.page.url


def test_the_map_draws_the_workers_that_it_was_told_of(wall: Watched) -> None:
    wall.until(lambda: worker_drawn(wall.page, ".st-key-map"), "a worker on the map")


def test_the_screen_says_when_ingest_is_silent(wall: Watched, database_url: str) -> None:
    with psycopg.connect(database_url) as ingest:
        ingest.execute("UPDATE ingest_state SET beat_at = now() - interval '2 minutes'")
    wall.page.wait_for_selector("[role=status]:has-text('采集服务无响应 2 分钟')")
