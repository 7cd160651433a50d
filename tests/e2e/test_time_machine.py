"""The time machine: an hour is replayed in a real browser, of a room that has changed since."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from playwright.sync_api import Browser

from dashboard.replay import told, whole
from tests import tiny
from tests.e2e.browsing import MAP, Watched, browser, opened, screen  # noqa: F401  fixtures

pytestmark = pytest.mark.browser

THEN = whole(datetime.now(UTC) - timedelta(hours=3))
"""When W1 began to walk eastwards, a step a minute, as their phone told at once."""


@pytest.fixture(scope="module")
def past(database_url: str, screen: str) -> str:  # noqa: F811
    """Two and a half hours ago A7 was raised; an hour later somebody took it up."""
    raised = THEN + timedelta(minutes=30)
    with psycopg.connect(database_url) as ingest:
        ingest.execute(
            "INSERT INTO ping "
            "(district, worker_id, ts, at, id, lon, lat, raw_lon, raw_lat, datum, received_at) "
            "SELECT %(district)s, 'W1', t, t, 'walk', 118.002 + n * 0.0001, 24.605, 118, 24.605, 'WGS84', t "
            "FROM generate_series(0, 60) n, LATERAL (SELECT %(then)s + n * interval '1 minute' AS t) x",
            {"district": tiny.DISTRICT, "then": THEN},
        )
        about = {
            "district": tiny.DISTRICT,
            "path": tiny.PATH_2,
            "at": raised,
            "took": raised + timedelta(hours=1),
        }
        ingest.execute(
            "INSERT INTO alert (district, alert_id, incident_id, rule, subject, severity, params, path, "
            "lon, lat, raised_at, created_at) "
            "VALUES (%(district)s, 'A7', 'A7', 'bodycam_sos', 'device:B2', 'major', "
            """'{"device_id": "B2", "worker_id": "W2"}', %(path)s, 118.015, 24.605, %(at)s, %(at)s)""",
            about,
        )
        ingest.execute(
            "INSERT INTO incident (district, incident_id, rule, section, path, raised_at, opened_at, alerts, "
            "open_alerts, subjects, last_alert_at, severity, level, state, acknowledged_at, acknowledged_by) "
            "VALUES (%(district)s, 'A7', 'bodycam_sos', %(path)s, %(path)s, %(at)s, %(at)s, 1, 1, 1, %(at)s, "
            "'major', 4, 'acknowledged', %(took)s, 'screen:Li')",
            about,
        )
        ingest.execute(
            "INSERT INTO alert_event (district, alert_id, at, event, actor, cause, state, stored_at) VALUES "
            "(%(district)s, 'A7', %(at)s, 'opened', 'rules', 'A7', 'raised', %(at)s), "
            "(%(district)s, 'A7', %(took)s, 'acknowledged', 'screen:Li', 'c', 'acknowledged', %(took)s)",
            about,
        )
    return screen


@pytest.fixture(scope="module")
def room(browser: Browser, past: str) -> Iterator[Watched]:  # noqa: F811
    """The command centre forty minutes after W1 had set out, standing still."""
    with opened(browser, f"{past}/?lang=en&at={told(THEN + timedelta(minutes=40))}") as watched:
        watched.page.wait_for_selector(".gw-then")
        watched.page.wait_for_selector(MAP)
        yield watched


def places(room: Watched) -> dict[str, list[float]]:
    return {worker["id"]: worker["p"] for worker in room.workers}


def test_people_are_where_they_were_and_nobody_else_is_there(room: Watched) -> None:
    room.until(lambda: places(room) == {"W1": [pytest.approx(118.006), 24.605]}, "W1 on the map")
    assert room.hidden() == 0


def test_whoever_walked_has_a_trail_of_ten_minutes(room: Watched) -> None:
    def ways() -> list[list[list[float]]]:
        asked = {url for url in room.requests if "/api/map/trails/" in url and "&at=" in url}
        told = [room.page.request.get(url).json()["features"] for url in asked]
        return [feature["geometry"]["coordinates"] for features in told for feature in features]

    (way,) = room.until(ways, "the trail of W1")
    assert [lon for lon, _ in way] == pytest.approx([118.0051 + n * 0.0001 for n in range(10)])


def test_what_was_taken_up_later_is_not_yet_and_has_no_button(room: Watched) -> None:
    entry = (
        room.page.locator(".gw-feed")
        .get_by_text("SOS from Yi Er")
        .locator("xpath=ancestor::*[contains(@class, 'gw-alert')]")
    )
    entry.get_by_text("Raised").wait_for()
    assert room.page.locator(".gw-feed button").count() == 0
    assert room.page.locator(".gw-feed a").count() == 0


def test_a_played_hour_moves_the_worker_on_a_map_that_is_never_mounted_anew(room: Watched) -> None:
    room.page.eval_on_selector_all(MAP, "all => all.forEach(canvas => canvas.dataset.seen = 'yes')")
    room.page.get_by_role("radio", name="60×").click()
    room.page.get_by_role("button", name="Play").click()
    room.until(lambda: places(room).get("W1", [0])[0] > 118.0065, "a step of W1")
    room.page.get_by_role("radio", name="600×").click()
    room.page.locator(".gw-feed").get_by_text("Command centre · Li").wait_for()
    room.page.get_by_role("button", name="Pause").click()
    room.page.get_by_role("button", name="Play").wait_for()
    seen = room.page.eval_on_selector_all(MAP, "all => all.map(canvas => canvas.dataset.seen)")
    assert set(seen) == {"yes"}


def test_a_day_is_played_in_a_minute(room: Watched) -> None:
    room.page.get_by_role("button", name="In 1 min").click()
    room.page.get_by_role("button", name=re.compile(r"\d+×")).wait_for()
    shown = room.page.locator(".gw-then time strong")
    seen: set[str] = set()
    room.until(lambda: seen.add(shown.inner_text()) or len(seen) > 3, "four pictures")
    room.page.get_by_role("button", name="Pause").click()
    room.page.get_by_role("button", name="Play").wait_for()


def test_a_replay_is_written_down_once_a_day_and_person(room: Watched, database_url: str) -> None:
    with psycopg.connect(database_url) as conn:
        looks = conn.execute(
            "SELECT payload ->> 'about', payload ->> 'id' FROM command WHERE kind = 'look_at_track'"
        ).fetchall()
    assert {about for about, _ in looks} == {"room"}
    assert len(looks) == len(set(looks))


def test_the_live_room_comes_back_with_its_buttons(room: Watched) -> None:
    room.page.get_by_role("button", name="Back to live").click()
    room.page.wait_for_selector(".gw-then", state="detached")
    room.until(lambda: places(room).keys() == {"W1", "W2", "W3"}, "everybody of now")
    room.page.locator(".gw-feed button").first.wait_for()
    assert "at=" not in room.page.url
    assert room.complaints == []
