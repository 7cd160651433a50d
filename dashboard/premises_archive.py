"""一户一档: all that is known of one premises, in the place of the list."""

import contextlib
from typing import Any

import psycopg
import streamlit as st

from dashboard import data, dispatch_desk, listing, photos, rating_desk
from dashboard.data import Picture
from dashboard.ui import header, kpi, panel, premises, task_map, theme, visits
from dashboard.ui.i18n import language, say
from db.connect import Row, Scope
from ingest.contract.orders import SendOrder

VISITS, OTHERS, ON_MAP, NEAREST = 100, 50, 5, 3
"""Rows of a section at most, visits on the map, and workers nearby."""


def show(premises_id: str) -> None:
    """Draw the archive; what was read last stays while the database is away."""
    lang = language(st.query_params.get("lang"), st.context.locale)
    with st.container(key="page"):
        _live(lang, premises_id)


@st.fragment(run_every=listing.REFRESH_TICKS * data.TICK_S)
def _live(lang: str, premises_id: str) -> None:
    picture = data.look()
    if not isinstance(picture, Picture):
        st.html(panel.notice(*header.state(lang, picture)))
        return
    scope, tick = picture.scope, data.tick() - data.tick() % listing.REFRESH_TICKS
    card = _rows(scope, "card", tick, premises_id)
    if not card:
        _back(lang)
        st.html(panel.empty(say(lang, "archive.unknown", id=premises_id)))
        return
    with st.container(key="cards"):
        st.html(kpi.cards(premises.cards(lang, card[0])))
    with st.container(key="archive"):
        left, middle, right = st.columns([30, 42, 28])
        made = _rows(scope, "visits", tick, premises_id, VISITS)
        with left:
            _identity(lang, scope, tick, card[0], made)
        with middle, st.container(key="archive_visits", height=theme.ARCHIVE):
            st.html(panel.title(lang, "archive_visits", n=f"{card[0]['visits']:,}", most=f"{VISITS:,}"))
            shown = [photos.with_shots(row) for row in made]
            st.html(visits.log(lang, card[0], shown) if shown else panel.empty(say(lang, "archive.no_visit")))
        with right, st.container(key="archive_about", height=theme.ARCHIVE):
            for part, drawn in premises.ABOUT.items():
                st.html(panel.title(lang, f"archive_{part}"))
                rows = _rows(scope, part, tick, premises_id, OTHERS)
                st.html(drawn(lang, rows) if rows else panel.empty(say(lang, "archive.none")))


def _identity(lang: str, scope: Scope, tick: int, card: Row, made: list[Row]) -> None:
    """Who they are, how risky, where, also by the last visits, and which licences they have."""
    with st.container(key="archive_card", height=theme.ARCHIVE):
        _back(lang)
        st.html(premises.card(lang, card))
        rated = _rows(scope, "ratings", tick, card["premises_id"], OTHERS)
        rating_desk.draw(lang, scope, card, rated)
        deck = task_map.deck(lang, card, made[:ON_MAP][::-1], [])
        st.pydeck_chart(deck, height=task_map.HEIGHT_PX, key=f"place_{card['premises_id']}")
        if card["lon"] is not None:
            _nearest(lang, scope, tick, card)
        st.html(panel.title(lang, "archive_licences"))
        papers = _rows(scope, "papers", tick, card["premises_id"])
        st.html(premises.papers(lang, papers) if papers else panel.empty(say(lang, "archive.none")))


def _nearest(lang: str, scope: Scope, tick: int, card: Row) -> None:
    """Who could be there soonest, and can be told to go."""
    st.html(panel.title(lang, "nearest"))
    near = dispatch_desk.nearest(scope, tick, (card["lon"], card["lat"]), None, NEAREST)
    with st.container(key="archive_nearest"):
        for row in near:
            order = SendOrder("worker", row["worker_id"], "go_to", premises_id=card["premises_id"])
            dispatch_desk.goer(lang, scope, row, order, "archive")
    if not near:
        st.html(panel.empty(say(lang, "nearest.nobody")))


def _back(lang: str) -> None:
    if st.button(say(lang, "archive.back"), icon=":material/arrow_back:"):
        st.query_params.pop("picked", None)
        st.rerun()


def _rows(scope: Scope, part: str, tick: int, premises_id: str, limit: int | None = None) -> list[Row]:
    """The rows of ``read/premises_{part}`` as of `tick`; while the database is away those last seen."""
    kept: dict[Any, list[Row]] = st.session_state.setdefault("kept", {})
    query = f"read/premises_{part}"
    with contextlib.suppress(psycopg.Error):
        kept[query, premises_id] = data.rows(scope, query, tick, limit=limit, id=premises_id)
    return kept.get((query, premises_id), [])
