"""A district's licences, in a file that need not be there."""

from collections.abc import Collection
from pathlib import Path

from ingest.import_cells import Cells, Problems, Record, read_csv

FILE = "licences.csv"


def read_licences(directory: Path, premises: Collection[str], problems: Problems) -> list[Record] | None:
    """The rows of the file; None if it is not there. `premises`: the ids of those that there are."""
    if not (directory / FILE).exists():
        return None
    rows: list[Record] = []
    known: set[tuple[object, ...]] = set()
    for cells in read_csv(directory / FILE, ("premises_id", "kind", "number", "valid_from"), problems):
        row = _licence(cells)
        if row["premises_id"] not in premises:
            cells.bad("premises_id", f"{row['premises_id']!r} is not in premises.csv")
        key = row["premises_id"], row["kind"], row["number"], row["valid_from"]
        if key in known:
            cells.bad("number", f"{row['kind']} {row['number']} from {row['valid_from']} occurs twice")
        known.add(key)
        rows.append(row)
    return rows


def _licence(cells: Cells) -> Record:
    first, last = cells.day("valid_from"), cells.day("valid_to", required=False)
    if first and last and last < first:
        cells.bad("valid_to", f"{last} is before valid_from")
    return {
        "premises_id": cells.id("premises_id"),
        "kind": cells.text("kind"),
        "number": cells.text("number"),
        "valid_from": first,
        "valid_to": last,
    }
