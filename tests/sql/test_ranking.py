"""What the page of the ranking and the dossiers are made of, on a real database that holds the tiny day."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest

from db.connect import Reader, Row, Scope
from tests import tiny, tiny_day

WHOLE = Scope(tiny.DISTRICT, str(tiny.DISTRICT))
TZ = ZoneInfo("Asia/Shanghai")
TODAY = datetime.now(TZ).date()
MONDAY, FIRST = TODAY - timedelta(days=TODAY.weekday()), TODAY.replace(day=1)
WEEK = {"span": "week", "begins": MONDAY, "before": MONDAY - timedelta(weeks=1)}
MONTH = {"span": "month", "begins": FIRST, "before": (FIRST - timedelta(days=1)).replace(day=1)}
ASKED = {"unit": None, "text": None, "level": "worker", **MONTH, "until": TODAY, "limit": 100}
LIKE_W1 = """INSERT INTO score SELECT (jsonb_populate_record(s, %s)).* FROM score s
    WHERE district = %s AND span = 'week' AND begins = %s AND subject = 'W1'"""


@pytest.fixture(scope="module")
def seeded(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    tiny_day.seed(database_url, tmp_path_factory.mktemp("worlds"))
    return database_url


@pytest.fixture(scope="module")
def reader(seeded: str) -> Iterator[Reader]:
    reader = Reader(seeded)
    yield reader
    reader.close()


@pytest.fixture
def ingest(seeded: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(seeded, autocommit=True) as conn:
        yield conn
        conn.execute("DELETE FROM score WHERE subject LIKE 'N%'")
        conn.execute("DELETE FROM score_weight WHERE district > 0")
        conn.execute("DELETE FROM ping WHERE id = 'thick'")


def ask(reader: Reader, name: str, **params: Any) -> list[Row]:
    return reader.read(WHOLE, f"read/{name}", **ASKED | {"id": "W1"} | params)


def placed(rows: list[Row]) -> list[tuple[str, int | None, int | None]]:
    return [(row["subject"], row["first"], row["last"]) for row in rows]


def test_the_best_come_first_and_those_with_too_little_last(reader: Reader) -> None:
    assert placed(ask(reader, "scores")) == [("W1", 1, 2), ("W2", 1, 2), ("W3", None, None)]


@pytest.mark.parametrize(("level", "n"), [("grid", 3), ("section", 2), ("squadron", 2), ("station", 2)])
def test_units_are_ranked_against_those_of_their_level(reader: Reader, level: str, n: int) -> None:
    found = ask(reader, "scores", level=level)
    assert len(found) == n
    assert all(row["subject"] == row["path"] and row["name"] for row in found)


def test_the_change_is_since_the_period_before(reader: Reader) -> None:
    found = ask(reader, "scores", **WEEK)
    assert [row["change"] for row in found] == [pytest.approx(1.5, abs=1e-4)] * 2 + [None]
    first = ask(reader, "scores", **WEEK | {"before": MONDAY - timedelta(weeks=9)})
    assert [(row["subject"], row["change"]) for row in first] == [("W1", None), ("W2", None), ("W3", None)]


def test_the_summary_counts_those_who_can_be_ranked_and_may_be_the_first(reader: Reader) -> None:
    (row,) = ask(reader, "scores_summary")
    assert (row["whole"], row["ranked"], row["may_be_first"]) == (3, 2, 2)
    assert row["quarters"][1] == pytest.approx(79.25)
    assert (row["suspended"], row["appealed"], row["late_suspended"], row["split"]) == (6, 3, 3, 6)
    (row,) = ask(reader, "scores_summary", unit=tiny_day.STATION_2)
    assert (row["whole"], row["ranked"], row["quarters"]) == (1, 0, None)


def test_the_periods_that_were_counted_can_be_chosen_the_latest_first(reader: Reader) -> None:
    found = [row["begins"] for row in ask(reader, "score_periods", span="week")]
    assert found == [MONDAY - timedelta(weeks=back) for back in range(3)]


def test_a_period_is_weighed_by_the_rows_valid_on_its_first_day_the_districts_own_before_everybodys(
    reader: Reader, ingest: psycopg.Connection[Any]
) -> None:
    own = [(60, FIRST - timedelta(days=40)), (70, FIRST), (80, FIRST + timedelta(days=1))]
    for weight, since in own:
        ingest.execute(
            "INSERT INTO score_weight (district, indicator, weight, minimum, valid_from) "
            "VALUES (%s, 'truth', %s, 9, %s)",
            (tiny.DISTRICT, weight, since),
        )

    def truth(**asked: Any) -> tuple[float, bool]:
        found = {row["indicator"]: row for row in ask(reader, "score_weights", **asked)}
        assert len(found) == 7
        return found["truth"]["weight"], found["truth"]["own"]

    assert truth() == (70, True)
    assert truth(begins=MONTH["before"]) == (60, True)
    assert truth(begins=FIRST - timedelta(days=80)) == (20, False)


def test_each_day_has_its_points_and_its_visits(reader: Reader) -> None:
    days = ask(reader, "score_days", since=TODAY - timedelta(days=8))
    visits = [(row["visits"], row["doubted"]) for row in days]
    assert visits == [(0, 0), (1, 0), *[(0, 0)] * 5, (1, 1), (0, 0)]
    assert [row["points"] for row in days] == [None] * 7 + [pytest.approx(80.9), pytest.approx(82.4)]
    assert ask(reader, "score_days", id="W404", since=TODAY) == []


def test_peers_are_told_of_by_week_unless_they_are_so_few_that_they_could_be_told_apart(
    reader: Reader, ingest: psycopg.Connection[Any]
) -> None:
    own, found = ask(reader, "score_history"), ask(reader, "score_peers")
    weeks = [MONDAY - timedelta(weeks=back) for back in (2, 1, 0)]
    assert [row["begins"] for row in own] == [row["begins"] for row in found] == weeks
    assert [row["points"] for row in own] == pytest.approx([79.4, 80.9, 82.4])
    assert {(row["ranked"], row["middle"]) for row in found} == {(2, None)}
    for n in range(3):
        ingest.execute(LIKE_W1, (f'{{"subject": "N{n}", "points": {60 + n}}}', tiny.DISTRICT, MONDAY))
    newest = ask(reader, "score_peers")[-1]
    quarters = (newest["quarter"], newest["middle"], newest["three_quarters"])
    assert quarters == pytest.approx((61, 62, 76.1))
    assert newest["ranked"] == 5


def test_a_day_has_its_visits_and_no_others(reader: Reader) -> None:
    visited = TODAY - timedelta(days=7)
    (visit,) = ask(reader, "day_visits", id=f"W1:{visited}")
    assert (visit["visit"], visit["belief"], visit["premises_name"]) == ("W1:v1", "believed", "甲味馆")
    (visit,) = ask(reader, "day_visits", id=f"W1:{TODAY - timedelta(days=1)}")
    assert (visit["belief"], visit["against"], visit["appealed"]) == ("doubtful", ["made_up"], True)
    assert ask(reader, "day_visits", id=f"W2:{visited}") == []


def test_a_days_track_is_of_that_day_and_thinned_evenly(
    reader: Reader, ingest: psycopg.Connection[Any]
) -> None:
    day, n = TODAY - timedelta(days=30), 1_000
    begins = datetime.combine(day, datetime.min.time(), TZ)
    ingest.execute(
        "INSERT INTO ping (district, worker_id, ts, at, id, lon, lat, raw_lon, raw_lat, datum, received_at) "
        "SELECT %s, 'W1', t, t, 'thick', 118 + n * 0.001, 24.6, 118, 24.6, 'WGS84', t "
        "FROM generate_series(-1, %s) n, "
        "LATERAL (SELECT %s::timestamptz + n * interval '86.4 seconds' AS t) a",
        (tiny.DISTRICT, n, begins),
    )

    def places(limit: int) -> list[int]:
        rows = ask(reader, "day_track", id=f"W1:{day}", limit=limit)
        return [round((row["lon"] - 118) * 1000) for row in rows]

    assert places(n) == list(range(n))
    assert places(100) == list(range(0, n, 10))
    few = places(7)
    assert (len(few), few[0]) == (7, 0)
    assert {b - a for a, b in zip(few, few[1:], strict=False)} <= {142, 143}
