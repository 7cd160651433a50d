"""Who logged in and out, was refused, or has another password: written into the log of their district."""

import uuid
from typing import Literal

from dashboard import data
from db.connect import Scope
from ingest.contract.orders import NoteLogin
from ingest.domain.account import Account

What = Literal["in", "out", "refused", "password"]


def note(what: What, account: Account) -> None:
    """Have it written down, where there is a district to write it into. Raises psycopg.Error while the
    database is away."""
    scope = data.place_of(account)
    if isinstance(scope, Scope):
        data.place(scope, account.actor, f"login-{uuid.uuid4().hex}", NoteLogin(what, account.name))
