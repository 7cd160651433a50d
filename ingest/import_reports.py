"""What the public has reported (12345 and other hotlines), in a file that need not be there."""

from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from ingest.import_cells import Cells, Problems, Record, read_csv

FILE = "public_reports.csv"
_VALID = {"yes": True, "no": False, None: None}
_PLACE = ("raw_lon", "raw_lat", "datum")


def read_reports(
    directory: Path, premises: Mapping[str, Record], tz: ZoneInfo, problems: Problems
) -> list[Record] | None:
    """The rows of the file, each with a place, still to be found in a grid; None if it is not there.

    `premises`: the rows of those that there are, by id: a report without a place has that of its premises.
    """
    if not (directory / FILE).exists():
        return None
    rows: list[Record] = []
    known: set[str] = set()
    for cells in read_csv(directory / FILE, ("report_id", "reported_at", "kind", "text"), problems):
        row = _report(cells, tz)
        if row["report_id"] in known:
            cells.bad("report_id", f"{row['report_id']!r} occurs twice")
        known.add(row["report_id"])
        about = row["premises_id"]
        if about is not None and about not in premises:
            cells.bad("premises_id", f"{about!r} is not in premises.csv")
        elif row["raw_lon"] is None and about is None:
            cells.bad("lon", "this and lat, or premises_id, are to be given")
        elif row["raw_lon"] is None:
            row.update({key: premises[about][key] for key in _PLACE})
        rows.append(row)
    return rows


def _report(cells: Cells, tz: ZoneInfo) -> Record:
    lon, lat, datum = cells.place(required=False)
    return {
        "report_id": cells.id("report_id"),
        "reported_at": cells.instant("reported_at", tz),
        "kind": cells.text("kind"),
        "text": cells.text("text"),
        "premises_id": cells.id("premises_id") if cells.optional("premises_id") else None,
        "valid": _VALID.get(cells.one_of("valid", ("yes", "no"))),
        "raw_lon": lon,
        "raw_lat": lat,
        "datum": datum,
    }
