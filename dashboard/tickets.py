"""Tickets: what a browser must have, beside its session, to be told over http where people and premises are.

Signed for one session, its account's place, and some minutes; the doors renew it while its page is open.
"""

import hashlib
import time

from itsdangerous import BadSignature, TimestampSigner

from dashboard import settings
from dashboard.photo_key import photo_key
from dashboard.sessions import Session

STEP_S, GOOD_FOR_S = 300, 600
"""A ticket stays the same for a step, and so does what is signed like one: a page that is drawn anew loads
nothing anew. It is good for 10 to 15 minutes."""
_TEXT = b"ticket"


class Signer(TimestampSigner):
    """Signs `what` for a session, by the step."""

    def __init__(self, what: str, session: Session) -> None:
        account = session.account
        salt = f"gridward {what} {account.district} {account.path} {session.token_hash.hex()}"
        key = photo_key(settings.load().data)
        super().__init__(key, salt=salt, key_derivation="hmac", digest_method=hashlib.sha256)

    def get_timestamp(self) -> int:
        return int(time.time()) // STEP_S * STEP_S


def ticket(session: Session) -> str:
    """The session's ticket as of now."""
    return Signer("ticket", session).sign(_TEXT).decode()


def is_good(session: Session, given: str) -> bool:
    """Whether it was given to this session, at this place, a few minutes ago."""
    try:
        return Signer("ticket", session).unsign(given, max_age=GOOD_FOR_S) == _TEXT
    except BadSignature:
        return False
