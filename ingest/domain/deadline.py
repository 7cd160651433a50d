"""By when something is due: dated rules in working days or hours, and the lamp that a deadline shows.

A deadline is given once, by the rules in force when its step began; what the rules say later changes
nothing about it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from msgspec import Struct

from ingest.contract.errors import ConfigError
from ingest.domain.calendar import WorkCalendar


class Step(StrEnum):
    """What there is a deadline for, and where its time begins."""

    PUSH = "push"  # licence data known -> on a worker's list
    INSPECT = "inspect"  # on the list -> first visit
    RECTIFY = "rectify"  # found abnormal -> the trader has put it right, and is to be visited again
    RECHECK = "recheck"  # found abnormal -> visited again
    DEPARTMENT = "department"  # result pushed to the department -> its feedback
    CLUE = "clue"  # clue routed to the department -> disposed
    DISPATCH = "dispatch"  # a level is called about a major clue -> it answers, or the next one is called


class Whose(StrEnum):
    """Who says so, in rising order: the later stand before the earlier."""

    EVERYBODYS = "everybodys"
    MODULES = "modules"  # a supervision module's, of its category
    OWN = "own"  # the district's


_RANK = {whose: rank for rank, whose in enumerate(Whose)}


class DeadlineRule(Struct, frozen=True):
    """How long a step may take from `valid_from` on (a day of the district): working days, or hours."""

    step: Step
    valid_from: date
    category: str | None = None
    """None: every category that has no rule of its own."""
    working_days: int | None = None
    hours: float | None = None
    whose: Whose = Whose.EVERYBODYS

    def __post_init__(self) -> None:
        if (self.working_days is None) == (self.hours is None):
            raise ValueError("a deadline rule has either working_days or hours")


class Deadline(Struct, frozen=True):
    """An instant in UTC: by working days, the last second of the last of them in the district."""

    at: datetime
    provisional: bool = False
    """It reaches into a year whose holidays were not known when it was given."""
    working_days: int | None = None
    """As the rule had it; None for a rule in hours."""


@dataclass(frozen=True)
class Deadlines:
    """A district's rules and working days, as they are now."""

    rules: Sequence[DeadlineRule]
    calendar: WorkCalendar
    tz: ZoneInfo

    def rule(self, step: Step, category: str | None, started: datetime) -> DeadlineRule:
        """The rule for a step that begins at `started`: the district's own before its modules', these before
        everybody's, then one for the category before the general one, then the newest. Raises ConfigError
        if there is none.
        """
        day = _day(started, self.tz)
        fitting = [
            rule
            for rule in self.rules
            if rule.step == step and rule.category in (None, category) and rule.valid_from <= day
        ]
        if not fitting:
            raise ConfigError(f"no deadline rule for {step} on {day}")
        return max(fitting, key=lambda rule: (_RANK[rule.whose], rule.category is not None, rule.valid_from))

    def give(self, step: Step, category: str | None, started: datetime) -> Deadline:
        """The deadline of a step that begins at `started` (aware). Raises ConfigError without a rule."""
        rule = self.rule(step, category, started)
        if rule.hours is not None:
            return Deadline(started.astimezone(UTC) + timedelta(hours=rule.hours))
        assert rule.working_days is not None
        return self._count(rule.working_days, started)

    def settle(self, given: Deadline, started: datetime) -> Deadline:
        """A provisional deadline counted again, if all years that it reaches into are known by now; any
        other as it is. It keeps the working days that it was given with, whatever the rules say now.
        """
        if not given.provisional or given.working_days is None:
            return given
        again = self._count(given.working_days, started)
        return given if again.provisional else again

    def _count(self, working_days: int, started: datetime) -> Deadline:
        first = _day(started, self.tz)
        last = self.calendar.add_working_days(first, working_days)
        unknown = self.calendar.unknown_years(first, last)
        return Deadline(end_of_day(last, self.tz), bool(unknown), working_days)


def end_of_day(day: date, tz: ZoneInfo) -> datetime:
    """The last second of a day in the district, in UTC."""
    return datetime.combine(day, time(23, 59, 59), tz).astimezone(UTC)


def _day(at: datetime, tz: ZoneInfo) -> date:
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    return at.astimezone(tz).date()


class Lamp(StrEnum):
    """How a deadline stands."""

    GREEN = "green"
    YELLOW = "yellow"  # open, and four fifths of the allowed time are over
    RED = "red"  # late


def lamp(started: datetime, due: datetime, now: datetime, done: datetime | None = None) -> Lamp:
    """The lamp of what was begun at `started` and is due at `due`: as long as it is open, by `now`; once
    done, whether that was in time. The database's function of the same name says the same.
    """
    if (done or now) > due:
        return Lamp.RED
    if done is None and (now - started) * 5 >= (due - started) * 4:
        return Lamp.YELLOW
    return Lamp.GREEN
