"""How the page of the indicators shows a rate: its two figures, and its change since the base year."""

from dashboard.figures import Figures
from dashboard.filters import Pills
from dashboard.indicators import Indicator
from dashboard.members import SIDES, columns
from dashboard.ui import kpi, theme
from dashboard.ui.i18n import name, say, words
from dashboard.ui.kpi import Card
from db.connect import Row


def total(rows: list[Row]) -> tuple[int, int]:
    """Numerator and denominator of the rows together."""
    part, of_all = (sum(row[key] for row in rows) for key in ("numerator", "denominator"))
    return part, of_all


def _cards(lang: str, indicator: Indicator, whole: list[Row], parts: list[Row], change: str) -> list[Card]:
    part, of_all = total(whole)
    formula = say(lang, "kpi.formula", formula=indicator.formula, version=indicator.version)
    rate = kpi.percent(part, of_all)
    note = f"{indicator.numerator[lang]} / {indicator.denominator[lang]}"
    return [
        Card(indicator.title[lang], rate, note, theme.GREEN, hint=formula, trend=change),
        Card(indicator.numerator[lang], f"{part:,}", say(lang, "kpi.is_numerator"), theme.BLUE),
        Card(say(lang, "side.rest"), f"{of_all - part:,}", say(lang, "kpi.is_rest"), theme.AMBER),
        Card(indicator.denominator[lang], f"{of_all:,}", say(lang, "kpi.is_denominator"), theme.BLUE),
    ]


def _category(lang: str, row: Row) -> str:
    """Of tasks it has a name, a rule has its word, a kind of clue is one."""
    key = f"rule.{row['key']}"
    return name(lang, row) if row["name"] else say(lang, key) if key in words(lang) else row["key"]


RATES = Figures(Pills("sides", "side", SIDES), _cards, _category, columns)
