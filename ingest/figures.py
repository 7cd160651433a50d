"""The screen's rates, categories and ranking are kept as they are known, for whoever comes back to them."""

import time
from collections.abc import Callable, Collection
from threading import Event

import msgspec

from db.connect import Scope, enter, fetch
from db.figures import figures
from ingest.beside import Beside, Connection

EVERY_S = 300
"""At full five minutes of the clock."""


def figure_keeper(url: str, districts: Callable[[], Collection[int]]) -> Beside:
    """Keeps the figures of the districts that it is given."""

    def work(conn: Connection, stopping: Event) -> None:
        for district in districts():
            if not stopping.is_set():
                keep(conn, district)

    return Beside(url, "keeping figures", work, lambda _: EVERY_S - time.time() % EVERY_S)


def keep(conn: Connection, district: int) -> None:
    """Keep the figures of the whole district as they are now, all as of one instant, in one transaction."""
    path = str(district)
    with conn.transaction():
        conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        enter(conn, Scope(district, path))
        known = {name: fetch(conn, query, asked) for name, query, asked in figures(path, None)}
        told = msgspec.json.encode(known).decode()
        fetch(conn, "write/keep_figures", {"district": district, "figures": told})
