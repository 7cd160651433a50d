"""How the grids stand by one KPI: what colours them, and what is said of one."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.indicators import Indicator
from dashboard.ui import shades
from dashboard.ui.i18n import say
from dashboard.ui.kpi import percent
from dashboard.ui.shades import Scale

Figures = tuple[int, int]
"""Numerator and denominator."""


@dataclass(frozen=True, slots=True)
class Rates:
    """The figures of each grid by its path, and the scale that holds the rates in percent."""

    indicator: Indicator
    figures: Mapping[str, Figures]

    @property
    def scale(self) -> Scale | None:
        return shades.scale(rate for rate in map(self.percent, self.figures) if rate is not None)

    def percent(self, path: str) -> float | None:
        """None where there is nothing to divide by."""
        numerator, denominator = self.figures.get(path, (0, 0))
        return 100 * numerator / denominator if denominator else None

    def told(self, lang: str, path: str) -> str:
        """A grid's rate with its two figures, said."""
        numerator, denominator = self.figures.get(path, (0, 0))
        said = {"rate": percent(numerator, denominator), "n": f"{numerator:,}", "of": f"{denominator:,}"}
        return say(lang, "map.rate", **said)


def legend(lang: str, rates: Rates) -> str:
    """The scale in figures, as HTML."""
    title = rates.indicator.title[lang]
    return shades.legend(title, rates.scale, lambda rate: f"{rate:.0f}%", say(lang, "map.no_rate"))
