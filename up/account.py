"""`gridward account add`, `list`, `disable`, `enable` ...: who may log in to the screen, and as what."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
import typer

from db.connect import Row, connect, fetch
from ingest.contract.errors import ConfigError
from ingest.domain.account import LOOK, Account, Grade, Role, proper_name
from ingest.domain.password import hashed, temporary
from up.account_store import Accounts, accounts_of
from up.keys import owner

commands = typer.Typer(help="Say who may log in to the screen, and as what.", rich_markup_mode=None)

ALL = "all"

Name = Annotated[str, typer.Argument(metavar="NAME", help="As `gridward account list` has it.")]
Department = Annotated[
    str | None, typer.Option(metavar="ID", help="With --grade department: for which one they answer.")
]


@commands.command("add")
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What one logs in with.")],
    place: Annotated[
        str | None, typer.Option(metavar="PATH", help="Such as 350211/01; left out: the whole district.")
    ] = None,
    roles: Annotated[
        str, typer.Option(metavar="ROLE,...", help=f"Of {', '.join(Role)}; or {ALL}.")
    ] = Role.LOOK,
    grade: Annotated[Grade | None, typer.Option(help="Whose duty list applies; left out: officer.")] = None,
    kiosk: Annotated[bool, typer.Option("--kiosk", help="A wall: only looks, stays logged in.")] = False,
    department: Department = None,
    worker: Annotated[
        str | None, typer.Option(metavar="ID", help="Sees this worker's own page, and nothing else.")
    ] = None,
    identity: Annotated[
        str | None, typer.Option(metavar="SUB|EMAIL", help="Who they are to the identity provider.")
    ] = None,
    no_password: Annotated[
        bool, typer.Option("--no-password", help="They come by the identity provider only.")
    ] = False,
) -> None:
    """Add an account, and print its first password: NAME PASSWORD, this once."""
    account = Account(
        _name(name),
        roles=_roles(roles),
        kiosk=kiosk,
        must_change=not (kiosk or no_password),
        department_id=department,
    )
    _check(account, worker, identity, no_password)
    password = None if no_password else temporary()
    kept = hashed(password) if password else None
    with accounts_of(owner()[0]) as accounts:
        placed = _placed(accounts, account, place, worker, grade)
        accounts.add(placed, kept, identity)
    typer.echo(f"{account.name} {password}" if password else f"{account.name}: by {identity}, no password")


@commands.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="One line of JSON.")] = False) -> None:
    """Show the accounts: place, roles, state, when each was last seen, how many sessions are open."""
    with connect(owner()[0]) as conn:
        rows = [
            {**row, "place": row["path"] or (str(row["district"]) if row["district"] else None)}
            for row in fetch(conn, "ops/accounts")
        ]
    typer.echo(msgspec.json.encode({"accounts": rows}).decode() if as_json else "\n".join(map(_line, rows)))


@commands.command("change")
def change(
    name: Name,
    place: Annotated[str | None, typer.Option(metavar="PATH", help="Such as 350211/01.")] = None,
    roles: Annotated[
        str | None, typer.Option(metavar="ROLE,...", help=f"Of {', '.join(Role)}; or {ALL}.")
    ] = None,
    grade: Annotated[Grade | None, typer.Option(help="Whose duty list applies.")] = None,
    department: Department = None,
) -> None:
    """Give an account another place, other roles, another grade; what is left out stays; its sessions end."""
    given: dict[str, Any] = {}
    with accounts_of(owner()[0]) as accounts:
        account = accounts.known(name)
        if place is not None and account.worker_id:
            raise ConfigError("a worker's account has no --place: it stands where the worker does")
        if place is not None:
            given["district"], given["path"] = accounts.place(place)
        if roles is not None:
            given["roles"] = _roles(roles)
        if grade is not None:
            given |= {"grade": grade, "department_id": None}
        if department is not None:
            given["department_id"] = department
        if not given:
            raise ConfigError("nothing is changed: say --place, --roles, --grade or --department")
        ended = accounts.change(name, **given)
    typer.echo(f"{account.name}: changed, {_sessions(ended)} ended")


@commands.command("disable")
def disable(name: Name) -> None:
    """Let nobody in by this account any more; its sessions end at once."""
    with accounts_of(owner()[0]) as accounts:
        ended = accounts.disable(name)
    typer.echo(f"{name}: disabled, {_sessions(ended)} ended")


@commands.command("enable")
def enable(name: Name) -> None:
    """Let them in again, with the password that they had."""
    with accounts_of(owner()[0]) as accounts:
        accounts.enable(name)
    typer.echo(f"{name}: enabled")


@commands.command("reset")
def reset(name: Name) -> None:
    """Give an account another first password, unlock it, end its sessions; print NAME PASSWORD, this once."""
    password = temporary()
    kept = hashed(password)
    with accounts_of(owner()[0]) as accounts:
        known = accounts.reset(name, kept)
    typer.echo(f"{known} {password}")


@commands.command("end-sessions")
def end_sessions(name: Name) -> None:
    """Log an account out of every browser; it may log in again."""
    with accounts_of(owner()[0]) as accounts:
        ended = accounts.end_sessions(name)
    typer.echo(f"{name}: {_sessions(ended)} ended")


def _name(said: str) -> str:
    name = proper_name(said)
    if name is None:
        raise ConfigError(f"{said!r} is no name: 2 to 64 letters, digits, . _ - and spaces between them")
    return name


def _roles(said: str) -> frozenset[Role]:
    if said == ALL:
        return frozenset(Role)
    try:
        return frozenset(Role(one.strip()) for one in said.split(","))
    except ValueError as error:
        raise ConfigError(f"--roles: {error} ({', '.join(Role)}, {ALL})") from None


def _check(account: Account, worker: str | None, identity: str | None, no_password: bool) -> None:
    """Raises ConfigError for what does not go together."""
    if account.kiosk and worker:
        raise ConfigError("an account is a wall's (--kiosk) or a worker's (--worker), not both")
    if (account.kiosk or worker) and account.roles != LOOK:
        raise ConfigError(f"{'--kiosk' if account.kiosk else '--worker'} only looks: no other --roles")
    if account.kiosk and no_password:
        raise ConfigError("--kiosk logs in with a password: no --no-password")
    if no_password and not identity:
        raise ConfigError("--no-password needs an --identity: else nobody could log in")
    if identity is not None and not (
        0 < len(identity) <= 255 and identity.isprintable() and identity.strip()
    ):
        raise ConfigError(f"--identity: {identity!r} is none")


def _placed(
    accounts: Accounts, account: Account, place: str | None, worker: str | None, grade: Grade | None
) -> Account:
    """The account with its place and its grade; a worker's are those of the worker."""
    district, path = accounts.place(place) if place else (None, "")
    usual = Grade.OFFICER
    if worker:
        if path:
            raise ConfigError("--worker: --place is a district's code, they see themselves only")
        found = accounts.worker(worker, district)
        district = found["district"]
        usual = Grade.OFFICER if found["role"] == "officer" else Grade.ASSISTANT
    told = {"district": district, "path": path, "worker_id": worker, "grade": grade or usual}
    return msgspec.structs.replace(account, **told)


def _line(row: Row) -> str:
    kind = f"worker {row['worker_id']}" if row["worker_id"] else row["kind"]
    state = row["state"].replace("_", " ")
    state += f" until {_stamp(row['locked_until'])}" if state == "locked" else ""
    state += f" since {_stamp(row['disabled_at'])}" if state == "disabled" else ""
    seen = f"seen {_stamp(row['seen_at'])}" if row["seen_at"] else "never seen"
    place = row["place"] or "whole district"
    grade = f"{row['grade']} {row['department_id']}" if row["department_id"] else row["grade"]
    what = f"{kind}, {grade}, {','.join(row['roles'])}"
    by = f" by {row['identity']}" if row["identity"] else ""
    return f"{row['name']:<20} {place:<20} {what}{by}: {state}; {seen}, {_sessions(row['sessions'])}"


def _sessions(number: int) -> str:
    return f"{number} session{'' if number == 1 else 's'}"


def _stamp(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M} UTC"
