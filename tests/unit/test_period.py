"""The periods over which work is evaluated."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.domain.period import Period, Span, period_of, periods_of

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("span", "begins", "ends"),
    [
        (Span.DAY, date(2026, 11, 28), date(2026, 11, 29)),
        (Span.WEEK, date(2026, 11, 23), date(2026, 11, 30)),
        (Span.MONTH, date(2026, 11, 1), date(2026, 12, 1)),
        (Span.SEASON, date(2026, 10, 1), date(2027, 1, 1)),
    ],
)
def test_a_saturday_in_november_lies_in_these(span: Span, begins: date, ends: date) -> None:
    period = period_of(date(2026, 11, 28), span)
    assert (period, period.ends) == (Period(span, begins), ends)


@given(DAYS)
def test_a_day_lies_in_one_of_each_kind_which_follow_one_another_without_a_gap(day: date) -> None:
    for period in periods_of(day):
        assert period.begins <= day < period.ends
        assert period_of(period.ends, period.span).begins == period.ends
        assert period_of(period.ends - timedelta(days=1), period.span) == period
