"""Accounts of the screen, for tests that order something as one."""

import hashlib
import secrets
from typing import Any

import psycopg

from db.connect import Row, connect
from ingest.domain.account import SCREEN, Role

ON_DUTY = "值班员"
"""Who is at the screen where a test says nothing else."""


def add(owner: str | psycopg.Connection[Row], name: str, **fields: Any) -> str:
    """Let there be this account, with all roles and the whole of whichever district unless `fields` (columns)
    say otherwise; the actor of what it orders. `owner`: the address of the database's owner, or a connection
    of theirs, in whose transaction it is then."""
    if isinstance(owner, str):
        with connect(owner) as conn:
            return add(conn, name, **fields)
    nobodys: Row = {"district": None, "path": "", "worker_id": None, "kiosk": False, "disabled_at": None}
    row = nobodys | {"name": name, "grade": "officer", "must_change": False, "made_by": "test"} | fields
    row["roles"] = [str(role) for role in fields.get("roles", Role)]
    columns, values = ", ".join(row), ", ".join(f"%({column})s" for column in row)
    changed = ", ".join(f"{column} = EXCLUDED.{column}" for column in row)
    sql = f"INSERT INTO account ({columns}) VALUES ({values}) ON CONFLICT (name) DO UPDATE SET {changed}"
    owner.execute(sql.encode(), row)
    return SCREEN + name


def logged_in(owner: str, name: str = ON_DUTY, **fields: Any) -> str:
    """The token of a browser that somebody of that name is logged in with: as the account is, or, if there is
    none or `fields` are given, as `add` makes it."""
    token = secrets.token_urlsafe(32)
    with connect(owner) as conn:
        if fields or not conn.execute("SELECT FROM account WHERE name = %s", (name,)).fetchall():
            add(conn, name, **fields)
        told = (hashlib.sha256(token.encode()).digest(), name)
        ends = "now() + interval '1 day'"
        conn.execute(
            f"INSERT INTO login_session (token_hash, account, expires_at) VALUES (%s, %s, {ends})", told
        )
    return token
