"""The command centre's feed of open incidents, and the ways to take up one, or to open it."""

import streamlit as st

from dashboard import data, duties, orders, pages, panels, time_machine
from dashboard.data import Picture
from dashboard.ui import live
from dashboard.ui.i18n import say
from db.connect import Scope
from ingest.contract.messages import Severity
from ingest.contract.orders import AcknowledgeIncident


def show(lang: str) -> None:
    """The feed: ``beat.js`` gives it anew each tick, ``incident_clicks`` takes up what is clicked in it."""
    if time_machine.replay() is not None:
        st.fragment(_past, run_every=data.TICK_S)(lang)
        return
    picture = data.look()
    # While the database is away nobody waits for it once more: what is not allowed is refused.
    only_looks = isinstance(picture, Picture) and not duties.may_some(AcknowledgeIncident)
    with st.container(key="feed_to_look_at" if only_looks else "feed"):
        for name, html in panels.feed(lang, picture).items():
            st.html(live.panel(lang, "feed", name, html))


def _past(lang: str) -> None:
    for html in panels.feed(lang, time_machine.look()).values():
        st.html(live.still(html))


def acknowledge(lang: str, scope: Scope, incident_id: str, where: str) -> None:
    """The button that takes it up, for who may."""
    if not duties.may(AcknowledgeIncident, Severity.MAJOR):
        return
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
