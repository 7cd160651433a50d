"""Import files to registry tables, all or nothing: upserts and closes, deletes nothing."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import psycopg

from db.connect import INGEST, Row, connect, fetch
from ingest.arrivals import launch_first_checks, store_premises
from ingest.audit import note_deed
from ingest.contract.errors import ConfigError
from ingest.contract.orders import NoteDeed, Plain
from ingest.import_cells import Problems, Record, read_csv
from ingest.import_files import FILES, TABLES, WorldFiles
from ingest.import_premises import PREMISES, placed, read_premises
from ingest.import_report import ImportReport
from ingest.import_rules import read_rules
from ingest.module_files import shipped
from ingest.module_store import load_modules, store_modules
from ingest.reports import settle_reports
from ingest.snapshots import load_roster

STEPS = len(FILES) + len(TABLES) + 3
"""How many lines an import says."""
NEWS, NEWS_STEPS = ("premises.csv", "annual_reports.csv"), 3
"""What an import of news may hold, and how many lines it says at most."""

Connection = psycopg.Connection[Row]
Say = Callable[[str], None]


def import_world(
    url: str,
    directory: Path,
    say: Say = lambda line: None,
    *,
    first_checks: bool = True,
    actor: str | None = None,
) -> ImportReport:
    """Check all files of `directory`, then store them in one transaction and launch the tasks.

    Premises that come to a register which was there before are visited for a first check, unless not
    `first_checks`. A district that has no supervision modules gets those that come with Gridward.
    `actor` says whose doing it is. `url` must let us act as gw_ingest; `say` gets a line as each of the
    `STEPS` steps begins. Raises ConfigError with one line per bad row, having stored nothing.
    """
    world = WorldFiles(directory, say)
    report, arrived = ImportReport(world.district), list[Record]()
    with connect(url, INGEST) as conn:
        conn.execute("SET LOCAL work_mem = '256MB'")  # so that what is missing is found by hashing
        for table, rows in (world.tables() | world.rules).items():
            if table in TABLES:  # of the others most are a few rows
                say(f"storing {len(rows)} rows of {table}")
            report.rows[table] = len(rows)
            if table == "premises":
                came = store_premises(conn, world.district, rows, world.grids, world.paths, whole=True)
                report.closed[table], arrived = came
            else:
                report.closed[table] = _store(conn, world.district, table, rows, whole=True)
        say("looking for the supervision modules")
        if not load_modules(conn, world.district):
            report.rows["module"] = store_modules(conn, world.district, shipped()).rows["module"]
        _finish(conn, report, world.tables()["premises"], arrived if first_checks else (), say)
        say("working out who holds the licences that they need, and what patrols had missed")
        fetch(conn, "write/analyse_licences")
        fetch(conn, "write/settle_licences", {"district": world.district, "ids": None})
        fetch(conn, "write/analyse_licences")
        settle_reports(conn, world.district, world.rules.get("public_report", []))
        _note(conn, report, directory, actor)
    return report


def import_news(
    url: str,
    district: int,
    directory: Path,
    say: Say = lambda line: None,
    *,
    first_checks: bool = True,
    actor: str | None = None,
) -> ImportReport:
    """Store what is new in a registered district, in one transaction: premises and annual reports, of these
    files those that are there. What is not in them stays as it is; else it is as `import_world`.
    """
    if not any((directory / name).exists() for name in NEWS):
        raise ConfigError(f"{directory} holds neither {' nor '.join(NEWS)}")
    problems, report = Problems(), ImportReport(district)
    with connect(url, INGEST) as conn:
        roster = load_roster(conn, district)
        rows, arrived = list[Record](), list[Record]()
        if (directory / "premises.csv").exists():
            say("reading premises.csv")
            found = read_premises(read_csv(directory / "premises.csv", PREMISES, problems))
            rows = placed(found, roster.grids, roster.paths, district)
        filed = read_rules(directory, problems, only=("annual_report",))
        problems.raise_if_any()
        say(f"storing {len(rows)} rows of premises")
        if rows:
            report.rows["premises"] = len(rows)
            _, arrived = store_premises(conn, district, rows, roster.grids, roster.paths, whole=False)
        for table, some in filed.items():
            report.rows[table] = len(some)
            _store(conn, district, table, some, whole=False)
        _finish(conn, report, rows, arrived if first_checks else (), say)
        ids = [row["premises_id"] for row in rows]
        fetch(conn, "write/settle_licences", {"district": district, "ids": ids})
        _note(conn, report, directory, actor)
    return report


def _note(conn: Connection, report: ImportReport, directory: Path, actor: str | None) -> None:
    """Have it written down who imported what; None: nobody of whom there is anything to say."""
    if actor:
        counts = [f"{table}: {count}" for table, count in report.rows.items()]
        closed = [f"{table}: {count}" for table, count in report.closed.items() if count]
        about: dict[str, Plain] = {"directory": directory.name, "rows": counts, "closed": closed}
        note_deed(conn, report.district, actor, NoteDeed("import", f"district:{report.district}", about))


def _store(conn: Connection, district: int, table: str, rows: Sequence[Record], *, whole: bool) -> int:
    """Returns how many rows were closed."""
    told = {"district": district, "rows": json.dumps(rows, ensure_ascii=False), "whole": whole}
    found = fetch(conn, f"write/import_{table}", told)
    return int(found[0]["closed"]) if found else 0


def _finish(
    conn: Connection, report: ImportReport, premises: Sequence[Record], arrived: Sequence[Record], say: Say
) -> None:
    """Launch what is new, tell the planner how much there is, and ingest that there is something."""
    report.launched = launch_first_checks(conn, report.district, arrived)
    report.outside = [row for row in premises if row["grid_id"] is None]
    say("counting what there is")
    fetch(conn, "write/analyse_registry")
    conn.execute(
        "SELECT pg_notify('gridward_registry', %(d)s), pg_notify('gridward_command', %(d)s)",
        {"d": str(report.district)},
    )
