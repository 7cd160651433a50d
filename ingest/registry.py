"""Import files to registry tables, all or nothing: upserts and closes, deletes nothing."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from db.connect import INGEST, connect, fetch
from ingest.import_cells import Record
from ingest.import_files import FILES, TABLES, WorldFiles
from ingest.module_files import shipped
from ingest.module_store import load_modules, store_modules

STEPS = len(FILES) + len(TABLES) + 2
"""How many lines an import says."""


@dataclass
class ImportReport:
    """What an import did: rows read by file, and what was noticed."""

    district: int
    rows: dict[str, int] = field(default_factory=dict)
    closed: dict[str, int] = field(default_factory=dict)
    unplaced: int = 0

    def lines(self) -> list[str]:
        counts = ", ".join(f"{count} {name}" for name, count in self.rows.items())
        lines = [f"district {self.district}: {counts}"]
        if any(self.closed.values()):
            closed = ", ".join(f"{count} {name}" for name, count in self.closed.items() if count)
            lines.append(f"closed, since they are no longer in the files: {closed}")
        if self.unplaced:
            lines.append(f"{self.unplaced} premises lie outside every grid")
        return lines


def import_world(url: str, directory: Path, say: Callable[[str], None] = lambda line: None) -> ImportReport:
    """Check all files of `directory`, then store them in one transaction and launch the tasks.

    A district that has no supervision modules gets those that come with Gridward.
    `url` must let us act as gw_ingest; `say` gets a line as each of the `STEPS` steps begins. Raises
    ConfigError with one line per bad row, having stored nothing.
    """
    world = WorldFiles(directory, say)
    with connect(url, INGEST) as conn:
        conn.execute("SET LOCAL work_mem = '256MB'")  # so that what is missing is found by hashing
        report = ImportReport(world.district, unplaced=world.unplaced)
        for table, rows in (world.tables() | world.rules).items():
            if table in TABLES:  # the others are a few rows, if there are any
                say(f"storing {len(rows)} rows of {table}")
            closed = fetch(conn, f"write/import_{table}", {"district": world.district, "rows": _json(rows)})
            report.rows[table], report.closed[table] = len(rows), closed[0]["closed"] if closed else 0
        say("looking for the supervision modules")
        if not load_modules(conn, world.district):
            report.rows["module"] = store_modules(conn, world.district, shipped()).rows["module"]
        say("counting what there is")
        fetch(conn, "write/analyse_registry")
        conn.execute(
            "SELECT pg_notify('gridward_registry', %(d)s), pg_notify('gridward_command', %(d)s)",
            {"d": str(world.district)},
        )
    return report


def _json(rows: list[Record]) -> str:
    return json.dumps(rows, ensure_ascii=False)
