"""The strip of key figures; a rate always stands beside its numerator and denominator."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import NamedTuple
from urllib.parse import urlencode

from dashboard.indicators import Indicator, points_between
from dashboard.ui import spark, theme
from dashboard.ui.i18n import say
from dashboard.ui.spark import Day
from db.connect import Row

Rate = tuple[Indicator, Row]
_LONG = 13
"""More characters than this, those of the value being two each, are written smaller."""
Trends = Mapping[str, Day]


class Card(NamedTuple):
    """One figure: a title, the value and what it is out of, its trend and a line below, both HTML."""

    title: str
    value: str
    note: str
    colour: str
    out_of: str = ""
    hint: str = ""
    trend: str = ""
    link: str = ""
    """Where the tasks behind the value are: the address of a page, relative to the screen's."""


def behind(lang: str, kpi: str, **asked: str) -> str:
    """The address of the tasks behind a KPI's figures: of all that the viewer sees, or of a `unit` or
    `category`."""
    return "kpi?" + urlencode({"lang": lang, "kpi": kpi, **asked})


def percent(numerator: int, denominator: int) -> str:
    """'93.4%'; a dash when there is nothing to divide by."""
    return f"{100 * numerator / denominator:.1f}%" if denominator else "—"


def change(lang: str, year: int, then: tuple[int, int], now: tuple[int, int]) -> str:
    """By how many points a rate has changed since the end of `year`, as HTML; nothing where it had nothing to
    divide by."""
    points = points_between(then, now)
    if points is None:
        return ""
    colour = theme.GREY if not points else theme.GREEN if points > 0 else theme.AMBER
    told, since = say(lang, "kpi.points", change=f"{points:+.1f}"), say(lang, "kpi.change", year=year)
    return f'<div class="gw-change" style="--c:{colour}">{escape(told)}<small>{escape(since)}</small></div>'


def strip(lang: str, counts: Row, rates: Iterable[Rate], trends: Trends) -> str:
    """The strip as HTML, from the row of ``read/counts``, each KPI's row for the whole scope, and the day's
    trends by name (``dashboard.trends``)."""
    row = [
        _workers(lang, counts, trends),
        _due_today(lang, counts, trends),
        *(_rate(lang, indicator, row, trends) for indicator, row in rates),
        _alerts(lang, counts, trends),
        _devices(lang, counts, trends),
    ]
    return cards(row)


def cards(row: Iterable[Card]) -> str:
    """Cards side by side, as HTML."""
    return f'<div class="gw gw-strip">{"".join(_card(card) for card in row)}</div>'


def _workers(lang: str, counts: Row, trends: Trends) -> Card:
    note = say(lang, "kpi.on_duty_note", online=f"{counts['workers_online']:,}")
    title, value = say(lang, "kpi.on_duty"), f"{counts['on_duty']:,}"
    trend = _trend(lang, trends, "on_duty", theme.GREEN)
    return Card(title, value, escape(note), theme.GREEN, out_of=f"{counts['workers']:,}", trend=trend)


def _due_today(lang: str, counts: Row, trends: Trends) -> Card:
    done, rectifying = f"{counts['due_today_done']:,}", f"{counts['due_today_rectifying']:,}"
    note = say(lang, "kpi.due_today_note", done=done, rectifying=rectifying)
    title, value = say(lang, "kpi.due_today"), f"{counts['due_today']:,}"
    return Card(title, value, escape(note), theme.BLUE, trend=_trend(lang, trends, "due_today", theme.BLUE))


def _rate(lang: str, indicator: Indicator, row: Row, trends: Trends) -> Card:
    numerator, denominator = row.get("numerator", 0), row.get("denominator", 0)
    title = indicator.title[lang]
    note = say(
        lang,
        "kpi.rate_note",
        numerator_name=indicator.numerator[lang],
        numerator=f"{numerator:,}",
        denominator_name=indicator.denominator[lang],
        denominator=f"{denominator:,}",
    )
    day, trend = trends.get(indicator.name), ""
    if day:
        trend = spark.picture(lang, "rate", [(theme.GREEN, day)], indicator.unit, title=title)
    hint = say(lang, "kpi.formula", formula=indicator.formula, version=indicator.version)
    value, link = percent(numerator, denominator), behind(lang, indicator.name)
    return Card(title, value, escape(note), theme.GREEN, hint=hint, trend=trend, link=link)


def _alerts(lang: str, counts: Row, trends: Trends) -> Card:
    lamps = "".join(
        f'<span style="--c:{colour}"><i class="gw-lamp"></i>'
        f"{escape(say(lang, f'severity.{severity}'))} {counts[severity]:,}</span>"
        for severity, colour in theme.SEVERITY.items()
    )
    worst = next((colour for severity, colour in theme.SEVERITY.items() if counts[severity]), theme.GREEN)
    note = f'<div class="gw-legend">{lamps}</div>'
    lines = [(colour, f"alerts.{severity}") for severity, colour in reversed(theme.SEVERITY.items())]
    trend = spark.picture(lang, "alerts", [(colour, trends[key]) for colour, key in lines if key in trends])
    return Card(say(lang, "kpi.alerts"), f"{counts['alerts']:,}", note, worst, trend=trend)


def _devices(lang: str, counts: Row, trends: Trends) -> Card:
    online, devices = counts["devices_online"], counts["devices"]
    title, trend = say(lang, "kpi.devices"), _trend(lang, trends, "devices", theme.BLUE)
    if online is None:
        note = say(lang, "time.unknown")
        return Card(title, "—", escape(note), theme.GREY, out_of=f"{devices:,}", trend=trend)
    note = say(lang, "kpi.devices_note", offline=f"{devices - online:,}")
    return Card(title, f"{online:,}", escape(note), theme.BLUE, out_of=f"{devices:,}", trend=trend)


def _trend(lang: str, trends: Trends, name: str, colour: str) -> str:
    return spark.picture(lang, name, [(colour, trends[name])]) if name in trends else ""


def _card(card: Card) -> str:
    out_of = f"<small>/ {card.out_of}</small>" if card.out_of else ""
    hint = f"<small>{escape(card.hint)}</small>" if card.hint else ""
    value = f'<a href="{escape(card.link)}">{card.value}</a>' if card.link else card.value
    long = ' class="long"' if 2 * len(card.value) + len(card.out_of) > _LONG else ""
    return (
        f'<div class="gw-card" style="--c:{card.colour}"><header>{escape(card.title)}{hint}</header>'
        f'<div class="gw-value"><span{long}>{value}{out_of}</span>{card.trend}</div>'
        f'<div class="gw-note">{card.note}</div></div>'
    )
