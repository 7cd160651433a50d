"""Accounts as the database has them: added, changed, disabled, never deleted. Who may is not asked here.

Of a password there is the hash alone. What cannot be is an InvalidTransition.
"""

import unicodedata

import psycopg

from db.connect import Row, fetch
from ingest.contract.errors import InvalidTransition
from ingest.domain.account import Account, Role, misfit

Connection = psycopg.Connection[Row]


def find(conn: Connection, name: str) -> Row:
    """The account of that name, held until the transaction ends."""
    found = fetch(conn, "write/account", {"name": unicodedata.normalize("NFC", name)})
    if not found:
        raise InvalidTransition(f"unknown_account: {name}")
    return found[0]


def add(
    conn: Connection, account: Account, password: str | None, made_by: str, identity: str | None = None
) -> None:
    """Add an account, with a hash or (None) without a password."""
    told = _checked(conn, account) | {
        "worker_id": account.worker_id,
        "kiosk": account.kiosk,
        "must_change": account.must_change,
    }
    try:
        with conn.transaction():
            rest = {"password": password, "identity": identity, "actor": made_by}
            added = fetch(conn, "write/add_account", told | rest)
    except psycopg.errors.UniqueViolation as error:
        if error.diag.constraint_name == "account_identity_key":
            raise InvalidTransition(f"identity_taken: {identity}") from None
        added = []
    if not added:
        raise InvalidTransition(f"account_exists: {account.name}")


def change(conn: Connection, account: Account) -> int:
    """Let the account of this name stand there, with these roles and this grade, and end its sessions; how
    many there were."""
    fetch(conn, "write/change_account", _checked(conn, account))
    return end_sessions(conn, account.name)


def disable(conn: Connection, account: Row) -> int:
    """Let nobody in by it, and end its sessions; how many there were."""
    if account["disabled_at"]:
        raise InvalidTransition(f"disabled_already: {account['name']}")
    fetch(conn, "write/disable_account", {"name": account["name"], "disabled": True})
    return end_sessions(conn, account["name"])


def enable(conn: Connection, account: Row) -> None:
    """Let them in again."""
    if not account["disabled_at"]:
        raise InvalidTransition(f"not_disabled: {account['name']}")
    fetch(conn, "write/disable_account", {"name": account["name"], "disabled": False})


def reset(conn: Connection, account: Row, password: str) -> int:
    """Give it this first password (a hash), unlock it, and end its sessions; how many there were."""
    if not account["has_password"]:
        raise InvalidTransition(f"identity_only: {account['name']}")
    fetch(conn, "write/reset_account", {"name": account["name"], "password": password})
    return end_sessions(conn, account["name"])


def end_sessions(conn: Connection, name: str) -> int:
    """Log it out everywhere; of how many sessions."""
    return sum(row["was_open"] for row in fetch(conn, "write/end_sessions", {"name": name}))


def _checked(conn: Connection, account: Account) -> Row:
    """The columns that may change; a worker's account has the worker's path, and none of its own."""
    if why := misfit(account):
        raise InvalidTransition(why)
    whose = {"district": account.district, "department_id": account.department_id}
    if account.department_id and not fetch(conn, "write/department_there", whose)[0]["there"]:
        raise InvalidTransition(f"unknown_department: {account.department_id}")
    path = "" if account.worker_id or account.path == str(account.district) else account.path
    roles = [str(role) for role in Role if role in account.roles]
    return whose | {"name": account.name, "path": path, "roles": roles, "grade": account.grade}
