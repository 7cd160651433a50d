"""The alerts behind the incidents, as the rules raised and cleared them, in the place of their list."""

from functools import partial

from dashboard import listing, views
from dashboard.filters import Pills
from dashboard.listing import Listing
from dashboard.ui import theme
from dashboard.ui.i18n import age, name, say
from dashboard.ui.kpi import Card
from dashboard.ui.tables import Column, of
from db.connect import Row
from words.alert import sentence

SEVERITIES, STATES = tuple(theme.SEVERITY), ("open", "cleared")


def show(rules: tuple[str, ...]) -> None:
    """Draw it; `rules`: those that it can be narrowed to."""
    listing.show(_SIGNALS._replace(pills=(*_PILLS, Pills("rules", "rule", rules))))


def _cards(lang: str, rows: list[Row]) -> list[Card]:
    counted = {row["code"]: row for row in rows}
    cards = []
    for severity, colour in theme.SEVERITY.items():
        row = counted.get(severity, {"n": 0, "whole": 0})
        note = say(lang, "alerts.raised", n=f"{row['whole']:,}")
        title = say(lang, "alerts.open_of", severity=say(lang, f"severity.{severity}"))
        cards.append(Card(title, f"{row['n']:,}", note, colour))
    return cards


_PILLS = (Pills("states", "alert_state", STATES), Pills("severities", "severity", SEVERITIES))
_SIGNALS = Listing(
    name="signals",
    query="read/alerts",
    summary="read/alerts_by_severity",
    cards=_cards,
    columns=(
        Column("severity", of("severity"), "lamp", "severity", SEVERITIES),
        Column("state", of("state"), "lamp", "alert_state", STATES),
        Column("rule", lambda lang, row: say(lang, f"rule.{row['rule']}")),
        Column("what", sentence),
        Column("grid", lambda lang, row: name(lang, row, "grid_")),
        Column("station", lambda lang, row: name(lang, row, "station_")),
        Column("since", of("raised"), "time"),
        Column("cleared", of("cleared"), "time"),
        Column("lasted", lambda lang, row: age(lang, row["lasted_s"])),
    ),
    ways=partial(views.back, view="signals"),
)
