"""Periods as the address names them and as people do: a span, and a day that lies in it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from dashboard.ui import i18n
from dashboard.ui.i18n import say
from ingest.domain.period import Period, Span, period_of

DAYS = date(2000, 1, 1), date(2099, 12, 31)
"""The days that can be asked about."""
SPANS = tuple(span.value for span in Span)
USUAL = Span.MONTH.value
WEEKS = 13
"""Of a calendar."""


def day(text: str | None) -> date | None:
    """The day that an address means; None for what is none."""
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if DAYS[0] <= found <= DAYS[1] else None


def asked(address: Mapping[str, str], today: date) -> Period:
    """The period of the span (the usual one for what is none) around the day, or around today."""
    span = address.get("span", USUAL)
    return period_of(day(address.get("begins")) or today, Span(span if span in SPANS else USUAL))


def before(period: Period) -> Period:
    return period_of(period.begins - timedelta(days=1), period.span)


def params(period: Period) -> dict[str, Any]:
    """As the queries of scores take it."""
    return {"span": period.span.value, "begins": period.begins, "before": before(period).begins}


def calendar(period: Period, today: date) -> tuple[date, date]:
    """The Monday and the day between which the weeks lie that end with the period, or with today."""
    until = min(today, period.ends - timedelta(days=1))
    return until - timedelta(days=until.weekday(), weeks=WEEKS - 1), until


def label(lang: str, period: Period) -> str:
    """What a period is called: ``2026-11-28``, ``2026-11-23 – 11-29``, ``2026-11``, ``2026 Q4``."""
    begins, last = period.begins, period.ends - timedelta(days=1)
    match period.span:
        case Span.DAY:
            return i18n.day(lang, begins)
        case Span.WEEK:
            return f"{i18n.day(lang, begins)} – {i18n.day(lang, last, year=False)}"
        case Span.MONTH:
            return i18n.month(lang, begins)
        case Span.SEASON:
            return say(lang, "span.of_year", year=begins.year, number=(begins.month + 2) // 3)
