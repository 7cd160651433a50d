"""The last messages of a device as they came, beside what was made of them, in the place of the list."""

import streamlit as st

from dashboard import data, filters, listing, views
from dashboard.data import Picture
from dashboard.ui import header, panel, raw, theme
from dashboard.ui.i18n import language, name, say
from db.connect import Scope


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
    rows = listing.kept(picture.scope, "read/device_messages", data.tick(), {"id": picked}, key=picked)
    with st.container(key="tall"), st.container(key="list"):
        st.html(panel.named(_named(lang, picture.scope, picked), say(lang, "raw.note", n=len(rows))))
        views.back(lang, "messages", keep=("picked",))
        with st.container(key="messages", height=theme.TALL_LIST):
            st.html(raw.messages(lang, rows) if rows else panel.empty(say(lang, "raw.none")))


def _named(lang: str, scope: Scope, picked: str) -> str:
    kind, _, device_id = picked.partition(":")
    query = "read/worker_card" if kind == "worker" else "read/device_card"
    found = listing.kept(scope, query, data.tick(), {"id": device_id}, key=device_id)
    return f"{name(lang, found[0])} · {device_id}" if found else picked
