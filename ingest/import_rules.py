"""A district's own deadline rules and days, in files that need not be there: checked, every bad row named."""

from collections.abc import Callable
from pathlib import Path

from ingest.domain.deadline import Step
from ingest.import_cells import Cells, Problems, Record, read_csv

_Row = Callable[[Cells], Record]


def read_rules(directory: Path, problems: Problems) -> dict[str, list[Record]]:
    """Rows by table, of those files that are there: about one that is not, nothing is said."""
    tables: dict[str, list[Record]] = {}
    for table, (file, columns, row, key) in _FILES.items():
        if (directory / file).exists():
            tables[table] = _rows(directory / file, columns, row, key, problems)
    return tables


def _rows(
    path: Path, columns: tuple[str, ...], row: _Row, key: tuple[str, ...], problems: Problems
) -> list[Record]:
    rows: list[Record] = []
    known: set[tuple[object, ...]] = set()
    for cells in read_csv(path, columns, problems):
        rows.append(row(cells))
        same = tuple(rows[-1][column] for column in key)
        if same in known:
            cells.bad(key[0], f"{' '.join(str(part) for part in same if part)} occurs twice")
        known.add(same)
    return rows


def _deadline_rule(cells: Cells) -> Record:
    given = [column for column in ("working_days", "hours") if cells.optional(column) is not None]
    if len(given) != 1:
        cells.bad("working_days", "either this or hours is to be given")
    days = cells.number("working_days", 0, 366, required=False)
    if days is not None and not days.is_integer():
        cells.bad("working_days", f"{days:g} is no whole number")
    return {
        "step": cells.one_of("step", tuple(Step)) or cells.text("step"),
        "category": cells.optional("category") or "",
        "working_days": None if days is None else int(days),
        "hours": cells.number("hours", 0.1, 8784, required=False),
        "valid_from": cells.day("valid_from"),
    }


def _holiday(cells: Cells) -> Record:
    return {
        "day": cells.day("day"),
        "working": (cells.one_of("working", ("yes", "no")) or cells.text("working")) == "yes",
        "name": cells.optional("name"),
    }


# table -> its file, the columns that it must have, what a row is, and what of it may occur only once
_FILES: dict[str, tuple[str, tuple[str, ...], _Row, tuple[str, ...]]] = {
    "deadline_rule": (
        "deadline_rules.csv",
        ("step", "valid_from"),
        _deadline_rule,
        ("step", "category", "valid_from"),
    ),
    "holiday": ("holidays.csv", ("day", "working"), _holiday, ("day",)),
}
