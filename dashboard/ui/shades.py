"""A sequential scale for areas and cells, and its legend in figures.

Five steps from blue to yellow, each lighter than the one before: who takes red for green can tell them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from itertools import pairwise

SHADES = ("#2b4c9b", "#3a86a8", "#5fb89a", "#b4d565", "#fff066")
NONE = "#3a4656"
"""Of what has no figure."""


@dataclass(frozen=True, slots=True)
class Scale:
    """From `least` to `most`, which are the same where there is but one value."""

    least: float
    most: float

    def shade(self, value: float | None) -> str:
        """The colour of a value, ``#rrggbb``; grey of none."""
        if value is None:
            return NONE
        span = self.most - self.least
        step = int((value - self.least) / span * len(SHADES)) if span > 0 else len(SHADES) - 1
        return SHADES[max(0, min(step, len(SHADES) - 1))]

    def edges(self) -> list[float]:
        """Where one step ends and the next begins, from the least to the most."""
        step = (self.most - self.least) / len(SHADES)
        return [self.least + step * number for number in range(len(SHADES) + 1)]


def scale(values: Iterable[float]) -> Scale | None:
    """The scale that holds all values; None of none."""
    told = list(values)
    return Scale(min(told), max(told)) if told else None


def legend(title: str, known: Scale | None, figure: Callable[[float], str], unknown: str = "") -> str:
    """The scale as HTML: a box for each step with the figures that it lies between, and one of the grey that
    means `unknown` where there is such a thing."""
    boxes = [_box(NONE, unknown)] if unknown else []
    if known is not None:
        steps = list(zip(SHADES, pairwise(known.edges()), strict=True)) if known.most > known.least else []
        boxes += [_box(shade, f"{figure(low)}–{figure(high)}") for shade, (low, high) in steps]
        boxes += [] if steps else [_box(SHADES[-1], figure(known.most))]
    rows = "".join(f"<li>{box}</li>" for box in reversed(boxes))
    return f'<div class="gw gw-scale"><b>{escape(title)}</b><ul>{rows}</ul></div>'


def _box(shade: str, text: str) -> str:
    return f'<i style="--c:{shade}"></i><span>{escape(text)}</span>'
