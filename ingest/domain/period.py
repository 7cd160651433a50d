"""The periods over which work is evaluated, in days of a district."""

from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct


class Span(StrEnum):
    """How long a period is: a day, a week from Monday on, a month, a season (季度) of three."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    SEASON = "season"


class Period(Struct, frozen=True, order=True):
    """From its first day on."""

    span: Span
    begins: date

    @property
    def ends(self) -> date:
        """The first day after it."""
        match self.span:
            case Span.DAY:
                return self.begins + timedelta(days=1)
            case Span.WEEK:
                return self.begins + timedelta(days=7)
            case Span.MONTH:
                return _months_later(self.begins, 1)
            case Span.SEASON:
                return _months_later(self.begins, 3)


def period_of(day: date, span: Span) -> Period:
    """The one of that length in which the day lies."""
    match span:
        case Span.DAY:
            return Period(span, day)
        case Span.WEEK:
            return Period(span, day - timedelta(days=day.weekday()))
        case Span.MONTH:
            return Period(span, day.replace(day=1))
        case Span.SEASON:
            return Period(span, date(day.year, day.month - (day.month - 1) % 3, 1))


def periods_of(day: date) -> list[Period]:
    """All four in which the day lies, the shortest first."""
    return [period_of(day, span) for span in Span]


def _months_later(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)
