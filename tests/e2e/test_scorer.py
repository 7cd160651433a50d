"""Ingest counts scores beside its work, from its start on, and soon again when something has happened."""

from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests import tiny, tiny_day
from tests.conftest import wait_until
from tests.e2e.test_ingest import Ingest


def rows(url: str, sql: str) -> list[Any]:
    with psycopg.connect(url) as conn:
        return conn.execute(sql.encode()).fetchall()


@pytest.fixture
def ingest(database_url: str, embedded_broker: str, tmp_path: Path) -> Any:
    tiny_day.seed(database_url, tmp_path / "worlds")
    with psycopg.connect(database_url) as conn:
        conn.execute("DELETE FROM score")
        # What ingest changes itself after its start (an incident counted again) is a mark for the next round.
        conn.execute("CREATE TABLE marks_before AS SELECT mark FROM score_stale WHERE day <= current_date")
    process = Ingest(database_url, embedded_broker, tmp_path / "data").wait_until_ready()
    yield process
    process.stop()


def test_what_has_happened_has_scores_soon_after_the_start_and_its_marks_are_gone(
    database_url: str, ingest: Ingest
) -> None:
    spans = f"SELECT DISTINCT span FROM score WHERE district = {tiny.DISTRICT} AND level = 'worker'"
    wait_until(lambda: len(rows(database_url, spans)) == 4, what="scores of four spans")
    waiting = "SELECT FROM score_stale JOIN marks_before USING (mark)"
    wait_until(lambda: not rows(database_url, waiting), what="no marks")
    assert rows(database_url, "SELECT count(*) > 10 FROM marks_before") == [(True,)]
    assert ingest.stop() == 0
    assert "interrupted" not in ingest.log.read_text()
