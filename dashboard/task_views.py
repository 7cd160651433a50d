"""What the page of tasks shows in place of its list, as its address says: the way there, and back."""

import streamlit as st

from dashboard import duties
from dashboard.ui.i18n import say
from ingest.contract.orders import LaunchTask

VIEWS = {
    "launch": ("launch.open", ":material/add_task:"),
    "survey": ("survey.open", ":material/explore:"),
    "round": ("round.open", ":material/route:"),
}
"""Parameter of the address -> the word and the icon of the button that leads there."""


def ways(lang: str, **values: str) -> None:
    """The buttons that lead there, for who may; `values`: what the address says of a view, if more."""
    with st.container(key="views", horizontal=True):
        for view, (word, icon) in VIEWS.items():
            if view == "launch" and not duties.may(LaunchTask):
                continue
            if st.button(say(lang, word), icon=icon, key=f"view_{view}"):
                st.query_params[view] = values.get(view, "1")
                st.rerun()


def back(lang: str, *also: str) -> None:
    """The button that leads back to the list; it forgets the view and, in the address, `also`."""
    if st.button(say(lang, "launch.back"), icon=":material/arrow_back:", key="view_back"):
        st.session_state.pop("launched", None)
        for param in (*VIEWS, *also):
            st.query_params.pop(param, None)
        st.rerun()
