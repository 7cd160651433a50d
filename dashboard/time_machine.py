"""The time machine of a browser's session: which instant the room is shown at, and that it was looked at."""

from dataclasses import replace
from datetime import UTC, datetime

import streamlit as st

from dashboard import data, past, track_look
from dashboard.data import Away, Picture
from dashboard.replay import Replay, in_a_minute, read, told
from ingest.contract.orders import LookAtTrack

PARAM = "at"


def begin() -> None:
    """Take up what the page's address says; a replay that runs goes on."""
    said = st.query_params.get(PARAM)
    if said == st.session_state.get("replay_address"):
        return
    st.session_state["replay_address"] = said
    st.session_state.pop("replay", None)
    if said is not None and (at := read(said, datetime.now(UTC))) is not None:
        st.session_state["replay"] = Replay(at, data.tick())


def not_read() -> str | None:
    """What the address says, where it is no instant of the past."""
    said: str | None = st.session_state.get("replay_address")
    return said if replay() is None else None


def replay() -> Replay | None:
    """The replay that is shown; None: the present."""
    found: Replay | None = st.session_state.get("replay")
    return found


def look() -> Picture | Away | None:
    """The picture that the session shows: of the present, or of its instant of the past. While the database
    is away, or the look cannot be written down, the last one."""
    if (running := replay()) is None:
        return data.look()
    scope = data.home()
    if scope is None or isinstance(scope, Away):
        return scope
    found = past.picture(scope, running.shown(data.tick(), datetime.now(UTC)))
    if isinstance(found, Picture):
        if not found.one("district"):
            return None
        day = found.one("district")["day_begins"].date()
        if not track_look.is_noted(scope, LookAtTrack("room", day.isoformat())):
            found = Away("the look cannot be written down")
    if isinstance(found, Picture):
        st.session_state["replay_picture"] = found
        return found
    last: Picture | None = st.session_state.get("replay_picture")
    return replace(last, away=True) if last else found


def go(at: datetime, speed: int = 0) -> None:
    """Show the room of `at`, and go on from there at `speed`; all of the page follows at once."""
    _begin(Replay(at, data.tick(), speed))


def play_in_a_minute(since: datetime, until: datetime) -> None:
    """Show all that was between two instants, whole steps, within a minute."""
    _begin(in_a_minute(since, until, data.tick()))


def _begin(replay: Replay) -> None:
    st.session_state["replay"] = replay
    st.session_state["replay_address"] = st.query_params[PARAM] = told(replay.since)
    st.session_state["replay_moved"] = True


def live() -> None:
    """Back to the present."""
    over()
    st.query_params.pop(PARAM, None)
    track_look.over()
    st.session_state["replay_moved"] = True


def over() -> None:
    """Forget the replay, as whoever leaves the page does."""
    for key in ("replay", "replay_address", "replay_picture"):
        st.session_state.pop(key, None)


def has_moved() -> bool:
    """Whether it was set to another instant since this was asked last."""
    return bool(st.session_state.pop("replay_moved", False))
