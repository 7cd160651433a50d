"""`gridward history`: two years of the closed loop, lived by the domain's own functions, and their ledger."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec

from db.connect import INGEST, connect, fetch
from ingest.contract.errors import ConfigError
from ingest.domain.roster import Premises, Roster
from ingest.registry import import_world
from ingest.rollup import count_all
from ingest.snapshots import load_districts, load_roster
from simulators.chance import draw
from simulators.clue_life import ClueLife, clue_lives
from simulators.habits import Days
from simulators.past import Category, Past, Place, RememberedDeadlines
from simulators.report_life import Patrols, ReportLife, report_lives
from simulators.task_life import TaskLife, task_lives
from up.history_ledger import KPIS, Ledger, ask, percent
from up.history_store import Connection, store_clue_lives, store_report_lives, store_task_lives
from up.progress import Progress

TASKS, CLUES, REPORTS = 1_135_000, 357_200, 24_000
"""In `DAYS` days at scale 1; how many the public reports is ours."""
DAYS = 730


class Wishes(NamedTuple):
    """How long a past, and how much of it: 1.0 is a city's."""

    days: int = DAYS
    scale: float = 1.0
    seed: int = 1


class Played(NamedTuple):
    """What came of it; `differences` are between the ledger and the KPIs' queries, none if all is well."""

    ledger: Ledger
    differences: list[str]
    rows: int
    seconds: float


def settle(url: str, world: Path, say: Callable[[str], None]) -> int:
    """The district of the world in that directory, imported if it is not registered yet."""
    district = _district(world)
    with connect(url, INGEST) as conn:
        known = district in load_districts(conn)
    if not known:
        import_world(url, world, say)
    return district


def play(url: str, district: int, wishes: Wishes, path: Path, say: Callable[[str], None]) -> Played:
    """Play the past of a registered district into the database at `url`, all of it or nothing, and write the
    ledger to `path`.

    Raises ConfigError where one was played before, or nothing can be played.
    """
    began, now = time.monotonic(), datetime.now(UTC)
    before = ask(url, district)
    ledger = Ledger()
    with connect(url, INGEST) as conn:
        conn.execute("SET gridward.played = 'on'")  # it was known when it happened, not when it is played
        past, categories = _past(conn, district, wishes, now)
        rows = _live(conn, past, categories, wishes, ledger, say)
        say("counting the indicators")
        count_all(conn, district)
        ledger.save(path)  # before the commit: it cannot be made again
    with connect(url, autocommit=True) as conn:
        fetch(conn, "ops/history_settle")
    seconds = time.monotonic() - began
    return Played(ledger, ledger.differences(before, ask(url, district)), rows, seconds)


def lines(played: Played) -> Iterator[str]:
    """What a played history comes to, for people."""
    ledger = played.ledger
    rate = played.rows / played.seconds
    yield (
        f"{ledger.tasks:,} tasks, {ledger.clues:,} clues, {ledger.reports:,} public reports: "
        f"{played.rows:,} rows in {played.seconds:,.0f} s ({rate:,.0f} rows/s)"
    )
    for kpi in KPIS:
        counts, whole = ledger.total(kpi)
        yield f"{kpi:<26}{counts:>9,} / {whole:>9,} {percent((counts, whole)):>7.2f} %"
    yield from played.differences or ["the ledger and the indicators agree, station by station"]


def _live(
    conn: Connection,
    past: Past,
    categories: Sequence[Category],
    wishes: Wishes,
    ledger: Ledger,
    say: Callable[[str], None],
) -> int:
    """Day by day; while one day is stored, the next is lived. Returns the rows written."""
    days = past.days
    wanted = wishes.scale * wishes.days / DAYS
    counts = [days.shares(round(whole * wanted)) for whole in (TASKS, CLUES, REPORTS)]
    plan = list(zip(days.worked, *counts, strict=True))
    written: list[Future[int]] = []
    patrols, reported = Patrols(past.places), list[ReportLife]()
    with Progress("history", len(plan), say) as progress, ThreadPoolExecutor(1) as storing:
        for day, task_count, clue_count, report_count in plan:
            progress.begin(f"{day}: {ledger.tasks:,} tasks, {ledger.clues:,} clues so far")
            lived = list(task_lives(past, categories, day, task_count, draw(wishes.seed, "tasks", day)))
            found = list(clue_lives(past, day, clue_count, draw(wishes.seed, "clues", day)))
            ledger.enter_tasks(lived)
            ledger.enter_clues(found)
            patrols.enter(lived, found)
            dice = draw(wishes.seed, "reports", day)
            reported += report_lives(past, patrols, day, report_count, dice)
            if written:
                written[-1].result()
            written.append(storing.submit(_store, conn, past.roster, lived, found))
    ledger.enter_reports(reported)
    rows = sum(each.result() for each in written)
    return rows + store_report_lives(conn, past.roster.district, reported)


def _store(conn: Connection, roster: Roster, lived: list[TaskLife], found: list[ClueLife]) -> int:
    return store_task_lives(conn, roster, lived) + store_clue_lives(conn, roster, found)


def _past(conn: Connection, district: int, wishes: Wishes, now: datetime) -> tuple[Past, list[Category]]:
    key = {"district": district}
    if fetch(conn, "ops/history_there", key)[0]["there"]:
        raise ConfigError(f"district {district} has a played history already")
    roster = load_roster(conn, district)
    if roster.deadlines is None:
        raise ConfigError(f"district {district} has no deadline rules")
    quick = replace(roster, deadlines=RememberedDeadlines(**vars(roster.deadlines)))
    rows = fetch(conn, "ops/history_premises", key | {"grids": sorted(roster.workers_of_grid)})
    places = [
        Place(row.pop("premises_id"), words=row.pop("words"), premises=msgspec.convert(row, Premises))
        for row in rows
    ]
    categories = [Category(**row) for row in fetch(conn, "ops/history_categories", key)]
    if not places or not categories:
        raise ConfigError(
            f"district {district} has no premises in a worker's grid, or no supervision modules"
        )
    today = now.astimezone(roster.tz).date()
    first, last = today - timedelta(days=wishes.days), today - timedelta(days=1)
    days = Days(first, last, roster.deadlines.calendar, roster.tz)
    if not days.worked:
        raise ConfigError("--days: there is no working day among them")
    return Past(quick, places, days, now, wishes.seed), categories


def _district(world: Path) -> int:
    """Of the topmost unit in a world's files."""
    lines = _lines(world / "org.csv")
    column = next(lines).split(",").index("path")
    return int(next(lines).split(",")[column][:6])


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            yield from file
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
