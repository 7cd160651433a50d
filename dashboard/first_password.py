"""A first password, shown on the page where it was made up until somebody hides it or leaves: it is kept in
this session alone, and nowhere once it is hidden."""

import contextlib

import psycopg
import streamlit as st

from dashboard import data
from dashboard.ui import panel
from dashboard.ui.i18n import say
from db.connect import Scope

_KEPT = "first_password"


def wait(account: str, word: str, order_id: str) -> None:
    """Show it as soon as the order that gives it to the account is carried out."""
    st.session_state[_KEPT] = {"account": account, "word": word, "order": order_id}


def draw(lang: str, scope: Scope) -> None:
    """It, once it holds; nothing of one that does not, since the order was refused."""
    kept = st.session_state.get(_KEPT)
    if kept is None:
        return
    if "holds" not in kept:
        with contextlib.suppress(psycopg.Error):
            for row in data.read(scope, "read/order", id=kept["order"]):
                if row["state"] == "refused":
                    over()
                elif row["state"] == "done":
                    kept["holds"] = True
    if "holds" in kept:
        with st.container(key="first_password"):
            st.html(panel.title(lang, "first_password"))
            st.code(f"{kept['account']}\n{kept['word']}", language=None)
            st.caption(say(lang, "first_password.note"))
            st.button(
                say(lang, "first_password.hide"), icon=":material/visibility_off:", key="hide", on_click=over
            )


def over() -> None:
    """Forget it."""
    st.session_state.pop(_KEPT, None)
