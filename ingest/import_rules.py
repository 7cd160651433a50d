"""A district's own rules, days, thresholds, duty lists, formulas, seasons and needs of licences, and annual
reports filed, in files that need not be there: checked, every bad row named."""

from collections.abc import Callable, Collection
from datetime import date
from pathlib import Path

from db.kpi import formulas
from ingest.contract.messages import Severity
from ingest.domain.account import Grade
from ingest.domain.deadline import Step
from ingest.domain.duty_list import Listed
from ingest.domain.escalation import Awaited
from ingest.domain.rights import ACTS
from ingest.domain.scoring import INDICATORS
from ingest.import_cells import Cells, Problems, Record, read_csv
from ingest.threshold_orders import parameters

_Row = Callable[[Cells], Record]


def read_rules(directory: Path, problems: Problems, only: Collection[str] = ()) -> dict[str, list[Record]]:
    """Rows by table (of `only`, if any are named), of those files that are there: about one that is not,
    nothing is said."""
    tables: dict[str, list[Record]] = {}
    for table, (file, columns, row, key) in _FILES.items():
        if (directory / file).exists() and (not only or table in only):
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
    return {
        "step": cells.one_of("step", tuple(Step)) or cells.text("step"),
        "category": cells.optional("category") or "",
        "working_days": _whole(cells, "working_days", 0, 366),
        "hours": cells.number("hours", 0.1, 8784, required=False),
        "valid_from": cells.day("valid_from"),
    }


def _holiday(cells: Cells) -> Record:
    return {
        "day": cells.day("day"),
        "working": (cells.one_of("working", ("yes", "no")) or cells.text("working")) == "yes",
        "name": cells.optional("name"),
    }


def _kpi_choice(cells: Cells) -> Record:
    indicator, formula = cells.text("indicator"), cells.optional("formula")
    if not (known := tuple(formulas(indicator))):
        cells.bad("indicator", f"{indicator!r} is no indicator (`gridward kpi` lists them)")
    year = _whole(cells, "base_year", 1990, 2099)
    if formula is None and year is None:
        cells.bad("formula", "this or base_year is to be given")
    return {"indicator": indicator, "formula": cells.one_of("formula", known), "base_year": year}


def _licence_requirement(cells: Cells) -> Record:
    return {
        "category": cells.text("category"),
        "kind": cells.text("kind"),
        "needed": cells.one_of("needed", ("yes", "no"), "yes") != "no",
        "valid_from": cells.day("valid_from"),
    }


def _whole(cells: Cells, column: str, low: int, high: int) -> int | None:
    number = cells.number(column, low, high, required=False)
    if number is not None and number % 1:
        cells.bad(column, f"{number:g} is no whole number")
    return None if number is None else int(number)


def _season(cells: Cells) -> Record:
    begins, ends = _day_of_year(cells, "begins"), _day_of_year(cells, "ends")
    if bool(begins) != bool(ends):
        cells.bad("begins" if ends else "ends", "begins and ends come together")
    return {
        "category": cells.id("category"),
        "item": cells.id("item"),
        "begins": begins,
        "ends": ends,
        "valid_from": cells.day("valid_from"),
    }


def _day_of_year(cells: Cells, column: str) -> str:
    value = cells.optional(column) or ""
    try:
        return f"{date.fromisoformat(f'2000-{value}'):%m-%d}" if value else ""
    except ValueError:
        cells.bad(column, f"{value!r} is no day of a year like 03-01")
        return ""


def _annual_report(cells: Cells) -> Record:
    year = cells.number("year", 1949, 2999)
    if year is not None and year % 1:
        cells.bad("year", f"{year:g} is no whole number")
    return {
        "premises_id": cells.id("premises_id"),
        "year": None if year is None else int(year),
        "filed": cells.day("filed"),
    }


def _clue_route(cells: Cells) -> Record:
    asked = {column: cells.optional(column) or "" for column in ("kind", "industry", "keyword")}
    if not any(asked.values()):
        cells.bad("kind", "this, industry or keyword is to be given")
    return {
        **asked,
        "department_id": cells.id("department_id"),
        "priority": _whole(cells, "priority", 0, 1000) or 0,
        "valid_from": cells.day("valid_from"),
    }


