"""How each grid stands by one KPI: counted once in some minutes for all who colour the map by it."""

from collections.abc import Iterator

from dashboard import data
from dashboard.indicators import Indicator, on_strip
from dashboard.rest import Rested
from dashboard.ui.grid_rates import Figures, Rates
from db.connect import Scope

EVERY_TICKS = 150

_rates = Rested[Rates]()


def named(kpi: str | None) -> Indicator | None:
    """The KPI of that name, of those that the map can be coloured by."""
    return next((each for each in on_strip() if each.name == kpi), None)


def rates(scope: Scope, indicator: Indicator, tick: int) -> Rates:
    """As of `tick` or a little before. Raises psycopg.Error while the database is away."""
    return _rates.get((scope, indicator.name), tick - tick % EVERY_TICKS, lambda _: _count(scope, indicator))


def forget() -> None:
    """Drop what was counted, as a fresh start would."""
    _rates.forget()


def _count(scope: Scope, indicator: Indicator) -> Rates:
    return Rates(indicator, dict(_figures(scope, indicator)))


def _figures(scope: Scope, indicator: Indicator) -> Iterator[tuple[str, Figures]]:
    for level in data.read(scope, "read/grid_depths"):
        for row in data.read(scope, indicator.query, unit=scope.path, depth=level["depth"], at=None):
            yield row["path"], (row["numerator"], row["denominator"])
