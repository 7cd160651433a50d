"""排行: workers and stations by tasks closed, on time, done again, and by what they sent in today."""

from collections.abc import Callable
from typing import Any

from dashboard import listing
from dashboard.listing import Listing
from dashboard.ui import theme
from dashboard.ui.i18n import name
from dashboard.ui.kpi import Card, percent
from dashboard.ui.tables import Column, of
from db.connect import Row

TITLE = "page.ranking"
ICON = "🏆"
SECTION = "section.work"
ORDER = 40


def render() -> None:
    listing.show(_RANKING)


def _cards(lang: str, rows: list[Row]) -> list[Card]:
    """One card a station, the best first."""
    return [
        Card(
            name(lang, row),
            percent(row["closed"], row["assigned"]),
            f"{row['closed']:,} / {row['assigned']:,}",
            theme.SERIES[place % len(theme.SERIES)],
        )
        for place, row in enumerate(rows[:8])
    ]


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
