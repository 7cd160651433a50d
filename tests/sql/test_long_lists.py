"""Lists of more tasks and clues than are shown: cut off anywhere, they begin as the whole list does."""

from collections.abc import Iterator

import psycopg
import pytest

from db.connect import Reader, Scope
from ingest.registry import import_world
from tests import tiny

DISTRICT = Scope(tiny.DISTRICT, str(tiny.DISTRICT))
EVERY = 1_000
TASKS = f"""
SELECT setseed(0.5);
INSERT INTO task (district, task_id, premises_id, category, path, state, launched_at, due_at, inspected_at,
                  done_at, closed_at, cancelled_at)
SELECT 350299, 'L' || n, 'P1', 'x', '{tiny.PATH_1}',
       CASE WHEN done IS NOT NULL THEN 'done' WHEN mod(n, 7) = 0 THEN 'cancelled' ELSE 'launched' END,
       launched, date_trunc('day', launched) + interval '14 days', done, done,
       CASE WHEN mod(n, 3) > 0 THEN done END, CASE WHEN done IS NULL AND mod(n, 7) = 0 THEN now() END
FROM generate_series(1, 120) n, LATERAL (SELECT now() - interval '60 days' * random() AS launched) l,
     LATERAL (SELECT CASE WHEN mod(n, 4) > 0 THEN launched + (now() - launched) * random() END AS done) d;
"""
CLUES = f"""
INSERT INTO clue_case (district, clue_id, worker_id, ts, id, kind, severity, text, lon, lat, path,
                       reported_at, due_at, disposed_at, voided_at)
SELECT 350299, 'L' || n, 'W1', at, n::text, 'x',
       (ARRAY['general', 'serious', 'major'])[1 + mod(n, 3)]::severity, '', 118, 24, '{tiny.PATH_1}', at,
       CASE WHEN mod(n, 5) > 0 THEN date_trunc('day', at) + interval '9 days' END,
       CASE WHEN mod(n, 4) = 1 THEN at + (now() - at) * random() END,
       CASE WHEN mod(n, 4) = 2 THEN at + (now() - at) * random() END
FROM generate_series(1, 90) n, LATERAL (SELECT now() - interval '60 days' * random() AS at) l;
"""
WHOLE = {
    "tasks": """
        SELECT task_id AS id, done_at IS NULL AS open FROM task
        ORDER BY done_at DESC NULLS FIRST, scoped.disposal_due(due_at, inspected_at, recheck_due_at),
                 task_id""",
    "clues": """
        SELECT clue_id AS id, ended IS NULL AS open
        FROM (SELECT *, coalesce(disposed_at, voided_at) AS ended FROM clue_case) c
        ORDER BY ended DESC NULLS FIRST, CASE WHEN ended IS NULL THEN severity END DESC, due_at, clue_id""",
}
UNITS = [None, tiny.PATH_1, f"{tiny.DISTRICT}/01"]


@pytest.fixture(scope="module")
def owner(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[psycopg.Connection]:
    no_tasks = tiny.FILES["tasks.csv"].splitlines()[0] + "\n"
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world"), tasks_csv=no_tasks))
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute(TASKS.encode())
        conn.execute(CLUES.encode())
        yield conn


@pytest.fixture(scope="module")
def reader(owner: psycopg.Connection, database_url: str) -> Iterator[Reader]:
    reader = Reader(database_url)
    yield reader
    reader.close()


def shown(reader: Reader, of: str, unit: str | None, limit: int) -> list[str]:
    filters = dict.fromkeys(("states", "lamps", "severities", "traits", "sources", "text"))
    rows = reader.read(DISTRICT, f"read/{of}", **filters, unit=unit, limit=limit)
    return [row["task_id" if of == "tasks" else "clue_id"] for row in rows]


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("of", WHOLE)
def test_a_list_cut_off_anywhere_begins_as_the_whole_does(
    owner: psycopg.Connection, reader: Reader, of: str, unit: str | None
) -> None:
    whole = owner.execute(WHOLE[of].encode()).fetchall()
    names, still_open = [name for name, _ in whole], sum(is_open for _, is_open in whole)
    assert 0 < still_open < len(names)
    for limit in (1, still_open - 1, still_open, still_open + 1, len(names) - 1, EVERY):
        assert shown(reader, of, unit, limit) == names[:limit]


def test_the_stages_are_those_of_every_task(owner: psycopg.Connection, reader: Reader) -> None:
    plain = owner.execute(
        """SELECT CASE WHEN closed_at IS NOT NULL THEN 'closed' ELSE state END, count(*),
                  count(*) FILTER (WHERE cancelled_at IS NULL AND coalesce(done_at, now()) > due_at
                                         AND (closed_at IS NOT NULL OR done_at IS NULL))
           FROM task GROUP BY 1 ORDER BY 1"""
    ).fetchall()
    for unit in UNITS:
        told = reader.read(DISTRICT, "read/tasks_by_state", unit=unit)
        assert [tuple(row.values()) for row in told] == plain
    assert [code for code, _, _ in plain] == ["cancelled", "closed", "done", "launched"]
    assert all(red > 0 for code, _, red in plain if code in ("closed", "launched"))
