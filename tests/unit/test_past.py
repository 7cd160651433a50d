"""Past lives: the same seed gives the same, they follow the season, and they end where now is."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from ingest.contract.messages import Result
from ingest.domain.calendar import WorkCalendar
from ingest.domain.clue_route import ClueRoutes
from ingest.domain.deadline import DeadlineRule, Deadlines, Step
from ingest.domain.patrol import Finding, Report, found_before
from ingest.domain.replay import replay
from ingest.domain.roster import Premises, Roster
from simulators.chance import draw
from simulators.clue_life import clue_lives
from simulators.habits import Days
from simulators.past import Category, Past, Place, RememberedDeadlines
from simulators.report_life import Patrols, report_lives
from simulators.task_life import TaskLife, task_lives
from tests import tiny

TZ = ZoneInfo("Asia/Shanghai")
FIRST, LAST = date(2024, 1, 1), date(2024, 12, 31)
NOW = datetime(2025, 1, 1, 12, tzinfo=TZ)
CATEGORIES = [Category("food_daily", ["licence"], False), Category("annual_report", ["filed"], True)]
RULES = [
    DeadlineRule(step, FIRST, working_days=10)
    for step in (Step.INSPECT, Step.RECHECK, Step.RECTIFY, Step.DEPARTMENT, Step.CLUE)
]
RULES.append(DeadlineRule(Step.DISPATCH, FIRST, hours=0.5))


def past(now: datetime = NOW) -> Past:
    given = vars(tiny.roster())
    roster = Roster(
        **{name: given[name] for name in ("district", "tz", "workers", "devices", "grids")},
        deadlines=Deadlines(RULES, WorkCalendar(), TZ),
        departments={"food_daily": "food", "annual_report": "credit"},
        clue_routes=ClueRoutes((), ("food",)),
    )
    places = [Place("P1", Premises("甲味馆", tiny.PATH_1, "G1", 118.005, 24.605))]
    return Past(roster, places, Days(FIRST, LAST, WorkCalendar(), TZ), now)


def lives(of: Past, day: date, count: int = 300) -> list[TaskLife]:
    return list(task_lives(of, CATEGORIES, day, count, draw("test", day)))


def instants(life: Any) -> Iterator[datetime]:
    return (event.at for event in life.events)


def test_the_same_seed_gives_the_same_lives() -> None:
    day = date(2024, 5, 6)
    assert lives(past(), day) == lives(past(), day)
    assert list(clue_lives(past(), day, 50, draw(1))) == list(clue_lives(past(), day, 50, draw(1)))


def test_what_became_of_a_task_is_what_its_events_come_to() -> None:
    told = set()
    for life in lives(past(), date(2024, 9, 2), 2_000):
        task = replay(life.task, life.events).task
        assert life.disposed == (task.done_at is not None)
        assert life.closed == (task.closed_at is not None)
        assert life.cancelled == (task.cancelled_at is not None)
        assert life.reworked == (task.rework > 0)
        told |= {name for name in ("closed", "cancelled", "reworked") if getattr(life, name)}
    assert told == {"closed", "cancelled", "reworked"}


@pytest.mark.parametrize("hours", [1, 9, 30, 200])
def test_nothing_happens_after_now(hours: int) -> None:
    day = date(2024, 6, 3)
    now = datetime(2024, 6, 3, 9, tzinfo=TZ) + timedelta(hours=hours)
    for life in [*lives(past(now), day), *clue_lives(past(now), day - timedelta(days=4), 300, draw(2))]:
        assert max(instants(life)) <= now


def test_tasks_and_clues_are_spread_over_working_days_by_season_and_add_up() -> None:
    days = past().days
    counts = days.shares(10_000)
    assert sum(counts) == 10_000
    by_day = dict(zip(days.worked, counts, strict=True))
    assert date(2024, 10, 1) not in by_day  # National Day
    assert date(2024, 2, 4) in by_day  # a Sunday that makes up for the Spring Festival
    assert by_day[date(2024, 4, 16)] > 2 * by_day[date(2024, 2, 20)]
    assert sum(days.shares(3)) == 3


def test_the_season_of_annual_reports_brings_tasks_of_its_own() -> None:
    spring = [life.task.source for life in lives(past(), date(2024, 4, 8))]
    autumn = [life.task.source for life in lives(past(), date(2024, 9, 2))]
    assert "season" in spring
    assert "season" not in autumn


def test_remembered_deadlines_are_the_given_ones() -> None:
    plain = Deadlines(RULES, WorkCalendar(), TZ)
    quick = RememberedDeadlines(RULES, WorkCalendar(), TZ)
    begins = datetime(2024, 9, 25, 15, 30, tzinfo=UTC)
    for step in (Step.INSPECT, Step.DISPATCH):
        for hours in (0, 0.4, 0.6, 24):  # 16:00 UTC is the next day there
            started = begins + timedelta(hours=hours)
            assert quick.give(step, "a", started) == plain.give(step, "a", started)


def test_a_major_clue_is_called_about_and_the_others_are_routed() -> None:
    found = list(clue_lives(past(), date(2024, 9, 2), 500, draw(5)))
    kinds = {(life.case.severity, life.events[1].event) for life in found}
    assert kinds == {("general", "routed"), ("serious", "routed"), ("major", "dispatched")}


def test_what_the_public_reported_was_missed_if_the_rule_finds_nothing_that_a_patrol_had_found() -> None:
    places = [
        Place(f"P{n}", Premises("x", tiny.PATH_1, "G1", 118.0 + n % 40 * 0.0011, 24.6 + n // 40 * 0.0007))
        for n in range(600)
    ]
    town, patrols, dice = replace(past(), places=places), Patrols(places), draw("reports")
    reports, findings = [], []
    for day in town.days.worked[100:140]:
        tasks, clues = lives(town, day, 25), list(clue_lives(town, day, 4, draw("clues", day)))
        patrols.enter(tasks, clues)
        visits = (visit for life in tasks for visit in life.visits if visit.comes_to is Result.ABNORMAL)
        found: list[Any] = [*visits, *(life.fact for life in clues if not life.void)]
        findings += [Finding("x", fact.id, fact.at, fact.lon, fact.lat, fact.premises_id) for fact in found]
        reports += report_lives(town, patrols, day, 20, dice)
    judged = found_before([msgspec.convert(life.row, Report) for life in reports], findings)
    assert [life.row["report_id"] in judged for life in reports] == [not life.missed for life in reports]
    assert 0.1 < sum(life.missed for life in reports) / len(reports) < 0.9
    assert 0.6 < sum(life.valid for life in reports) / len(reports) < 0.9
