"""The bar of the time machine over the map: back into the past, through it, and to the present again."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import data, time_machine, time_span
from dashboard.data import Picture
from dashboard.replay import SPEEDS, STEP, Replay, whole
from dashboard.time_span import Span
from dashboard.ui import time_sign
from dashboard.ui.i18n import say
from db.connect import Row

_BACK = timedelta(hours=1)
"""As far back goes who goes back."""
_USUAL = 60
_LATE = 5
"""So many values of the slider are remembered: a tick that was under way may still bring one of them."""


def show(lang: str) -> None:
    """The bar; in the past it follows the tick."""
    st.fragment(_draw, run_every=None if time_machine.replay() is None else data.TICK_S)(lang)


def _draw(lang: str) -> None:
    if time_machine.has_moved():
        st.rerun()
    running, picture = time_machine.replay(), time_machine.look()
    with st.container(key="time_machine"):
        if running is None:
            _present(lang)
        elif isinstance(picture, Picture):
            _past(lang, running, picture)


def _present(lang: str) -> None:
    with st.container(key="time_back", horizontal=True, vertical_alignment="center"):
        if said := time_machine.not_read():
            st.html(time_sign.not_read(lang, said))
        st.button(say(lang, "time.back"), icon=":material/history:", key="time_go", on_click=_back)


def _past(lang: str, running: Replay, picture: Picture) -> None:
    row = picture.one("district")
    zone = ZoneInfo(row["tz"])
    clock = running.clock(data.tick(), datetime.now(UTC)).astimezone(zone)
    st.html(time_sign.sign(lang, clock, row, picture.one("known_at").get("known_at")))
    slide = st.container(key="time_slide")
    with st.container(key="time_ways", horizontal=True, vertical_alignment="center"):
        st.button(
            say(lang, "time.live"),
            icon=":material/sensors:",
            key="time_live",
            type="primary",
            on_click=time_machine.live,
        )
        _day(lang, row)
        span = time_span.draw(lang, picture, _go_to)
        _play(lang, running)
        _speed(lang, running)
        _in_a_minute(lang, running, row, span)
    with slide:
        _moment(lang, row, span)


def _day(lang: str, row: Row) -> None:
    # One box a day: a tick that was under way still brings the box of the day before, unchanged.
    day = row["day_begins"].date()
    key = f"time_day_{day}"
    st.date_input(
        say(lang, "time.day"),
        value=day,
        max_value=row["local_now"].date(),
        format="YYYY-MM-DD",
        key=key,
        label_visibility="collapsed",
        width=130,
        on_change=_to_day,
        args=(key, row["local_time"].time(), row["tz"]),
    )


def _moment(lang: str, row: Row, span: Span) -> None:
    """The slider over the day or the shift, up to now."""
    shown = row["local_time"]
    key = f"time_moment_{span.begins:%Y-%m-%d_%H%M}"
    st.session_state[key] = shown
    kept: list[datetime] = st.session_state.setdefault("time_told", [])
    st.session_state["time_told"] = [*kept[-_LATE:], shown]
    st.slider(
        say(lang, "time.moment"),
        min(span.begins, shown),
        max(span.ends, shown),
        step=STEP,
        format="HH:mm",
        key=key,
        label_visibility="collapsed",
        on_change=_to_moment,
        args=(key, row["tz"]),
    )


def _play(lang: str, running: Replay) -> None:
    plays = running.plays(data.tick(), datetime.now(UTC))
    word, icon = ("pause", "pause") if plays else ("play", "play_arrow")
    st.button(say(lang, f"time.{word}"), icon=f":material/{icon}:", key="time_play", on_click=_play_or_pause)


def _speed(lang: str, running: Replay) -> None:
    st.session_state.setdefault("time_speed", running.speed or _USUAL)
    st.segmented_control(
        say(lang, "time.speed"),
        SPEEDS,
        format_func=lambda speed: f"{speed}×",
        required=True,
        key="time_speed",
        label_visibility="collapsed",
        on_change=_other_speed,
    )


def _in_a_minute(lang: str, running: Replay, row: Row, span: Span) -> None:
    plays = running.until is not None and running.plays(data.tick(), datetime.now(UTC))
    st.button(
        f"{running.speed}×" if plays else say(lang, "time.minute"),
        icon=":material/fast_forward:",
        key="time_minute",
        on_click=_play_all,
        args=(span, row["tz"]),
    )


def _back() -> None:
    time_machine.go(whole(datetime.now(UTC) - _BACK))


def _play_or_pause() -> None:
    if running := time_machine.replay():
        plays = running.plays(data.tick(), datetime.now(UTC))
        _go_on(running, 0 if plays else st.session_state["time_speed"])


def _play_all(span: Span, tz: str) -> None:
    time_machine.play_in_a_minute(_instant(span.begins, tz), _instant(span.ends, tz))


def _other_speed() -> None:
    running = time_machine.replay()
    if running and running.plays(data.tick(), datetime.now(UTC)):
        _go_on(running, st.session_state["time_speed"])


def _go_on(running: Replay, speed: int) -> None:
    time_machine.go(running.shown(data.tick(), datetime.now(UTC)), speed)


def _to_moment(key: str, tz: str) -> None:
    moment: datetime = st.session_state[key]
    if moment not in st.session_state["time_told"]:
        _go_to(moment, tz)


def _to_day(key: str, at: time, tz: str) -> None:
    day: date | None = st.session_state[key]
    if day is not None:
        _go_to(datetime.combine(day, at), tz)


def _go_to(local: datetime, tz: str) -> None:
    """Somebody chose another instant; what plays goes on from there."""
    running = time_machine.replay()
    if running:
        time_machine.go(_instant(local, tz), running.speed)


def _instant(local: datetime, tz: str) -> datetime:
    """A whole step of the past: of what is still to come, the last."""
    at = local.replace(tzinfo=ZoneInfo(tz)).astimezone(UTC)
    return whole(min(at, datetime.now(UTC) - STEP))
