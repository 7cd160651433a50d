"""The frame of every page: whose district, who is on duty, the way to other pages, how fresh."""

import time
import uuid
from collections.abc import Iterable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import Page as Entry

from dashboard import data, filters, on_duty
from dashboard.data import Picture
from dashboard.ui import header, siren
from dashboard.ui.i18n import LANGUAGES, say

_seen: dict[str, float] = {}
"""When each open screen last asked for a picture, by a name that it was given; seconds, monotonic."""


def draw(lang: str, entries: Iterable[Entry], shown: Entry) -> None:
    """The header: what moves in it follows the tick, the links and the switch stay as they are. A link
    leads to a list as it was left; that of the page `shown` frees it of its filters."""
    with st.container(key="header"):
        left, duty, middle, right, switch = st.columns([7, 3, 14, 7, 3], vertical_alignment="center")
    middle.html(header.title(lang))
    with middle.container(key="nav", horizontal=True, horizontal_alignment="center"):
        for entry in entries:
            kept = {} if entry is shown else filters.remembered(entry.url_path)
            st.page_link(entry, label=entry.title, query_params={"lang": lang, **kept}, width="content")
    with duty:
        on_duty.draw(lang)
    with switch:
        _switch(lang)
    with st.container(key="siren"):
        st.html(siren.hint(lang))
        loud = st.empty()
    _live(lang, left.empty(), right.empty(), loud)


def screens_open() -> int:
    """How many screens have asked this server for a picture within the last few ticks."""
    late = time.monotonic() - 5 * data.TICK_S
    for name in [name for name, at in list(_seen.items()) if at < late]:
        _seen.pop(name, None)
    return len(_seen)


@st.fragment(run_every=data.TICK_S)
def _live(lang: str, place: DeltaGenerator, fresh: DeltaGenerator, loud: DeltaGenerator) -> None:
    _seen[st.session_state.setdefault("screen", uuid.uuid4().hex)] = time.monotonic()
    picture = data.look()
    fresh.html(header.freshness(lang, picture))
    if isinstance(picture, Picture):
        place.html(header.district(lang, picture))
        if banner := siren.banner(lang, picture.rows["siren"]):
            loud.html(banner)
        else:
            loud.empty()


def _switch(lang: str) -> None:
    st.session_state["lang"] = lang  # the address decides: another page's link may bring another language
    st.segmented_control(
        say(lang, "language"),
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        required=True,
        key="lang",
        on_change=_keep_language,
        label_visibility="collapsed",
    )


def _keep_language() -> None:
    st.query_params["lang"] = st.session_state["lang"]
