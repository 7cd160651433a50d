"""Working days: the State Council's calendar, make-up Saturdays included, and local days laid over it.

The Council names next year's holidays each November, all at once. A year that nobody has named yet has
weekdays only, and `unknown_years` says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from chinese_calendar import holidays, workdays

_FREE, _MADE_UP = frozenset[date](holidays), frozenset[date](workdays)
_DAY = timedelta(days=1)

# The notice for a year also decides the days about New Year's Eve: it has moved nothing before 29 December.
_NEW_YEARS_EVE = timedelta(days=3)


@dataclass(frozen=True)
class WorkCalendar:
    """`overrides` tells of single days whether they are worked, whatever the published calendar says."""

    overrides: Mapping[date, bool] = field(default_factory=dict)
    _known: frozenset[int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        named = _FREE | {day for day, working in self.overrides.items() if not working}
        known = frozenset(day.year for day in named if (day.month, day.day) == (10, 1))
        object.__setattr__(self, "_known", known)

    def knows(self, year: int) -> bool:
        """Whether the year's holidays are known.

        They are when its National Day, 1 October, is named as a free day, by the published calendar or by
        `overrides`: so a year's notice can be entered by hand, and a single local day is not taken for one.
        """
        return year in self._known

    def is_working_day(self, day: date) -> bool:
        """Whether the day is worked: by weekday alone in a year that is not known."""
        if isinstance(day, datetime):
            raise TypeError("a day is wanted, not an instant: which day that is depends on the time zone")
        said = self.overrides.get(day)
        if said is not None:
            return said
        return day in _MADE_UP or (day.weekday() < 5 and day not in _FREE)

    def add_working_days(self, day: date, n: int) -> date:
        """The `n`th working day after `day`, which itself does not count; for 0, the first from `day` on.

        Raises ValueError for a negative `n`.
        """
        if n < 0:
            raise ValueError(f"{n} working days")
        while n or not self.is_working_day(day):
            day += _DAY
            n -= n > 0 and self.is_working_day(day)
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """How many working days lie after `first`, up to and with `last`; negative when `last` is earlier."""
        if last < first:
            return -self.working_days_between(last, first)
        return sum(self.is_working_day(first + n * _DAY) for n in range(1, (last - first).days + 1))

    def unknown_years(self, first: date, last: date) -> tuple[int, ...]:
        """The years, ascending, that decide about the days from `first` to `last` and are not known."""
        years = range(first.year, (last + _NEW_YEARS_EVE).year + 1)
        return tuple(year for year in years if not self.knows(year))
