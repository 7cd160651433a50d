"""The map: what its layers draw, and where it looks."""

import io
import json
from itertools import pairwise
from typing import Any

import pytest
import shapely
import shapely.geometry
from PIL import Image

from dashboard.indicators import on_strip
from dashboard.ui import areas, datum, grid_rates, maps, markers, marks, shades, sight, theme
from dashboard.ui.grid_rates import Rates
from dashboard.ui.tile import Tile
from ingest.contract.messages import Datum
from ingest.domain import geo


def worker(**changed: Any) -> dict[str, Any]:
    row = {"worker_id": "W1", "name": "甲", "name_en": "Jia", "lon": 118.0, "lat": 24.6, "age_s": 3.0}
    grid = {"grid_name": "甲村", "grid_name_en": "Jia Village"}
    return row | grid | {"on_duty": True, "online": True, "in_own_grid": True, "heading_deg": None} | changed


@pytest.mark.parametrize(
    ("changed", "mark", "status"),
    [
        ({}, "online", "online"),
        ({"in_own_grid": None}, "online", "online"),
        ({"in_own_grid": False}, "outside", "outside own grid"),
        ({"in_own_grid": False, "online": False}, "offline", "offline"),
        ({"on_duty": False}, "off_duty", "off duty"),
        ({"heading_deg": 90.0}, "going_online", "online"),
        ({"heading_deg": 90.0, "on_duty": False}, "off_duty", "off duty"),
    ],
)
def test_a_workers_mark_tells_how_they_are_and_where_they_go(
    changed: dict[str, Any], mark: str, status: str
) -> None:
    (drawn,) = markers.workers("en", [worker(**changed)])["features"]
    about = drawn["properties"]
    assert drawn["geometry"]["coordinates"] == [118.0, 24.6]
    assert (about["i"], about["a"]) == (mark, -90 if mark.startswith("going") else 0)
    assert about["tip"] == f"Jia\n{status} · Jia Village\nfix 3 s ago"


def test_each_state_of_a_worker_has_a_shape_of_its_own_beside_its_colour() -> None:
    paper = Image.open(io.BytesIO(marks.atlas()))
    assert paper.size == (marks.CELL_PX * len(marks.NAMES), marks.CELL_PX)
    shapes = set()
    for place in marks.places().values():
        cell = paper.crop((place["x"], 0, place["x"] + marks.CELL_PX, marks.CELL_PX))
        shapes.add(cell.convert("L").point(lambda light: 255 if light > 40 else 0).tobytes())
    assert len(shapes) == len(marks.NAMES)


def test_an_alert_pulses_between_two_pictures_that_differ_in_size_alone() -> None:
    row = {"alert_id": "A", "severity": "major", "rule": "x", "params": {}, "lon": 118.0, "lat": 24.6}
    row |= dict.fromkeys(("worker_name", "device_name", "premises_name", "grid_name", "grid_name_en"))
    (small,), (large,) = markers.alerts("zh", [row]), markers.alerts("zh", [row], swollen=True)
    assert small["r"] < large["r"]
    assert small | {"r": 0} == large | {"r": 0}


@pytest.mark.parametrize(
    ("values", "shades_used"),
    [
        ([], []),
        ([50.0], [4]),
        ([0.0, 100.0], [0, 4]),
        ([0.0, 19.9, 20.1, 50.0, 79.0, 81.0], [0, 0, 1, 2, 3, 4]),
    ],
)
def test_a_value_has_the_shade_of_its_fifth(values: list[float], shades_used: list[int]) -> None:
    scale = shades.scale([*values, 100.0] if len(values) > 2 else values)
    shown = [shades.SHADES.index(scale.shade(value)) for value in values] if scale else []
    assert shown == shades_used


def test_a_scale_rises_in_light_so_that_no_colour_need_be_told_from_another() -> None:
    light = [
        0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2
        for red, green, blue, _ in map(theme.rgba, shades.SHADES)
    ]
    assert light == sorted(light)
    assert all(after > 1.25 * before for before, after in pairwise(light))


def test_grids_are_coloured_by_a_kpi_and_say_its_figures() -> None:
    rows = [block(column, 0, "1") | {"path": f"p{column}"} for column in range(3)]
    rates = Rates(on_strip()[0], {"p0": (1, 4), "p1": (3, 4), "p2": (0, 0)})
    drawn = [each["properties"] for each in areas.grids("en", rows, rates)["features"]]
    title = on_strip()[0].title["en"]
    assert [about["tip"].split("\n")[-1] for about in drawn] == [
        f"{title} 25.0% (1 / 4)",
        f"{title} 75.0% (3 / 4)",
        f"{title} — (0 / 0)",
    ]
    fills = [about["fill"][:3] for about in drawn]
    assert fills == [theme.rgba(shade)[:3] for shade in (shades.SHADES[0], shades.SHADES[-1], shades.NONE)]
    legend = grid_rates.legend("en", rates)
    assert "25%–35%" in legend
    assert "no figure" in legend


def test_tiles_cover_the_world_without_gaps() -> None:
    assert Tile(1, 0, 0).bounds() == pytest.approx((-180, 0, 0, 85.0511), abs=1e-3)
    here, east, south = (Tile(15, *at).bounds() for at in ((27100, 14000), (27101, 14000), (27100, 14001)))
    assert (here[2], here[1]) == (east[0], south[3])
    assert not Tile(1, 2, 0).exists()


def test_what_is_drawn_lies_on_a_gcj02_basemap_and_what_is_clicked_lies_in_the_world() -> None:
    row = worker() | {"geom": grid(1, "1", [(118.0, 24.6), (118.1, 24.6), (118.1, 24.7)])["geom"]}
    (moved,) = datum.rows([row], Datum.GCJ02)
    metres = float(geo.distance_m(118.0, 24.6, moved["lon"], moved["lat"]))
    assert 300 < metres < 800
    assert datum.back((moved["lon"], moved["lat"]), Datum.GCJ02) == pytest.approx((118.0, 24.6), abs=2e-6)
    assert moved["geom"]["coordinates"][0][0] == pytest.approx((moved["lon"], moved["lat"]), abs=2e-6)
    assert datum.rows([row], Datum.WGS84) == [row]
    assert row["lon"] == 118.0


def test_a_citys_workers_are_counted_from_afar_and_a_districts_never() -> None:
    home = maps.view((113.4, 22.7, 114.1, 23.1))
    assert maps.near_zoom(home, 77) is None
    near = maps.near_zoom(home, 9_884)
    assert near is not None
    assert home.zoom + 2 < near < home.zoom + 3
    afar = {
        layer["id"]: layer
        for layer in json.loads(maps.deck(home, "zh", 1, workers=9_884).to_json())["layers"]
    }
    assert afar["clusters"]["visibleMaxZoom"] == afar["workers"]["visibleMinZoom"] == near
    assert "clusters" not in maps.deck(home, "zh", 1, workers=77).to_json()


def test_a_citys_devices_are_asked_for_less_often_and_a_districts_each_tick() -> None:
    home = maps.view(None)
    for devices, addresses in ((300, 6), (3_000, 2)):
        asked = set()
        for tick in range(6):
            parts = json.loads(maps.deck(home, "zh", tick, dots=devices + 9, workers=9).to_json())["layers"]
            asked |= {layer["data"] for layer in parts if layer["id"] == "devices"}
        assert len(asked) == addresses


def test_the_map_of_a_tick_is_little_to_send() -> None:
    assert len(maps.deck(maps.view(None), "zh", 3001, workers=9_884).to_json()) < 3_000


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
