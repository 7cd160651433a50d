"""A row's score in words and figures: a dash for what it has not."""

from typing import Any

from dashboard.report import figures
from dashboard.ui.i18n import name, say
from db.connect import Row

DASH = "—"


def word(lang: str, key: str, **params: object) -> str:
    """A word of the report."""
    return say(lang, f"month_report.{key}", **params)


def indicator_row(lang: str, part: Row) -> list[str]:
    """What an indicator said: items, done well, rate, adjusted, interval, and weight or why none."""
    weight = f"{part['weight']:g}"
    if part["n"] < part["minimum"]:
        weight = word(lang, "not_counted", minimum=f"{part['minimum']:,}")
    rates = [percent(part["rate"]), percent(part["adjusted"])]
    limits = DASH if part["low"] is None else f"{percent(part['low'])} – {percent(part['high'])}"
    title = word(lang, f"indicator_{part['indicator']}")
    return [title, f"{part['n']:,}", f"{part['k']:,}", *rates, limits, weight]


def standing(row: Row) -> list[Any]:
    """Points, the interval drawn, the place, and the change since the month before."""
    points = DASH if row["points"] is None else f"{row['points']:.1f}"
    return [points, figures.interval(row["points"], row["low"], row["high"]), place(row), change(row)]


def person(lang: str, row: Row) -> str:
    """A worker's name, and the number by which two of one name are told apart."""
    return f"{name(lang, row)} ({row['worker_id']})"


def place(row: Row) -> str:
    """'3–9 / 12': level with others."""
    if row["first"] is None:
        return DASH
    places = f"{row['first']}" if row["first"] == row["last"] else f"{row['first']}–{row['last']}"
    return f"{places} / {row['peers']}"


def between(row: Row) -> str:
    """From where to where the points may lie."""
    return DASH if row["low"] is None else f"{row['low']:.1f} – {row['high']:.1f}"


def change(row: Row) -> str:
    """By how many points it has changed since the month before."""
    if row["points"] is None or row["before"] is None:
        return DASH
    return f"{row['points'] - row['before']:+.1f}"


def rate_of(row: Row, indicator: str) -> str:
    """The plain rate of one indicator."""
    return percent(
        next((part["rate"] for part in row["parts"] or () if part["indicator"] == indicator), None)
    )


def rate(part: int, whole: int) -> str:
    """A part of a whole in percent."""
    return percent(part / whole if whole else None)


def percent(share: float | None) -> str:
    """A share of 0 to 1 in percent."""
    return DASH if share is None else f"{100 * share:.1f} %"
