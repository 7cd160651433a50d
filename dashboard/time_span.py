"""What the time machine's slider is over: the whole day, or the shift of that day."""

import contextlib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple

import psycopg
import streamlit as st

from dashboard import data
from dashboard.data import Picture
from dashboard.replay import STEP
from dashboard.ui.i18n import say
from db.connect import Row, Scope

DAY, SHIFT = "day", "shift"


class Span(NamedTuple):
    """Between two instants of the district's own time, the end being no later than now."""

    begins: datetime
    ends: datetime


def draw(lang: str, picture: Picture, go_to: Callable[[datetime, str], None]) -> Span:
    """The choice, where anybody worked that day, and what is chosen; `go_to` is called with the beginning of
    the shift, local, and the time zone by whoever chooses it from outside of it."""
    row = picture.one("district")
    whole, shift = _day(row), _shift(picture.scope, row)
    if shift is None:
        return whole
    key = f"time_span_{whole.begins.date()}"  # one a day, as the day's own box
    names = {DAY: say(lang, "time.whole_day"), SHIFT: f"{shift.begins:%H:%M}–{shift.ends:%H:%M}"}
    st.session_state.setdefault(key, st.session_state.get("time_span", DAY))
    chosen = st.segmented_control(
        say(lang, "time.span"),
        (DAY, SHIFT),
        format_func=names.__getitem__,
        required=True,
        key=key,
        label_visibility="collapsed",
        on_change=_chosen,
        args=(key, shift, row, go_to),
    )
    return shift if chosen == SHIFT else whole


def _chosen(key: str, shift: Span, row: Row, go_to: Callable[[datetime, str], None]) -> None:
    """The same is chosen on other days, too."""
    chosen = st.session_state["time_span"] = st.session_state[key]
    if chosen == SHIFT and not shift.begins <= row["local_time"] <= shift.ends:
        go_to(shift.begins, row["tz"])


def _day(row: Row) -> Span:
    begins: datetime = row["day_begins"]
    return _until_now(begins, begins + timedelta(days=1) - STEP, row)


def _shift(scope: Scope, row: Row) -> Span | None:
    """None: nobody went on duty that day, or it is not known now."""
    day: date = row["day_begins"].date()
    with contextlib.suppress(psycopg.Error):
        for found in data.rows(scope, "then/shift", 0, day=day):
            if found["began"] is not None:
                return _until_now(found["began"], found["ended"], row)
    return None


def _until_now(begins: datetime, ends: datetime, row: Row) -> Span:
    return Span(begins, min(ends, max(row["local_now"], begins + STEP)))
