"""The frame of every page: whose district, who is logged in, the way to other pages, how fresh."""

from collections.abc import Iterable

import streamlit as st
from streamlit.navigation.page import Page as Entry

from dashboard import data, filters, incident_feed, orders, pages, panels, viewer, wake
from dashboard.data import Picture
from dashboard.ui import header, live, siren
from dashboard.ui.i18n import LANGUAGES, say


def draw(lang: str, entries: Iterable[Entry], shown: Entry) -> None:
    """The header: what moves in it follows the tick, the links and the switch stay as they are; the style
    sheet gives each its place. A link leads to a list as it was left; that of the page `shown` frees it of
    its filters."""
    with st.container(key="header"):
        with st.container(key="header_live"):
            for name, html in panels.head(lang, data.look()).items():
                with st.container(key=name):
                    st.html(live.panel(lang, "head", name, html))
            _siren(lang)
        with st.container(key="duty"):
            st.html(header.account(lang, viewer.account()))
        with st.container(key="house"):
            st.html(header.title(lang))
            with st.container(key="nav", horizontal=True, horizontal_alignment="center"):
                for entry in entries:
                    kept = {} if entry is shown else filters.remembered(entry.url_path)
                    to = {"lang": lang, **kept}
                    st.page_link(entry, label=entry.title, query_params=to, width="content")
        with st.container(key="switch", horizontal=True, vertical_alignment="center"):
            _switch(lang)
            st.html(header.look(lang), width="content")
    with st.container(key="siren"):
        st.html(siren.hint(lang))
        st.html(header.lost(lang))


@st.fragment
def _siren(lang: str) -> None:
    """What is major and nobody has taken up: a click from any page takes it up, or opens it; and what has
    become of what was clicked."""
    picture = data.look()
    waits = orders.is_waiting()
    wake.draw("siren", live.AGAIN if waits else panels.stamps(picture).get("siren", ""))
    if not isinstance(picture, Picture):
        return
    place = st.empty()  # whether it is filled or not, what follows stays where it is
    if outcome := orders.told(lang, picture.scope):
        place.html(siren.told(outcome))
    rows = picture.rows["siren"]
    if not rows:
        return
    with st.container(key="siren_bar", horizontal=True, vertical_alignment="center"):
        st.html(siren.banner(lang, rows), width="content")
        if rows[0]["whole"] > 1:
            to = {"lang": lang, "severities": "major", "states": "raised"}
            st.page_link(
                pages.entry("alerts"), label=say(lang, "siren.all"), query_params=to, width="content"
            )
        else:
            incident_feed.open_it(lang, rows[0]["incident_id"])
        incident_feed.acknowledge(lang, picture.scope, rows[0]["incident_id"], "siren")


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
