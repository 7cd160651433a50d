"""What the page of the indicators needs to know of a kind of figure, a rate or a time."""

from collections.abc import Callable
from typing import Any, NamedTuple

from dashboard.filters import Params, Pills
from dashboard.ui.kpi import Card
from dashboard.ui.tables import Column
from db.connect import Row


class Figures(NamedTuple):
    """How figures of one kind are shown, told apart, and opened."""

    sides: Pills
    """The members that count, then the others."""
    cards: Callable[[str, Any, list[Row], list[Row], str], list[Card]]
    """From the language, the indicator, its rows over the period (as one, and by category), and its change
    since the base year as HTML."""
    category: Callable[[str, Row], str]
    """What a category is called, from a row told apart by it."""
    columns: Callable[[Any], tuple[Column, ...]]
    """Of the list of an indicator's members."""

    def counts(self, chosen: Params) -> bool | None:
        """Whether those that count are asked for, or the others; None: both."""
        sides = chosen[self.sides.param]
        return sides == [self.sides.codes[0]] if sides and len(sides) == 1 else None