def _escalation_rule(cells: Cells) -> Record:
    return {
        "severity": cells.one_of("severity", tuple(Severity)) or cells.text("severity"),
        "step": cells.one_of("step", tuple(Awaited)) or cells.text("step"),
        "minutes": cells.number("minutes", 0.1, 10_080),
        "valid_from": cells.day("valid_from"),
    }


def _duty_rule(cells: Cells) -> Record:
    act, valid_from, valid_to = (
        cells.text("act"),
        cells.day("valid_from"),
        cells.day("valid_to", required=False),
    )
    if act and act not in ACTS:
        cells.bad("act", f"{act!r} is no act (docs/accounts.md names them)")
    if valid_from and valid_to and valid_to <= valid_from:
        cells.bad("valid_to", f"{valid_to} is not after {valid_from}")
    return {
        "grade": cells.one_of("grade", tuple(Grade)) or cells.text("grade"),
        "act": act,
        "list": cells.one_of("list", tuple(Listed)) or cells.text("list"),
        "valid_from": valid_from,
        "valid_to": valid_to,
    }


def _threshold(cells: Cells) -> Record:
    name = cells.text("name")
    parameter = parameters().get(name)
    if parameter is None:
        cells.bad("name", f"{name!r} is no threshold (`gridward threshold list` names them)")
        return {"name": name, "value": None, "unit": "", "valid_from": cells.day("valid_from")}
    value = cells.number("value", parameter.low, parameter.high)
    if value is not None and not parameter.takes(value):
        cells.bad("value", f"{value:g} is no whole number")
    return {
        "name": name,
        "value": value,
        "unit": cells.one_of("unit", (parameter.unit,), parameter.unit),
        "valid_from": cells.day("valid_from"),
    }


def _score_weight(cells: Cells) -> Record:
    return {
        "indicator": cells.one_of("indicator", INDICATORS) or cells.text("indicator"),
        "weight": cells.number("weight", 0, 1000),
        "minimum": _whole(cells, "minimum", 1, 100_000) or cells.text("minimum"),
        "valid_from": cells.day("valid_from"),
    }


# table -> its file, the columns that it must have, what a row is, and what of it may occur only once
_FILES: dict[str, tuple[str, tuple[str, ...], _Row, tuple[str, ...]]] = {
    "deadline_rule": (
        "deadline_rules.csv",
        ("step", "valid_from"),
        _deadline_rule,
        ("step", "category", "valid_from"),
    ),
    "clue_route": (
        "clue_routes.csv",
        ("department_id", "valid_from"),
        _clue_route,
        ("kind", "industry", "keyword", "valid_from"),
    ),
    "season": (
        "seasons.csv",
        ("category", "item", "begins", "ends", "valid_from"),
        _season,
        ("category", "valid_from"),
    ),
    "annual_report": (
        "annual_reports.csv",
        ("premises_id", "year", "filed"),
        _annual_report,
        ("premises_id", "year"),
    ),
    "escalation_rule": (
        "escalation_rules.csv",
        ("severity", "step", "minutes", "valid_from"),
        _escalation_rule,
        ("severity", "step", "valid_from"),
    ),
    "duty_rule": (
        "duty_list.csv",
        ("grade", "act", "list", "valid_from"),
        _duty_rule,
        ("grade", "act", "valid_from"),
    ),
    "holiday": ("holidays.csv", ("day", "working"), _holiday, ("day",)),
    "threshold": ("thresholds.csv", ("name", "value", "valid_from"), _threshold, ("name", "valid_from")),
    "kpi_choice": ("kpi_choices.csv", ("indicator",), _kpi_choice, ("indicator",)),
    "licence_requirement": (
        "licence_requirements.csv",
        ("category", "kind", "valid_from"),
        _licence_requirement,
        ("category", "kind", "valid_from"),
    ),
    "score_weight": (
        "score_weights.csv",
        ("indicator", "weight", "minimum", "valid_from"),
        _score_weight,
        ("indicator", "valid_from"),
    ),
}
