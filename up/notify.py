"""`gridward notify add`, `route`, `test`, `list`, `close`: who outside the screen is told of what."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, NamedTuple

import psycopg
import typer

from db.connect import INGEST, Row, connect, fetch
from ingest.alerts import rules
from ingest.audit import note_deed
from ingest.channel import is_address, keep_address, send
from ingest.contract.errors import ConfigError, RetryLater
from ingest.contract.messages import Severity
from ingest.contract.orders import Deed, NoteDeed, Plain
from ingest.contract.topics import ID_PATTERN
from ingest.notice import trial
from ingest.settings import DISTRICTS, Settings, load
from ingest.snapshots import load_districts
from up.order import actor

commands = typer.Typer(help="Tell people outside the screen of incidents.", rich_markup_mode=None)

Channel = Annotated[str, typer.Argument(metavar="CHANNEL", help="Its id, such as duty.")]
District = Annotated[int | None, typer.Option(help=f"Left out: that of {DISTRICTS}, or the only one.")]


class Desk(NamedTuple):
    """Where a command works: one district of the database."""

    conn: psycopg.Connection[Row]
    district: int
    settings: Settings

    def note(self, act: Deed, channel: str, **about: Plain) -> None:
        """Have it written down what was done to the channel, in the same transaction."""
        note_deed(self.conn, self.district, actor(), NoteDeed(act, f"channel:{channel}", about))

    def channel(self, channel: str) -> Row:
        """The open channel; raises ConfigError when there is none of that id."""
        found = fetch(self.conn, "ops/notify_channel", {"district": self.district, "channel": channel})
        if not found:
            raise ConfigError(f"district {self.district} has no channel {channel} (`gridward notify add`)")
        return found[0]


@commands.command("add")
def add(
    channel: Channel,
    name: Annotated[str | None, typer.Option(help="What people call it; at first its id.")] = None,
    district: District = None,
) -> None:
    """Add a channel, or give it another address: an Apprise URL, read from standard input."""
    if not re.match(ID_PATTERN, channel):
        raise ConfigError(f"{channel!r} is no id (1 to 64 of A-Z a-z 0-9 _ -)")
    with _desk(district) as desk:
        asked = typer.prompt("Apprise URL", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline()
        if not is_address(asked.strip()):  # not quoted: badly written, its password can stand anywhere in it
            raise ConfigError("that is no address that Apprise knows, such as json://HOST:PORT/PATH")
        keep_address(desk.settings.data, desk.district, channel, asked.strip())
        key = {"district": desk.district, "channel": channel}
        fetch(desk.conn, "write/add_notify_channel", {**key, "name": name})
        desk.note("add_channel", channel)
        led = fetch(desk.conn, "ops/notify_routes", key)
    typer.echo(f"{desk.district} {channel}: {'added' if led else 'added, and no route leads there yet'}")


@commands.command("route")
def route(
    channel: Channel,
    severity: Annotated[Severity, typer.Option(help="From this one on.")] = Severity.SERIOUS,
    rule: Annotated[str | None, typer.Option(help="Of this rule only.")] = None,
    unit: Annotated[
        str | None, typer.Option(metavar="PATH", help="At or below it, such as 350211/01.")
    ] = None,
    level: Annotated[
        int, typer.Option(min=1, max=5, help="Only once it is up to it: 3 squadron, 2 station, 1 bureau.")
    ] = 5,
    close: Annotated[bool, typer.Option("--close", help="No more of that rule and unit.")] = False,
    district: District = None,
) -> None:
    """Lead incidents to a channel."""
    if rule is not None and rule not in rules():
        raise ConfigError(f"there is no rule {rule}; there are {', '.join(sorted(rules()))}")
    with _desk(district) as desk:
        desk.channel(channel)
        path = unit or str(desk.district)
        if not fetch(desk.conn, "write/unit_there", {"district": desk.district, "path": path})[0]["there"]:
            raise ConfigError(f"{path} is no org unit of district {desk.district}")
        told: dict[str, Plain] = {
            "rule": rule or "",
            "path": path,
            "severity": severity,
            "level": level,
            "close": close,
        }
        fetch(desk.conn, "write/set_notify_route", {"district": desk.district, "channel": channel, **told})
        desk.note("route_channel", channel, **told)
    typer.echo(f"{desk.district} {channel}: {_route(told)}{', closed' if close else ''}")


@commands.command("test")
def test(channel: Channel, district: District = None) -> None:
    """Send a message to a channel from here, now; exit with 1 when it is not taken."""
    with _desk(district) as desk:
        row = desk.channel(channel)
    error = send(desk.settings.data, desk.district, channel, trial(row))
    if error:
        raise RetryLater(f"{desk.district} {channel}: {error}")
    typer.echo(f"{desk.district} {channel}: taken")


@commands.command("list")
def list_channels() -> None:
    """Show the channels: how each fares, what it was told, which routes lead there."""
    settings = load(os.environ)
    with connect(settings.database_url, INGEST) as conn:
        for row in fetch(conn, "ops/notify_channels", {"districts": list(settings.districts)}):
            fares = f"failed {row['failures']} times: {row['error']}" if row["failures"] else "in order"
            told = f"in 24 h {row['sent']} sent, {row['waiting']} waiting, {row['failed']} given up"
            typer.echo(f"{row['district']} {row['channel']:<16} {fares}; {told}  {row['name']}")
            key = {"district": row["district"], "channel": row["channel"]}
            for led in fetch(conn, "ops/notify_routes", key):
                typer.echo(f"    {_route(led)}")


@commands.command("close")
def close_channel(channel: Channel, district: District = None) -> None:
    """Close a channel; what waits for it is given up."""
    with _desk(district) as desk:
        desk.channel(channel)
        fetch(desk.conn, "write/close_notify_channel", {"district": desk.district, "channel": channel})
        desk.note("close_channel", channel)
    typer.echo(f"{desk.district} {channel}: closed")


def _route(led: Row) -> str:
    late = f", once it is up to level {led['level']}" if led["level"] < 5 else ""
    return f"{led['severity']} and worse, {led['rule'] or 'every rule'}, {led['path']}{late}"


@contextmanager
def _desk(wanted: int | None) -> Iterator[Desk]:
    """The district wanted (None: the only one that there is to want), in a transaction."""
    settings = load(os.environ)
    with connect(settings.database_url, INGEST) as conn:
        known = load_districts(conn)
        if not known:
            raise RetryLater("no district is imported yet (`gridward import DIR`)")
        among = [wanted] if wanted else [*settings.districts] or known
        if len(among) > 1:
            raise ConfigError("there are several districts; say which (--district)")
        if among[0] not in known:
            raise ConfigError(f"district {among[0]} is not registered")
        yield Desk(conn, among[0], settings)
