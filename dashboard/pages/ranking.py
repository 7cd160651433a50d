"""排行: workers by tasks disposed, stations by tasks closed; on time, sent back, what they sent in today."""

from collections.abc import Callable
from html import escape
from typing import Any

from dashboard import listing
from dashboard.listing import Listing
from dashboard.ui import theme
from dashboard.ui.i18n import name, say
from dashboard.ui.kpi import Card, behind, percent
from dashboard.ui.tables import Column, of
from db.connect import Row

TITLE = "page.ranking"
ICON = "🏆"
SECTION = "section.work"
ORDER = 40

STATIONS = 5


def render() -> None:
    listing.show(_RANKING)


def _cards(lang: str, rows: list[Row]) -> list[Card]:
    """One card a station, the best first: its closure rate, and below the figures and the on-time rate."""
    return [
        Card(
            name(lang, row),
            percent(row["closed"], row["assigned"]),
            _figures(lang, row),
            theme.SERIES[place % len(theme.SERIES)],
            link=behind(lang, "closure_rate", unit=row["path"]),
        )
        for place, row in enumerate(rows[:STATIONS])
    ]


def _figures(lang: str, row: Row) -> str:
    figures = {key: f"{row[key]:,}" for key in ("closed", "on_time", "assigned")}
    return escape(say(lang, "ranking.figures", rate=percent(row["on_time"], row["assigned"]), **figures))


def _rate(part: str, whole: str) -> Callable[[str, Row], Any]:
    return lambda lang, row: (row[part], row[whole])


_RANKING = Listing(
    name="ranking",
    query="read/ranking_workers",
    summary="read/ranking_stations",
    cards=_cards,
    columns=(
        Column("worker", lambda lang, row: name(lang, row)),
        Column("grid", lambda lang, row: name(lang, row, "unit_")),
        Column("station", lambda lang, row: name(lang, row, "station_")),
        Column("closed", of("closed"), "number"),
        Column("assigned", of("assigned"), "number"),
        Column("closure_rate", _rate("closed", "assigned"), "rate"),
        Column("on_time", of("on_time"), "number"),
        Column("on_time_rate", _rate("on_time", "assigned"), "rate"),
        Column("rework", of("rework"), "number"),
        Column("inspections", of("inspections"), "number"),
        Column("clues", of("clues"), "number"),
    ),
)
