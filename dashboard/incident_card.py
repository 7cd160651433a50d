"""One incident, in the place of the list: what and where it is, who is near, what was and can be done."""

import contextlib
from typing import Any

import psycopg
import streamlit as st

from dashboard import data, dispatch_desk, filters, incident_desk
from dashboard.data import Picture
from dashboard.ui import header, incident, incident_history, incident_map, kpi, panel, theme
from dashboard.ui.i18n import language, say
from db.connect import Row, Scope

ALERTS = 100
"""Of its alerts at most; the list of all is a link away."""


def show(incident_id: str) -> None:
    """Draw it; what was read last stays while the database is away."""
    lang = language(st.query_params.get("lang"), st.context.locale)
    with st.container(key="page"):
        _live(lang, incident_id)


@st.fragment(run_every=data.TICK_S)
def _live(lang: str, incident_id: str) -> None:
    picture = data.look()
    if not isinstance(picture, Picture):
        st.html(panel.notice(*header.state(lang, picture)))
        return
    scope, tick = picture.scope, data.tick()
    found = _rows(scope, "incident_card", tick, incident_id)
    if not found:
        _back(lang)
        st.html(panel.empty(say(lang, "incident.unknown", id=incident_id)))
        return
    card = found[0]
    with st.container(key="cards"):
        st.html(kpi.cards(incident.cards(lang, card)))
    alerts = _rows(scope, "incident_alerts", tick, incident_id, limit=ALERTS)
    sent = _rows(scope, "incident_sent", tick, incident_id)
    place = incident_map.place_of(card)
    near = dispatch_desk.nearest(scope, tick, place, incident_id)
    with st.container(key="archive"):
        left, middle, right = st.columns([30, 40, 30])
        with left, st.container(key="incident_desk", height=theme.ARCHIVE):
            _back(lang)
            st.html(incident.card(lang, card))
            incident_desk.draw(lang, scope, tick, card)
        with middle, st.container(key="incident_send", height=theme.ARCHIVE):
            if place is not None:
                _map(lang, card, alerts, sent, near)
            dispatch_desk.draw(lang, scope, tick, card, near, sent)
        with right, st.container(key="incident_history", height=theme.ARCHIVE):
            st.html(panel.title(lang, "incident_history"))
            happened = _rows(scope, "incident_history", tick, incident_id)
            st.html(incident_history.history(lang, card, happened))
            whole = f"{card['alerts']:,}"
            st.html(panel.title(lang, "incident_alerts", n=f"{len(alerts):,}", whole=whole))
            st.html(incident.alerts(lang, alerts))


def _map(lang: str, card: Row, alerts: list[Row], sent: list[Row], near: list[Row]) -> None:
    """The map, which keeps the view that it had first, however people move."""
    place, views = incident_map.place_of(card), st.session_state.setdefault("views", {})
    assert place is not None
    where = views.setdefault(card["incident_id"], incident_map.view(place, sent, near))
    deck = incident_map.deck(lang, card, alerts, sent, near, where)
    st.pydeck_chart(deck, height=incident_map.HEIGHT_PX, key=f"incident_map_{card['incident_id']}")


def _back(lang: str) -> None:
    if st.button(say(lang, "incident.back"), icon=":material/arrow_back:", key="incident_back"):
        filters.put_back()
        st.rerun()


def _rows(scope: Scope, part: str, tick: int, incident_id: str, **params: Any) -> list[Row]:
    """The rows of ``read/{part}`` as of `tick`; while the database is away those last seen."""
    kept: dict[Any, list[Row]] = st.session_state.setdefault("kept", {})
    query = f"read/{part}"
    with contextlib.suppress(psycopg.Error):
        kept[query, incident_id] = data.rows(scope, query, tick, id=incident_id, **params)
    return kept.get((query, incident_id), [])
