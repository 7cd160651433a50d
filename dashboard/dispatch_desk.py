"""Who is to go: the nearest on duty, each a click away, a squadron or a department; and who was sent."""

from typing import Any

import streamlit as st

from dashboard import data, duties, listing, orders
from dashboard.ui import incident_sent, order_line, panel
from dashboard.ui import nearest as near_line
from dashboard.ui.i18n import name, say
from dashboard.ui.incident_map import Place
from db.connect import Row, Scope
from ingest.contract.acts import TAKES, Act
from ingest.contract.orders import DispatchIncident, SendOrder, Target
from ingest.domain.incident import INCIDENT_OVER

NEAREST, LAST = 8, 12
"""Workers that are offered, and orders that are shown."""
ON_MAP = "map"
"""The key of the buttons on the maps, where there is no room for what became of an order."""
ACTS = TAKES["worker"]
"""What a person who is sent can be told to do; the first is what they are told unless another is chosen."""


def nearest(
    scope: Scope, tick: int, place: Place | None, incident_id: str | None, limit: int = NEAREST
) -> list[Row]:
    """The rows of ``read/nearest_workers`` to a place; none of one that is not known."""
    if place is None:
        return []
    asked = {"lon": place[0], "lat": place[1], "id": incident_id, "limit": limit}
    return listing.kept(scope, "read/nearest_workers", tick, asked, f"{place}{incident_id}")


def draw(lang: str, scope: Scope, tick: int, card: Row, near: list[Row], sent: list[Row]) -> None:
    """Who was sent; and, while it is open, who else could be."""
    if sent:
        st.html(panel.title(lang, "incident_sent"))
        st.html(incident_sent.people(lang, sent))
        asked = {"incident_id": card["incident_id"], "kind": None, "device_id": None, "limit": LAST}
        down = listing.kept(scope, "read/orders_down", tick, asked, card["incident_id"])
        st.html(order_line.lines(lang, down))
    if card["state"] in INCIDENT_OVER or not duties.may(DispatchIncident, card["severity"]):
        return
    key = f"send_{card['incident_id']}"
    st.html(panel.title(lang, "nearest"))
    gone = _gone(sent)
    with st.container(key="nearest"):
        for row in near:
            person(lang, scope, card["incident_id"], row, gone, key)
        if not near:
            st.html(panel.empty(say(lang, "nearest.nobody")))
    with st.container(key="send_how", horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            say(lang, "dispatch.act"),
            ACTS,
            format_func=lambda act: say(lang, f"act.{act}"),
            key=f"{key}_act",
            width=190,
        )
        st.text_input(say(lang, "dispatch.text"), key=f"{key}_text", max_chars=2000)
    with st.container(key="send_others", horizontal=True, vertical_alignment="bottom"):
        squadrons = {row["path"]: _squadron(lang, row) for row in _rows(scope, "read/squadrons", tick)}
        departments = {
            row["department_id"]: name(lang, row) for row in _rows(scope, "read/departments", tick)
        }
        _others(lang, scope, card, "squadron", squadrons)
        _others(lang, scope, card, "department", departments)


def sendable(scope: Scope, incident_id: str | None) -> set[str] | None:
    """Who has been sent to an incident already, of one to which others can be; else None."""
    if incident_id is None:
        return None
    tick = data.tick()
    card = listing.kept(scope, "read/incident_card", tick, {"id": incident_id}, incident_id)
    if not card or card[0]["state"] in INCIDENT_OVER:
        return None
    return _gone(listing.kept(scope, "read/incident_sent", tick, {"id": incident_id}, incident_id))


def _gone(sent: list[Row]) -> set[str]:
    return {row["id"] for row in sent if row["stage"] not in ("refused", "failed", "done")}


def person(lang: str, scope: Scope, incident_id: str, row: Row, gone: set[str], key: str) -> None:
    """One of the nearest, and the button that sends them."""
    with st.container(key=f"near_{key}_{row['worker_id']}", horizontal=True, vertical_alignment="center"):
        st.html(near_line.line(lang, row))
        if not duties.may_some(DispatchIncident):
            return
        there = row["worker_id"] in gone
        st.button(
            say(lang, "dispatch.sent" if there else "dispatch.send"),
            key=f"{key}_{row['worker_id']}",
            type="secondary" if there else "primary",
            disabled=there,
            on_click=_send,
            args=(scope, incident_id, Target("worker", row["worker_id"]), key),
        )


def goer(lang: str, scope: Scope, row: Row, order: SendOrder, key: str) -> None:
    """One of the nearest to a place where there is no incident, and the button by which they are told to go.

    Who has been told is not offered again until another place is looked at; what became of it stands on the
    page of devices, to which the name leads.
    """
    there = (order.premises_id, order.lon, order.lat)
    told = st.session_state.get("told_to_go")
    if told is None or told[0] != there:
        told = st.session_state["told_to_go"] = (there, set())
    gone = row["worker_id"] in told[1]
    with st.container(key=f"near_{key}_{row['worker_id']}", horizontal=True, vertical_alignment="center"):
        st.html(near_line.line(lang, row, links=True))
        if not duties.may(SendOrder):
            return
        st.button(
            say(lang, "dispatch.sent" if gone else "dispatch.send"),
            key=f"{key}_{row['worker_id']}",
            type="secondary" if gone else "primary",
            disabled=gone,
            on_click=_go,
            args=(scope, order, told[1]),
        )


def _go(scope: Scope, order: SendOrder, told: set[str]) -> None:
    if orders.click(scope, f"worker:{order.device_id}", order):
        told.add(order.device_id)


def _others(lang: str, scope: Scope, card: Row, kind: Any, shown: dict[str, str]) -> None:
    key = f"send_{card['incident_id']}"
    chosen = st.selectbox(
        say(lang, f"dispatch.{kind}"),
        list(shown),
        index=None,
        format_func=lambda code: shown.get(code, code),
        placeholder="",
        key=f"{key}_{kind}",
    )
    st.button(
        say(lang, "dispatch.send"),
        key=f"{key}_{kind}_go",
        disabled=chosen is None,
        on_click=_send,
        args=(scope, card["incident_id"], Target(kind, chosen or ""), key),
    )


def _send(scope: Scope, incident_id: str, whom: Target, key: str) -> None:
    state, text_key = st.session_state, f"{key}_text"
    act: Act = state.get(f"{key}_act") or ACTS[0]
    text = (state.get(text_key) or "").strip()
    place = orders.click if key == ON_MAP else orders.send
    if place(scope, incident_id, DispatchIncident(incident_id, [whom], act, text or None)) and text:
        state[text_key] = ""


def _squadron(lang: str, row: Row) -> str:
    return say(lang, "dispatch.officers", unit=name(lang, row), n=row["officers"])


def _rows(scope: Scope, query: str, tick: int) -> list[Row]:
    return listing.kept(scope, query, tick - tick % 30, {})
