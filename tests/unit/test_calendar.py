"""Working days as the State Council named them, as a district changes them, and when nobody knows."""

from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.domain.calendar import WorkCalendar

PUBLISHED = WorkCalendar()
UNKNOWN = 2061
"""A year that no release of the published calendar will know while this test lives."""

DAYS = st.dates(date(2004, 1, 1), date(2070, 1, 1))
COUNTS = st.integers(0, 60)
CALENDARS = st.dictionaries(DAYS, st.booleans(), max_size=40).map(WorkCalendar)


@st.composite
def crowded(draw: st.DrawFn) -> tuple[WorkCalendar, date]:
    """A day, and a calendar with overrides close by: far apart they would hardly ever meet."""
    day = draw(DAYS)
    near = st.integers(-5, 40).map(lambda n: day + timedelta(days=n))
    return WorkCalendar(draw(st.dictionaries(near, st.booleans(), max_size=30))), day


def test_national_day_is_a_free_week_and_its_saturday_is_made_up():
    week = [date(2026, 10, day) for day in range(1, 8)]
    assert not any(PUBLISHED.is_working_day(day) for day in week)
    assert PUBLISHED.is_working_day(date(2026, 10, 8))
    assert PUBLISHED.is_working_day(date(2026, 10, 10))  # a Saturday
    assert not PUBLISHED.is_working_day(date(2026, 10, 11))


@pytest.mark.parametrize(
    ("day", "n", "lands"),
    [
        (date(2026, 3, 2), 5, date(2026, 3, 9)),  # an ordinary Monday
        (date(2026, 3, 7), 1, date(2026, 3, 9)),  # from a Saturday
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # over the National Day week
        (date(2026, 9, 30), 3, date(2026, 10, 10)),  # onto the Saturday that makes up for it
        (date(2026, 9, 30), 10, date(2026, 10, 20)),
        (date(2026, 2, 13), 5, date(2026, 2, 27)),  # a Saturday worked, then nine days of Spring Festival
        (date(2026, 3, 2), 0, date(2026, 3, 2)),
        (date(2026, 3, 7), 0, date(2026, 3, 9)),
    ],
)
def test_the_day_of_the_start_does_not_count(day, n, lands):
    assert PUBLISHED.add_working_days(day, n) == lands


def test_a_district_may_work_on_a_free_day_and_rest_on_a_working_day():
    typhoon, sunday = date(2026, 8, 19), date(2026, 8, 23)
    local = WorkCalendar({typhoon: False, sunday: True})
    assert PUBLISHED.is_working_day(typhoon)
    assert not local.is_working_day(typhoon)
    assert local.is_working_day(sunday)
    assert PUBLISHED.add_working_days(date(2026, 8, 18), 1) == typhoon
    assert local.add_working_days(date(2026, 8, 18), 1) == date(2026, 8, 20)
    assert local.add_working_days(date(2026, 8, 21), 1) == sunday


def test_an_unknown_year_has_weekdays_only_and_is_said():
    assert not PUBLISHED.knows(UNKNOWN)
    assert PUBLISHED.is_working_day(date(UNKNOWN, 10, 3))  # a Monday, National Day or not
    assert not PUBLISHED.is_working_day(date(UNKNOWN, 10, 8))
    assert PUBLISHED.unknown_years(date(UNKNOWN, 3, 1), date(UNKNOWN, 3, 9)) == (UNKNOWN,)
    assert PUBLISHED.unknown_years(date(2026, 3, 1), date(2026, 12, 28)) == ()


def test_a_notice_entered_by_hand_makes_its_year_known_and_a_single_local_day_does_not():
    assert not WorkCalendar({date(UNKNOWN, 8, 1): False}).knows(UNKNOWN)
    assert not WorkCalendar({date(UNKNOWN, 10, 1): True}).knows(UNKNOWN)
    entered = WorkCalendar({date(UNKNOWN, 10, 1): False, date(UNKNOWN, 10, 3): False})
    assert entered.knows(UNKNOWN)
    assert not entered.knows(UNKNOWN + 1)
    assert entered.unknown_years(date(UNKNOWN, 3, 1), date(UNKNOWN, 3, 9)) == ()


def test_the_last_days_of_a_year_are_known_with_the_next_years_notice():
    this = WorkCalendar({date(UNKNOWN, 10, 1): False})
    assert this.unknown_years(date(UNKNOWN, 12, 1), date(UNKNOWN, 12, 28)) == ()
    assert this.unknown_years(date(UNKNOWN, 12, 1), date(UNKNOWN, 12, 29)) == (UNKNOWN + 1,)
    both = WorkCalendar({**this.overrides, date(UNKNOWN + 1, 10, 1): False})
    assert both.unknown_years(date(UNKNOWN, 12, 1), date(UNKNOWN + 1, 1, 9)) == ()


def test_no_notice_has_ever_moved_a_day_of_december_before_the_29th():
    moved = [day for day in (*chinese_calendar.holidays, *chinese_calendar.workdays) if day.month == 12]
    assert min(day.day for day in moved) == 29


@pytest.mark.parametrize("year", range(2004, 2027))
def test_every_day_of_a_published_year_is_as_the_library_says(year):
    assert PUBLISHED.knows(year)
    days = chinese_calendar.get_dates(date(year, 1, 1), date(year, 12, 31))
    assert [day for day in days if PUBLISHED.is_working_day(day) != chinese_calendar.is_workday(day)] == []


@given(crowded(), COUNTS)
def test_the_nth_working_day_is_worked_and_is_the_nth(near, n):
    calendar, day = near
    lands = calendar.add_working_days(day, n)
    assert calendar.is_working_day(lands)
    assert lands >= day
    if n:
        assert calendar.working_days_between(day, lands) == n
        assert calendar.working_days_between(lands, day) == -n


@given(crowded(), COUNTS, st.integers(0, 30))
def test_a_later_start_or_more_days_never_end_earlier(near, n, later):
    calendar, day = near
    lands = calendar.add_working_days(day, n)
    assert calendar.add_working_days(day + timedelta(days=later), n) >= lands
    assert calendar.add_working_days(day, n + 2) > calendar.add_working_days(day, n + 1) >= lands


@given(crowded(), COUNTS, COUNTS)
def test_counting_in_two_pieces_is_counting_in_one(near, n, m):
    calendar, day = near
    middle = calendar.add_working_days(day, n + 1)
    assert calendar.add_working_days(middle, m) == calendar.add_working_days(day, n + 1 + m)


@given(CALENDARS, DAYS, DAYS, DAYS)
def test_working_days_between_add_up(calendar, first, middle, last):
    whole = calendar.working_days_between(first, last)
    assert whole == calendar.working_days_between(first, middle) + calendar.working_days_between(middle, last)


def test_an_instant_is_no_day_and_days_are_not_counted_backwards():
    with pytest.raises(TypeError, match="depends on the time zone"):
        PUBLISHED.add_working_days(datetime(2026, 3, 2, tzinfo=UTC), 1)
    with pytest.raises(ValueError, match="-1 working days"):
        PUBLISHED.add_working_days(date(2026, 3, 2), -1)
