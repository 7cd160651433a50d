"""Grids to what the map's two lower layers draw: areas to click, and above them outlines and names."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import numpy as np
import shapely
import shapely.geometry

from dashboard.ui import shades, theme
from dashboard.ui.grid_rates import Rates
from dashboard.ui.i18n import name, say
from db.connect import Row

STATION_FILLS = ("#1f6fd0", "#17a2a8", "#6a5be0", "#2f8f5b", "#b0762a", "#a04a8c")
NAMES = 150
"""A district of more grids than this is named by its stations: thousands of names hide the map."""
_FINENESS = 600
"""A corner goes if the triangle it makes is less than a square of the district's size over this: about a
pixel where all of it is seen."""
_PLACES = 5
"""Decimals of a degree that are sent: a metre."""

Feature = dict[str, Any]


def grids(lang: str, rows: list[Row], rates: Rates | None = None) -> dict[str, Any]:
    """A FeatureCollection of the grids' areas, simplified as one so that neighbours still meet, each
    filled by its station, or by how it stands by a KPI, which is then told, too."""
    stations = sorted({row["station"] or "" for row in rows})
    scale = rates.scale if rates else None
    features = []
    for row, outline in zip(rows, _outlines(rows), strict=True):
        place = stations.index(row["station"] or "") % len(STATION_FILLS)
        fill, tip = theme.rgba(STATION_FILLS[place], 70), _tip(lang, row)
        if rates:
            shade = scale.shade(rates.percent(row["path"])) if scale else shades.NONE
            fill = theme.rgba(shade, 150)
            tip += f"\n{rates.indicator.title[lang]} {rates.told(lang, row['path'])}"
        features.append(_feature(outline, {"id": row["grid_id"], "tip": tip, "fill": fill}))
    return {"type": "FeatureCollection", "features": features}


def _tip(lang: str, row: Row) -> str:
    return say(lang, "map.grid", name=name(lang, row), station=name(lang, row, "station_"))


def names(lang: str, rows: list[Row]) -> dict[str, Any]:
    """A FeatureCollection of the stations' outlines, and of points that carry a name: each grid's, or
    each station's where there are too many grids to name."""
    grids_are_few = len(rows) <= NAMES
    features = []
    for station, whole in _stations(rows):
        features.append(_feature(shapely.boundary(whole), {}))
        if not grids_are_few and station["station_name"]:
            features.append(_label(whole, name(lang, station, "station_"), 12))
    if grids_are_few:
        features += [_label(_shape(row), name(lang, row), 11) for row in rows]
    return {"type": "FeatureCollection", "features": features}


def _stations(rows: list[Row]) -> Iterator[tuple[Row, Any]]:
    """A row of each station, and the area of all its grids."""
    placed = sorted(zip(rows, _outlines(rows), strict=True), key=lambda pair: pair[0]["station"] or "")
    for _, group in groupby(placed, key=lambda pair: pair[0]["station"] or ""):
        members = list(group)
        yield members[0][0], shapely.union_all([outline for _, outline in members], grid_size=10**-_PLACES)


def _outlines(rows: list[Row]) -> Any:
    """The grids' areas with fewer corners; where two of them share an edge they still do."""
    areas = np.array([_shape(row) for row in rows], dtype=object)
    if not len(areas):
        return areas
    west, south, east, north = shapely.total_bounds(areas)
    return shapely.coverage_simplify(areas, max(east - west, north - south) / _FINENESS)


def _shape(row: Row) -> Any:
    return shapely.geometry.shape(row["geom"])


def _label(area: Any, text: str, size: int) -> Feature:
    return _feature(area.representative_point(), {"label": text.replace(" ", "\n"), "size": size})


def _feature(geometry: Any, about: dict[str, Any]) -> Feature:
    rounded = shapely.transform(geometry, lambda corners: np.round(corners, _PLACES))
    return {
        "type": "Feature",
        "geometry": shapely.geometry.mapping(rounded),
        "properties": about,
    }
