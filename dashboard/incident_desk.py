"""What can be done about an incident as it stands: taken up, ended, reopened, written about, merged."""

from typing import Any

import streamlit as st

from dashboard import duties, listing, orders
from dashboard.ui import incident, panel
from dashboard.ui.i18n import say
from dashboard.ui.nearest import distance
from db.connect import Row, Scope
from ingest.contract.orders import (
    AcknowledgeIncident,
    CommentIncident,
    IncidentOrder,
    MergeIncidents,
    ReopenIncident,
    ResolveIncident,
)
from ingest.domain.incident import INCIDENT_OVER, IncidentState

BESIDE = 30
"""Other open incidents that are offered for merging."""

_ORDERS: dict[str, type[IncidentOrder]] = {
    "acknowledge": AcknowledgeIncident,
    "resolved": ResolveIncident,
    "false_alarm": ResolveIncident,
    "reopen": ReopenIncident,
    "comment": CommentIncident,
}
_ICONS = {
    "acknowledge": ":material/front_hand:",
    "resolved": ":material/task_alt:",
    "false_alarm": ":material/notifications_off:",
    "reopen": ":material/undo:",
    "comment": ":material/comment:",
}


def draw(lang: str, scope: Scope, tick: int, card: Row) -> None:
    """The buttons of what its state allows, for who may, and what became of the last order."""
    severity = card["severity"]
    offered = [action for action in actions(card["state"]) if duties.may(_ORDERS[action], severity)]
    if not offered:
        return
    incident_id = card["incident_id"]
    key, text_key = f"incident_{incident_id}", f"incident_{incident_id}_text"
    with st.container(key="desk"):
        st.text_input(say(lang, "incident.text"), key=text_key, max_chars=2000)
        with st.container(key="incident_actions", horizontal=True):
            for action in offered:
                st.button(
                    say(lang, f"incident_action.{action}"),
                    icon=_ICONS[action],
                    key=f"{key}_{action}",
                    type="primary" if action in ("acknowledge", "reopen") else "secondary",
                    on_click=_act,
                    args=(scope, incident_id, action, text_key),
                )
        orders.say_outcome(lang, scope, incident_id, orders.INCIDENT)
        if card["state"] not in INCIDENT_OVER and duties.may(MergeIncidents, severity):
            _merging(lang, scope, tick, card, f"{key}_merge")


def actions(state: str) -> list[str]:
    """What can be ordered in a state beside sending somebody and merging."""
    if state == IncidentState.MERGED:
        return ["comment"]
    if state in INCIDENT_OVER:
        return ["reopen", "comment"]
    first = ["acknowledge"] if state == IncidentState.RAISED else []
    return [*first, "resolved", "false_alarm", "comment"]


def _act(scope: Scope, incident_id: str, action: str, text_key: str) -> None:
    """Place the order; a reason that is missing is asked for instead."""
    text = (st.session_state.get(text_key) or "").strip()
    if action != "acknowledge" and not text:
        orders.lacks(incident_id, "desk.text_needed")
    elif orders.send(scope, incident_id, _order(incident_id, action, text)):
        st.session_state[text_key] = ""


def _order(incident_id: str, action: Any, text: str) -> IncidentOrder:
    match action:
        case "acknowledge":
            return AcknowledgeIncident(incident_id)
        case "reopen":
            return ReopenIncident(incident_id, text)
        case "comment":
            return CommentIncident(incident_id, text)
        case outcome:  # the two ends are named as the order has them
            return ResolveIncident(incident_id, outcome, text)


def _merging(lang: str, scope: Scope, tick: int, card: Row, key: str) -> None:
    """Which other open incidents are the same thing: their alerts and their people become this one's."""
    asked = {"id": card["incident_id"], "limit": BESIDE}
    others = listing.kept(scope, "read/incidents_beside", tick, asked, card["incident_id"])
    shown = {row["incident_id"]: _named(lang, row) for row in others}
    st.html(panel.title(lang, "incident_merge"))
    with st.container(key="incident_merging", horizontal=True, vertical_alignment="bottom"):
        chosen = st.multiselect(
            say(lang, "incident.merge"),
            list(shown),
            format_func=lambda one: shown.get(one, one),
            placeholder=say(lang, "incident.merge_none"),
            select_all=False,  # a slip would merge the whole district
            key=key,
            label_visibility="collapsed",
        )
        st.button(
            say(lang, "incident_action.merge"),
            icon=":material/merge:",
            key=f"{key}_go",
            disabled=not chosen,
            on_click=_merge,
            args=(scope, card["incident_id"], key),
        )


def _named(lang: str, row: Row) -> str:
    away = [] if row["metres"] is None else [distance(lang, row["metres"])]
    return " · ".join([f"{row['opened']:%H:%M}", incident.what(lang, row), *away])


def _merge(scope: Scope, incident_id: str, key: str) -> None:
    chosen = st.session_state.get(key) or []
    if chosen and orders.send(scope, incident_id, MergeIncidents(incident_id, list(chosen))):
        st.session_state[key] = []
