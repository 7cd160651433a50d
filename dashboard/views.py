"""What a page shows in place of its list, as its address says: the way there, and back."""

from collections.abc import Mapping

import streamlit as st

from dashboard.ui.i18n import say

Views = Mapping[str, tuple[str, str]]
"""Parameter of the address -> the word and the icon of the button that leads there."""


def ways(lang: str, views: Views, **counts: str) -> None:
    """The buttons that lead there, with what their words say of `counts`."""
    with st.container(key="ways", horizontal=True, width="content"):
        for view, (word, icon) in views.items():
            if st.button(say(lang, word, **counts), icon=icon, key=f"view_{view}"):
                st.query_params[view] = "1"
                st.query_params.pop("picked", None)  # a row of this list is none of that
                st.rerun()


def back(lang: str, view: str, *, keep: tuple[str, ...] = ()) -> None:
    """The button that leads from the view back to the list; what is picked is forgotten, unless kept."""
    with st.container(key="ways", horizontal=True, width="content"):
        if st.button(say(lang, "incident.back"), icon=":material/arrow_back:", key="view_back"):
            for param in {view, "picked"} - {*keep}:
                st.query_params.pop(param, None)
            st.rerun()
