"""The indicators' rollup: however a figure is asked for, it is what counting all rows anew comes to."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest

from db.connect import DASHBOARD, INGEST, Row, Scope, connect, enter, fetch
from db.kpi import FOLDER, SOURCES, headers, kept_with
from ingest.registry import import_world
from ingest.rollup import count_all, counted, keep_up
from tests import tiny
from tests.happenings import happenings, learn, past

TZ = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
NO_TASKS = tiny.FILES["tasks.csv"].splitlines()[0] + "\n"
BUREAU, STATION, SQUADRON, GRID = str(tiny.DISTRICT), tiny.PATH_1[:9], tiny.PATH_1[:12], tiny.PATH_1
SCOPES = [Scope(tiny.DISTRICT, path) for path in (BUREAU, STATION, SQUADRON)]
RECOUNT = {path.stem: path.read_text("utf-8") for path in (Path(__file__).parent / "recount").glob("*.sql")}
"""How every figure was counted before there was a rollup: from all rows, each time."""

Frame = tuple[str, Row]


@pytest.fixture(scope="module")
def world(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world"), tasks_csv=NO_TASKS))
    return database_url


@pytest.fixture
def url(world: str) -> Iterator[str]:
    """A district in which nothing has happened; what has is forgotten after the test."""
    yield world
    with psycopg.connect(world, autocommit=True) as owner:
        owner.execute(
            "TRUNCATE task, obligation, task_event, clue_case, clue_event, order_out, kpi_daily, kpi_kept"
        )


def keep(url: str) -> None:
    """Let ingest do what the rollup needs."""
    with connect(url, INGEST) as conn:
        conn.commit()
        for _ in [*headers(), "and nothing more"]:
            keep_up(conn, tiny.DISTRICT)


def midnight() -> datetime:
    return datetime.now(TZ).replace(hour=0, minute=0, second=0, microsecond=0)


def questions() -> list[Frame]:
    """Every form of a figure, of units of each level, with ends of days, of today, and in between."""
    today, odd = midnight(), datetime.now(UTC) - 9 * DAY - timedelta(hours=3)
    hours = [today + timedelta(hours=h) for h in range(24) if today + timedelta(hours=h) <= datetime.now(UTC)]
    ends = [today - n * DAY - timedelta(microseconds=1) for n in (0, 1, 2, 9, 30)]
    ats: list[Any] = [None, hours, ends, [*ends, *hours], [odd, *hours]]
    periods = [
        (None, None),
        (today - 20 * DAY, today - 5 * DAY),
        (None, today - 5 * DAY),
        (today - 20 * DAY, None),
    ]
    periods += [(today, None), (today - DAY, today + DAY), (odd - 9 * DAY, odd), (today - 30 * DAY, odd)]
    units = [(BUREAU, 1), (STATION, 2), (SQUADRON, 3), (GRID, 5)]
    asked: list[Frame] = [
        ("kpi", {"unit": unit, "depth": depth + below, "at": at})
        for (unit, depth), below, at in product(units, (0, 1, 2), ats)
    ]
    for (unit, depth), by, category, (since, until) in product(
        units, (None, "day", "week", "month", "unit", "category"), (None, "drug_daily", "食品安全"), periods
    ):
        period = {"since": since, "until": until, "category": category}
        asked.append(("kpi_by", {"unit": unit, "depth": depth + 1, "by": by, **period}))
    return asked


def differences(url: str, asked: Sequence[Frame], scopes: Sequence[Scope] = SCOPES[:1]) -> list[Any]:
    """What is told otherwise than by counting all rows at the same instant."""
    found = []
    with connect(url, DASHBOARD) as conn:
        conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for scope, (frame, params), kpi in product(scopes, asked, headers()):
            enter(conn, scope)
            member = (FOLDER / f"{kpi}.sql").read_text("utf-8").rstrip().rstrip(";")
            wanted = conn.execute(RECOUNT[frame].replace("--member--", member).encode(), params).fetchall()
            told = fetch(conn, f"{frame}/{kpi}", params)
            if told != wanted:
                found.append((scope.path, frame, kpi, params, told, wanted))
    return found


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_in_whatever_order_every_figure_is_what_counting_all_rows_says(
    url: str, seed: int
) -> None:
    dice, asked = random.Random(seed), questions()
    of = past(url, 60, datetime.now(UTC))
    told = happenings(of, dice)
    keep(url)
    with connect(url, INGEST) as conn:
        while told:
            batch = [told.pop() for _ in range(min(len(told), dice.randint(1, 12)))]
            # It may be lost with the connection; then it comes again, and again if the broker was not told.
            for lost in (dice.random() < 0.2, False, dice.random() < 0.8):
                with conn.transaction(force_rollback=lost):
                    learn(conn, of.roster, batch)
            conn.commit()
            if dice.random() < 0.1:
                assert differences(url, dice.sample(asked, 5)) == []
    assert differences(url, dice.sample(asked, 20), SCOPES) == []
    assert differences(url, [("kpi", {"unit": BUREAU, "depth": 2, "at": None})]) == []
    assert recounted(url) == []


def recounted(url: str) -> list[Any]:
    """The rows in which the rollup differs from one that is counted anew."""
    with connect(url, INGEST) as conn:
        count_all(conn, tiny.DISTRICT)
        anew = conn.execute(ROLLUP).fetchall()
        conn.rollback()
    return sorted(rollup(url) ^ {tuple(row.values()) for row in anew})


ROLLUP = b"""SELECT kpi, grain, until::text, path, category, began::text, numerator, denominator
             FROM kpi_daily WHERE numerator <> 0 OR denominator <> 0"""


def rollup(url: str) -> set[tuple[Any, ...]]:
    with connect(url, INGEST) as conn:
        return {tuple(row.values()) for row in conn.execute(ROLLUP)}


@pytest.fixture
def lived(url: str) -> str:
    """A district in which something has happened, before there was a rollup."""
    dice = random.Random("lived")
    of = past(url, 60, datetime.now(UTC))
    with connect(url, INGEST) as conn:
        learn(conn, of.roster, happenings(of, dice))
    return url


def test_before_it_has_been_counted_a_kpi_is_told_from_all_rows(lived: str) -> None:
    asked = random.Random(1).sample(questions(), 15)
    assert differences(lived, asked) == []
    keep(lived)
    assert differences(lived, asked) == []
    assert recounted(lived) == []


def stands(unit: str, depth: int, at: list[datetime] | None = None) -> Frame:
    return "kpi", {"unit": unit, "depth": depth, "at": at}


def period(unit: str, by: str | None = None, **asked: Any) -> Frame:
    whole = {"since": None, "until": None, "category": None}
    return "kpi_by", {"unit": unit, "depth": unit.count("/") + 2, "by": by, **whole, **asked}


EVENING = midnight() - DAY - timedelta(microseconds=1)
ODD = datetime.now(UTC) - 9 * DAY
FOOD = "food_daily"
SERVED = [
    (BUREAU, stands(BUREAU, 1)),
    (BUREAU, stands(BUREAU, 2, [datetime.now(UTC) + 2 * DAY])),
    (BUREAU, stands(BUREAU, 2, [EVENING])),
    (BUREAU, stands(STATION, 2)),
    (STATION, stands(BUREAU, 2)),
    (BUREAU, period(BUREAU)),
    *[(BUREAU, period(BUREAU, by)) for by in ("day", "week", "month", "unit", "category")],
    *[(BUREAU, period(BUREAU, by, category=FOOD)) for by in (None, "day", "category")],
    *[(BUREAU, period(STATION, by)) for by in (None, "week")],
    (STATION, period(BUREAU, "month")),
    (BUREAU, period(BUREAU, "day", since=midnight() - 50 * DAY, until=midnight() - DAY)),
]
NOT_SERVED = [
    (BUREAU, stands(BUREAU, 2, [ODD])),
    (BUREAU, stands(BUREAU, 3)),
    (BUREAU, stands(STATION, 3)),
    (BUREAU, stands(SQUADRON, 3)),
    (SQUADRON, stands(BUREAU, 2)),
    (BUREAU, period(BUREAU, "unit", category=FOOD)),
    *[(BUREAU, period(STATION, by)) for by in ("unit", "category")],
    (STATION, period(BUREAU, "category")),
    (BUREAU, period(BUREAU, "day", since=ODD)),
    (BUREAU, period(BUREAU, "day", until=ODD)),
]


@pytest.mark.parametrize(
    ("viewer", "asked", "served"),
    [(*each, True) for each in SERVED] + [(*each, False) for each in NOT_SERVED],
)
def test_the_rollup_answers_where_it_can(lived: str, viewer: str, asked: Frame, served: bool) -> None:
    keep(lived)
    with psycopg.connect(lived) as owner:
        owner.execute("UPDATE kpi_daily SET denominator = denominator + 1000")
    told = {kpi for _, _, kpi, *_ in differences(lived, [asked], [Scope(tiny.DISTRICT, viewer)])}
    sources = ("task",) if asked[1].get("category") else SOURCES  # no clue is of a task's category
    concerned = {kpi for source in sources for kpi in kept_with(source)}
    assert told == (concerned if served else set())


EXACT_FROM = """
CREATE OR REPLACE FUNCTION scoped.exact_from(tz text) RETURNS timestamptz LANGUAGE sql STABLE AS
    $$ SELECT (date_trunc('day', now() AT TIME ZONE tz) - interval '{} days') AT TIME ZONE tz $$
