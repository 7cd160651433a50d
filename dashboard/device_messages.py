"""The last messages of a device as they came, beside what was made of them, in the place of the list."""

import streamlit as st

from dashboard import data, filters, listing, track_look, views
from dashboard.data import Picture
from dashboard.ui import header, panel, raw, theme
from dashboard.ui.i18n import language, name, say
from db.connect import Row, Scope
from ingest.contract.orders import LookAtTrack


def show() -> None:
    """The messages of the one that the address has picked, the latest first, following the tick."""
    filters.forget_shown()
    with st.container(key="page"):
        _live(language(st.query_params.get("lang"), st.context.locale), st.query_params.get("picked", ""))


@st.fragment(run_every=data.TICK_S)
def _live(lang: str, picked: str) -> None:
    picture = data.look()
    if not isinstance(picture, Picture):
        st.html(panel.notice(*header.state(lang, picture)))
        return
    found = _found(picture.scope, picked)
    rows: list[Row] = []
    if _may_be_shown(picture, found):
        rows = listing.kept(picture.scope, "read/device_messages", data.tick(), {"id": picked}, key=picked)
    with st.container(key="tall"), st.container(key="list"):
        st.html(panel.named(_named(lang, picked, found), say(lang, "raw.note", n=len(rows))))
        views.back(lang, "messages", keep=("picked",))
        with st.container(key="messages", height=theme.TALL_LIST):
            st.html(raw.messages(lang, rows) if rows else panel.empty(say(lang, "raw.none")))


def _found(scope: Scope, picked: str) -> Row | None:
    """The card of what was picked."""
    kind, _, device_id = picked.partition(":")
    query = "read/worker_card" if kind == "worker" else "read/device_card"
    found = listing.kept(scope, query, data.tick(), {"id": device_id}, key=device_id)
    return {"worker_id": device_id, **found[0]} if found else None


def _may_be_shown(picture: Picture, found: Row | None) -> bool:
    """The messages of a phone, and of what somebody carries, say where they were: a look at that is written
    down before."""
    if found is None or found["worker_id"] is None:
        return found is not None
    day = picture.one("district")["local_time"].date()
    return track_look.is_noted(picture.scope, LookAtTrack("day", f"{found['worker_id']}:{day.isoformat()}"))


def _named(lang: str, picked: str, found: Row | None) -> str:
    return f"{name(lang, found)} · {picked.partition(':')[2]}" if found else picked
