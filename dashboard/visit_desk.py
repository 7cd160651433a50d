"""Beside the list of visits: the one that was picked, its evidence, and where its worker's phone was."""

import contextlib
from typing import Any

import psycopg
import streamlit as st

from dashboard import data, photos, track_look
from dashboard.ui import evidence, panel, task_map
from dashboard.ui.i18n import say
from db.connect import Row, Scope
from ingest.contract.orders import LookAtTrack


def draw(lang: str, scope: Scope, tick: int, picked: str | None) -> None:
    """The panel; with nothing picked it says how to."""
    found = _rows(scope, "read/visit_card", tick, id=picked) if picked else []
    if picked is None or not found:
        track_look.over()
        st.html(panel.empty(say(lang, "visits.hint")))
        return
    card = found[0]
    with st.container(key="visit_card"):
        st.html(evidence.card(lang, photos.with_shots(card)))
        st.html(panel.title(lang, "visit_evidence"))
        st.html(evidence.verdicts(lang, card))
    track = track_look.track(scope, tick, LookAtTrack("visit", picked))
    deck = task_map.deck(lang, _place(card), [card], track)
    if deck is not None:
        with st.container(key="visit_map"):
            st.html(panel.title(lang, "visit_map"))
            st.pydeck_chart(deck, height=task_map.HEIGHT_PX, key=f"visit_map_{picked}")


def _place(card: Row) -> Row:
    return {**card, "lon": card["premises_lon"], "lat": card["premises_lat"]}


def _rows(scope: Scope, query: str, tick: int, **params: Any) -> list[Row]:
    with contextlib.suppress(psycopg.Error):  # the list says that the database is away
        return data.rows(scope, query, tick, **params)
    return []
