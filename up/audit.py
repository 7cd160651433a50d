"""`gridward audit verify` and `key`: whether the log of who did what is whole, and who signs it."""

import os
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from psycopg import IsolationLevel

from db.connect import INGEST, connect
from ingest.audit_check import Broken, Checked, check
from ingest.audit_key import NAME, pem, public_key, signing_key
from ingest.contract.errors import ConfigError, RetryLater
from ingest.settings import load
from ingest.snapshots import load_districts
from ingest.timestamp import authorities
from up.run import find

commands = typer.Typer(help="Check the log of who did what.", rich_markup_mode=None)

_WHY = {
    "changed": "row {number} is not what it was when it was written",
    "out_of_order": "row {number} does not follow the one before, which was changed or stood elsewhere",
    "missing": "row {number} is not there",
    "rehashed": "row {number} and those before were written anew after the root of {day}",
    "cut_off": "the rows from {number} on are gone, which the root of {day} knows",
    "root_forged": "the root of {day} is not what was signed",
    "root_gone": "the root of {day} is not in the database any more",
    "stamp_forged": "the stamp of {day} is not the authority's, or of something else",
}


@commands.command("verify")
def verify(
    district: Annotated[int | None, typer.Option(help="Left out: all that there are.")] = None,
    key: Annotated[
        Path | None, typer.Option(metavar="PEM", help="The public key; left out: this machine's own.")
    ] = None,
    tsa_ca: Annotated[
        Path | None, typer.Option(metavar="PEM", help="Who vouches for the time-stamp authority.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON.")] = False,
) -> None:
    """Look through every row; exit with 1 when one is changed, missing, or not where it was."""
    settings = load(os.environ)
    data = settings.data.resolve()
    url = settings.database or find(data).database_url
    told = public_key(key) if key else _own_key(data)
    vouchers = authorities(tsa_ca) if tsa_ca else []
    with connect(url, INGEST) as conn:
        conn.isolation_level = IsolationLevel.REPEATABLE_READ  # ingest goes on adding rows
        known = load_districts(conn)
        if not known:
            raise RetryLater("no district is imported yet (`gridward import DIR`)")
        if district and district not in known:
            raise ConfigError(f"district {district} is not registered")
        found = [check(conn, data, one, told, vouchers) for one in ([district] if district else known)]
    if as_json:
        typer.echo(msgspec.json.encode({"audit": found}).decode())
    else:
        for checked in found:
            typer.echo(_line(checked, told is not None, bool(vouchers)))
    if any(checked.broken for checked in found):
        raise typer.Exit(1)


@commands.command("key")
def show_key() -> None:
    """Print the public key that daily roots are signed with; made now if there is none yet."""
    typer.echo(pem(signing_key(load(os.environ).data.resolve()).public_key()), nl=False)


def _own_key(data: Path) -> Ed25519PublicKey | None:
    return signing_key(data).public_key() if (data / NAME).exists() else None


def _line(checked: Checked, has_key: bool, has_vouchers: bool) -> str:
    counted = f"{checked.rows:,} rows, {checked.roots:,} roots, {checked.stamps:,} stamps"
    if checked.broken:
        return f"{checked.district}: BROKEN: {_why(checked.broken)} ({counted})"
    known = [f"sealed up to row {checked.sealed:,}"]
    if checked.roots and not has_key:
        known.append("signatures not looked at: no key")
    if checked.stamps and not has_vouchers:
        known.append("stamps not looked at: no --tsa-ca")
    return f"{checked.district}: in order: {counted}, {', '.join(known)}; last {checked.last}"


def _why(broken: Broken) -> str:
    return _WHY[broken.why].format(number=broken.number, day=broken.day)
