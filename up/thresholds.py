"""`gridward threshold list`, `set` and `preview`: what alert rules measure by, from the command line."""

import os
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
import psycopg
import typer

from db.connect import INGEST, Row, connect, fetch
from ingest.contract.errors import ConfigError, InvalidTransition, RetryLater
from ingest.contract.orders import SetThreshold
from ingest.domain.threshold import Parameter
from ingest.settings import load
from ingest.snapshots import load_districts, load_roster
from ingest.threshold_orders import parameters
from up.order import WAIT_S, Clerk
from up.run import find

commands = typer.Typer(help="Show, set or try out what alert rules measure by.", rich_markup_mode=None)

_WHY = {
    "threshold_past": "that time has passed",
    "no_preview": "what this rule goes by is not kept one by one: there is no preview",
}

Name = Annotated[str, typer.Argument(metavar="NAME", help="As `gridward threshold list` has it.")]
Value = Annotated[float, typer.Argument(metavar="VALUE")]
District = Annotated[int | None, typer.Option(help="Left out: the first that there is.")]
AsJson = Annotated[bool, typer.Option("--json", help="One line of JSON.")]


class Threshold(msgspec.Struct, frozen=True):
    """One parameter of a rule, as it stands."""

    name: str
    value: float
    unit: str
    usual: float
    low: float
    high: float
    since: datetime | None = None
    actor: str | None = None


@commands.command("list")
def list_(district: District = None, as_json: AsJson = False) -> None:
    """Show every threshold: its value now, since when and by whom, its default and its bounds."""
    url, wanted = _house(district)
    with connect(url, INGEST) as conn:
        one = _district(conn, wanted)
        rows = {row["name"]: row for row in fetch(conn, "ops/thresholds", {"district": one})}
        found = [_stands(parameter, rows.get(name)) for name, parameter in parameters().items()]
    if as_json:
        typer.echo(msgspec.json.encode({"district": one, "thresholds": found}).decode())
        return
    for row in found:
        since = f"since {row.since:%Y-%m-%d %H:%M} UTC by {row.actor}" if row.since else "by default"
        usual = f"{row.usual:g} by default, {row.low:g} to {row.high:g}"
        typer.echo(f"{row.name:<28}{row.value:>8g} {row.unit:<8} {since} ({usual})")


@commands.command("set")
def set_(
    name: Name,
    value: Value,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="Left out: from now on.")
    ] = None,
    district: District = None,
) -> None:
    """Let a threshold have another value, from now or from the beginning of a day on."""
    _checked(name, value)
    with closing(Clerk(*_house(district))) as clerk:
        begins = first and first.replace(tzinfo=ZoneInfo(clerk.tz))
        state, reason = clerk.place(SetThreshold(name, value, begins))
    if state == "refused":
        raise ConfigError(f"{name}: {_WHY.get(reason or '', reason)}")
    if state == "queued":
        raise RetryLater(f"{name}: the order is queued; no ingest has carried it out within {WAIT_S:g} s")
    since = f"from {first:%Y-%m-%d} on" if first else "from now on"
    typer.echo(f"{name}: {value:g} {parameters()[name].unit} {since}")


@commands.command("preview")
def preview_(
    name: Name,
    value: Value,
    days: Annotated[int, typer.Option(min=1, max=180, help="How many of the last days.")] = 30,
    district: District = None,
    as_json: AsJson = False,
) -> None:
    """Play the rule over the facts of the last days: how many alerts there would have been."""
    from ingest.preview import preview
    from up.progress import Progress

    _checked(name, value)
    url, wanted = _house(district)
    with connect(url, INGEST, autocommit=True) as conn:
        roster = load_roster(conn, _district(conn, wanted))
        try:
            with Progress("preview", 100, lambda line: typer.echo(line, err=True), sys.stderr) as progress:
                progress.begin(f"{name} over {days} days")
                told = preview(conn, roster, name, value, days, datetime.now(UTC), progress.reach)
        except InvalidTransition as refusal:
            raise ConfigError(f"{name}: {_WHY.get(str(refusal), refusal)}") from None
    if as_json:
        typer.echo(
            msgspec.json.encode({"name": name, "value": value, "days": days, **told._asdict()}).decode()
        )
        return
    estimate = "" if told.share == 1 else f" (estimated from {100 * told.share:.2g} % of the subjects)"
    typer.echo(
        f"{name}: with {value:g} the last {days} days would have had {told.alerts:,} alerts, "
        f"against {told.alerts_now:,} at {told.value_now:g}{estimate}"
    )


def _stands(parameter: Parameter, row: Row | None) -> Threshold:
    told = (parameter.unit, parameter.default, parameter.low, parameter.high)
    if row is None or row["unit"] != parameter.unit or not parameter.takes(row["value"]):
        return Threshold(parameter.name, parameter.default, *told)
    return Threshold(parameter.name, row["value"], *told, row["valid_from"], row["actor"])


def _checked(name: str, value: float) -> None:
    parameter = parameters().get(name)
    if parameter is None:
        raise ConfigError(f"there is no threshold {name!r} (`gridward threshold list` names them)")
    if not parameter.takes(value):
        raise ConfigError(
            f"{name}: {value:g} is not between {parameter.low:g} and {parameter.high:g} {parameter.unit}"
        )


def _house(district: int | None) -> tuple[str, Sequence[int]]:
    """The database's address, of the settings or of a running `up`, and the districts that are meant."""
    settings = load(os.environ)
    if settings.database:
        return settings.database, settings.districts if district is None else (district,)
    run = find(settings.data.resolve())
    return run.database_url, run.districts if district is None else (district,)


def _district(conn: psycopg.Connection[Row], wanted: Sequence[int]) -> int:
    known = load_districts(conn)
    if not known:
        raise RetryLater("no district is imported yet (`gridward import DIR`)")
    one = next(iter(wanted), known[0])
    if one not in known:
        raise ConfigError(f"district {one} is not registered")
    return one
