"""Connections, and the queries by name: SQL lies in ``db/queries``, one question a file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool

from db.frames import OF_ALL, OF_ONE, framed
from db.kpi_time import FRAMES as TIME_FRAMES
from db.kpi_time import framed as time_framed

INGEST = "gw_ingest"
DASHBOARD = "gw_dashboard"

_QUERIES = Path(__file__).parent / "queries"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a viewer may see: a district (region code), at or below a path of its org tree."""

    district: int
    path: str


@cache
def query(name: str) -> bytes:
    """The text of ``db/queries/{name}.sql``; a name without a file raises FileNotFoundError.

    A KPI's file only selects its members: ``kpi/{kpi}``, ``kpi_by/{kpi}``, ``kpi_top/{kpi}`` and
    ``kpi_members/{kpi}`` are the queries of those names in ``frame``, over the same members, so that no two
    figures differ in them. So are ``kpi_time/{time}`` and ``kpi_time_members/{time}`` the queries for a time.
    """
    folder, _, stem = name.partition("/")
    if folder in TIME_FRAMES:
        return time_framed(folder, stem).encode()
    if folder in (*OF_ONE, *OF_ALL):
        return framed(folder, stem).encode()
    return (_QUERIES / f"{name}.sql").read_bytes()


def has(name: str) -> bool:
    """Whether there is a query of that name."""
    return (_QUERIES / f"{name}.sql").is_file()


def connect(url: str, role: str | None = None, *, autocommit: bool = False) -> psycopg.Connection[Row]:
    """One connection with dict rows and the session in UTC, acting as `role` (None: as it logged in).

    Raises psycopg.OperationalError when the server is away or refuses.
    """
    return psycopg.connect(url, autocommit=autocommit, row_factory=dict_row, **_session(role))


def _session(role: str | None) -> dict[str, Any]:
    options = "-c timezone=UTC -c jit=off" + (f" -c role={role}" if role else "")
    return {"options": options, "connect_timeout": 5, "application_name": role or "gridward"}


def fetch(conn: psycopg.Connection[Row], name: str, params: Mapping[str, Any] | None = None) -> list[Row]:
    """Run query `name` in the connection's transaction and return its rows ([] if it gives none)."""
    cursor = conn.execute(query(name), params)
    return cursor.fetchall() if cursor.description else []


class Reader:
    """The dashboard's way in: scoped reads, and orders placed; nothing else is granted to its role."""

    def __init__(self, url: str, *, size: int = 4) -> None:
        self._pool: ConnectionPool[psycopg.Connection[Row]] = ConnectionPool(
            url,
            min_size=1,
            max_size=size,
            timeout=3,  # a screen would rather say that the database is away than wait
            reconnect_timeout=0,  # give up on one attempt at once; the next read starts another
            kwargs={"row_factory": dict_row, **_session(DASHBOARD)},
            check=ConnectionPool.check_connection,
            open=True,
        )

    def read(self, scope: Scope, name: str, **params: Any) -> list[Row]:
        """Rows of ``queries/read|kpi/...`` within `scope`.

        Raises psycopg.OperationalError (PoolTimeout among them) while the database is away.
        """
        with self._pool.connection() as conn, conn.transaction():
            enter(conn, scope)
            return fetch(conn, name, params)

    def read_together(
        self, scope: Scope, plan: Iterable[tuple[str, str, Mapping[str, Any]]]
    ) -> dict[str, list[Row]]:
        """The rows of several queries, given as (key, name, parameters), all as of one instant.

        Raises psycopg.OperationalError (PoolTimeout among them) while the database is away.
        """
        with self._pool.connection() as conn, conn.transaction():
            conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            enter(conn, scope)
            return {key: fetch(conn, name, params) for key, name, params in plan}

    def place(self, scope: Scope, actor: str, command_id: str, kind: str, payload: str) -> None:
        """Queue one order (payload: its JSON) and wake ingest; an id placed before is left as it is."""
        with self._pool.connection() as conn, conn.transaction():
            enter(conn, scope)
            conn.execute(
                query("write/place_order"),
                {
                    "district": scope.district,
                    "command_id": command_id,
                    "kind": kind,
                    "payload": payload,
                    "actor": actor,
                },
            )

    def place_all(self, scope: Scope, actor: str, orders: str) -> None:
        """Queue many orders in one transaction, all or none: a JSON array of their ``command_id``, ``kind``
        and ``payload``."""
        with self._pool.connection() as conn, conn.transaction():
            enter(conn, scope)
            params = {"district": scope.district, "actor": actor, "orders": orders}
            conn.execute(query("write/place_orders"), params)

    def close(self) -> None:
        self._pool.close()


def enter(conn: psycopg.Connection[Row], scope: Scope) -> None:
    """Look, for the length of the transaction, with the eyes of a viewer of `scope`.

    Each question is planned for what it asks: in a plan for any question nothing that is null falls away.
    """
    conn.execute(
        "SELECT set_config('search_path', 'scoped', true), "
        "set_config('plan_cache_mode', 'force_custom_plan', true), "
        "set_config('gridward.district', %s, true), set_config('gridward.path', %s, true)",
        (str(scope.district), scope.path),
    )
