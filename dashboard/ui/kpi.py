"""The strip of key figures; a rate always stands beside its numerator and denominator."""

from collections.abc import Iterable
from html import escape
from typing import NamedTuple

from dashboard.indicators import Indicator
from dashboard.ui import theme
from dashboard.ui.i18n import say
from db.connect import Row

Rate = tuple[Indicator, Row]


class Card(NamedTuple):
    """One figure: a title, the value and what it is out of, and a line of HTML below."""

    title: str
    value: str
    note: str
    colour: str
    out_of: str = ""
    hint: str = ""


def percent(numerator: int, denominator: int) -> str:
    """'93.4%'; a dash when there is nothing to divide by."""
    return f"{100 * numerator / denominator:.1f}%" if denominator else "—"


def strip(lang: str, counts: Row, rates: Iterable[Rate]) -> str:
    """The strip as HTML, from the row of ``read/counts`` and each KPI's row for the whole scope."""
    row = [
        _workers(lang, counts),
        _due_today(lang, counts),
        *(_rate(lang, indicator, row) for indicator, row in rates),
        _alerts(lang, counts),
        _devices(lang, counts),
    ]
    return cards(row)


def cards(row: Iterable[Card]) -> str:
    """Cards side by side, as HTML."""
    return f'<div class="gw gw-strip">{"".join(_card(card) for card in row)}</div>'


def _workers(lang: str, counts: Row) -> Card:
    note = say(lang, "kpi.on_duty_note", online=f"{counts['workers_online']:,}")
    title, value = say(lang, "kpi.on_duty"), f"{counts['on_duty']:,}"
    return Card(title, value, escape(note), theme.GREEN, out_of=f"{counts['workers']:,}")


def _due_today(lang: str, counts: Row) -> Card:
    done, rectifying = f"{counts['due_today_done']:,}", f"{counts['due_today_rectifying']:,}"
    note = say(lang, "kpi.due_today_note", done=done, rectifying=rectifying)
    return Card(say(lang, "kpi.due_today"), f"{counts['due_today']:,}", escape(note), theme.BLUE)


def _rate(lang: str, indicator: Indicator, row: Row) -> Card:
    numerator, denominator = row.get("numerator", 0), row.get("denominator", 0)
    note = say(
        lang,
        "kpi.rate_note",
        numerator_name=indicator.numerator[lang],
        numerator=f"{numerator:,}",
        denominator_name=indicator.denominator[lang],
        denominator=f"{denominator:,}",
    )
    hint = say(lang, "kpi.formula", version=indicator.version)
    value = percent(numerator, denominator)
    return Card(indicator.title[lang], value, escape(note), theme.GREEN, hint=hint)


def _alerts(lang: str, counts: Row) -> Card:
    lamps = "".join(
        f'<span style="--c:{colour}"><i class="gw-lamp"></i>'
        f"{escape(say(lang, f'severity.{severity}'))} {counts[severity]:,}</span>"
        for severity, colour in theme.SEVERITY.items()
    )
    worst = next((colour for severity, colour in theme.SEVERITY.items() if counts[severity]), theme.GREEN)
    note = f'<div class="gw-legend">{lamps}</div>'
    return Card(say(lang, "kpi.alerts"), f"{counts['alerts']:,}", note, worst)


def _devices(lang: str, counts: Row) -> Card:
    online, devices = counts["devices_online"], counts["devices"]
    note = say(lang, "kpi.devices_note", offline=f"{devices - online:,}")
    return Card(say(lang, "kpi.devices"), f"{online:,}", escape(note), theme.BLUE, out_of=f"{devices:,}")


def _card(card: Card) -> str:
    out_of = f"<small>/ {card.out_of}</small>" if card.out_of else ""
    hint = f"<small>{escape(card.hint)}</small>" if card.hint else ""
    return (
        f'<div class="gw-card" style="--c:{card.colour}"><header>{escape(card.title)}{hint}</header>'
        f'<div class="gw-value">{card.value}{out_of}</div><div class="gw-note">{card.note}</div></div>'
    )
