"""The indicators' rollup, `kpi_daily`: it moves with tasks and clues that change, in their transaction."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import msgspec
import psycopg

from db.connect import Row, Scope, enter, fetch
from db.frames import digest
from db.kpi import SOURCES, kept_with

Connection = psycopg.Connection[Row]

# Whoever moves some of a district's rows shares the rollup with others who do; who counts it anew, or merges
# its days, has it alone.
_LOCK_CLASS = 7_402_023  # any constant of ours, beside the bell's
_SHARE = "SELECT pg_advisory_xact_lock_shared(%s, %s)"
_TAKE = "SELECT pg_advisory_xact_lock(%s, %s)"
_TRY = "SELECT pg_try_advisory_xact_lock(%s, %s) AS ours"


@contextmanager
def counted(conn: Connection, district: int, source: str, ids: Iterable[str]) -> Iterator[None]:
    """What is written meanwhile of these tasks or clues (`source`, one of `db.kpi.SOURCES`) comes to the
    rollup, too."""
    key = {"ids": sorted(set(ids))}
    if not key["ids"] or not kept_with(source):
        yield
        return
    conn.execute(_SHARE, (_LOCK_CLASS, district))
    with _as_a_viewer(conn, district, "plan_cache_mode = force_generic_plan"):  # to plan it takes longest
        was = fetch(conn, f"kpi_was/{source}", key)[0]["spans"]
    yield
    with _as_a_viewer(conn, district, "plan_cache_mode = force_generic_plan"):
        fetch(conn, f"kpi_keep/{source}", key | {"was": was})


def keep_up(conn: Connection, district: int) -> None:
    """Do one thing that the rollup of a district needs, if any, in one transaction: count a KPI that it has
    not, or has by another text of its file; merge the days of one that are over by now; forget one.

    While somebody else works on the rollup, nothing is done.
    """
    with conn.transaction():
        due = fetch(conn, "write/kpi_due", {"district": district, "kpis": _kpis()})
        if due and conn.execute(_TRY, (_LOCK_CLASS, district)).fetchall()[0]["ours"]:
            _do(conn, district, **due[0])


def count_all(conn: Connection, district: int) -> None:
    """Count every KPI of the rollup anew in the caller's transaction, when nobody moves any row of it."""
    conn.execute(_TAKE, (_LOCK_CLASS, district))
    for source in SOURCES:
        for kpi in kept_with(source):
            _do(conn, district, kpi, "count")


def _do(conn: Connection, district: int, kpi: str, what: str) -> None:
    key = {"district": district, "kpi": kpi}
    if what == "merge":
        fetch(conn, "write/merge_kpi", key)
        return
    fetch(conn, "write/forget_kpi", key)
    if what == "count":
        with _as_a_viewer(conn, district, "work_mem = '256MB'"):  # so that tasks are grouped by hashing
            fetch(conn, f"kpi_count/{kpi}")
        fetch(conn, "write/keep_kpi", key | {"digest": digest(kpi)})


@contextmanager
def _as_a_viewer(conn: Connection, district: int, setting: str) -> Iterator[None]:
    """See, under that setting, what a viewer of all of the district sees: it is what the KPIs' files ask."""
    enter(conn, Scope(district, str(district)))
    conn.execute(f"SET LOCAL {setting}".encode())
    yield
    conn.execute(f"SET LOCAL search_path TO DEFAULT; SET LOCAL {setting.split()[0]} TO DEFAULT".encode())


def _kpis() -> str:
    kpis = [{"kpi": kpi, "digest": digest(kpi)} for source in SOURCES for kpi in kept_with(source)]
    return msgspec.json.encode(kpis).decode()
