"""预警: what is and was dangerous, since when, and how long it lasted."""

from dashboard import listing
from dashboard.filters import Pills
from dashboard.listing import Listing
from dashboard.ui import theme
from dashboard.ui.i18n import age, name, say, words
from dashboard.ui.kpi import Card
from dashboard.ui.tables import Column, of
from db.connect import Row
from words.alert import sentence

TITLE = "page.alerts"
ICON = "🚨"
SECTION = "section.work"
ORDER = 30

SEVERITIES, STATES = tuple(theme.SEVERITY), ("open", "cleared")
RULES = tuple(key.removeprefix("alert.") for key in words("zh") if key.startswith("alert."))


def render() -> None:
    listing.show(_ALERTS)


def _cards(lang: str, rows: list[Row]) -> list[Card]:
    counted = {row["code"]: row for row in rows}
    cards = []
    for severity, colour in theme.SEVERITY.items():
        row = counted.get(severity, {"n": 0, "whole": 0})
        note = say(lang, "alerts.raised", n=f"{row['whole']:,}")
        title = say(lang, "alerts.open_of", severity=say(lang, f"severity.{severity}"))
        cards.append(Card(title, f"{row['n']:,}", note, colour))
    return cards


_ALERTS = Listing(
    name="alerts",
    query="read/alerts",
    summary="read/alerts_by_severity",
    cards=_cards,
    pills=(
        Pills("states", "alert_state", STATES),
        Pills("severities", "severity", SEVERITIES),
        Pills("rules", "rule", RULES),
    ),
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
)
