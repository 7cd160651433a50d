"""Places: from any datum to WGS-84, and from a point to its grid.

GCJ-02 is WGS-84 plus a smooth shift of some 500 m, known only as a forward formula; BD-09 is GCJ-02
turned once more. The way back is found by iteration, to 0.1 mm in three rounds.
"""

from collections.abc import Iterable, Mapping
from math import cos, hypot, radians
from typing import Any

import numpy as np
import shapely
import shapely.geometry
from numpy.typing import ArrayLike, NDArray

from ingest.contract.messages import Datum

Floats = NDArray[np.float64]

_AXIS_M = 6378245.0  # Krasovsky 1940, on which the shift is defined
_ECCENTRICITY_2 = 0.00669342162296594323
_BAIDU_TURN = np.pi * 3000 / 180
_EARTH_RADIUS_M = 6371008.8


def to_wgs84(lon: ArrayLike, lat: ArrayLike, datum: Datum) -> tuple[Floats, Floats]:
    """Degrees in `datum` to degrees in WGS-84; scalars or arrays of one shape, error below 0.1 mm."""
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    if datum is Datum.WGS84:
        return lon, lat
    if datum is Datum.BD09:
        lon, lat = _inverse(_gcj02_to_bd09, lon, lat)
    return _inverse(_wgs84_to_gcj02, lon, lat)


def from_wgs84(lon: ArrayLike, lat: ArrayLike, datum: Datum) -> tuple[Floats, Floats]:
    """Degrees in WGS-84 to degrees in `datum`; scalars or arrays of one shape."""
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    if datum is Datum.WGS84:
        return lon, lat
    lon, lat = _wgs84_to_gcj02(lon, lat)
    return _gcj02_to_bd09(lon, lat) if datum is Datum.BD09 else (lon, lat)


def distance_m(lon1: ArrayLike, lat1: ArrayLike, lon2: ArrayLike, lat2: ArrayLike) -> Floats:
    """Great-circle distance in metres between points in degrees, WGS-84, element by element."""
    x1, y1, x2, y2 = (np.radians(np.asarray(degrees, float)) for degrees in (lon1, lat1, lon2, lat2))
    half = np.sin((y2 - y1) / 2) ** 2 + np.cos(y1) * np.cos(y2) * np.sin((x2 - x1) / 2) ** 2
    return np.asarray(2 * _EARTH_RADIUS_M * np.arcsin(np.sqrt(half)))


def metres(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """The same between two points that are near each other, without an array: many times quicker."""
    east = radians(lon2 - lon1) * cos(radians((lat1 + lat2) / 2))
    return _EARTH_RADIUS_M * hypot(east, radians(lat2 - lat1))


class GridIndex:
    """Finds the grid of a point among a district's grids.

    `grids` maps grid_id to a GeoJSON geometry (Polygon or MultiPolygon, WGS-84). Raises ValueError,
    naming the grid, for a geometry that is none, crosses itself or lies off the earth.
    """

    def __init__(self, grids: Mapping[str, Mapping[str, Any]]) -> None:
        self._ids = np.array(list(grids), dtype=object)
        self._tree = shapely.STRtree([_polygon(name, geometry) for name, geometry in grids.items()])

    def find(self, lon: ArrayLike, lat: ArrayLike) -> list[str | None]:
        """The grid_id at each point (degrees, WGS-84), None outside; a border belongs to the first grid."""
        points = shapely.points(np.atleast_1d(np.asarray(lon, float)), np.atleast_1d(np.asarray(lat, float)))
        found: list[str | None] = [None] * len(points)
        point_numbers, grid_numbers = self._tree.query(points, predicate="intersects")
        order = np.lexsort((grid_numbers, point_numbers))[::-1]  # reversed, so the first grid is set last
        for point, grid_id in zip(point_numbers[order], self._ids[grid_numbers[order]], strict=True):
            found[point] = grid_id
        return found

    def areas_km2(self) -> dict[str, float]:
        """How large each grid is, within a percent or so."""
        shapes = self._tree.geometries
        middle = np.radians(shapely.get_y(shapely.centroid(shapes)))
        km_per_degree = radians(_EARTH_RADIUS_M / 1000)
        return dict(
            zip(self._ids, (shapely.area(shapes) * km_per_degree**2 * np.cos(middle)).tolist(), strict=True)
        )


def common_path(paths: Iterable[str]) -> str:
    """The smallest org unit that holds all of `paths`: 'a/b/c' and 'a/b/d' give 'a/b'."""
    split = [path.split("/") for path in paths]
    shared = []
    for parts in zip(*split, strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return "/".join(shared)


def _polygon(name: str, geometry: Mapping[str, Any]) -> Any:
    try:
        shape = shapely.geometry.shape(geometry)
    except (
        shapely.errors.ShapelyError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        OverflowError,
    ) as error:
        raise ValueError(f"grid {name}: not a GeoJSON geometry ({error})") from error
    if shape.geom_type not in ("Polygon", "MultiPolygon") or shape.is_empty:
        raise ValueError(f"grid {name}: a {shape.geom_type} is no area")
    if not shape.is_valid:
        raise ValueError(f"grid {name}: {shapely.is_valid_reason(shape)}")
    west, south, east, north = shape.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise ValueError(
            f"grid {name}: ({west:g}, {south:g}) to ({east:g}, {north:g}) are no degrees, longitude first"
        )
    return shape


def _inverse(forward: Any, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    back_lon, back_lat = lon, lat
    for _ in range(3):
        there_lon, there_lat = forward(back_lon, back_lat)
        back_lon, back_lat = back_lon + (lon - there_lon), back_lat + (lat - there_lat)
    return back_lon, back_lat


def _wgs84_to_gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    ripple = 20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north = north + (ripple + 20 * np.sin(np.pi * y) + 40 * np.sin(np.pi * y / 3)) * 2 / 3
    north = north + (160 * np.sin(np.pi * y / 12) + 320 * np.sin(np.pi * y / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east = east + (ripple + 20 * np.sin(np.pi * x) + 40 * np.sin(np.pi * x / 3)) * 2 / 3
    east = east + (150 * np.sin(np.pi * x / 12) + 300 * np.sin(np.pi * x / 30)) * 2 / 3
    flat = 1 - _ECCENTRICITY_2 * np.sin(np.radians(lat)) ** 2
    meridian_m = _AXIS_M * (1 - _ECCENTRICITY_2) / (flat * np.sqrt(flat))
    parallel_m = _AXIS_M / np.sqrt(flat) * np.cos(np.radians(lat))
    return lon + np.degrees(east / parallel_m), lat + np.degrees(north / meridian_m)


def _gcj02_to_bd09(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BAIDU_TURN)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BAIDU_TURN)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006
