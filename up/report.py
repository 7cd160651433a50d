"""`gridward report`: a station's month report as a PDF, from the command line."""

from datetime import date
from pathlib import Path
from typing import Any

from dashboard.report.month import gather
from dashboard.report.pages import pdf
from db.connect import DASHBOARD, Row, Scope, connect, enter, fetch
from ingest.contract.errors import ConfigError
from ingest.contract.orders import ExportList
from up.order import put


def write(url: str, station: str, first: date, lang: str, out: Path) -> None:
    """Write the report of the month that begins on `first` to `out`, whole or not at all.

    Raises ConfigError where there is no such station, psycopg.Error while the database is away, OSError where
    the file cannot be written.
    """
    code = station.partition("/")[0]
    if not (code.isascii() and code.isdecimal() and len(code) == 6):
        raise ConfigError(f"there is no station {station!r}")
    with connect(url, DASHBOARD, autocommit=True) as conn:

        def together(scope: Scope, plan: list[tuple[str, str, dict[str, Any]]]) -> dict[str, list[Row]]:
            with conn.transaction():
                conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                enter(conn, scope)
                return {key: fetch(conn, name, params) for key, name, params in plan}

        scope = Scope(int(code), station)
        made = pdf(lang, gather(together, scope, station, first))
        taken = ExportList("month_report", "pdf", None, {"unit": station, "month": str(first)})
        put(conn, scope, taken)
    aside = out.with_name(f"{out.name}.part")
    aside.write_bytes(made)
    aside.replace(out)
