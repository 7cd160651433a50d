"""Who is at the screen: until people log in, the name that somebody gave, for the browser's session.

Orders say by this who placed them. Accounts will take this file's place.
"""

import streamlit as st

from dashboard.ui.i18n import say

LONGEST = 30


def draw(lang: str) -> None:
    """The box for the name, in the container that is open."""
    st.text_input(
        say(lang, "on_duty.name"),
        key="on_duty",
        max_chars=LONGEST,
        placeholder=say(lang, "on_duty.name"),
        label_visibility="collapsed",
    )


def actor() -> str:
    """``screen``, and after a colon the name that was given: so no name can pass for anybody else's id."""
    given = "".join(sign for sign in st.session_state.get("on_duty") or "" if sign.isprintable()).strip()
    return f"screen:{given}" if given else "screen"