"""


def test_days_that_are_over_are_merged_and_say_the_same(lived: str) -> None:
    dice = random.Random("merge")
    of = past(lived, 60, datetime.now(UTC))
    told = happenings(of, dice)

    def days_ago(days: int) -> None:
        with psycopg.connect(lived, autocommit=True) as owner:
            owner.execute(EXACT_FROM.format(days))

    try:
        for days in (40, 25, 11, 1):
            days_ago(days)
            rows = len(rollup(lived))
            keep(lived)
            assert days == 40 or len(rollup(lived)) < rows
            with connect(lived, INGEST) as conn:
                learn(conn, of.roster, [told.pop() for _ in range(len(told) // 2)])
            assert differences(lived, dice.sample(questions(), 8)) == []
            assert recounted(lived) == []
    finally:
        days_ago(1)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE kpi_kept SET digest = 'of another text'",
        "UPDATE kpi_kept SET tz = 'Europe/Berlin'",
        "DELETE FROM kpi_kept",
    ],
)
def test_what_was_counted_otherwise_is_not_believed_and_is_counted_anew(lived: str, change: str) -> None:
    keep(lived)
    with psycopg.connect(lived, autocommit=True) as owner:
        owner.execute("UPDATE kpi_daily SET numerator = 7")
        owner.execute(change.encode())
    asked = random.Random(change).sample(questions(), 8)
    assert differences(lived, asked) == []
    keep(lived)
    assert differences(lived, asked) == []
    assert recounted(lived) == []


def test_a_kpi_that_there_is_no_more_is_forgotten(lived: str) -> None:
    keep(lived)
    with psycopg.connect(lived, autocommit=True) as owner:
        for table in ("kpi_daily", "kpi_kept"):
            columns = "numerator, denominator, grain, until, path, category, began, district"
            columns = columns if table == "kpi_daily" else "digest, tz, exact_from, district"
            owner.execute(
                f"INSERT INTO {table} (kpi, {columns}) SELECT 'old_rate', {columns} FROM {table} "
                "WHERE kpi = 'closure_rate'"
            )
    keep(lived)
    with connect(lived, INGEST) as conn:
        for table in ("kpi_daily", "kpi_kept"):
            assert (
                conn.execute(f"SELECT DISTINCT kpi FROM {table} WHERE kpi = 'old_rate'".encode()).fetchall()
                == []
            )
    assert recounted(lived) == []


def test_whoever_counts_a_district_anew_waits_for_nobody_who_only_looks_and_is_not_disturbed(
    lived: str,
) -> None:
    with connect(lived, INGEST) as one, connect(lived, INGEST) as other:
        other.commit()
        with counted(one, tiny.DISTRICT, "task", ["T"]):
            pass
        keep_up(other, tiny.DISTRICT)
        assert other.execute("SELECT FROM kpi_kept").fetchall() == []
        one.rollback()
        other.commit()
        keep_up(other, tiny.DISTRICT)
        assert len(other.execute("SELECT FROM kpi_kept").fetchall()) == 1


def test_another_time_zone_moves_the_days_on_which_tasks_fall_due(lived: str, tmp_path: Path) -> None:
    keep(lived)
    midnights = """SELECT DISTINCT extract(hour FROM owed_from AT TIME ZONE tz)::int AS hour FROM task
                   WHERE done_at IS NULL"""
    try:
        import_world(
            lived,
            tiny.write(
                tmp_path, tasks_csv=NO_TASKS, district_csv=f"district,name,tz\n{BUREAU},x,Asia/Tokyo\n"
            ),
        )
        with connect(lived, INGEST) as conn:
            assert conn.execute(midnights.encode()).fetchall() == [{"hour": 0}]
        asked = [period(BUREAU, "day")]
        assert differences(lived, asked) == []
        keep(lived)
        assert differences(lived, asked) == []
        assert recounted(lived) == []
    finally:
        import_world(lived, tiny.write(tmp_path / "back", tasks_csv=NO_TASKS))


def test_what_a_kpi_is_kept_with_is_one_of_the_sources() -> None:
    assert {header["kept"] for header in headers().values() if "kept" in header} == set(SOURCES)
