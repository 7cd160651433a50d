"""The command centre's feed of open incidents: each taken up by one click, or opened."""

import streamlit as st

from dashboard import data, orders, pages, panels, time_machine, viewer, wake
from dashboard.data import Picture
from dashboard.ui import live
from dashboard.ui.i18n import say
from db.connect import Row, Scope
from ingest.contract.orders import AcknowledgeIncident
from ingest.domain.account import Role
from ingest.domain.incident import IncidentState

EVERY_TICKS = 3
"""Its many buttons are what costs most of a tick."""


def show(lang: str) -> None:
    """The feed, drawn anew when there is another incident in it, or another state: what is major is on the
    siren before. In the past nothing can be done about anything."""
    if time_machine.replay() is None:
        st.fragment(_present)(lang)
    else:
        st.fragment(_past, run_every=data.TICK_S)(lang)


def _present(lang: str) -> None:
    picture = data.look()
    wake.draw("feed", panels.stamps(picture).get("feed", ""), EVERY_TICKS)
    head, *entries = panels.feed(lang, picture).items()
    st.html(live.panel(lang, "feed", *head))
    if not isinstance(picture, Picture):
        return
    with st.container(key="feed"):
        for row, entry in zip(picture.rows["incidents"], entries, strict=True):
            with _line(row):
                st.html(live.panel(lang, "feed", *entry))
                with st.container(key=f"feed_ways_{row['incident_id']}", width="content"):
                    if row["state"] == IncidentState.RAISED:
                        acknowledge(lang, picture.scope, row["incident_id"], "feed")
                    open_it(lang, row["incident_id"])


def _past(lang: str) -> None:
    picture = time_machine.look()
    head, *entries = panels.feed(lang, picture).values()
    st.html(head)
    if isinstance(picture, Picture):
        with st.container(key="feed"):
            for row, entry in zip(picture.rows["incidents"], entries, strict=True):
                with _line(row):
                    st.html(entry)


def _line(row: Row) -> st.delta_generator.DeltaGenerator:
    return st.container(key=f"feed_{row['incident_id']}", horizontal=True, vertical_alignment="center")


def acknowledge(lang: str, scope: Scope, incident_id: str, where: str) -> None:
    """The button that takes it up, for who may."""
    if not viewer.may(Role.OPERATE):
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
