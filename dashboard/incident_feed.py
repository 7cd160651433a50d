"""The command centre's feed of open incidents: each taken up by one click, or opened."""

import streamlit as st

from dashboard import data, orders, pages, time_machine
from dashboard.data import Picture
from dashboard.ui import alerts, panel
from dashboard.ui.i18n import say
from db.connect import Row, Scope
from ingest.contract.orders import AcknowledgeIncident
from ingest.domain.incident import IncidentState

EVERY_TICKS = 2
"""Its many buttons are what costs most of a tick."""


@st.fragment(run_every=EVERY_TICKS * data.TICK_S)
def show(lang: str) -> None:
    """The feed; what is major is on the siren by the next tick. In the past nothing can be done about
    anything."""
    picture = time_machine.look()
    if not isinstance(picture, Picture):
        st.html(panel.title(lang, "alerts"))
        return
    found = picture.rows["incidents"]
    whole = found[0]["whole"] if found else 0
    st.html(panel.title(lang, "alerts", n=f"{whole:,}", alerts=f"{picture.one('counts')['alerts']:,}"))
    if not found:
        st.html(panel.empty(say(lang, "alerts.empty")))
    with st.container(key="feed"):
        for row in found:
            _entry(lang, picture.scope, row, past=picture.at is not None)


def _entry(lang: str, scope: Scope, row: Row, *, past: bool) -> None:
    incident_id = row["incident_id"]
    with st.container(key=f"feed_{incident_id}", horizontal=True, vertical_alignment="center"):
        st.html(alerts.entry(lang, row))
        if past:
            return
        with st.container(key=f"feed_ways_{incident_id}", width="content"):
            if row["state"] == IncidentState.RAISED:
                acknowledge(lang, scope, incident_id, "feed")
            open_it(lang, incident_id)


def acknowledge(lang: str, scope: Scope, incident_id: str, where: str) -> None:
    """The button that takes it up."""
    st.button(
        say(lang, "incident_action.acknowledge"),
        key=f"{where}_take_{incident_id}",
        type="primary",
        on_click=_take,
        args=(scope, incident_id),
    )


def _take(scope: Scope, incident_id: str) -> None:
    orders.click(scope, incident_id, AcknowledgeIncident(incident_id))


def open_it(lang: str, incident_id: str) -> None:
    """The way to its card, on which the session goes on: whoever is on duty stays so."""
    to = {"lang": lang, "picked": incident_id}
    st.page_link(pages.entry("alerts"), label=say(lang, "incident.card"), query_params=to, width="content")
