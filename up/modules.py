"""`gridward module check`, `load` and `list`: supervision modules from files into districts."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import psycopg
import typer

from db.connect import INGEST, Row, connect, fetch
from ingest.audit import note_deed
from ingest.contract.errors import ConfigError, RetryLater
from ingest.contract.orders import NoteDeed, Plain
from ingest.module_files import examine, read_modules
from ingest.module_store import store_modules
from ingest.settings import DISTRICTS, load
from ingest.snapshots import load_districts
from up.order import actor

commands = typer.Typer(help="Check, load or list supervision modules.", rich_markup_mode=None)

Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="YAML, a module each.")]


@commands.command("check")
def check(files: Files) -> None:
    """Say of each file whether it is in order; exit with 1 after a line for each mistake."""
    fine, mistakes = examine(files)
    for path, module in fine.items():
        typer.echo(f"{path}: ok, {len(module.categories)} categories, {len(module.items)} items")
    for line in mistakes:
        typer.echo(line, err=True)
    raise typer.Exit(1 if mistakes else 0)


@commands.command("load")
def load_files(
    files: Files,
    district: Annotated[
        int | None, typer.Option(help=f"Left out: those of {DISTRICTS}, or all that are registered.")
    ] = None,
    only: Annotated[bool, typer.Option("--only", help="Close the district's other modules.")] = False,
) -> None:
    """Load modules: add, update, close what they no longer hold; all of it or nothing."""
    settings = load(os.environ)
    modules = read_modules(files)
    with connect(settings.database_url, INGEST) as conn:
        wanted = settings.districts if district is None else (district,)
        reports = [store_modules(conn, one, modules, only=only) for one in _registered(conn, wanted)]
        about: dict[str, Plain] = {"modules": [one.code for one in modules], "only": only}
        for report in reports:
            note_deed(conn, report.district, actor(), NoteDeed("load_modules", "modules", about))
    for report in reports:
        for line in report.lines():
            typer.echo(line)


@commands.command("list")
def list_loaded() -> None:
    """Show the modules that are loaded."""
    settings = load(os.environ)
    with connect(settings.database_url, INGEST) as conn:
        districts = list(_registered(conn, settings.districts))
        for row in fetch(conn, "ops/modules", {"districts": districts}):
            size = f"{row['categories']:>3} categories {row['items']:>3} items"
            version = f"{row['loaded_at']:%Y-%m-%d %H:%M} UTC  {row['digest'][:12]}"
            names = f"{row['name']} {row['name_en']}"
            typer.echo(f"{row['district']} {row['module_id']:<22} {size}  {version}  {names}")


def _registered(conn: psycopg.Connection[Row], wanted: Sequence[int]) -> Sequence[int]:
    """The districts wanted (none: all that there are); raises ConfigError for one that is not registered."""
    known = load_districts(conn)
    if not known:
        raise RetryLater("no district is imported yet (`gridward import DIR`)")
    for district in wanted:
        if district not in known:
            raise ConfigError(f"district {district} is not registered")
    return wanted or known
