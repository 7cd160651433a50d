"""Forward-only migrations: ``migrations/NNNN_*.sql`` once each, then the engine's file every time."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

from db.connect import Row, connect

_HERE = Path(__file__).parent
_LOCK = 7_402_021  # any constant of ours: two migrations at once wait for one another

_LEDGER = """
CREATE TABLE IF NOT EXISTS schema_migration (
    name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())
"""


class MigrationError(Exception):
    """A migration failed, or one that was applied has been changed since."""


def migrate(url: str, say: Callable[[str], None] = lambda line: None) -> list[str]:
    """Bring the database at `url` up to date and return the names applied now.

    Needs the right to create roles. `say` gets one line a step. Each file is one transaction, so a
    failure leaves the database at the file before; raises MigrationError naming the file.
    """
    applied: list[str] = []
    with connect(url, autocommit=True) as conn:
        conn.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        conn.execute(_LEDGER)
        for path, digest in _pending(conn):
            say(path.stem)
            with conn.transaction():
                _run(conn, path)
                conn.execute("INSERT INTO schema_migration VALUES (%s, %s)", (path.name, digest))
            applied.append(path.name)
        engine = _engine(conn)
        say(f"engine {engine}")
        with conn.transaction():
            _run(conn, _HERE / "engines" / f"{engine}.sql")
    return applied


def _pending(conn: psycopg.Connection[Row]) -> Iterator[tuple[Path, str]]:
    known = {row["name"]: row["sha256"] for row in conn.execute("SELECT name, sha256 FROM schema_migration")}
    for path in sorted((_HERE / "migrations").glob("*.sql")):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if path.name not in known:
            yield path, digest
        elif known[path.name] != digest:
            raise MigrationError(f"{path.name} was changed after it had been applied; add a new file instead")


def _engine(conn: psycopg.Connection[Row]) -> str:
    """``timescale`` where the server has the extension (made if need be), else ``plain``."""
    found = conn.execute("SELECT FROM pg_available_extensions WHERE name = 'timescaledb'").fetchone()
    if found is None:
        return "plain"
    conn.execute("CREATE EXTENSION IF NOT EXISTS timescaledb")
    return "timescale"


def _run(conn: psycopg.Connection[Row], path: Path) -> None:
    try:
        conn.execute(path.read_bytes())
    except psycopg.Error as error:
        raise MigrationError(f"{path.name}: {error}".strip()) from error
