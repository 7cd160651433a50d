"""Beside the list of tasks: the one that was picked, its whole history, and what can be done about it."""

import contextlib
from collections.abc import Callable
from html import escape
from typing import Any

import psycopg
import streamlit as st

from dashboard import data, duties, filters, orders, photos, task_overview, task_views, track_look
from dashboard.ui import panel, task, task_history, task_map
from dashboard.ui.i18n import name, say
from db.connect import Row, Scope
from ingest.contract.orders import (
    AssignTask,
    CancelTask,
    LookAtTrack,
    RecordReply,
    ResumeTask,
    SuspendTask,
    TaskOrder,
)
from ingest.domain.task import OVER, State


def draw(lang: str, scope: Scope, tick: int, picked: str | None) -> None:
    """The panel; with nothing picked it says how to, and how the units do. Years that the calendar lacks
    stand on top."""
    card = _rows(scope, "read/task_card", tick, id=picked) if picked else []
    task_views.ways(lang, round=card[0]["worker_id"] or "1" if card else "1")
    if picked:
        st.button(say(lang, "task_desk.back"), icon=":material/close:", on_click=filters.put_back)
    warnings = _rows(scope, "read/calendar_warnings", tick)
    if warnings:
        st.html(task.warnings(lang, warnings))
    if not card:
        track_look.over()
        st.html(f'<div class="gw gw-note">{escape(say(lang, "task_desk.hint"))}</div>')
        task_overview.draw(lang, scope, tick)
        return
    with st.container(key="task_card"):
        st.html(task.card(lang, card[0]))
    visits = _rows(scope, "read/task_visits", tick, id=picked)
    with st.container(key="desk"):
        _desk(lang, scope, tick, card[0])
    _map(lang, scope, tick, card[0], visits)
    with st.container(key="task_history"):
        st.html(panel.title(lang, "task_history"))
        happened = _rows(scope, "read/task_history", tick, id=picked)
        seen = [photos.with_shots(row) for row in visits]
        st.html(task_history.history(lang, card[0], happened, seen))
        st.html(panel.title(lang, "task_orders"))
        sent = _rows(scope, "read/task_orders", tick, id=picked)
        st.html(task.orders(lang, sent) if sent else panel.empty(say(lang, "task_desk.no_orders")))


def _map(lang: str, scope: Scope, tick: int, card: Row, visits: list[Row]) -> None:
    """Where it was to be, where the visits were, and the way to each; nothing where no place is known."""
    track = track_look.track(scope, tick, LookAtTrack("task", card["task_id"])) if visits else []
    deck = task_map.deck(lang, card, visits, track)
    if deck is not None:
        with st.container(key="task_map"):
            st.html(panel.title(lang, "task_map"))
            st.pydeck_chart(deck, height=task_map.HEIGHT_PX, key=f"task_map_{card['task_id']}")


_KINDS: dict[str, type[TaskOrder]] = {
    "assign": AssignTask,
    "suspend": SuspendTask,
    "resume": ResumeTask,
    "cancel": CancelTask,
    "reply": RecordReply,
}


def _actions(card: Row) -> list[str]:
    """What who is looking can order about the task as it stands."""
    state, owed = card["state"], card["department_id"] and not card["replied"]
    actions = [] if state in OVER else ["assign", "suspend", "cancel"]
    if state == State.SUSPENDED:
        actions[1] = "resume"
    return [action for action in [*actions, *(["reply"] if owed else [])] if duties.may(_KINDS[action])]


def _desk(lang: str, scope: Scope, tick: int, card: Row) -> None:
    actions, key = _actions(card), f"desk_{card['task_id']}"
    if actions:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            action = st.selectbox(
                say(lang, "desk.action"),
                actions,
                format_func=lambda action: say(lang, f"task_action.{action}"),
                key=f"{key}_action_{card['state']}",
            )
            to = _choose_worker(lang, scope, tick, key, card) if action == "assign" else None
            if action in ("suspend", "cancel", "reply"):
                st.text_input(say(lang, "desk.text"), key=f"{key}_text", max_chars=2000)
            args = (scope, card, action, to, f"{key}_text")
            st.button(say(lang, "desk.send"), key=f"{key}_send", type="primary", on_click=_send, args=args)
    orders.say_outcome(lang, scope, card["task_id"])


def _choose_worker(lang: str, scope: Scope, tick: int, key: str, card: Row) -> str | None:
    crew = {row["worker_id"]: row for row in _rows(scope, "read/task_workers", tick, id=card["task_id"])}
    chosen: str | None = st.selectbox(
        say(lang, "column.worker"),
        [worker_id for worker_id in crew if worker_id != card["worker_id"]],
        index=None,
        format_func=lambda code: _named(lang, crew[code]) if code in crew else code,
        placeholder="",
        key=f"{key}_worker",
    )
    return chosen


def _named(lang: str, worker: Row) -> str:
    return f"{name(lang, worker)} · {name(lang, worker, 'unit_')}"


_ORDERS: dict[str, Callable[[Row, str, str], TaskOrder]] = {
    "assign": lambda card, to, text: AssignTask(card["task_id"], to),
    "suspend": lambda card, to, text: SuspendTask(card["task_id"], text),
    "resume": lambda card, to, text: ResumeTask(card["task_id"]),
    "cancel": lambda card, to, text: CancelTask(card["task_id"], text),
    "reply": lambda card, to, text: RecordReply(card["task_id"], card["department_id"], text),
}


def _send(scope: Scope, card: Row, action: str, to: str | None, text_key: str) -> None:
    """Place the order; what is missing for it is said instead."""
    text = (st.session_state.get(text_key) or "").strip()
    if action == "assign" and to is None:
        orders.lacks(card["task_id"], "task_desk.worker_needed")
    elif action in ("suspend", "cancel", "reply") and not text:
        orders.lacks(card["task_id"], "desk.text_needed")
    elif orders.send(scope, card["task_id"], _ORDERS[action](card, to or "", text)):
        st.session_state[text_key] = ""


def _rows(scope: Scope, query: str, tick: int, **params: Any) -> list[Row]:
    """The rows as of `tick`; while the database is away those last seen."""
    kept: dict[Any, list[Row]] = st.session_state.setdefault("kept", {})
    key = (query, params.get("id"))
    with contextlib.suppress(psycopg.Error):
        kept[key] = data.rows(scope, query, tick, **params)
    return kept.get(key, [])
