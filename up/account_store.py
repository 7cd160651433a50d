"""Accounts as the database has them: added, disabled, never deleted, each deed noted in the log with it.

Of a password there is the hash alone; what is noted says nothing of it.
"""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import psycopg

from db.connect import Row, connect, fetch
from ingest.audit import note_deed
from ingest.contract.errors import ConfigError
from ingest.contract.orders import Deed, NoteDeed, Plain
from ingest.domain.account import Account, Role
from ingest.domain.password import hashed, temporary
from ingest.snapshots import load_districts
from up.order import actor

ADMINISTRATOR = Account("admin", roles=frozenset(Role), must_change=True)
"""Whom a house begins with."""


class Accounts(NamedTuple):
    """Where accounts are added and changed: the database as its owner, in one transaction."""

    conn: psycopg.Connection[Row]
    actor: str

    def add(self, account: Account, password: str | None, identity: str | None = None) -> None:
        """Add an account, with a hash or (None) without a password; raises ConfigError where its name or its
        identity is another's."""
        told = {field: getattr(account, field) for field in account.__struct_fields__}
        told |= {"roles": _in_order(account.roles), "password": password, "identity": identity}
        try:
            added = fetch(self.conn, "ops/add_account", {**told, "actor": self.actor})
        except psycopg.errors.UniqueViolation:
            raise ConfigError(f"{identity} is another account's identity") from None
        if not added:
            raise ConfigError(
                f"there is an account {account.name} already (upper and lower case are the same)"
            )
        about: dict[str, Plain] = {"roles": told["roles"], "grade": account.grade, "kiosk": account.kiosk}
        about |= {"place": place_said(account.district, account.path), "worker_id": account.worker_id}
        self._note("add_account", told, {**about, "identity": identity})

    def disable(self, name: str) -> int:
        """Let nobody in by it, and end its sessions; how many there were."""
        account = self._found(name)
        if account["disabled_at"]:
            raise ConfigError(f"{account['name']} is disabled already")
        fetch(self.conn, "ops/disable_account", {"name": account["name"], "disabled": True})
        ended = self._end(account)
        self._note("disable_account", account, {"sessions": ended})
        return ended

    def enable(self, name: str) -> None:
        """Let them in again."""
        account = self._found(name)
        if not account["disabled_at"]:
            raise ConfigError(f"{account['name']} is not disabled")
        fetch(self.conn, "ops/disable_account", {"name": account["name"], "disabled": False})
        self._note("enable_account", account)

    def reset(self, name: str, password: str) -> str:
        """Give it this first password (a hash), unlock it, and end its sessions; its name."""
        account = self._found(name)
        if not account["has_password"]:
            raise ConfigError(f"{account['name']} has no password: they come by the identity provider")
        fetch(self.conn, "ops/reset_account", {"name": account["name"], "password": password})
        self._note("reset_account", account, {"sessions": self._end(account)})
        return str(account["name"])

    def end_sessions(self, name: str) -> int:
        """Log it out everywhere; of how many sessions."""
        account = self._found(name)
        ended = self._end(account)
        self._note("end_sessions", account, {"sessions": ended})
        return ended

    def place(self, text: str) -> tuple[int, str]:
        """District and path of a district's code or an org path; raises ConfigError where it is none."""
        code, slash, _ = text.partition("/")
        if not re.fullmatch(r"[1-9][0-9]{5}", code, re.ASCII):
            raise ConfigError(f"{text!r} is no place, such as 350211 or 350211/01")
        district, path = int(code), text if slash else ""
        if district not in load_districts(self.conn):
            raise ConfigError(f"district {code} is not registered")
        if path and not fetch(self.conn, "ops/unit_there", {"district": district, "path": path})[0]["there"]:
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

    def _found(self, name: str) -> Row:
        found = fetch(self.conn, "ops/account", {"name": unicodedata.normalize("NFC", name)})
        if not found:
            raise ConfigError(f"there is no account {name}")
        return found[0]

    def _end(self, account: Row) -> int:
        ended = fetch(self.conn, "ops/end_sessions", {"name": account["name"]})
        return sum(row["was_open"] for row in ended)

    def _note(self, act: Deed, account: Row, about: dict[str, Plain] | None = None) -> None:
        deed = NoteDeed(act, f"account:{account['name']}", about or {})
        note_deed(self.conn, account["district"], self.actor, deed)


@contextmanager
def accounts_of(url: str) -> Iterator[Accounts]:
    """One transaction in which accounts are added and changed; nobody else is at it meanwhile."""
    with connect(url) as conn:
        fetch(conn, "ops/lock_accounts")
        yield Accounts(conn, actor())


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


def place_said(district: int | None, path: str) -> str | None:
    """A place as `--place` takes it; None: the whole district that the screen shows."""
    return path or (str(district) if district else None)


def _in_order(roles: frozenset[Role]) -> list[str]:
    return [str(role) for role in Role if role in roles]
