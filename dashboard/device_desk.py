"""Beside the list of devices: the one that was picked, how it is, what it can be told to do, and what became
of that."""

from typing import get_args

import streamlit as st

from dashboard import device_names, duties, filters, listing, orders
from dashboard.ui import card, device_map, health, order_line, panel
from dashboard.ui.i18n import say
from db.connect import Row, Scope
from ingest.contract.acts import TAKES, Act
from ingest.contract.orders import SendOrder

LAST = 12
"""Orders to it that are shown."""

_WORDLESS: tuple[Act, ...] = ("report_position", "start_recording", "stop_recording")
_TO_PREMISES: tuple[Act, ...] = ("go_to", "inspect_now")


def draw(lang: str, scope: Scope, tick: int, picked: str | None) -> None:
    """The panel; with nothing picked it says how to."""
    kind, _, device_id = (picked or "").partition(":")
    query = "read/worker_card" if kind == "worker" else "read/device_card"
    found = listing.kept(scope, query, tick, {"id": device_id}, key=device_id) if device_id else []
    if device_id:
        _ways(lang)
    if not found:
        st.html(panel.empty(say(lang, "acts.hint")))
        return
    about = f"{kind}:{device_id}"
    names = listing.kept(scope, "read/device_registration", tick, {"id": about}, key=about)
    with st.container(key="device_card"):
        st.html(card.of(lang, "workers" if kind == "worker" else "devices", found[0]))
    with st.container(key="desk"):
        _desk(lang, scope, kind, device_id, names)
    with st.container(key="device_orders"):
        st.html(panel.title(lang, "device_orders"))
        sent = _sent(scope, tick, kind, device_id)
        st.html(order_line.lines(lang, sent) if sent else panel.empty(say(lang, "acts.none")))
    with st.container(key="device_health"):
        st.html(panel.title(lang, "device_health"))
        st.html(health.day(lang, listing.kept(scope, "read/device_health", tick, {"id": about}, key=about)))
    _map(lang, about, found[0])
    device_names.draw(lang, scope, about, names)


def _ways(lang: str) -> None:
    with st.container(horizontal=True):
        st.button(say(lang, "task_desk.back"), icon=":material/close:", on_click=filters.put_back)
        if st.button(say(lang, "raw.open"), icon=":material/data_object:", key="view_messages"):
            st.query_params["messages"] = "1"
            st.rerun()


def _map(lang: str, about: str, row: Row) -> None:
    """Where it is, and what of the ground it sees."""
    deck = device_map.deck(lang, row)
    if deck is not None:
        with st.container(key="device_map"):
            st.html(panel.title(lang, "device_map"))
            st.pydeck_chart(deck, height=device_map.HEIGHT_PX, key=f"device_map_{about}")


def _sent(scope: Scope, tick: int, kind: str, device_id: str) -> list[Row]:
    asked = {"incident_id": None, "kind": kind, "device_id": device_id, "limit": LAST}
    return listing.kept(scope, "read/orders_down", tick, asked, key=f"{kind}:{device_id}")


def _desk(lang: str, scope: Scope, kind: str, device_id: str, names: list[Row]) -> None:
    acts, key = _taken(kind, names), f"device_{kind}_{device_id}"
    if not duties.may(SendOrder):
        return
    if not acts:
        st.html(panel.empty(say(lang, "acts.takes_none")))
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        act: Act = st.selectbox(
            say(lang, "acts.order"), acts, format_func=lambda act: say(lang, f"act.{act}"), key=f"{key}_act"
        )
        args = (scope, kind, device_id, key)
        st.button(say(lang, "desk.send"), key=f"{key}_send", type="primary", on_click=_send, args=args)
    with st.container(horizontal=True):
        if act in _TO_PREMISES:
            st.text_input(say(lang, "acts.premises"), key=f"{key}_premises", max_chars=64)
        if act not in _WORDLESS:
            st.text_input(say(lang, "acts.text"), key=f"{key}_text", max_chars=2000)
    orders.say_outcome(lang, scope, f"{kind}:{device_id}")


def _taken(kind: str, names: list[Row]) -> tuple[Act, ...]:
    """What it can be told: of a device of a foreign protocol what that has words for; a phone takes the
    rest on our own wire."""
    acts = TAKES.get(kind, ())
    if kind == "worker" or not names:
        return acts
    return tuple(act for act in get_args(Act) if any(act in row["acts"] for row in names))


def _send(scope: Scope, kind: str, device_id: str, key: str) -> None:
    """Place the order; what is missing for it is said instead."""
    about, act = f"{kind}:{device_id}", st.session_state[f"{key}_act"]
    assert act in get_args(Act)
    text, premises_id = (_typed(f"{key}_{field}") for field in ("text", "premises"))
    if act in _TO_PREMISES and not premises_id:
        orders.lacks(about, "acts.premises_needed")
    elif act not in (*_WORDLESS, *_TO_PREMISES) and not text:
        orders.lacks(about, "acts.text_needed")
    elif orders.send(scope, about, SendOrder(kind, device_id, act, text or None, premises_id or None)):
        st.session_state[f"{key}_text"] = ""


def _typed(key: str) -> str:
    return (st.session_state.get(key) or "").strip()
