"""The front door: one command a room. Every failure is one line and an exit code, never a traceback."""

import os
import shlex
import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import msgspec
import psycopg
import typer

from db.embedded_home import EmbeddedError
from db.migrate import MigrationError, migrate
from ingest.contract.errors import ConfigError, RetryLater
from ingest.settings import DATA, DATABASE_URL, DISTRICTS, MQTT_URL, SETTINGS, load
from up.account import commands as account_commands
from up.audit import commands as audit_commands
from up.device import commands as device_commands
from up.keys import owner
from up.kpi import Asked, By, by_kind, measure
from up.kpi import line as kpi_line
from up.kpi import parts as kpi_parts
from up.modules import commands as module_commands
from up.notify import commands as notify_commands
from up.order import actor
from up.retention import commands as retention_commands
from up.run import find
from up.status import table, take
from up.thresholds import commands as threshold_commands

# Rooms that take a second to import are imported by the commands that enter them.
app = typer.Typer(
    name="gridward",
    help="The command centre of a district's grid-based market supervision.",
    epilog="\n\n".join(["Settings, from the environment:", *(f"{s.name}: {s.help}." for s in SETTINGS)]),
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.add_typer(module_commands, name="module")
app.add_typer(threshold_commands, name="threshold")
app.add_typer(retention_commands, name="retention")
app.add_typer(notify_commands, name="notify")
app.add_typer(device_commands, name="device")
app.add_typer(account_commands, name="account")
app.add_typer(audit_commands, name="audit")

Port = Annotated[int, typer.Option(min=1, max=65535, help="The screen's port.")]
DAY = ["%Y-%m-%d"]


class Language(StrEnum):
    """What a report can be written in."""

    ZH = "zh"
    EN = "en"


World = Annotated[
    str, typer.Option(metavar="NAME|DIR", help="jimei, dongguan, or a directory of import files.")
]


@app.command()
def up(
    world: World = "jimei",
    data: Annotated[Path | None, typer.Option(help=f"Used instead of {DATA}.")] = None,
    port: Port = 8501,
    mqtt_port: Annotated[int, typer.Option(min=1, max=65535, help="The embedded broker's port.")] = 1883,
    db_port: Annotated[int, typer.Option(min=1, max=65535, help="The embedded PostgreSQL's port.")] = 5433,
    simulate: Annotated[bool, typer.Option("--simulate/--no-simulate", help="Let devices report.")] = True,
    seconds: Annotated[float | None, typer.Option("--for", min=0, help="Stop this long after ready.")] = None,
) -> None:
    """Run the whole house on this machine, until Ctrl-C."""
    from up.command import up as run_all
    from up.house import Wishes

    settings = load(os.environ)
    wishes = Wishes(world, (data or settings.data).resolve(), port, mqtt_port, db_port, simulate, seconds)
    run_all(wishes, settings, os.environ, typer.echo)


@app.command()
def ingest() -> None:
    """Read from the broker, decide and store, until told to stop."""
    settings = load(os.environ)
    _ = settings.database_url, settings.mqtt_url
    _become("ingest")


@app.command()
def dashboard(
    port: Port = 8501, address: Annotated[str, typer.Option(help="Where to listen.")] = "127.0.0.1"
) -> None:
    """Serve the screen."""
    _ = load(os.environ).database_url
    _become("dashboard", f"--port={port}", f"--address={address}")


@app.command()
def simulate(world: World = "jimei") -> None:
    """Let the devices of a world report over MQTT."""
    from up.world import prepare

    settings = load(os.environ)
    _ = settings.mqtt_url
    _become("simulators", f"--world={prepare(world, settings.data)}")


@app.command("migrate")
def migrate_() -> None:
    """Bring the database's schema up to date."""
    migrate(load(os.environ).database_url, typer.echo)


@app.command("import")
def import_(
    directory: Annotated[Path, typer.Argument(metavar="DIR")],
    new: Annotated[
        bool, typer.Option("--new", help="Only new premises and annual reports; closes nothing.")
    ] = False,
    district: Annotated[int | None, typer.Option(help="With --new, where there are several.")] = None,
    first_checks: Annotated[
        bool, typer.Option("--first-checks/--no-first-checks", help="Launch tasks for new premises.")
    ] = True,
) -> None:
    """Import a directory of files, all of it or nothing."""
    from ingest.registry import NEWS_STEPS, STEPS, import_news, import_world
    from up.progress import Progress
    from up.world import only_district

    settings = load(os.environ)
    url = settings.database_url
    with Progress("registry", NEWS_STEPS if new else STEPS, typer.echo) as progress:
        if new:
            one = only_district(url, district, settings.districts)
            report = import_news(
                url, one, directory, progress.begin, first_checks=first_checks, actor=actor()
            )
        else:
            report = import_world(url, directory, progress.begin, first_checks=first_checks, actor=actor())
    for line in report.lines():
        typer.echo(line)


@app.command()
def kpi(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Left out: all of them.")] = None,
    unit: Annotated[str | None, typer.Option(metavar="PATH", help="An org unit, such as 350211/01.")] = None,
    first: Annotated[datetime | None, typer.Option("--from", formats=DAY, help="The first day.")] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=DAY, help="The last day.")] = None,
    by: Annotated[By | None, typer.Option(help="Told apart by it.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON.")] = False,
) -> None:
    """Show an indicator: numerator, denominator, value, and the formula; or a time: how many, p50, p95."""
    settings = load(os.environ)
    url, districts = settings.database, settings.districts
    if not url:
        run = find(settings.data.resolve())
        url, districts = run.database_url, run.districts
    asked = Asked(unit, first and first.date(), last and last.date(), by)
    answers = measure(url, districts, name, asked)
    if as_json:
        told = by_kind(answers) if name is None else answers[0]
        typer.echo(msgspec.json.encode(told).decode())
    else:
        typer.echo("\n".join(map(kpi_line, answers)) if name is None else kpi_parts(answers[0]))


