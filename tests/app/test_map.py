"""The map: what its layers draw, where it looks, and one body a tick for all viewers."""

import threading
from typing import Any

import psycopg
import pytest

from dashboard import data
from dashboard.routes import Bodies
from dashboard.ui import maps, markers, theme


def worker(**changed: Any) -> dict[str, Any]:
    row = {"worker_id": "W1", "name": "甲", "name_en": "Jia", "lon": 118.0, "lat": 24.6, "age_s": 3.0}
    grid = {"grid_name": "甲村", "grid_name_en": "Jia Village"}
    return row | grid | {"on_duty": True, "online": True, "in_own_grid": True} | changed


@pytest.mark.parametrize(
    ("changed", "colour", "status"),
    [
        ({}, theme.GREEN, "online"),
        ({"in_own_grid": None}, theme.GREEN, "online"),
        ({"in_own_grid": False}, theme.AMBER, "outside own grid"),
        ({"in_own_grid": False, "online": False}, theme.GREY, "offline"),
        ({"on_duty": False}, theme.GREY, "off duty"),
    ],
)
def test_a_workers_dot_tells_how_they_are(changed: dict[str, Any], colour: str, status: str) -> None:
    (dot,) = markers.workers("en", [worker(**changed)])
    assert dot["p"] == [118.0, 24.6]
    assert dot["c"] == theme.rgba(colour)
    assert dot["tip"] == f"Jia\n{status} · Jia Village\nfix 3 s ago"


def test_the_worst_alerts_lie_on_top() -> None:
    rows = [
        {"alert_id": severity, "severity": severity, "rule": "x", "params": {}, "lon": lon, "lat": 24.6}
        | dict.fromkeys(("worker_name", "device_name", "premises_name", "grid_name", "grid_name_en"))
        for severity, lon in (("major", 118.0), ("general", 118.0), ("serious", 118.0), ("major", None))
    ]
    assert [halo["id"] for halo in markers.alerts("zh", rows)] == ["general", "serious", "major"]


def test_a_grids_name_lies_within_it() -> None:
    hook = [[[0, 0], [4, 0], [4, 1], [1, 1], [1, 4], [0, 4], [0, 0]]]  # its centroid lies outside
    row = {"grid_id": "G1", "name": "甲村", "name_en": "Jia Village", "station": "1", "station_name": "一所"}
    area, label = markers.grids("en", [{**row, "geom": {"type": "Polygon", "coordinates": hook}}])["features"]
    lon, lat = label["geometry"]["coordinates"]
    assert (0 < lon < 4 and 0 < lat < 1) or (0 < lon < 1 and 0 < lat < 4)
    assert label["properties"]["label"] == "Jia\nVillage"
    assert area["properties"]["tip"] == "Jia Village\n一所"


def test_the_view_holds_the_whole_district() -> None:
    west, south, east, north = 117.9, 24.5, 118.2, 24.8
    view = maps.view((west, south, east, north))
    pixels_per_degree = 512 * 2**view.zoom / 360
    assert (view.longitude, view.latitude) == (118.05, 24.65)
    assert (east - west) * pixels_per_degree <= maps.WIDTH_PX
    assert 0.8 * maps.HEIGHT_PX < (north - south) * pixels_per_degree / 0.909 <= maps.HEIGHT_PX


def test_only_the_addresses_change_from_tick_to_tick() -> None:
    view = maps.view(None)
    one, two = (maps.deck(view, "zh", tick).to_json() for tick in (3001, 3002))
    assert one != two
    assert one.replace("t=3001", "t=3002") == two


def test_a_body_is_made_once_a_tick_for_all_who_ask() -> None:
    bodies, made, now = Bodies(), [], data.tick()
    asking = [
        threading.Thread(target=bodies.get, args=("key", now, lambda tick: made.append(tick) or b"[]"))
        for _ in range(8)
    ]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert len(made) == 1
    assert bodies.get("key", now - 5, lambda tick: b"never").plain == b"[]"


def test_a_body_that_was_long_in_the_making_stands_for_ten_times_as_long() -> None:
    seconds = iter((0.0, 0.6, 10.0, 10.6))
    bodies, made, first = Bodies(lambda: next(seconds)), [], data.tick() - 10
    bodies.get("key", first, lambda tick: made.append(tick) or b"[1]")
    assert bodies.get("key", made[0], lambda tick: b"never").until == made[0] + 3, "6 s are three ticks"
    quick = Bodies(lambda: 0.0)
    assert quick.get("key", first, lambda tick: b"[1]").until == made[0] + 1 or data.tick() > made[0]


def test_a_tick_from_the_future_is_no_reason_to_ask_the_database_again() -> None:
    bodies, made = Bodies(), []
    for _ in range(3):
        bodies.get("key", 10**15, lambda tick: made.append(tick) or b"[]")
    assert len(made) <= 2  # the real tick may have passed meanwhile


def test_after_an_error_the_body_of_before_is_still_there() -> None:
    bodies, before = Bodies(), data.tick() - 10

    def broken(tick: int) -> bytes:
        raise psycopg.OperationalError("away")

    bodies.get("key", before, lambda tick: b"[1]")
    kept = bodies.get("key", before, broken)
    assert kept.plain == b"[1]"
    with pytest.raises(psycopg.OperationalError):
        bodies.get("other", before, broken)
