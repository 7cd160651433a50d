"""Rates, categories and the ranking are kept as they are known; nothing reported later changes them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import psycopg
import pytest

from db.connect import INGEST, Reader, Row, Scope, connect
from db.figures import figures
from ingest.figures import figure_keeper, keep
from ingest.registry import import_world
from tests import tiny
from tests.conftest import wait_until

WHOLE = Scope(tiny.DISTRICT, str(tiny.DISTRICT))
STATION_1 = Scope(tiny.DISTRICT, f"{tiny.DISTRICT}/01")
RATE = "closure_rate"
TASK = """
INSERT INTO task (district, task_id, premises_id, category, grid_id, path, worker_id, state, launched_at,
                  due_at)
VALUES (%(d)s, 'X', 'P1', 'x', 'G1', %(path)s, 'W1', 'assigned', now() - interval '9 days',
        now() - interval '1 day')
"""
CLOSED = """
UPDATE task SET state = 'done', done_by = 'W1', inspected_at = now() - interval '1 hour',
                done_at = now() - interval '1 hour', closed_at = now() - interval '1 hour'
"""


@pytest.fixture(scope="module")
def world(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world")))
    return database_url


@pytest.fixture
def conn(world: str) -> Iterator[psycopg.Connection[Row]]:
    """Acting as ingest, in a district of which one task is open and overdue, and nothing is kept."""
    with connect(world, INGEST, autocommit=True) as conn:
        conn.execute(TASK.encode(), {"d": tiny.DISTRICT, "path": tiny.PATH_1})
        yield conn
    with psycopg.connect(world) as owner:
        owner.execute("TRUNCATE known_figures, task")


@pytest.fixture
def reader(world: str) -> Iterator[Reader]:
    reader = Reader(world)
    yield reader
    reader.close()


def kept(reader: Reader, scope: Scope = WHOLE, after: timedelta = timedelta(0)) -> dict[str, Any]:
    """What was known `after` now, by name."""
    rows = reader.read(scope, "then/figures", at=datetime.now(UTC) + after)
    return {row["name"]: row["figures"] for row in rows}


def both(row: Row) -> tuple[int, int]:
    return row["numerator"], row["denominator"]


def test_what_is_kept_is_what_the_screen_reads(conn: psycopg.Connection[Row], reader: Reader) -> None:
    keep(conn, tiny.DISTRICT)
    plan = figures(WHOLE.path, None)
    assert [name for name, _, _ in plan][:3] == ["ranking", "categories", RATE]
    known = kept(reader)
    assert known.keys() == {name for name, _, _ in plan}
    now = {name: reader.read(WHOLE, query, **asked) for name, query, asked in plan}
    told: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(now))
    for rows in (*known.values(), *told.values()):
        for row in rows:
            row.pop("at", None)  # which is when each was asked
    assert known == told


def test_a_closure_that_is_reported_late_was_not_known_then(
    conn: psycopg.Connection[Row], reader: Reader
) -> None:
    keep(conn, tiny.DISTRICT)
    conn.execute(CLOSED.encode())
    assert both(kept(reader)[RATE][0]) == (0, 1)
    counted = reader.read(WHOLE, f"kpi/{RATE}", at=[datetime.now(UTC)], unit=WHOLE.path, depth=1)
    assert both(counted[0]) == (1, 1)
    keep(conn, tiny.DISTRICT)
    assert both(kept(reader)[RATE][0]) == (1, 1), "the last that was kept"


def test_the_day_of_a_rate_is_what_was_known_at_each_of_its_instants(
    conn: psycopg.Connection[Row], reader: Reader
) -> None:
    keep(conn, tiny.DISTRICT)
    now = datetime.now(UTC)
    ats = [now - timedelta(hours=1), now, now + timedelta(minutes=9), now + timedelta(minutes=11)]
    rows = reader.read(WHOLE, "then/rates", kpi=RATE, ats=ats)
    assert [(row["at"], *both(row)) for row in rows] == [(ats[1], 0, 1), (ats[2], 0, 1)]


def test_what_was_kept_long_before_is_not_taken_for_what_was_known(
    conn: psycopg.Connection[Row], reader: Reader
) -> None:
    keep(conn, tiny.DISTRICT)
    assert kept(reader, after=timedelta(minutes=9)).keys() == kept(reader).keys()
    assert kept(reader, after=timedelta(minutes=11)) == {}
    assert kept(reader, after=timedelta(hours=-1)) == {}


def test_who_sees_a_part_does_not_see_the_figures_of_the_whole(
    conn: psycopg.Connection[Row], reader: Reader
) -> None:
    keep(conn, tiny.DISTRICT)
    assert kept(reader, STATION_1) == kept(reader, Scope(999999, "999999")) == {}
    assert reader.read(STATION_1, "then/rates", kpi=RATE, ats=[datetime.now(UTC)]) == []


def test_figures_are_kept_as_long_as_positions_are(conn: psycopg.Connection[Row]) -> None:
    (row,) = conn.execute("SELECT kept_since('ping', now()) AS since").fetchall()
    for days in (-1, 1):
        at = row["since"] + timedelta(days=days)
        conn.execute("INSERT INTO known_figures VALUES (%s, %s, 'ranking', '[]')", (tiny.DISTRICT, at))
    keep(conn, tiny.DISTRICT)
    found = conn.execute("SELECT min(at) AS first FROM known_figures").fetchall()
    assert found == [{"first": row["since"] + timedelta(days=1)}]


@pytest.mark.usefixtures("conn")
def test_the_keeper_keeps_them_by_itself(world: str, reader: Reader) -> None:
    keeper = figure_keeper(world, lambda: [tiny.DISTRICT])
    try:
        wait_until(lambda: kept(reader), seconds=30, what="the first figures")
    finally:
        keeper.close()
    assert both(kept(reader)[RATE][0]) == (0, 1)
