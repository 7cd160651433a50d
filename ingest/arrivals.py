"""What premises in an import bring about: archives that hear of the register's new word, and first checks."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
import psycopg

from db.connect import Row, fetch
from ingest.archivebook import Archivebook
from ingest.contract.orders import LaunchTask
from ingest.domain.archive import Register
from ingest.domain.archive_steps import ArchiveEvent
from ingest.domain.first_check import NewPremises, first_checks
from ingest.domain.geo import GridIndex
from ingest.import_cells import Record
from ingest.module_store import load_modules

Connection = psycopg.Connection[Row]


class Arrived(NamedTuple):
    """What storing premises came to: how many were closed, and which are new to a register that there was."""

    closed: int
    premises: list[Record]


def store_premises(
    conn: Connection,
    district: int,
    rows: Sequence[Record],
    grids: GridIndex,
    paths: Mapping[str, str],
    *,
    whole: bool,
) -> Arrived:
    """Upsert placed rows, in the connection's transaction; with `whole` those not among them are closed.

    What workers found out about any of them stays, as far as `ingest.domain.archive` has it stand.
    """
    told = {"district": district, "rows": json.dumps(rows, ensure_ascii=False), "whole": whole}
    (came,) = fetch(conn, "write/import_premises", told)
    by_id = {row["premises_id"]: row for row in rows}
    _tell_archives(conn, district, by_id, came)
    _place_anew(conn, district, grids, paths)
    return Arrived(came["closed"], [by_id[premises_id] for premises_id in came["arrived"]])


def launch_first_checks(conn: Connection, district: int, arrived: Sequence[Record]) -> dict[str, int]:
    """Place the orders for what has arrived to be visited, by the modules; how many of each source."""
    new = [msgspec.convert(row, NewPremises) for row in arrived]
    orders = list(first_checks(district, new, load_modules(conn, district))) if new else []
    rows = [
        {"command_id": f"launch-{order.task_id}", "kind": "launch_task", "payload": order} for order in orders
    ]
    if rows:
        told = {"district": district, "rows": msgspec.json.encode(rows).decode()}
        fetch(conn, "write/import_command", told)
    return _counted(orders)


def _tell_archives(conn: Connection, district: int, rows: Mapping[str, Record], came: Row) -> None:
    now, reworded, matched = came["at"], came["reworded"], came["matched"]
    book = Archivebook(conn, district, [*reworded, *matched, *matched.values()])
    for premises_id in reworded:
        book.reword(premises_id, msgspec.convert(rows[premises_id], Register), now)
    for (
        registered,
        found,
    ) in matched.items():  # what a worker found is known of the registered one from now on
        book.add(registered, book.seen(found), _inherited(district, registered, found, now))
    book.store()
    if matched:
        told = {"district": district, "matched": json.dumps(matched)}
        fetch(conn, "write/hand_on_ratings", told)


def _inherited(district: int, registered: str, found: str, now: datetime) -> ArchiveEvent:
    said = {"premises_id": found}
    return ArchiveEvent(district, registered, now, "found", "import", found, said, {})


def _place_anew(conn: Connection, district: int, grids: GridIndex, paths: Mapping[str, str]) -> None:
    """Grids may have changed: premises stay where a worker saw them, and may so come to another grid."""
    spots = fetch(conn, "write/load_seen_spots", {"district": district})
    if not spots:
        return
    found = grids.find([row["lon"] for row in spots], [row["lat"] for row in spots])
    moved = [
        row["premises_id"]
        for row, grid_id in zip(spots, found, strict=True)
        if (row["grid_id"], row["path"]) != (grid_id, paths.get(grid_id or "", str(district)))
    ]
    book = Archivebook(conn, district, moved)
    for premises_id in moved:
        book.place(premises_id, grids, paths)
    book.store()


def _counted(orders: Sequence[LaunchTask]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for order in orders:
        counts[str(order.source)] = counts.get(str(order.source), 0) + 1
    return counts
