"""Whoever is shown where people were leaves a trace: one order a look, before anything is shown."""

import contextlib
import uuid

import psycopg
import streamlit as st

from dashboard import data, viewer
from db.connect import Row, Scope
from ingest.contract.orders import LookAtTrack

MOST = 2_000
"""Positions around a visit, or of a day, that are read at most."""


def track(scope: Scope, tick: int, look: LookAtTrack) -> list[Row]:
    """The positions around a visit, around the visits for a task, or of a worker's day; none while the look
    cannot be written down. What was read last stays while the database is away.

    As long as the same is shown to the same person it is one look.
    """
    if not is_noted(scope, look):
        return []
    kept = st.session_state["looked"]
    with contextlib.suppress(psycopg.Error):
        rows = data.rows(scope, f"read/{look.about}_track", tick, id=look.id, limit=MOST)
        kept = st.session_state["looked"] = (*kept[:2], rows)
    found: list[Row] = kept[2]
    return found


def is_noted(scope: Scope, look: LookAtTrack) -> bool:
    """Whether the look is written down: once, as long as the same is shown to the same person."""
    who, kept = viewer.account().actor, st.session_state.get("looked")
    if kept is not None and kept[:2] == (who, look):
        return True
    with contextlib.suppress(psycopg.Error):
        data.place(scope, who, f"look-{uuid.uuid4().hex}", look)
        st.session_state["looked"] = (who, look, [])
        return True
    return False


def ask(look: LookAtTrack | None) -> None:
    """Somebody wants to be shown a track that is not shown by itself; None: no longer."""
    st.session_state["track_asked"] = look


def is_asked(look: LookAtTrack) -> bool:
    return bool(st.session_state.get("track_asked") == look)


def over() -> None:
    """Nothing is shown any more, nor asked for: the same again is another look."""
    for key in ("looked", "track_asked"):
        st.session_state.pop(key, None)
