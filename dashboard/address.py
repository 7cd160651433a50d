"""The page's address as a click changes it, which outlasts what was under way with the old one.

Streamlit draws the page by the address that the newest request brings, and the browser's next tick or click
may bring the old one, before it has taken in the change: then the first click would have done nothing.
"""

import time
from typing import Any, NoReturn

import streamlit as st

OLD_S = 3
"""So long after a change the old address may come again without being meant."""


def anew() -> NoReturn:
    """Draw the whole page anew, by its address as it is now."""
    page, before = st.session_state.get("drawn", (None, {}))
    st.session_state["address"] = (page, before, _now(), time.monotonic() + OLD_S)
    st.rerun()


def hold(page: str) -> bool:
    """To be called before `page`, by its name in the address, is drawn as a whole: where the old address
    comes again just after a change, the page has the changed one. Whether another page was there before."""
    another: bool = st.session_state.get("drawn", (page,))[0] != page
    if another:
        st.session_state.pop("address", None)  # who comes back means what they ask for
    changed_on, before, wanted, until = st.session_state.get("address", (None, {}, {}, 0.0))
    if changed_on == page and time.monotonic() < until and _now() == before:
        st.query_params.from_dict(wanted)
    st.session_state["drawn"] = (page, _now())
    return another


def _now() -> dict[str, Any]:
    return {param: st.query_params.get_all(param) for param in st.query_params}
