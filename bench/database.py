"""A migrated database for one run: the embedded PostgreSQL, or one of its own on a given server."""

import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from db.embedded import EmbeddedPostgres
from db.embedded_home import account, cluster
from db.migrate import migrate

GIVEN = "GRIDWARD_TEST_DATABASE_URL"
_WRITTEN = (
    "ping, ping_hourly, worker_state, device_state, inspection, clue, device_event, receipt, "
    "alert, alert_event, incident, rejected_message"
)


class Database:
    """What a benchmark asks of the database; as its owner, each statement by itself."""

    def __init__(self, url: str, server: EmbeddedPostgres | None) -> None:
        self.url = url
        self.server = server
        self._conn = psycopg.connect(url, autocommit=True)

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self._conn.execute(sql.encode(), params).fetchall()

    def value(self, sql: str, params: Sequence[Any] = ()) -> Any:
        """The one value of a query."""
        return self.rows(sql, params)[0][0]

    def execute(self, sql: str) -> None:
        """A statement that gives no rows."""
        self._conn.execute(sql.encode())

    def empty(self) -> None:
        """Forget what ingest wrote, not the registry, so that every measurement begins alike."""
        self.execute(f"TRUNCATE {_WRITTEN}")
        with suppress(psycopg.errors.InsufficientPrivilege):
            self.execute("CHECKPOINT")

    def reconnect(self) -> None:
        """Be there again after the server was away."""
        self._conn.close()
        self._conn = psycopg.connect(self.url, autocommit=True)

    def close(self) -> None:
        self._conn.close()


@contextmanager
def database(home: Path, port: int) -> Iterator[Database]:
    """A database that is gone when this is over: embedded below `home`, or on the server that is given."""
    home.mkdir(exist_ok=True)
    server = None if os.environ.get(GIVEN) else EmbeddedPostgres(home, port)
    with _embedded(home, server) if server else _on_server(os.environ[GIVEN]) as url:
        migrate(url)
        found = Database(url, server)
        try:
            yield found
        finally:
            found.close()


@contextmanager
def _embedded(home: Path, server: EmbeddedPostgres) -> Iterator[str]:
    try:
        server.start()
        # So that the steady benchmark can ask when a row was committed.
        with psycopg.connect(server.url, autocommit=True) as conn:
            conn.execute("ALTER SYSTEM SET track_commit_timestamp = on")
        server.stop()
        server.start()
        yield server.url
    finally:
        server.stop()
        shutil.rmtree(cluster(home, account()), ignore_errors=True)  # started by root, it lies elsewhere


@contextmanager
def _on_server(url: str) -> Iterator[str]:
    name = f"gw_bench_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield url.rpartition("/")[0] + "/" + name
        finally:
            owner.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
