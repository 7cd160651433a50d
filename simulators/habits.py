"""How people work through two years: who is quick, who finds what, which season brings how much."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ingest.domain.calendar import WorkCalendar
from simulators.chance import draw

ANNUAL_REPORTS = range(3, 7)
"""The months in which premises that have not filed are visited besides."""

_TASKS = (0.8, 0.55, 1.5, 1.6, 1.6, 1.4, 0.9, 0.9, 1.0, 0.8, 0.8, 0.85)
_DELAY = (1.0, 1.5, 1.2, 1.2, 1.2, 1.2, 1.1, 1.1, 1.0, 1.0, 0.9, 0.9)
"""By month: how many tasks and clues there are, and how long they wait, beside the average."""

_HOURS = (9 * 60, 17 * 60 + 30)
_SPARE_DAYS = 200  # beyond the last day, for what is still to come


class Habits(NamedTuple):
    """One worker's, or one department's."""

    delay_days: float
    """Working days that something waits, on average."""
    forgets: float
    """The share of what is never done."""
    finds: float
    """The share of visits that find something."""
    tells: float
    """The share of orders that the phone acknowledges."""


@cache
def of_worker(seed: int, worker_id: str) -> Habits:
    """Most are quick; one in twenty forgets."""
    dice = draw(seed, "worker", worker_id)
    forgets = dice.uniform(0.005, 0.03) if dice.random() < 0.05 else 0.0
    return Habits(dice.lognormvariate(0.9, 0.4), forgets, dice.betavariate(2, 28), dice.uniform(0.3, 1))


@cache
def of_department(seed: int, department_id: str) -> Habits:
    """Departments follow up within some days; hardly anything is left lying for good."""
    dice = draw(seed, "department", department_id)
    return Habits(dice.uniform(2.1, 3.7), 0.0005, 0.0, 1.0)


class Days:
    """The working days from `first` to `last` (both included) and beyond, in a district's time."""

    def __init__(self, first: date, last: date, calendar: WorkCalendar, tz: ZoneInfo) -> None:
        span = (last - first).days + 1 + _SPARE_DAYS
        every = [first + timedelta(days=n) for n in range(span)]
        self._days = [day for day in every if calendar.is_working_day(day)]
        self._tz = tz
        self.worked = self._days[: bisect_right(self._days, last)]

    def shares(self, total: int) -> list[int]:
        """How many of `total` fall on each day of `worked`, by season; they add up to `total`."""
        weights = [_TASKS[day.month - 1] for day in self.worked]
        whole, done, so_far = sum(weights), 0, 0.0
        counts = []
        for weight in weights:
            so_far += weight
            counts.append(round(total * so_far / whole) - done)
            done += counts[-1]
        return counts

    def begin(self, day: date, dice: Random) -> datetime:
        """An instant at the beginning of the day's work, when lists are pushed."""
        return datetime.combine(day, time(8, 0), self._tz) + timedelta(seconds=dice.randrange(1800))

    def later(self, after: datetime, delay_days: float, dice: Random) -> datetime:
        """An instant in working hours, about `delay_days` working days after `after`."""
        day = after.astimezone(self._tz).date()
        wait = dice.expovariate(1 / delay_days) * _DELAY[day.month - 1]
        return self._on(self._at(day) + int(wait), after, dice)

    def after(self, when: datetime, working_days: int, dice: Random) -> datetime:
        """An instant in working hours of the `working_days`th working day from the day of `when` on."""
        return self._on(self._at(when.astimezone(self._tz).date()) + working_days, when, dice)

    def _at(self, day: date) -> int:
        return bisect_left(self._days, day)

    def _on(self, index: int, after: datetime, dice: Random) -> datetime:
        day = self._days[min(index, len(self._days) - 1)]
        at = datetime.combine(day, time(0), self._tz) + timedelta(
            minutes=dice.randint(*_HOURS), seconds=dice.randrange(60)
        )
        return at if at > after else after + timedelta(minutes=dice.randint(5, 90))


def pick(dice: Random, shares: Mapping[str, float]) -> str:
    """One of the names, each as often as its share says; the shares add up to one."""
    return dice.choices(list(shares), list(shares.values()))[0]
