"""What is drawn, moved to where the basemap has it: GCJ-02 lies some 500 m beside WGS-84."""

from typing import Any

import numpy as np
import shapely
import shapely.geometry

from db.connect import Row
from ingest.contract.messages import Datum
from ingest.domain.geo import from_wgs84, to_wgs84

Place = tuple[float, float]
Bounds = tuple[float, float, float, float]


def rows(found: list[Row], datum: Datum) -> list[Row]:
    """The rows with their ``lon``, ``lat`` and ``geom`` in `datum`; those without stay as they are."""
    if datum is Datum.WGS84 or not found:
        return found
    moved = [dict(row) for row in found]
    placed = [row for row in moved if row.get("lon") is not None]
    lons, lats = from_wgs84([row["lon"] for row in placed], [row["lat"] for row in placed], datum)
    for row, lon, lat in zip(placed, lons.tolist(), lats.tolist(), strict=True):
        row["lon"], row["lat"] = round(lon, 6), round(lat, 6)
    for row in moved:
        if row.get("geom"):
            row["geom"] = shapely.geometry.mapping(_moved(shapely.geometry.shape(row["geom"]), datum))
    return moved


def bounds(of: Bounds | None, datum: Datum) -> Bounds | None:
    """West, south, east, north in WGS-84 to what holds them in `datum`."""
    if of is None or datum is Datum.WGS84:
        return of
    return tuple(_moved(shapely.box(*of), datum).bounds)


def forth(place: Place, datum: Datum) -> Place:
    """A place in WGS-84 to where it is on the map."""
    lon, lat = from_wgs84(*place, datum)
    return round(float(lon), 6), round(float(lat), 6)


def back(place: Place, datum: Datum) -> Place:
    """A place on the map (longitude, latitude) to WGS-84."""
    lon, lat = to_wgs84(*place, datum)
    return round(float(lon), 6), round(float(lat), 6)


def bounds_back(of: Bounds, datum: Datum) -> Bounds:
    """West, south, east, north on the map to WGS-84."""
    (west, south), (east, north) = back(of[:2], datum), back(of[2:], datum)
    return west, south, east, north


def _moved(shape: Any, datum: Datum) -> Any:
    return shapely.transform(
        shape, lambda corners: np.column_stack(from_wgs84(corners[:, 0], corners[:, 1], datum))
    )
