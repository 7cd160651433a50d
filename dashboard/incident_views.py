"""What the page of incidents shows in place of its list, as its address says: the way there, and back."""

import streamlit as st

from dashboard.ui.i18n import say

VIEWS = {
    "handover": ("handover.open", ":material/sync_alt:"),
    "signals": ("signals.open", ":material/sensors:"),
}
"""Parameter of the address -> the word and the icon of the button that leads there."""


def ways(lang: str) -> None:
    """The buttons that lead there."""
    with st.container(key="ways", horizontal=True, width="content"):
        for view, (word, icon) in VIEWS.items():
            if st.button(say(lang, word), icon=icon, key=f"view_{view}"):
                st.query_params[view] = "1"
                st.rerun()


def back(lang: str) -> None:
    """The button that leads back to the list."""
    with st.container(key="ways", horizontal=True, width="content"):
        if st.button(say(lang, "incident.back"), icon=":material/arrow_back:", key="view_back"):
            for view in VIEWS:
                st.query_params.pop(view, None)
            st.rerun()
