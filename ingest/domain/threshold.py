"""Thresholds: what a rule declares, and the dated rows that say otherwise for a district.

A value holds from its row's instant on, until a newer one does; without a row it is the declared default.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct


class Unit(StrEnum):
    """What a value counts."""

    SECONDS = "seconds"
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    METRES = "metres"
    PERCENT = "percent"
    COUNT = "count"


_SPANS = {
    Unit.SECONDS: timedelta(seconds=1),
    Unit.MINUTES: timedelta(minutes=1),
    Unit.HOURS: timedelta(hours=1),
    Unit.DAYS: timedelta(days=1),
}


class Parameter(Struct, frozen=True):
    """One number of a rule: ``left_grid.minutes``, what it is by itself, and between which it must lie."""

    name: str
    default: float
    unit: Unit
    low: float
    high: float

    @property
    def rule(self) -> str:
        return self.name.partition(".")[0]

    @property
    def short(self) -> str:
        """Its name within the rule."""
        return self.name.partition(".")[2]

    def takes(self, value: float) -> bool:
        """Whether a row may have this value: within the bounds, and whole where things are counted."""
        return self.low <= value <= self.high and (self.unit is not Unit.COUNT or value % 1 == 0)


class ThresholdRow(Struct, frozen=True):
    """A value that holds from an instant on; `own`: the district's, else everybody's."""

    name: str
    value: float
    unit: str
    valid_from: datetime
    own: bool = False


class Thresholds:
    """A district's rows as they are now, those of the future among them."""

    def __init__(self, rows: Iterable[ThresholdRow] = ()) -> None:
        self._rows: dict[str, list[ThresholdRow]] = defaultdict(list)
        for row in rows:
            self._rows[row.name].append(row)

    def value(self, parameter: Parameter, at: datetime) -> float:
        """What holds at `at`: the district's own newest row before everybody's newest, else the default.

        A row that the parameter does not take, or that is in another unit, was written for a rule that has
        changed since: it is passed over.
        """
        holding = [
            row
            for row in self._rows.get(parameter.name, ())
            if row.valid_from <= at and row.unit == parameter.unit and parameter.takes(row.value)
        ]
        newest = max(holding, key=lambda row: (row.own, row.valid_from), default=None)
        value = newest.value if newest else parameter.default
        return int(value) if value % 1 == 0 else value  # people read it: 5, not 5.0

    def span(self, parameter: Parameter, at: datetime) -> timedelta:
        """The same of a parameter that is a time."""
        return self.value(parameter, at) * _SPANS[parameter.unit]

    def changed(self, rule: str, after: datetime, until: datetime) -> bool:
        """Whether a row of the rule began to hold in (`after`, `until`]."""
        return any(
            after < row.valid_from <= until
            for name, rows in self._rows.items()
            if name.partition(".")[0] == rule
            for row in rows
        )
