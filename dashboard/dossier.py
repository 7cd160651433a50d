"""A worker's dossier in the place of the ranking: what their score is made of, their days, and how they stand
among others; the worker's own view of it names no one else and says how to answer."""

import contextlib
from typing import Any

import psycopg
import streamlit as st

from dashboard import data, dossier_day, filters, listing, periods, track_look, viewer
from dashboard.data import Picture
from dashboard.ui import day_visits, header, kpi, panel, score_charts, score_tables, scores, theme
from dashboard.ui.i18n import language, name, say
from db.connect import Row, Scope
from ingest.domain.period import Period

_PARAM, _OWN, _NAME = "worker", "own", "dossier"
_SLOW_TICKS = 30
"""What is told by the day or the week is read this often."""


def asked() -> str | None:
    """The worker whose dossier the address asks for."""
    return st.query_params.get(_PARAM) or None


def pick(table: str, ids: list[str]) -> None:
    """Open the dossier of the row of `table`, which is shown, that was picked."""
    if not filters.is_shown("ranking"):
        return
    rows = st.session_state[table]["selection"]["rows"]
    if rows and rows[0] < len(ids):
        st.query_params[_PARAM] = ids[rows[0]]


def show_own(worker_id: str) -> None:
    """The page of a worker who has logged in: their own dossier, whatever the address asks for."""
    st.query_params[_PARAM], st.query_params[_OWN] = worker_id, "1"
    show(worker_id)


def show(worker_id: str) -> None:
    """Draw the dossier; what was read last stays while the database is away."""
    filters.show(_NAME)
    st.session_state["dossier_span"] = periods.asked(st.query_params, periods.DAYS[0]).span.value
    with st.container(key="page"):
        _live(language(st.query_params.get("lang"), st.context.locale), worker_id)


@st.fragment(run_every=listing.REFRESH_TICKS * data.TICK_S)
def _live(lang: str, worker_id: str) -> None:
    picture = data.look()
    if not isinstance(picture, Picture):
        st.html(panel.notice(*header.state(lang, picture)))
        return
    scope, tick = picture.scope, data.tick() - data.tick() % listing.REFRESH_TICKS
    today = picture.one("district")["local_time"].date()
    period = periods.asked(st.query_params, today)
    card = _rows(scope, "score_card", tick, worker_id, **periods.params(period))
    if not card:
        _back(lang)
        st.html(panel.empty(say(lang, "dossier.unknown", id=worker_id)))
        return
    with st.container(key="cards"):
        st.html(kpi.cards(scores.worker_cards(lang, period, card[0])))
    with st.container(key="archive"):
        left, middle, right = st.columns([38, 31, 31])
        with left, st.container(key="dossier_score", height=theme.ARCHIVE):
            _score(lang, scope, tick, card[0], period)
        slow = tick - tick % _SLOW_TICKS
        since, until = periods.calendar(period, today)
        days = _rows(scope, "score_days", slow, worker_id, since=since, until=until)
        chosen = dossier_day.chosen(days)
        with middle, st.container(key="dossier_days", height=theme.ARCHIVE):
            if chosen:
                dossier_day.calendar(lang, days, chosen)
            st.html(panel.title(lang, "dossier_history"))
            weeks = _rows(scope, "score_history", slow, worker_id, until=until)
            # The same for every worker, and for a city the dearest of the page: read once for all viewers.
            _history(lang, weeks, listing.kept(scope, "read/score_peers", slow, {"until": until}))
        with right, st.container(key="dossier_day", height=theme.ARCHIVE):
            if chosen:
                dossier_day.draw(lang, scope, tick, worker_id, chosen)


def _score(lang: str, scope: Scope, tick: int, card: Row, period: Period) -> None:
    """Who it is, what the score is made of, and in the worker's own view how to answer."""
    own = _OWN in st.query_params
    with st.container(key="dossier_ways", horizontal=True, vertical_alignment="center"):
        _back(lang)
        if not own and st.button(say(lang, "dossier.own"), icon=":material/person:", key="dossier_own"):
            st.query_params[_OWN] = "1"
            st.rerun()
        st.segmented_control(
            say(lang, "list.span"),
            periods.SPANS,
            format_func=lambda code: say(lang, f"span.{code}"),
            key="dossier_span",
            required=True,
            label_visibility="collapsed",
            on_change=_to_the_address,
        )
    where = " · ".join(part for part in (name(lang, card, "station_"), name(lang, card, "unit_")) if part)
    st.html(panel.named(name(lang, card), f"{card['worker_id']} · {where}"))
    if card["counted"] is None:
        st.html(panel.empty(say(lang, "ranking.not_counted")))
    else:
        st.html(score_tables.parts(lang, card))
        st.html(score_tables.about(lang, card))
    if own:
        st.html(day_visits.how_to_answer(lang, card["worker_id"]))
    with st.expander(say(lang, "explain.open"), icon=":material/balance:"):
        rows = _rows(scope, "score_weights", tick - tick % _SLOW_TICKS, "", begins=period.begins)
        st.html(score_tables.weights(lang, rows, period.begins))


def _history(lang: str, weeks: list[Row], peers: list[Row]) -> None:
    if weeks:
        figure = score_charts.history(lang, weeks, peers)
        st.plotly_chart(figure, theme=None, config=score_charts.CONFIG, key="dossier_history")
    else:
        st.html(panel.empty(say(lang, "ranking.not_counted")))


def _back(lang: str) -> None:
    """To the dossier from the worker's own view, from there to the list; who sees their own only stays."""
    if viewer.account().worker_id:
        return
    if st.button(say(lang, "dossier.back"), icon=":material/arrow_back:", key="dossier_back"):
        own = _OWN in st.query_params
        for param in (_OWN,) if own else (_PARAM, dossier_day.PARAM):
            st.query_params.pop(param, None)
        if not own:
            track_look.over()
        st.rerun()


def _to_the_address() -> None:
    if filters.is_shown(_NAME):
        st.query_params["span"] = st.session_state["dossier_span"]


def _rows(scope: Scope, query: str, tick: int, worker_id: str, **params: Any) -> list[Row]:
    """The rows of ``read/{query}`` as of `tick`; while the database is away those last seen."""
    kept: dict[Any, list[Row]] = st.session_state.setdefault("kept", {})
    key = (query, worker_id)
    with contextlib.suppress(psycopg.Error):
        kept[key] = data.rows(scope, f"read/{query}", tick, id=worker_id, **params)
    return kept.get(key, [])
