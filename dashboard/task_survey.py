"""摸底: how far the base survey is, unit by unit; premises outside every grid; what was said of any last."""

import streamlit as st

from dashboard import listing, task_views
from dashboard.listing import Listing
from dashboard.ui import panel, premises_events, theme
from dashboard.ui.i18n import name, say
from dashboard.ui.kpi import Card, percent
from dashboard.ui.tables import Column, of
from db.connect import Row, Scope

OUTSIDE, CHANGES = 20, 40


def show() -> None:
    """Draw it in the place of the list of tasks."""
    listing.show(_SURVEY)


def _cards(lang: str, rows: list[Row]) -> list[Card]:
    row = rows[0] if rows else dict.fromkeys((*_STAGES, "found", "found_lately", "outside"), 0)
    whole = row["recorded"]
    cards = [
        Card(
            say(lang, f"survey_stage.{stage}"),
            f"{row[stage]:,}",
            percent(row[stage], whole) if stage != "recorded" else say(lang, "survey.recorded_note"),
            colour,
        )
        for stage, colour in _STAGES.items()
    ]
    lately = say(lang, "survey.found_note", n=f"{row['found_lately']:,}")
    cards.append(Card(say(lang, "survey.found"), f"{row['found']:,}", lately, theme.GREEN))
    note = say(lang, "survey.outside_note")
    return [*cards, Card(say(lang, "survey.outside"), f"{row['outside']:,}", note, theme.RED)]


_STAGES = {"recorded": theme.GREY, "pushed": theme.BLUE, "claimed": theme.VIOLET, "verified": theme.GREEN}


def _beside(lang: str, scope: Scope, tick: int, picked: str | None) -> None:
    """Of the unit that was picked, or of all: what the list cannot say."""
    task_views.back(lang, "picked")
    outside = listing.kept(scope, "read/premises_outside", tick, {"limit": OUTSIDE})
    if outside and picked is None:
        st.html(panel.title(lang, "outside"))
        st.html(premises_events.places(lang, outside))
    st.html(panel.title(lang, "archive_changes"))
    found = listing.kept(scope, "read/archive_changes", tick, {"unit": picked, "limit": CHANGES})
    st.html(premises_events.changes(lang, found) if found else panel.empty(say(lang, "list.nothing")))


_SURVEY = Listing(
    name="survey",
    query="read/survey_units",
    summary="read/survey_cards",
    cards=_cards,
    columns=(
        Column("org_unit", name),
        Column("level", of("level")),
        Column("recorded", of("recorded"), "number"),
        Column("pushed", of("pushed"), "number"),
        Column("claimed", of("claimed"), "number"),
        Column("verified", of("verified"), "number"),
        Column("survey_rate", lambda lang, row: (row["verified"], row["recorded"]), "rate"),
    ),
    id="path",
    beside=_beside,
)
