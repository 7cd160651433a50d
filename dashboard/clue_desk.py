"""Beside the list of clues: the one that was picked, its history, and what can be done about it."""

import contextlib
from typing import Any

import psycopg
import streamlit as st

from dashboard import data, duties, orders, photos, viewer
from dashboard.ui import clue, panel
from dashboard.ui.i18n import name, say
from db.connect import Row, Scope
from ingest.contract.orders import AnswerClue, ClueOrder, ReplyClue, RouteClue, VoidClue
from ingest.domain.account import Grade
from ingest.domain.clue import BUREAU, ClueState

REJECTED = 12

_OPEN = ("done", "refused", "route", "void")
_ACTIONS: dict[str, tuple[str, ...]] = {
    ClueState.DISPATCHED: ("answer", "accepted", *_OPEN),
    ClueState.ROUTED: ("accepted", *_OPEN),
    ClueState.RECEIVED: _OPEN,
}
_ORDERS: dict[str, type[ClueOrder]] = {"answer": AnswerClue, "route": RouteClue, "void": VoidClue}
"""All others are a department's word."""


def draw(lang: str, scope: Scope, tick: int, picked: str | None) -> None:
    """The panel; with nothing picked it says how to pick, and which replies of departments were not taken."""
    card = _rows(scope, "read/clue_card", tick, id=picked) if picked else []
    if not card:
        _unpicked(lang, scope, tick)
        return
    with st.container(key="clue_card"):
        st.html(clue.card(lang, photos.with_shots(card[0])))
        case = _rows(scope, "read/clue_replay", tick, id=picked)
        st.html(panel.title(lang, "clue_history"))
        if case:
            st.html(clue.history(lang, case[0], _rows(scope, "read/clue_history", tick, id=picked)))
    with st.container(key="desk"):
        _desk(lang, scope, tick, card[0])


def _unpicked(lang: str, scope: Scope, tick: int) -> None:
    st.html(panel.empty(say(lang, "desk.hint")))
    st.html(panel.title(lang, "rejected_replies"))
    turned_down = _rows(scope, "read/rejected_replies", tick, limit=REJECTED)
    st.html(clue.rejected(lang, turned_down) if turned_down else panel.empty(say(lang, "desk.no_rejected")))


def _desk(lang: str, scope: Scope, tick: int, card: Row) -> None:
    actions = [
        action
        for action in _ACTIONS.get(card["state"], ())
        if (action != "refused" or card["department_id"] != BUREAU)
        and duties.may(_ORDERS.get(action, ReplyClue), card["severity"])
    ]
    if actions and _is_theirs(card):
        key = f"desk_{card['clue_id']}"
        action_key = f"{key}_action_{card['state']}"
        with st.container(horizontal=True, vertical_alignment="bottom"):
            action = st.selectbox(
                say(lang, "desk.action"),
                actions,
                format_func=lambda action: say(lang, f"action.{action}"),
                key=action_key,
            )
            args = (scope, card, action_key, key)
            st.button(say(lang, "desk.send"), key=f"{key}_send", type="primary", on_click=_send, args=args)
        if action == "route":
            _choose_department(lang, scope, tick, key)
        elif action != "answer":
            st.text_input(say(lang, "desk.text"), key=f"{key}_text", max_chars=2000)
    orders.say_outcome(lang, scope, card["clue_id"], orders.CLUE)


def _is_theirs(card: Row) -> bool:
    """A department's account answers for clues that are with its department, and for no other's."""
    account = viewer.account()
    return account.grade is not Grade.DEPARTMENT or account.department_id == card["department_id"]


def _choose_department(lang: str, scope: Scope, tick: int, key: str) -> None:
    departments = {row["department_id"]: row for row in _rows(scope, "read/departments", tick)}
    st.selectbox(
        say(lang, "desk.department"),
        list(departments),
        index=None,
        format_func=lambda code: name(lang, departments[code]) if code in departments else code,
        placeholder="",
        key=f"{key}_department",
    )


def _send(scope: Scope, card: Row, action_key: str, key: str) -> None:
    """Place the order; what is missing for it is said instead."""
    state, text_key = st.session_state, f"{key}_text"
    action, to = state[action_key], state.get(f"{key}_department")
    text = (state.get(text_key) or "").strip()
    if action not in ("answer", "route", "accepted") and not text:
        orders.lacks(card["clue_id"], "desk.text_needed")
    elif action == "route" and to is None:
        orders.lacks(card["clue_id"], "desk.department_needed")
    elif orders.send(scope, card["clue_id"], _order(card, action, to or BUREAU, text)):
        state[text_key] = ""


def _order(card: Row, action: Any, to: str, text: str) -> ClueOrder:
    clue_id = card["clue_id"]
    match action:
        case "answer":
            return AnswerClue(clue_id)
        case "route":
            return RouteClue(clue_id, to)
        case "void":
            return VoidClue(clue_id, text)
        case stage:  # the actions about a department's word are named as its stages
            return ReplyClue(clue_id, card["department_id"], stage, text or "—")


def _rows(scope: Scope, query: str, tick: int, **params: Any) -> list[Row]:
    """The rows as of `tick`; while the database is away those last seen."""
    kept: dict[Any, list[Row]] = st.session_state.setdefault("kept", {})
    key = (query, params.get("id"))
    with contextlib.suppress(psycopg.Error):
        kept[key] = data.rows(scope, query, tick, **params)
    return kept.get(key, [])
