"""Who is looking: of the request that is answered, or of the session whose script runs."""

from contextvars import ContextVar

import streamlit as st

from dashboard import sessions
from dashboard.sessions import Session
from ingest.domain.account import Account, Role

COOKIE, SECURE_COOKIE = "gridward", "__Host-gridward"
"""The second behind TLS: a browser takes it from this very host only, and sends it by TLS only."""


def cookie_name(scheme: str) -> str:
    """What the token's cookie is called: by TLS no other, which a page of a host beside may have set."""
    return SECURE_COOKIE if scheme in ("https", "wss") else COOKIE


here: ContextVar[Session | None] = ContextVar("session", default=None)
"""Of the request that is answered: the doors set it."""


class NobodyLooks(Exception):
    """Nobody is logged in where somebody must be: nothing is shown."""


def session() -> Session:
    """Who is looking. Raises NobodyLooks."""
    found = here.get() or _of_script()
    if found is None:
        raise NobodyLooks
    return found


def account() -> Account:
    """Whose account it is. Raises NobodyLooks."""
    return session().account


def take_the_window() -> Account:
    """Whose account it is; what somebody else has left in the same window's session is dropped. Raises
    NobodyLooks."""
    state, now = st.session_state, account()
    if state.setdefault("account", now.name) != now.name:
        for key in list(state):
            del state[key]
        state["account"] = now.name
    return now


def may(role: Role) -> bool:
    """Whether who is looking has this role."""
    return role in account().roles


def _of_script() -> Session | None:
    """Of the browser on whose websocket the script was asked for; the doors watch over that line."""
    cookies = st.context.cookies
    token = cookies.get(SECURE_COOKIE) or cookies.get(COOKIE)
    try:
        return (sessions.known(token) or sessions.find(token)) if token else None
    except sessions.Away:
        return None
