"""The embedded server's logins: each process comes as its own role, with a password of this run."""

import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

import psycopg

from db.connect import DASHBOARD, INGEST, connect, fetch


@dataclass(frozen=True, slots=True)
class Logins:
    """One database's address for each of those who come to it."""

    owner: str
    ingest: str
    dashboard: str


def same_for_all(url: str) -> Logins:
    """The logins of a database that somebody else runs: everybody comes as `url` says."""
    return Logins(url, url, url)


def make_logins(owner: str) -> Logins:
    """Let the two roles log in to `owner`'s database with new passwords; nothing of them is kept."""
    words = {"ingest": secrets.token_urlsafe(24), "dashboard": secrets.token_urlsafe(24)}
    with connect(owner) as conn:
        # ALTER ROLE takes no bound parameters; this cursor puts them into the text, quoted.
        conn.cursor_factory = psycopg.ClientCursor
        fetch(conn, "ops/let_roles_log_in", words)
    return Logins(owner, _as(owner, INGEST, words["ingest"]), _as(owner, DASHBOARD, words["dashboard"]))


def _as(owner: str, role: str, password: str) -> str:
    place = urlsplit(owner).netloc.rpartition("@")[2]
    return urlsplit(owner)._replace(netloc=f"{role}:{password}@{place}").geturl()
