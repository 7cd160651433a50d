"""A key to the screen for the benchmark's viewers: an account that may look, and a session of its own."""

import hashlib
import secrets
from http.client import HTTPConnection

import psycopg

from bench.errors import BenchError
from dashboard.viewer import COOKIE

_NAME = "bench"
_ACCOUNT = """INSERT INTO account (name, roles, grade, must_change, made_by)
VALUES (%s, '{look,operate,manage,audit}', 'officer', false, 'bench') ON CONFLICT (name) DO NOTHING"""
_SESSION = """INSERT INTO login_session (token_hash, account, expires_at)
VALUES (%s, %s, now() + interval '1 day')"""


def log_in(owner: str) -> str:
    """The cookie of somebody who is logged in; `owner`: the address of the database's owner."""
    token = secrets.token_urlsafe(32)
    with psycopg.connect(owner) as conn:
        conn.execute(_ACCOUNT, (_NAME,))
        conn.execute(_SESSION, (hashlib.sha256(token.encode()).digest(), _NAME))
    return f"{COOKIE}={token}"


def ticket(address: str, key: str) -> str:
    """The cookie that a page comes with, for who has this key."""
    line = HTTPConnection(address, timeout=30)
    line.request("GET", "/", headers={"Cookie": key})
    answer = line.getresponse()
    answer.read()
    line.close()
    if answer.status != 200:
        raise BenchError(f"the page was answered {answer.status}")
    return renewed(answer.getheader("Set-Cookie"), "")


def renewed(told: str | None, before: str) -> str:
    """The cookie that an answer brings, or else the one of before."""
    return told.partition(";")[0] if told else before