@app.command()
def report(
    out: Annotated[Path, typer.Argument(metavar="OUT.pdf", dir_okay=False)],
    station: Annotated[str, typer.Option(metavar="PATH", help="Such as 350211/01.")],
    month: Annotated[datetime, typer.Option(formats=["%Y-%m"], help="Such as 2026-10.")],
    lang: Annotated[Language, typer.Option(help="Its language.")] = Language.ZH,
) -> None:
    """Write a station's month report as a PDF."""
    from up.report import write

    settings = load(os.environ)
    url = settings.database or find(settings.data.resolve()).database_url
    write(url, station, month.date(), lang, out)
    typer.echo(f"{out}: {station}, {month:%Y-%m}")


@app.command()
def history(
    world: World = "dongguan",
    days: Annotated[int, typer.Option(min=1, max=3660, help="How long a past, until yesterday.")] = 730,
    scale: Annotated[float, typer.Option(min=0.0001, max=10, help="How much: 1.0 is a city's.")] = 1.0,
    database: Annotated[
        str | None, typer.Option(metavar="URL", help=f"Used instead of {DATABASE_URL}.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Another one gives another past.")] = 1,
) -> None:
    """Play years of tasks and clues into the database, and compare the indicators with the ledger."""
    from up.history import Wishes as Past
    from up.history import lines, play, settle
    from up.world import prepare

    settings = load(os.environ)
    data = settings.data.resolve()
    url = database or settings.database or find(data).database_url
    district = settle(url, prepare(world, data, typer.echo), typer.echo)
    played = play(url, district, Past(days, scale, seed), data / f"history-{district}.json", typer.echo)
    typer.echo("\n".join(lines(played)))
    raise typer.Exit(1 if played.differences else 0)


@app.command()
def backup(out: Annotated[Path, typer.Argument(metavar="DIR", help="Made; must not be there yet.")]) -> None:
    """Write the database and the files beside it into a directory, while all goes on."""
    from up.backup import backup as write

    url, data = owner()
    made = write(url, data, out, typer.echo)
    rows = sum(table.rows for table in made.tables.values())
    typer.echo(f"{out}: {rows:,} rows of {len(made.tables)} tables, {len(made.files) - 1:,} files")


@app.command()
def restore(source: Annotated[Path, typer.Argument(metavar="DIR", exists=True, file_okay=False)]) -> None:
    """Restore a backup into an empty database and GRIDWARD_DATA; exit with 1 unless all is as it was."""
    from up.restore import restore as read

    url, data = owner()
    manifest, differences = read(url, data, source, typer.echo)
    for line in differences:
        typer.echo(line, err=True)
    rows = sum(table.rows for table in manifest.tables.values())
    same = len(manifest.tables) - len(differences)
    then = f"{manifest.made_at:%Y-%m-%d %H:%M} UTC"
    typer.echo(f"{same} of {len(manifest.tables)} tables as they were at {then}, {rows:,} rows")
    raise typer.Exit(1 if differences else 0)


@app.command()
def env() -> None:
    """Print export lines with the addresses of a running `up`."""
    data = load(os.environ).data.resolve()
    run = find(data)
    typer.echo(f"# the screen: {run.dashboard_url}")
    for name, value in (
        (DATABASE_URL, run.database_url),
        (MQTT_URL, run.mqtt_url),
        (DISTRICTS, ",".join(map(str, run.districts))),
        (DATA, str(data)),
    ):
        typer.echo(f"export {name}={shlex.quote(value)}")


@app.command()
def status(
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON.")] = False,
) -> None:
    """Show how much there is, how fresh, and what is wrong."""
    settings = load(os.environ)
    if settings.database:
        found = take(settings.database, settings.districts)
    else:
        run = find(settings.data.resolve())
        found = take(run.database_url, run.districts)
    if not (found.rows or as_json):  # the database is away
        raise RetryLater(found.trouble[0])
    typer.echo(msgspec.json.encode(found).decode() if as_json else table(found))
    if not found.rows:
        raise typer.Exit(1)


def _become(module: str, *arguments: str) -> NoReturn:
    """Turn this process into the module's, so that signals and the exit code are its own."""
    os.execv(sys.executable, [sys.executable, "-P", "-m", module, *arguments])  # noqa: S606  named by us # nosec B606


def main() -> None:
    """Run one command: exit code 0, 1 when it failed, 2 when a setting or an argument is wrong."""
    try:
        code = app(prog_name="gridward", standalone_mode=False)
    except typer.TyperException as error:
        _fail(error.format_message(), error.exit_code)
    except ConfigError as error:
        _fail(str(error), 2)
    except (RetryLater, EmbeddedError, MigrationError, psycopg.Error, OSError) as error:
        _fail(" ".join(str(error).split()), 1)
    sys.exit(code)


def _fail(line: str, code: int) -> NoReturn:
    typer.echo(f"gridward: {line}", err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
