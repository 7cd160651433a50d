"""Fragments that are drawn anew only when there is something new in them: a script of the page wakes them."""

import streamlit as st

from dashboard.ui import live


def draw(name: str, stamp: str, every_ticks: int = 1) -> None:
    """Within the fragment that is drawn: it is woken by ``beat.js``, once ``panels.stamps`` gives another
    stamp than this for `name`. A click on a button that nobody sees is how a script of the page can have
    Streamlit run a fragment."""
    with st.container(key=f"wake_{name}"):
        st.html(live.wake(name, stamp, every_ticks))
        st.button("⟳", key=f"woken_{name}")
