"""Accounts from the command line: added, changed, disabled, each deed noted in the log with it.

What is noted says nothing of a password.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import msgspec
import psycopg
from msgspec.structs import replace

from db.connect import Row, connect, fetch
from ingest import account_book
from ingest.audit import note_deed
from ingest.contract.errors import ConfigError, InvalidTransition
from ingest.contract.orders import Deed, NoteDeed, Plain
from ingest.domain.account import Account, Role
from ingest.domain.password import hashed, temporary
from ingest.snapshots import load_districts
from up.order import actor

ADMINISTRATOR = Account("admin", roles=frozenset(Role), must_change=True)
"""Whom a house begins with."""
_SAID = {
    "unknown_account": "there is no account {}",
    "account_exists": "there is an account {} already (upper and lower case are the same)",
    "identity_taken": "{} is another account's identity",
    "disabled_already": "{} is disabled already",
    "not_disabled": "{} is not disabled",
    "identity_only": "{} has no password: they come by the identity provider",
    "not_both": "an account is a wall's (--kiosk) or a worker's (--worker), not both",
    "only_looks": "a wall's account and a worker's only look: no other --roles",
    "department_needed": "--grade department needs a --department, for which they answer, and a --place",
    "no_departments_grade": "--department is for --grade department only",
    "unknown_department": "{} is no department of the district",
}
"""What cannot be, as ingest calls it, in a line."""


class Accounts(NamedTuple):
    """Where accounts are added and changed: the database as its owner, in one transaction."""

    conn: psycopg.Connection[Row]
    actor: str

    def add(self, account: Account, password: str | None, identity: str | None = None) -> None:
        """Add an account, with a hash or (None) without a password."""
        account_book.add(self.conn, account, password, self.actor, identity)
        about: dict[str, Plain] = {"kiosk": account.kiosk, "worker_id": account.worker_id}
        self._note(
            "add_account", account.name, account.district, _given(account) | about | {"identity": identity}
        )

    def change(self, name: str, **given: Any) -> int:
        """Let it have these fields of an `Account` instead of its own, and end its sessions; how many there
        were."""
        account = replace(self.known(name), **given)
        ended = account_book.change(self.conn, account)
        self._note("change_account", account.name, account.district, _given(account) | {"sessions": ended})
        return ended

    def disable(self, name: str) -> int:
        """Let nobody in by it, and end its sessions; how many there were."""
        row = account_book.find(self.conn, name)
        ended = account_book.disable(self.conn, row)
        self._note("disable_account", row["name"], row["district"], {"sessions": ended})
        return ended

    def enable(self, name: str) -> None:
        """Let them in again."""
        row = account_book.find(self.conn, name)
        account_book.enable(self.conn, row)
        self._note("enable_account", row["name"], row["district"], {})

    def reset(self, name: str, password: str) -> str:
        """Give it this first password (a hash), unlock it, and end its sessions; its name."""
        row = account_book.find(self.conn, name)
        ended = account_book.reset(self.conn, row, password)
        self._note("reset_account", row["name"], row["district"], {"sessions": ended})
        return str(row["name"])

    def end_sessions(self, name: str) -> int:
        """Log it out everywhere; of how many sessions."""
        row = account_book.find(self.conn, name)
        ended = account_book.end_sessions(self.conn, row["name"])
        self._note("end_sessions", row["name"], row["district"], {"sessions": ended})
        return ended

    def known(self, name: str) -> Account:
        """The account as it is."""
        return msgspec.convert(account_book.find(self.conn, name), Account)

    def place(self, text: str) -> tuple[int, str]:
        """District and path of a district's code or an org path; raises ConfigError where it is none."""
        code, slash, _ = text.partition("/")
        if not re.fullmatch(r"[1-9][0-9]{5}", code, re.ASCII):
            raise ConfigError(f"{text!r} is no place, such as 350211 or 350211/01")
        district, path = int(code), text if slash else ""
        if district not in load_districts(self.conn):
            raise ConfigError(f"district {code} is not registered")
        unit = {"district": district, "path": path}
        if path and not fetch(self.conn, "write/unit_there", unit)[0]["there"]:
            raise ConfigError(f"{text} is not registered (org.csv)")
        return district, path

    def worker(self, worker_id: str, district: int | None) -> Row:
        """District and role of a registered worker; raises ConfigError for none, and for one of several."""
        found = fetch(self.conn, "ops/workers_named", {"worker_id": worker_id, "district": district})
        if not found:
            raise ConfigError(f"{worker_id} is no registered worker{f' of {district}' if district else ''}")
        if len(found) > 1:
            districts = ", ".join(str(row["district"]) for row in found)
            raise ConfigError(f"there is a worker {worker_id} in {districts}: say --place")
        return found[0]

    def _note(
        self, act: Deed, name: str, district: int | None, about: dict[str, Plain] | None = None
    ) -> None:
        note_deed(self.conn, district, self.actor, NoteDeed(act, f"account:{name}", about or {}))


@contextmanager
def accounts_of(url: str) -> Iterator[Accounts]:
    """One transaction in which accounts are added and changed; nobody else is at it meanwhile."""
    try:
        with connect(url) as conn:
            fetch(conn, "ops/lock_accounts")
            yield Accounts(conn, actor())
    except InvalidTransition as refusal:
        code, _, about = str(refusal).partition(": ")
        raise ConfigError(_SAID[code].format(about)) from None


def first_administrator(url: str) -> str | None:
    """Where there is no account at all, add `ADMINISTRATOR`: their first password, which is kept nowhere."""
    with connect(url) as conn:
        if fetch(conn, "ops/accounts_there")[0]["there"]:
            return None
    password = temporary()
    with accounts_of(url) as accounts:
        if fetch(accounts.conn, "ops/accounts_there")[0]["there"]:  # by somebody who was faster
            return None
        accounts.add(ADMINISTRATOR, hashed(password))
    return password


def _given(account: Account) -> dict[str, Plain]:
    """What of an account is somebody's to give, for the log."""
    roles = [str(role) for role in Role if role in account.roles]
    return {
        "place": account.place,
        "roles": roles,
        "grade": account.grade,
        "department_id": account.department_id,
    }
