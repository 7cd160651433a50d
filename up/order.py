"""An order from the command line: placed as the screen places it, and waited for."""

import getpass
import time
import uuid
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import psycopg

from db.connect import DASHBOARD, Row, Scope, connect, enter, fetch, query
from ingest.contract.errors import ConfigError, RetryLater
from ingest.contract.orders import Order

WAIT_S = 5.0


def actor() -> str:
    """Who gives a command: the machine's user."""
    return f"cli:{getpass.getuser()}"


class Outcome(NamedTuple):
    """How an order ended: done, or refused and why; queued if ingest has not carried it out yet."""

    state: str
    reason: str | None


def put(conn: psycopg.Connection[Row], scope: Scope, order: Order) -> str:
    """Place an order over a connection of the dashboard's; its id."""
    placed = {
        "district": scope.district,
        "command_id": f"cli-{uuid.uuid4().hex}",
        "kind": msgspec.to_builtins(order)["kind"],
        "payload": msgspec.json.encode(order).decode(),
        "actor": actor(),
    }
    with conn.transaction():
        enter(conn, scope)
        conn.execute(query("write/place_order"), placed)
    return str(placed["command_id"])


class Clerk:
    """Places orders in the first of the districts that are `wanted`, or that there are.

    Raises ConfigError for a district that is not registered, RetryLater before one is imported.
    """

    def __init__(self, url: str, wanted: Sequence[int]) -> None:
        self._conn: psycopg.Connection[Row] = connect(url, DASHBOARD, autocommit=True)
        with self._conn.transaction():
            enter(self._conn, Scope(0, "0"))
            first = fetch(self._conn, "read/first_district")[0]["district"]
        one = next(iter(wanted), first)
        if one is None:
            raise RetryLater("no district is imported yet (`gridward import DIR`)")
        self._scope = Scope(one, str(one))
        found = self._read("read/district")
        if not found:
            raise ConfigError(f"district {one} is not registered")
        self.tz: str = found[0]["tz"]

    def place(self, order: Order) -> Outcome:
        """Place an order, and wait some seconds for what becomes of it."""
        command_id = put(self._conn, self._scope, order)
        end = time.monotonic() + WAIT_S
        while True:
            (row,) = self._read("read/order", id=command_id)
            if row["state"] != "queued" or time.monotonic() > end:
                return Outcome(row["state"], row["reason"])
            time.sleep(0.1)

    def close(self) -> None:
        self._conn.close()

    def _read(self, name: str, **params: str) -> list[Row]:
        with self._conn.transaction():
            enter(self._conn, self._scope)
            return fetch(self._conn, name, params)
