"""Datums against an oracle, and points against polygons."""

import geocoordinates_ffi as oracle
import numpy as np
import pytest

from ingest.contract.messages import Datum
from ingest.domain.geo import GridIndex, common_path, distance_m, from_wgs84, to_wgs84

RNG = np.random.default_rng(7)
LON, LAT = RNG.uniform(80, 130, 500), RNG.uniform(20, 50, 500)

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}
NEXT = {"type": "Polygon", "coordinates": [[[1, 0], [2, 0], [2, 1], [1, 1], [1, 0]]]}


@pytest.mark.parametrize(
    ("datum", "convert"), [(Datum.GCJ02, oracle.wgs84_to_gcj02), (Datum.BD09, oracle.wgs84_to_bd09)]
)
def test_the_shift_is_the_oracles(datum, convert):
    lon, lat = from_wgs84(LON, LAT, datum)
    theirs = [convert(oracle.Wgs84(lon=x, lat=y)) for x, y in zip(LON, LAT, strict=True)]
    off = distance_m(lon, lat, [p.lon for p in theirs], [p.lat for p in theirs])
    assert off.max() < 0.001


@pytest.mark.parametrize("datum", list(Datum))
def test_there_and_back_again_is_the_same_place_to_a_millimetre(datum):
    lon, lat = to_wgs84(*from_wgs84(LON, LAT, datum), datum)
    assert distance_m(lon, lat, LON, LAT).max() < 0.001


def test_the_shift_is_hundreds_of_metres_so_that_forgetting_it_would_show():
    lon, lat = from_wgs84(LON, LAT, Datum.GCJ02)
    assert 300 < distance_m(lon, lat, LON, LAT).mean() < 700


def test_a_single_point_converts_too():
    lon, lat = to_wgs84(118.1, 24.6, Datum.GCJ02)
    assert 300 < float(distance_m(lon, lat, 118.1, 24.6)) < 700


def test_a_point_is_found_in_its_grid_and_nowhere_else():
    index = GridIndex({"a": SQUARE, "b": NEXT})
    assert index.find([0.5, 1.5, 3.0], [0.5, 0.5, 0.5]) == ["a", "b", None]


def test_a_shared_border_belongs_to_the_first_grid():
    assert GridIndex({"a": SQUARE, "b": NEXT}).find(1.0, 0.5) == ["a"]
    assert GridIndex({"b": NEXT, "a": SQUARE}).find(1.0, 0.5) == ["b"]


@pytest.mark.parametrize(
    "geometry",
    [
        {},
        {"type": "Point", "coordinates": [1, 1]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[["x", 0], [1, 1]]]},
        {"type": "Polygon", "coordinates": [[[24.6, 118.1], [24.7, 118.1], [24.7, 118.2], [24.6, 118.1]]]},
        {"type": "Polygon", "coordinates": [[[5e5, 27e5], [5.1e5, 27e5], [5.1e5, 28e5], [5e5, 27e5]]]},
    ],
)
def test_a_geometry_that_is_no_area_is_refused_by_name(geometry):
    with pytest.raises(ValueError, match="grid g7"):
        GridIndex({"g7": geometry})


def test_the_smallest_common_unit():
    assert common_path(["350211/01/02", "350211/01/03"]) == "350211/01"
    assert common_path(["350211/01/02"]) == "350211/01/02"
    assert common_path(["350211/01", "350211/012"]) == "350211"
