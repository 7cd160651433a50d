"""A district's supervision modules in the database: loaded files upsert and close, nothing is deleted."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec
import psycopg

from db.connect import Row, fetch
from ingest.contract.errors import ConfigError
from ingest.domain.module import Cycle, Module, Name
from ingest.domain.module_check import clashes

Connection = psycopg.Connection[Row]
Record = dict[str, Any]


@dataclass(frozen=True)
class LoadReport:
    """What loading did: how many of each there are in the files, and how many of each were closed."""

    district: int
    rows: dict[str, int]
    closed: dict[str, int]

    def lines(self) -> list[str]:
        counts = ", ".join(f"{count} {name}" for name, count in self.rows.items())
        closed = ", ".join(f"{count} {name}" for name, count in self.closed.items() if count)
        lines = [f"district {self.district}: {counts}"]
        return lines + [f"closed, since they are no longer there: {closed}"] * bool(closed)


def load_modules(conn: Connection, district: int) -> list[Module]:
    """The district's modules as they are now, by code."""
    rows = fetch(conn, "write/load_modules", {"district": district})
    return [msgspec.convert(row["body"], Module) for row in rows]


def store_modules(
    conn: Connection, district: int, modules: Sequence[Module], *, only: bool = False
) -> LoadReport:
    """Make these the district's modules of their codes, in the connection's transaction, and tell ingest.

    What was theirs and is in none of them is closed; the district's other modules are left as they are,
    or closed too with `only`. Raises ConfigError for a code that belongs to one of the others.
    """
    before = load_modules(conn, district)
    given = {module.code for module in modules}
    after = [*([] if only else [module for module in before if module.code not in given]), *modules]
    for number, (place, what) in clashes(after):
        raise ConfigError(f"module {after[number].code}: {place}: {what}")
    tables, closed = _tables(modules), {}
    for table, rows in tables.items():
        among = None if only else sorted(given)
        params = {"district": district, "rows": json.dumps(rows, ensure_ascii=False), "among": among}
        found = fetch(conn, f"write/import_{table}", params)
        closed[table] = found[0]["closed"] if found else 0
    left = {module.department.code for module in before} - {module.department.code for module in after}
    gone = fetch(conn, "write/close_departments", {"district": district, "ids": sorted(left)})
    closed["department"] = gone[0]["closed"]
    conn.execute("SELECT pg_notify('gridward_registry', %s)", (str(district),))
    return LoadReport(district, {table: len(rows) for table, rows in tables.items()}, closed)


def _tables(modules: Sequence[Module]) -> dict[str, list[Record]]:
    """Rows by table, in an order that satisfies the foreign keys."""
    return {
        "department": list({module.department.code: _department(module) for module in modules}.values()),
        "module": [_module(module) for module in modules],
        "task_category": [row for module in modules for row in _categories(module)],
        "check_item": [row for module in modules for row in _items(module)],
    }


def _department(module: Module) -> Record:
    return {"department_id": module.department.code, **_named(module.department.name)}


def _module(module: Module) -> Record:
    digest = sha256(msgspec.json.encode(module)).hexdigest()
    body = msgspec.to_builtins(module)
    return {"module_id": module.code, **_named(module.name), "body": body, "digest": digest}


def _categories(module: Module) -> list[Record]:
    return [
        {
            "category": category.code,
            "module_id": module.code,
            **_named(category.name),
            "department_id": module.department.code,
            "department_working_days": category.department_working_days,
            "hazard_grade": category.hazard,
            "items": category.items,
            "first_handling": msgspec.to_builtins(category.first_handling),
            "target_categories": category.targets.categories,
            "target_tags": category.targets.tags,
            "target_grades": category.targets.risk_grades,
            "cycle_days": _cycle(category.cycle),
            "launched_by": category.launched_by,
            "second": category.second,
        }
        for category in module.categories
    ]


def _cycle(cycle: Cycle) -> dict[str, int]:
    """Calendar days to the next inspection by risk grade, ``ungraded`` among them."""
    days = {grade: cycle.days(grade) for grade in cycle.__struct_fields__}
    return {grade: every for grade, every in days.items() if every is not None}


def _items(module: Module) -> list[Record]:
    return [
        {
            "item": item.code,
            "module_id": module.code,
            **_named(item.text),
            "answers": msgspec.to_builtins(item.answers),
        }
        for item in module.items
    ]


def _named(name: Name) -> Record:
    return {"name": name.zh, "name_en": name.en}
