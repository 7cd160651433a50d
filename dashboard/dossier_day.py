"""One day of a worker's dossier: chosen in a calendar; its visits with how far each is believed, on a map and
in a list; and, once somebody asks for it, which is noted, the day's track."""

import contextlib
from datetime import date
from html import escape
from typing import Any

import psycopg
import streamlit as st

from dashboard import data, filters, periods, track_look, viewer
from dashboard.ui import day_map, day_visits, panel, score_charts
from dashboard.ui.i18n import say
from db.connect import Row, Scope
from ingest.contract.orders import LookAtTrack

PARAM = "day"
_LIST = "dossier"


def chosen(days: list[Row]) -> date | None:
    """The day that the address asks for, else the last one with a visit, else the last one; None without
    days."""
    if (said := periods.day(st.query_params.get(PARAM))) is not None:
        return said
    visited = [row["day"] for row in days if row["visits"]]
    return next(iter(visited[-1:] or [row["day"] for row in days[-1:]]), None)


def calendar(lang: str, days: list[Row], day: date) -> None:
    """The calendar: a click on a day chooses it, as does the box beside its name."""
    with st.container(key="dossier_choice", horizontal=True, vertical_alignment="center"):
        st.html(panel.title(lang, "dossier_days"))
        # One box a day: a tick that was under way still brings the box of the day before, unchanged.
        key = f"dossier_date_{day}"
        st.date_input(
            say(lang, "dossier.day"),
            value=day,
            min_value=periods.DAYS[0],
            max_value=periods.DAYS[1],
            format="YYYY-MM-DD",
            key=key,
            label_visibility="collapsed",
            width=150,
            on_change=_typed,
            args=(key, day),
        )
    st.plotly_chart(
        score_charts.calendar(lang, days, day),
        theme=None,
        config=score_charts.CONFIG,
        key="dossier_calendar",
        on_select=_clicked,
        selection_mode="points",
    )


def draw(lang: str, scope: Scope, tick: int, worker_id: str, day: date) -> None:
    """The day's map and list."""
    look = LookAtTrack("day", f"{worker_id}:{day.isoformat()}")
    visits = _visits(scope, tick, look.id)
    track = _track(lang, scope, tick, look, day)
    deck = day_map.deck(lang, visits, track)
    if deck is not None:
        with st.container(key="day_map"):
            st.pydeck_chart(deck, height=day_map.HEIGHT_PX, key=f"day_map_{look.id}_{bool(track)}")
    links = viewer.account().worker_id is None  # theirs is the one page that a worker has
    st.html(day_visits.log(lang, visits, links) if visits else panel.empty(say(lang, "dossier.no_visit")))


def _track(lang: str, scope: Scope, tick: int, look: LookAtTrack, day: date) -> list[Row]:
    """The day's track, of whom it was asked for; to be asked for it is a click."""
    shown = track_look.is_asked(look)
    with st.container(key="day_ways", horizontal=True, vertical_alignment="center"):
        st.html(panel.named(day.isoformat(), say(lang, "dossier.noted")))
        word = "dossier.hide_track" if shown else "dossier.show_track"
        asked = (None if shown else look,)
        st.button(
            say(lang, word), icon=":material/timeline:", key="day_track", on_click=track_look.ask, args=asked
        )
    if not shown:
        track_look.over()
        return []
    track = track_look.track(scope, tick, look)
    if not track:
        st.html(f'<div class="gw gw-note">{escape(say(lang, "dossier.no_track"))}</div>')
    return track


def _typed(key: str, shown: date) -> None:
    if (typed := st.session_state.get(key)) != shown:
        _choose(typed)


def _clicked() -> None:
    points = st.session_state["dossier_calendar"]["selection"]["points"]
    if points:
        _choose(periods.day(str(points[0]["customdata"])))


def _choose(day: date | None) -> None:
    if day is not None and filters.is_shown(_LIST):
        st.query_params[PARAM] = day.isoformat()


def _visits(scope: Scope, tick: int, day_id: str) -> list[Row]:
    """While the database is away those last seen."""
    kept: dict[Any, list[Row]] = st.session_state.setdefault("kept", {})
    key = ("read/day_visits", day_id)
    with contextlib.suppress(psycopg.Error):
        kept[key] = data.rows(scope, key[0], tick, id=day_id)
    return kept.get(key, [])
