"""预警处置: the incidents that alerts have become, who has them until when, what can be done about each."""

from functools import partial

import streamlit as st

from dashboard import filters, handover_desk, incident_card, listing, signals, viewer, views
from dashboard.filters import Pills
from dashboard.listing import Listing
from dashboard.ui import incident, theme
from dashboard.ui.actor import actor
from dashboard.ui.i18n import age, name, say, words
from dashboard.ui.kpi import Card
from dashboard.ui.tables import Column, lit, of
from db.connect import Row
from ingest.domain.incident import INCIDENT_OVER, IncidentState

TITLE = "page.alerts"
ICON = "🚨"
SECTION = "section.work"
ORDER = 30

STATES, SEVERITIES, DEADLINE = tuple(IncidentState), tuple(theme.SEVERITY), ("red", "yellow", "green")
TRAITS = ("mine", "escalated", "overdue")
RULES = tuple(key.removeprefix("alert.") for key in words("zh") if key.startswith("alert."))


def render() -> None:
    """The address says whether it is the list, one incident, or one of the views that stand in its place."""
    if picked := filters.picked():
        incident_card.show(picked)
    elif "handover" in st.query_params:
        handover_desk.show()
    elif "signals" in st.query_params:
        signals.show(RULES)
    else:
        listing.show(_INCIDENTS)


def _cards(lang: str, rows: list[Row]) -> list[Card]:
    counted = {row["code"]: row for row in rows}
    nothing = dict.fromkeys(("n", "overdue", "escalated", "major", "false_alarms"), 0)
    cards = []
    for state in STATES:
        if state not in INCIDENT_OVER:
            row = counted.get(state, nothing)
            note = say(lang, "incidents.overdue", n=f"{row['overdue']:,}")
            cards.append(Card(say(lang, f"incident.{state}"), f"{row['n']:,}", note, lit("incident", state)))
    ended = counted.get("ended", nothing)
    waiting = [row for row in rows if row["code"] != "ended"]
    n, major, up = (sum(row[key] for row in waiting) for key in ("n", "major", "escalated"))
    note = say(lang, "incidents.open_note", major=f"{major:,}", escalated=f"{up:,}")
    today = say(lang, "incidents.false_alarms", n=f"{ended['false_alarms']:,}")
    return [
        Card(say(lang, "incidents.open"), f"{n:,}", note, theme.RED if major else theme.BLUE),
        *cards,
        Card(say(lang, "incidents.ended_today"), f"{ended['n']:,}", today, theme.GREEN),
    ]


_VIEWS = {
    "handover": ("handover.open", ":material/sync_alt:"),
    "signals": ("signals.open", ":material/sensors:"),
}
_INCIDENTS = Listing(
    name="alerts",
    query="read/incidents",
    summary="read/incidents_by_state",
    cards=_cards,
    pills=(
        Pills("states", "incident", ("open", *STATES)),
        Pills("severities", "severity", SEVERITIES),
        Pills("traits", "trait", TRAITS),
        Pills("rules", "rule", RULES),
    ),
    columns=(
        Column("deadline", of("lamp"), "lamp", "lamp", DEADLINE),
        Column("severity", of("severity"), "lamp", "severity", SEVERITIES),
        Column("state", of("state"), "lamp", "incident", STATES),
        Column("what", incident.what),
        Column("alerts", of("alerts"), "number"),
        Column("grid", lambda lang, row: name(lang, row, "grid_")),
        Column("station", lambda lang, row: name(lang, row, "station_")),
        Column("since", of("opened"), "time"),
        Column("lasted", lambda lang, row: age(lang, row["lasted_s"])),
        Column(
            "holder", lambda lang, row: actor(lang, row["acknowledged_by"]) if row["acknowledged_by"] else ""
        ),
        Column("people", of("sent"), "number"),
        Column("called", lambda lang, row: name(lang, row, "unit_")),
        Column("due", of("due"), "time"),
        Column("ended", of("ended"), "time"),
        Column("reason", of("reason")),
        Column("rule", lambda lang, row: say(lang, f"rule.{row['rule']}")),
        Column("id", of("incident_id")),
    ),
    id="incident_id",
    ways=partial(views.ways, views=_VIEWS),
    viewer=lambda: {"actor": viewer.account().actor},
)
