"""Who is logged in, by the token in their browser's cookie; the database knows its hash only."""

import hashlib
import secrets
import time
from dataclasses import dataclass
from datetime import timedelta

import msgspec
import psycopg

from dashboard.database import door
from ingest.domain.account import Account

LASTS, KIOSK_LASTS, IDLE = timedelta(hours=12), timedelta(days=90), timedelta(hours=1)
"""A shift; a wall's session; after so long without a question a person's is over."""
CHECKED_S = 3.0
"""What was found holds so long: who is put out is out within it and a screen's next tick."""
_TOKEN_BYTES, _MOST = 32, 10_000


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is logged in, and the hash of their token, by which what is signed for them is bound."""

    account: Account
    token_hash: bytes


class Away(Exception):
    """The database does not answer, and of this token nothing is known."""


_found: dict[bytes, tuple[float, Session]] = {}
"""By the token's hash: when it was checked last, and who it is."""


def begin(account: Account, by: str | None) -> tuple[str, timedelta] | None:
    """Log somebody in by this hash of their password (None: by the identity provider): the token for their
    cookie, and how long it lasts; None if meanwhile it is another. Raises psycopg.Error while the database is
    away."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    lasts = KIOSK_LASTS if account.kiosk else LASTS
    told = {"token_hash": hash_of(token), "account": account.name, "by": by}
    begun = door("begin_session", **told, lasts_s=lasts.total_seconds())
    return (token, lasts) if begun else None


def known(token: str) -> Session | None:
    """Whose session it is, if that was checked a moment ago."""
    at, session = _found.get(hash_of(token), (0.0, None))
    return session if session and time.monotonic() < at + CHECKED_S else None


def find(token: str) -> Session | None:
    """Whose session it is; None: nobody's, or it is over. Raises Away."""
    token_hash, now = hash_of(token), time.monotonic()
    try:
        rows = door("session", token_hash=token_hash, idle_s=IDLE.total_seconds())
    except psycopg.Error as error:
        if token_hash in _found:  # a wall keeps its last picture, and there is no other
            return _found[token_hash][1]
        raise Away from error
    if not rows:
        _found.pop(token_hash, None)
        return None
    session = Session(msgspec.convert(rows[0], Account), token_hash)
    if len(_found) >= _MOST:
        _found.clear()
    _found[token_hash] = (now, session)
    return session


def end(session: Session) -> None:
    """Log out. Raises psycopg.Error while the database is away."""
    door("end_session", token_hash=session.token_hash)
    _found.pop(session.token_hash, None)


def forget(session: Session) -> None:
    """Have it looked up anew."""
    _found.pop(session.token_hash, None)


def hash_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
