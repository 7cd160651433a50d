"""What past lives are made of: a district with its premises, its days, and how it was when they ended."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from ingest.domain.deadline import Deadline, Deadlines, Step
from ingest.domain.roster import Premises, Roster
from simulators.habits import Days


class Place(NamedTuple):
    """Premises by id, in a worker's grid; `words` are those of their registration."""

    premises_id: str
    premises: Premises
    words: str = ""


class Category(NamedTuple):
    """A category of tasks, its checklist, and whether it belongs to the annual reports."""

    code: str
    items: list[str]
    seasonal: bool


@dataclass(frozen=True)
class Past:
    """Nothing that would happen after `now` has happened; the same seed gives the same lives."""

    roster: Roster
    places: Sequence[Place]
    days: Days
    now: datetime
    seed: int = 1


@dataclass(frozen=True)
class RememberedDeadlines(Deadlines):
    """The same deadlines: those in working days are alike for all that begins on one day."""

    _given: dict[tuple[Step, str | None, date], Deadline] = field(default_factory=dict, compare=False)

    def give(self, step: Step, category: str | None, started: datetime) -> Deadline:
        key = (step, category, started.astimezone(self.tz).date())
        if key not in self._given:
            due = super().give(step, category, started)
            if due.working_days is None:
                return due
            self._given[key] = due
        return self._given[key]
