"""`gridward report`: a station's month report as a PDF, from the command line."""

from contextlib import closing
from datetime import date
from pathlib import Path

from dashboard.report.month import gather
from dashboard.report.pages import pdf
from db.connect import Reader, Scope
from ingest.contract.errors import ConfigError


def write(url: str, station: str, first: date, lang: str, out: Path) -> None:
    """Write the report of the month that begins on `first` to `out`, whole or not at all.

    Raises ConfigError where there is no such station, psycopg.Error while the database is away, OSError where
    the file cannot be written.
    """
    code = station.partition("/")[0]
    if not (code.isascii() and code.isdecimal() and len(code) == 6):
        raise ConfigError(f"there is no station {station!r}")
    with closing(Reader(url, size=1)) as reader:
        made = pdf(lang, gather(reader.read_together, Scope(int(code), station), station, first))
    aside = out.with_name(f"{out.name}.part")
    aside.write_bytes(made)
    aside.replace(out)
