"""`gridward device add`, `rotate`, `revoke`, `cert`, `list` ...: who may speak at the broker, and as whom."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from db.connect import Row, connect, fetch
from ingest.contract.errors import ConfigError
from up.authority import Authority, found, is_there, put_key
from up.broker_files import hashed, login, write_server
from up.keys import CERTIFICATE, PASSWORD, Office, office_, owner, place_named

commands = typer.Typer(help="Issue and revoke devices' keys to the broker.", rich_markup_mode=None)

Place = Annotated[str, typer.Argument(metavar="PLACE", help="Such as 350211/worker/O009.")]


@commands.command("add")
def add(
    places: Annotated[list[str] | None, typer.Argument(metavar="[PLACE]...")] = None,
    missing: Annotated[bool, typer.Option("--missing", help="All that have none.")] = False,
    district: Annotated[int | None, typer.Option(help="With --missing: of this district only.")] = None,
    kind: Annotated[str | None, typer.Option(help="With --missing: of this kind only.")] = None,
) -> None:
    """Give devices a password each, and print it: LOGIN PASSWORD, this once."""
    if bool(places) == missing:
        raise ConfigError("say which (PLACE...), or --missing")
    with office_() as office:
        wanted = _without_password(office, district, kind) if missing else [*map(office.place, places or ())]
        given = _give(office, wanted)
    _tell(given)


@commands.command("rotate")
def rotate(place: Place) -> None:
    """Give a device another password, and print it: LOGIN PASSWORD, this once. The old one ends at once."""
    with office_() as office:
        one = office.place(place)
        if not office.revoke(one, PASSWORD):
            raise ConfigError(f"{place} has no password (`gridward device add`)")
        given = _give(office, [one])
    _tell(given)


@commands.command("revoke")
def revoke(place: Place) -> None:
    """Take a device's password and certificate away; it is out within seconds."""
    with office_() as office:
        ways = office.revoke(place_named(place))  # whether or not it is still registered
        if not ways:
            raise ConfigError(f"{place} has no key")
    typer.echo(f"{place}: revoked ({', '.join(sorted(ways))})")


@commands.command("cert")
def cert(
    place: Place,
    out: Annotated[Path, typer.Option(metavar="DIR", file_okay=False, help="Where key and certificate go.")],
    days: Annotated[int, typer.Option(min=1, max=3650, help="How long it is good.")] = 730,
) -> None:
    """Give a device a client certificate; an earlier one of the device ends at once."""
    with office_() as office:
        one = office.place(place)
        authority = Authority(office.data / "authority")
        pair = authority.for_device(login(one), days)
        office.revoke(one, CERTIFICATE)
        office.issue(one, CERTIFICATE, pair.serial, datetime.now(UTC) + timedelta(days=days))
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = login(one).replace("/", "-")
        put_key(out / f"{name}.key", pair.key)
        (out / f"{name}.crt").write_bytes(pair.certificate)
        (out / "ca.crt").write_bytes(authority.pem)
    typer.echo(f"{place}: {out / name}.key, {out / name}.crt, {out}/ca.crt, good for {days} days")


@commands.command("list")
def list_(
    revoked: Annotated[bool, typer.Option("--revoked", help="Also those that are revoked.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON.")] = False,
) -> None:
    """Show the keys: since when and by whom, until when, and when their device was last heard."""
    with connect(owner()[0]) as conn:
        rows = fetch(conn, "ops/device_keys", {"revoked": revoked})
    if as_json:
        typer.echo(msgspec.json.encode({"keys": [{"login": login(row), **row} for row in rows]}).decode())
        return
    for row in rows:
        ends = f", until {row['expires_at']:%Y-%m-%d}" if row["expires_at"] else ""
        ends += f", revoked {_stamp(row['revoked_at'])} by {row['revoked_by']}" if row["revoked_at"] else ""
        heard = f"heard {_stamp(row['heard_at'])}" if row["heard_at"] else "never heard"
        gone = "" if row["registered"] else ", no longer registered"
        since = f"{row['way']} since {_stamp(row['issued_at'])} by {row['issued_by']}"
        typer.echo(f"{login(row):<32} {since}{ends}; {heard}{gone}")


@commands.command("authority")
def authority_(hosts: Annotated[list[str], typer.Argument(metavar="HOST...")]) -> None:
    """Found the district's certificate authority, and give the broker a certificate under these names."""
    with office_() as office:
        home = office.data / "authority"
        if not is_there(home):
            found(home)
        pair = Authority(home).for_broker(hosts)
        write_server(office.data, pair.certificate, pair.key)
    typer.echo(
        f"{home}/ca.crt is what devices trust the broker by; restart the broker for it to listen with TLS"
    )


@commands.command("files")
def files() -> None:
    """Make the broker's files anew, after names of foreign devices changed, or after a restore."""
    with office_() as office:
        typer.echo(f"{office.data / 'broker'}: written")


def _give(office: Office, places: Sequence[Row]) -> list[tuple[str, str]]:
    given = [(place, secrets.token_urlsafe(18)) for place in places]
    for place, password in given:
        office.issue(place, PASSWORD, hashed(password))
    return [(login(place), password) for place, password in given]


def _tell(given: Sequence[tuple[str, str]]) -> None:
    for name, password in given:
        typer.echo(f"{name} {password}")


def _without_password(office: Office, district: int | None, kind: str | None) -> list[Row]:
    keys = fetch(office.conn, "ops/device_keys", {"revoked": False})
    have = {login(row) for row in keys if row["way"] == PASSWORD}
    places = fetch(office.conn, "ops/device_places", {"district": district, "kind": kind})
    return [place for place in places if login(place) not in have]


def _stamp(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M} UTC"
