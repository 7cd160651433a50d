"""`gridward retention list` and `set`: how long facts and evidence are kept, by dated rules."""

import os
from datetime import UTC, datetime, timedelta
from typing import Annotated

import msgspec
import typer

from db.connect import Row, connect, fetch
from ingest.audit import note_deed
from ingest.contract.errors import ConfigError
from ingest.contract.orders import NoteDeed, Plain
from ingest.settings import load
from up.order import actor
from up.run import find

commands = typer.Typer(help="Show, or set from a day on, how long facts are kept.", rich_markup_mode=None)

EVER = "ever"

Kind = Annotated[str, typer.Argument(metavar="KIND", help="As `gridward retention list` has it.")]
Days = Annotated[str, typer.Argument(metavar="DAYS|ever")]
From = Annotated[
    datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="Left out: from tomorrow on.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One line of JSON.")]


@commands.command("list")
def list_(as_json: AsJson = False) -> None:
    """Show how many days each kind is kept: the rule in force, and those to come."""
    rows = _rules()
    if as_json:
        typer.echo(msgspec.json.encode({"retention": rows}).decode())
        return
    for row in rows:
        since = "since" if row["in_force"] else "from"
        days = f"{row['days']:,} days" if row["days"] is not None else "for ever"
        at_least = f"at least {row['at_least']:,}"
        typer.echo(
            f"{row['relation']:<18}{days:>12}  {since} {row['valid_from']} by {row['actor']} ({at_least})"
        )


@commands.command("set")
def set_(kind: Kind, keep: Days, first: From = None) -> None:
    """Keep a kind of facts so many days, or for ever, from the beginning of a day on. What is older then is
    deleted and does not come back."""
    limits = {row["relation"]: row["at_least"] for row in _rules()}
    if kind not in limits:
        raise ConfigError(f"{kind!r} is no kind of facts with a time ({', '.join(limits)})")
    today = datetime.now(UTC).date()
    day = first.date() if first else today + timedelta(days=1)
    days = _days(kind, keep, limits[kind])
    if day < today:
        raise ConfigError(f"{day} is over")
    who = actor()
    with connect(_url()) as conn:
        told = {"relation": kind, "keep": days, "valid_from": day, "actor": who}
        fetch(conn, "ops/set_retention", told)
        about: dict[str, Plain] = {"days": None if days is None else days.days, "from": str(day)}
        note_deed(conn, None, who, NoteDeed("set_retention", f"retention:{kind}", about))
    typer.echo(f"{kind}: {'for ever' if days is None else f'{days.days:,} days'} from {day} on")


def _days(kind: str, said: str, at_least: int) -> timedelta | None:
    if said == EVER:
        return None
    if not (said.isascii() and said.isdecimal() and at_least <= int(said) <= 36_500):
        raise ConfigError(f"{kind}: {said!r} is neither {EVER} nor a number of days from {at_least} to 36500")
    return timedelta(days=int(said))


def _rules() -> list[Row]:
    with connect(_url()) as conn:
        return fetch(conn, "ops/retention")


def _url() -> str:
    settings = load(os.environ)
    return settings.database or find(settings.data.resolve()).database_url
