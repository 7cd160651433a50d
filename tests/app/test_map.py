"""The map: what its layers draw, and where it looks."""

from typing import Any

import pytest
import shapely
import shapely.geometry

from dashboard.ui import areas, maps, markers, sight, theme


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


def test_a_camera_sees_what_lies_before_it_as_far_as_its_reach() -> None:
    ring = sight.wedge(118.0, 24.6, 90)
    assert ring[0] == ring[-1] == [118.0, 24.6]
    lons, lats = zip(*ring, strict=True)
    metre = 1 / 111_320
    assert max(lons) - 118.0 == pytest.approx(sight.REACH_M * metre / 0.9092, rel=0.01)
    assert min(lons) == 118.0
    half = sight.REACH_M / 2 * metre  # sin 30
    assert (min(lats) - 24.6, max(lats) - 24.6) == (
        pytest.approx(-half, rel=0.02),
        pytest.approx(half, rel=0.02),
    )


def test_the_view_of_a_camera_that_is_not_heard_of_is_grey() -> None:
    row = {"lon": 118.0, "lat": 24.6, "heading_deg": 0.0}
    live, gone = markers.sights("en", [row | {"online": True}, row | {"online": False}])
    assert (live["c"], gone["c"]) == (theme.rgba(theme.BLUE, 150), theme.rgba(theme.GREY, 150))


def grid(number: int, station: str, corners: list[tuple[float, float]]) -> dict[str, Any]:
    row = {"grid_id": f"G{number}", "name": f"{number}村", "name_en": f"{number} Village", "station": station}
    geometry = {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}
    return row | {"station_name": f"{station}所", "station_name_en": f"Station {station}", "geom": geometry}


def block(column: int, line: int, station: str) -> dict[str, Any]:
    """One of many square grids side by side, with needless corners in the middle of two edges."""
    west, south = 113 + column / 100, 22 + line / 100
    east, north = 113 + (column + 1) / 100, 22 + (line + 1) / 100
    middle = (west + east) / 2
    corners = [(west, south), (middle, south), (east, south), (east, north), (middle, north), (west, north)]
    return grid(100 * column + line, station, corners)


def labels(drawn: dict[str, Any]) -> list[dict[str, Any]]:
    return [feature for feature in drawn["features"] if "label" in feature["properties"]]


def test_a_grids_name_lies_within_it() -> None:
    hook = [(0, 0), (4, 0), (4, 1), (1, 1), (1, 4), (0, 4)]  # its centroid lies outside
    rows = [grid(1, "1", hook)]
    (label,) = labels(areas.names("en", rows))
    lon, lat = label["geometry"]["coordinates"]
    assert (0 < lon < 4 and 0 < lat < 1) or (0 < lon < 1 and 0 < lat < 4)
    assert label["properties"]["label"] == "1\nVillage"
    (area,) = areas.grids("en", rows)["features"]
    assert area["properties"]["tip"] == "1 Village\nStation 1"


def test_a_large_district_is_named_by_its_stations_a_small_one_by_its_grids() -> None:
    rows = [block(column, line, str(column // 5)) for column in range(20) for line in range(8)]
    named = [label["properties"]["label"] for label in labels(areas.names("zh", rows))]
    assert len(rows) > areas.NAMES
    assert named == ["0所", "1所", "2所", "3所"]
    assert len(labels(areas.names("zh", rows[:40]))) == 40


def test_outlines_lose_needless_corners_and_neighbours_still_meet() -> None:
    rows = [block(column, line, "1") for column in range(4) for line in range(4)]
    drawn = [feature["geometry"] for feature in areas.grids("zh", rows)["features"]]
    assert all(len(geometry["coordinates"][0]) == 5 for geometry in drawn)
    shapes = [shapely.geometry.shape(geometry) for geometry in drawn]
    assert shapely.coverage_is_valid(shapes)
    assert shapely.union_all(shapes).area == pytest.approx(16e-4)


def test_a_district_without_grids_draws_nothing() -> None:
    assert areas.grids("zh", [])["features"] == areas.names("zh", [])["features"] == []


def test_grids_of_no_station_are_drawn_all_the_same() -> None:
    row = block(0, 0, "1") | dict.fromkeys(("station", "station_name", "station_name_en"))
    assert len(areas.grids("zh", [row])["features"]) == 1
    assert len(labels(areas.names("zh", [row]))) == 1


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


def test_dots_keep_their_size_in_a_district_and_shrink_from_afar_in_a_city() -> None:
    view = maps.view((113.4, 22.7, 114.1, 23.1))
    metres_a_pixel = 40_075_017 * 0.9212 / (512 * 2**view.zoom)
    assert maps.dot_m(view, 300) == pytest.approx(metres_a_pixel, rel=0.01)
    assert maps.dot_m(view, 35_000) < 0.3 * metres_a_pixel
    assert maps.dot_m(view, 0) > 0
