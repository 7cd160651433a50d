"""A played history: its ledger and the indicators agree, and what is stored is what the events say."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

from db.connect import INGEST, connect, fetch
from ingest.contract.errors import ConfigError
from ingest.domain.clue import ClueCase, ClueEvent
from ingest.domain.clue_replay import replay_clue
from ingest.domain.replay import replay
from ingest.domain.task import Task, TaskEvent
from ingest.rollup import count_all
from tests.tiny import DISTRICT, FILES, write
from up.history import CLUES, REPORTS, TASKS, Played, Wishes, play, settle
from up.history_ledger import KPIS, Figures, ask

PAST = Wishes(days=200, scale=0.004, seed=3)


@pytest.fixture(scope="module")
def played(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    home = tmp_path_factory.mktemp("history")
    world = write(home / "world", tasks_csv=FILES["tasks.csv"].splitlines()[0])
    assert settle(database_url, world, lambda line: None) == DISTRICT
    yield play(database_url, DISTRICT, PAST, home / "ledger.json", lambda line: None)


NONE: Figures = {kpi: {} for kpi in KPIS}


def rows(url: str, sql: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as conn:
        return conn.execute(sql.encode()).fetchall()


def test_the_ledger_and_the_indicators_agree_in_every_figure(played: Played, database_url: str) -> None:
    assert played.differences == []
    found = ask(database_url, DISTRICT)
    for kpi in KPIS:
        counts, whole = played.ledger.total(kpi)
        assert 0 < counts < whole or kpi == "missed_report_rate"  # three premises are hardly ever missed
        assert (counts, whole) == tuple(map(sum, zip(*found[kpi].values(), strict=True)))


def test_as_many_are_played_as_the_days_and_the_scale_say(played: Played, database_url: str) -> None:
    share = PAST.scale * PAST.days / 730
    ledger = played.ledger
    wanted = [round(whole * share) for whole in (TASKS, CLUES, REPORTS)]
    assert [ledger.tasks, ledger.clues, ledger.reports] == wanted
    assert rows(database_url, "SELECT count(*) FROM task") == [(played.ledger.tasks,)]
    assert rows(database_url, "SELECT count(*) FROM clue_case") == [(played.ledger.clues,)]
    assert rows(database_url, "SELECT count(*) FROM public_report") == [(played.ledger.reports,)]


def test_a_task_whose_row_says_otherwise_is_told_by_the_ledger(played: Played, database_url: str) -> None:
    (task_id, closed_at) = rows(
        database_url, "SELECT task_id, closed_at FROM task WHERE closed_at > '1970-1-1'"
    )[0]
    told = played.ledger.differences(NONE, asked_with(database_url, closed_at=None, task_id=task_id))
    assert [line.partition(" of ")[0] for line in told] == ["completion_rate"]
    asked = asked_with(database_url, closed_at=closed_at, task_id=task_id)
    assert played.ledger.differences(NONE, asked) == []


def asked_with(url: str, **row: Any) -> Figures:
    """What the indicators say after that change of a row."""
    with connect(url, INGEST) as conn:
        conn.execute("UPDATE task SET closed_at = %(closed_at)s WHERE task_id = %(task_id)s", row)
        count_all(conn, DISTRICT)
    return ask(url, DISTRICT)


def test_every_task_and_clue_stands_as_its_stored_events_say(played: Played, database_url: str) -> None:
    with connect(database_url, INGEST) as conn:
        ids = [row["task_id"] for row in conn.execute("SELECT task_id FROM task").fetchall()]
        key = {"district": DISTRICT, "ids": ids}
        events = [msgspec.convert(row, TaskEvent) for row in fetch(conn, "write/load_task_events", key)]
        for row in conn.execute("SELECT * FROM task").fetchall():
            after = replay(msgspec.convert(row, Task), [e for e in events if e.task_id == row["task_id"]])
            stood = (row["state"], row["done_at"], row["closed_at"], row["rework"], row["due_at"])
            task = after.task
            assert stood == (task.state, task.done_at, task.closed_at, task.rework, task.due_at)
            assert [step.event.irregular for step in after.steps if step.event.irregular] == []
        said = [
            msgspec.convert(row, ClueEvent) for row in conn.execute("SELECT * FROM clue_event").fetchall()
        ]
        for row in conn.execute("SELECT * FROM clue_case").fetchall():
            clue = replay_clue(
                msgspec.convert(row, ClueCase), [e for e in said if e.clue_id == row["clue_id"]]
            )
            stands = (row["state"], row["disposed_at"], row["department_id"], row["due_at"])
            case = clue.case
            assert stands == (case.state, case.disposed_at, case.department_id, case.due_at)
            assert [step.irregular for step in clue.steps if step.irregular] == []


def test_nothing_has_happened_that_is_still_to_come_and_all_stages_are_there(
    played: Played, database_url: str
) -> None:
    late = "SELECT count(*) FROM {} WHERE at > now()"
    assert [rows(database_url, late.format(name)) for name in ("task_event", "clue_event")] == [
        [(0,)],
        [(0,)],
    ]
    happened = {name for (name,) in rows(database_url, "SELECT DISTINCT event FROM task_event")}
    assert happened >= {"launched", "assigned", "received", "started", "inspected", "recheck_due", "replied"}
    visits = "SELECT count(*) FROM task_event WHERE event = 'inspected'"
    assert rows(database_url, "SELECT count(*) FROM inspection") == rows(database_url, visits)


def test_phones_and_departments_are_to_learn_of_what_is_open_alone(played: Played, database_url: str) -> None:
    over = "SELECT count(*) FROM order_out JOIN task USING (district, task_id) WHERE closed_at IS NOT NULL"
    assert rows(database_url, over) == [(0,)]
    waits = """SELECT count(*) FROM task t WHERE state = 'assigned' AND NOT EXISTS
               (SELECT FROM order_out o WHERE o.task_id = t.task_id AND o.device_id = t.worker_id)"""
    assert rows(database_url, waits) == [(0,)]


def test_a_past_is_played_once(played: Played, database_url: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="a played history already"):
        play(database_url, DISTRICT, PAST, tmp_path / "ledger.json", lambda line: None)
    assert not (tmp_path / "ledger.json").exists()
