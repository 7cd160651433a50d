"""Premises in a customer's file: read, checked, and placed into their grids by their coordinates."""

from collections.abc import Iterable, Mapping

import numpy as np

from ingest.contract.messages import Datum
from ingest.contract.orders import RISK_GRADES
from ingest.domain.geo import GridIndex, to_wgs84
from ingest.import_cells import Cells, Record

PREMISES = ("premises_id", "name", "category", "lon", "lat")
"""The columns that there must be."""


def read_premises(file: Iterable[Cells]) -> list[Record]:
    """The rows of a file, not yet `placed`."""
    rows: list[Record] = []
    known: set[str] = set()
    for cells in file:
        premises_id = cells.id("premises_id")
        cells.unique("premises_id", premises_id, known)
        lon, lat, datum = cells.place(required=True)
        rows.append(
            {
                "premises_id": premises_id,
                "name": cells.text("name"),
                "licence_no": cells.optional("licence_no"),
                "category": cells.text("category"),
                "risk_grade": cells.one_of("risk_grade", RISK_GRADES),
                "status": cells.optional("status") or "in_business",
                "address": cells.optional("address"),
                "business_scope": cells.optional("business_scope"),
                "registered_on": cells.day("registered_on", required=False),
                "tags": cells.many("tags"),
                "raw_lon": lon,
                "raw_lat": lat,
                "datum": datum,
            }
        )
    return rows


def placed(rows: list[Record], grids: GridIndex, paths: Mapping[str, str], district: int) -> list[Record]:
    """Rows with raw coordinates, now also with lon, lat (WGS-84), grid_id and path (grids have `paths`)."""
    for row in rows:
        row.update(lon=None, lat=None, grid_id=None, path=row.get("path") or str(district))
    for datum in Datum:
        chosen = [r for r in rows if r["datum"] == datum and None not in (r["raw_lon"], r["raw_lat"])]
        if not chosen:
            continue
        raw = np.array([(row["raw_lon"], row["raw_lat"]) for row in chosen])
        lon, lat = to_wgs84(raw[:, 0], raw[:, 1], datum)
        for row, x, y, grid_id in zip(chosen, lon, lat, grids.find(lon, lat), strict=True):
            row.update(lon=float(x), lat=float(y), grid_id=grid_id)
            if row["path"] == str(district) and grid_id is not None:
                row["path"] = paths[grid_id]
    return rows
