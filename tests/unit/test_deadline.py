"""Deadlines: which rule counts, until when, and that what was given stays given."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.contract.errors import ConfigError
from ingest.domain.calendar import WorkCalendar
from ingest.domain.deadline import Deadline, DeadlineRule, Deadlines, Step, Whose

SHANGHAI = ZoneInfo("Asia/Shanghai")
EVER = date(2000, 1, 1)
EVERYBODYS = (
    DeadlineRule(Step.PUSH, EVER, working_days=5),
    DeadlineRule(Step.INSPECT, EVER, working_days=10),
    DeadlineRule(Step.DISPATCH, EVER, hours=0.5),
)
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # nine in the morning there


def deadlines(
    *rules: DeadlineRule, calendar: WorkCalendar | None = None, tz: ZoneInfo = SHANGHAI
) -> Deadlines:
    return Deadlines(EVERYBODYS + rules, calendar or WorkCalendar(), tz)


def inspect(
    days: int, valid_from: date = EVER, category: str | None = None, own: bool = True
) -> DeadlineRule:
    whose = Whose.OWN if own else Whose.EVERYBODYS
    return DeadlineRule(Step.INSPECT, valid_from, category, working_days=days, whose=whose)


def days(book: Deadlines, category: str | None = None, started: datetime = MONDAY) -> int | None:
    return book.give(Step.INSPECT, category, started).working_days


def test_it_ends_with_the_last_second_of_the_working_day_there():
    given = deadlines().give(Step.INSPECT, "annual_report", MONDAY)
    assert given == Deadline(datetime(2026, 3, 16, 15, 59, 59, tzinfo=UTC), False, 10)
    assert given.at.tzinfo is UTC


def test_the_day_of_the_start_is_the_districts_own():
    late = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)  # midnight to Tuesday in Shanghai, noon in New York
    assert deadlines().give(Step.PUSH, None, late).at == datetime(2026, 3, 10, 15, 59, 59, tzinfo=UTC)
    there = deadlines(tz=ZoneInfo("America/New_York")).give(Step.PUSH, None, late)
    assert there.at == datetime(2026, 3, 10, 3, 59, 59, tzinfo=UTC)  # summer time has begun by then


def test_hours_are_counted_from_the_instant_and_know_no_holidays():
    eve = datetime(2026, 9, 30, 15, 45, tzinfo=UTC)
    assert deadlines().give(Step.DISPATCH, None, eve) == Deadline(eve + timedelta(minutes=30))


def test_a_rule_for_the_category_stands_before_the_general_one():
    newer = inspect(8, date(2026, 3, 1), own=False)
    assert days(deadlines(inspect(3, category="lift", own=False), newer), "lift") == 3
    book = deadlines(inspect(3, category="lift", own=False))
    assert days(book, "lift") == 3
    assert days(book, "food") == 10
    assert days(book) == 10


def test_a_districts_own_rule_stands_before_everybodys_even_for_a_category():
    book = deadlines(inspect(7), inspect(3, category="lift", own=False), inspect(4, category="food"))
    assert (days(book, "lift"), days(book, "food"), days(book)) == (7, 4, 7)


def test_a_modules_rule_stands_before_everybodys_even_a_newer_one_and_after_every_one_of_the_district():
    of_module = DeadlineRule(Step.INSPECT, EVER, "lift", working_days=2, whose=Whose.MODULES)
    newer = inspect(3, date(2026, 3, 1), category="lift", own=False)
    assert (days(deadlines(of_module, newer), "lift"), days(deadlines(of_module, newer), "food")) == (2, 10)
    assert days(deadlines(of_module, inspect(7)), "lift") == 7


def test_a_rule_counts_from_its_day_on_there_and_the_newest_one_wins():
    book = deadlines(inspect(7, date(2026, 3, 3)), inspect(6, date(2026, 3, 5)))
    last_second = datetime(2026, 3, 2, 15, 59, 59, tzinfo=UTC)
    assert days(book, started=last_second) == 10
    assert days(book, started=last_second + timedelta(seconds=1)) == 7
    assert days(book, started=last_second + timedelta(days=2)) == 7
    assert days(book, started=last_second + timedelta(days=3)) == 6


def test_without_a_rule_the_step_is_named():
    with pytest.raises(ConfigError, match="no deadline rule for recheck on 2026-03-02"):
        deadlines().give(Step.RECHECK, None, MONDAY)


def test_a_rule_has_days_or_hours_and_an_instant_has_a_time_zone():
    for wrong in ({}, {"working_days": 1, "hours": 2.0}):
        with pytest.raises(ValueError, match="either working_days or hours"):
            DeadlineRule(Step.PUSH, EVER, **wrong)
    with pytest.raises(ValueError, match="no time zone"):
        deadlines().give(Step.PUSH, None, MONDAY.replace(tzinfo=None))


# First the notice for 2061 is known, then the one for 2062 as well, with a free day after New Year's.
OLD = WorkCalendar({date(2061, 10, 1): False})
NEW = WorkCalendar({**OLD.overrides, date(2062, 1, 2): False, date(2062, 10, 1): False})
DECEMBER = datetime(2061, 12, 19, 1, 0, tzinfo=UTC)  # a Monday


def test_a_deadline_that_reaches_into_an_unknown_year_is_provisional():
    given = deadlines(calendar=OLD).give(Step.INSPECT, None, DECEMBER)
    assert given == Deadline(datetime(2062, 1, 2, 15, 59, 59, tzinfo=UTC), True, 10)
    assert not deadlines(calendar=OLD).give(Step.PUSH, None, DECEMBER).provisional  # 26 December
    assert deadlines(calendar=OLD).give(Step.PUSH, None, DECEMBER + timedelta(days=3)).provisional  # the 29th


def test_it_is_settled_once_the_year_is_known_and_not_before():
    given = deadlines(calendar=OLD).give(Step.INSPECT, None, DECEMBER)
    more = WorkCalendar({**OLD.overrides, date(2062, 1, 2): False})
    assert deadlines(calendar=more).settle(given, DECEMBER) == given
    settled = deadlines(calendar=NEW).settle(given, DECEMBER)
    assert settled == Deadline(datetime(2062, 1, 3, 15, 59, 59, tzinfo=UTC), False, 10)
    typhoon = WorkCalendar({**NEW.overrides, date(2062, 1, 3): False})
    assert deadlines(calendar=typhoon).settle(settled, DECEMBER) == settled


def test_a_change_of_the_rules_moves_no_deadline_already_given():
    changed = (inspect(2), inspect(1, date(2061, 12, 19)))
    given = deadlines().give(Step.INSPECT, None, MONDAY)
    assert deadlines(*changed).settle(given, MONDAY) == given
    provisional = deadlines(calendar=OLD).give(Step.INSPECT, None, DECEMBER)
    assert deadlines(*changed, calendar=OLD).settle(provisional, DECEMBER) == provisional
    assert deadlines(*changed, calendar=NEW).settle(provisional, DECEMBER).working_days == 10
    assert deadlines(*changed, calendar=NEW).give(Step.INSPECT, None, DECEMBER).working_days == 1


INSTANTS = st.integers(0, 40 * 365 * 86_400).map(
    lambda s: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=s)
)
ZONES = st.sampled_from(["Asia/Shanghai", "UTC", "America/New_York", "Pacific/Auckland"]).map(ZoneInfo)


@given(INSTANTS, ZONES, st.sampled_from([Step.PUSH, Step.INSPECT, Step.DISPATCH]))
def test_every_deadline_lies_after_its_start_and_settling_it_again_changes_nothing(started, tz, step):
    book = deadlines(tz=tz)
    given = book.give(step, None, started)
    assert given.at > started
    assert book.settle(given, started) == given
    if given.working_days is not None:
        last = given.at.astimezone(tz)
        assert (last.hour, last.minute, last.second) == (23, 59, 59)
        assert book.calendar.is_working_day(last.date())
        assert book.calendar.working_days_between(started.astimezone(tz).date(), last.date()) == (
            given.working_days
        )
