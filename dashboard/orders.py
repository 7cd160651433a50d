"""Orders from the screen: placed once, and what has become of them is said where they were placed."""

import contextlib
import math
import time
import uuid
from typing import Any

import psycopg
import streamlit as st

from dashboard import data, viewer
from dashboard.ui.actor import actor
from dashboard.ui.i18n import say, words
from db.connect import Row, Scope
from ingest.contract.orders import Order

TOLD_S = 8
Sent = dict[str, str]
"""An order that was placed: what it is `about`, and its `id`, or the locale key of what it `lacks`."""
TASK, CLUE, INCIDENT = "task_irregular", "irregular", "incident_refusal"


def send(scope: Scope, about: str, order: Order) -> bool:
    """Place an order about what `about` names; whether the database took it."""
    sent = st.session_state["order"] = place(scope, about, order)
    return "lacks" not in sent


def place(scope: Scope, about: str, order: Order) -> Sent:
    """The same for who is looking, but without a session of Streamlit's: what to ask `outcome` with."""
    sent = {"about": about, "id": f"screen-{uuid.uuid4().hex}"}
    try:
        data.place(scope, viewer.account().actor, sent["id"], order)
    except psycopg.Error:
        sent["lacks"] = "desk.away"
    return sent


def lacks(about: str, key: str) -> None:
    """Say instead, by locale key, what an order about `about` lacks."""
    st.session_state["order"] = {"about": about, "lacks": key}


def say_outcome(lang: str, scope: Scope, about: str, reasons: str = TASK) -> None:
    """What has become of the last order, if it was about `about`; why one was refused is said by the locale
    keys ``{reasons}.{code}``."""
    sent = st.session_state.get("order") or {}
    if sent.get("about") != about:
        return
    if "lacks" in sent:
        st.warning(say(lang, sent["lacks"]))
        return
    with contextlib.suppress(psycopg.Error):
        for row in data.read(scope, "read/order", id=sent["id"]):
            st.info(say(lang, f"order_state.{row['state']}", reason=why(lang, row["reason"], reasons)))


def why(lang: str, reason: str | None, reasons: str = TASK) -> str:
    """The reason of a refusal: its code in words, with what stands behind a colon; anything else as it is."""
    code, _, about = (reason or "").partition(": ")
    keys = (f"{reasons}.{code}", f"refusal.{code}")
    found = (say(lang, key, about=actor(lang, about)) for key in keys if key in words(lang))
    return next(found, reason or "")


def is_waiting() -> bool:
    """Whether there is something that `told` tells, or will."""
    return "clicked" in st.session_state


def told(lang: str, scope: Scope) -> str | None:
    """What has become of the last order placed by `click`, for some seconds from when it is known."""
    clicked = st.session_state.get("clicked")
    if not clicked:
        return None
    if "said" not in clicked and (known := outcome(lang, scope, clicked)):
        clicked.update(said=known, until=time.monotonic() + TOLD_S)
    if clicked.get("until", math.inf) < time.monotonic():
        st.session_state.pop("clicked")
        return None
    said: str | None = clicked.get("said")
    return said


def outcome(lang: str, scope: Scope, sent: Sent) -> str | None:
    """What has become of an order about an incident; None while that is not known."""
    if "lacks" in sent:
        return say(lang, sent["lacks"])
    with contextlib.suppress(psycopg.Error):
        for row in data.read(scope, "read/order", id=sent["id"]):
            if row["state"] != "queued":
                return say(lang, f"order_state.{row['state']}", reason=why(lang, row["reason"], INCIDENT))
    return None


def click(scope: Scope, about: str, order: Order) -> bool:
    """As `send`, where there is no room for its outcome, which `told` gives."""
    taken = send(scope, about, order)
    st.session_state["clicked"] = st.session_state["order"]
    return taken


def are_over(scope: Scope, ids: list[str]) -> bool:
    """Whether all of these orders are carried out or refused."""
    ended: int = sum(row["n"] for row in _states(scope, ids) if row["state"] != "queued")
    return ended == len(ids)


def show_progress(lang: str, scope: Scope, ids: list[str]) -> None:
    """How far the orders have come: looked at every second until they are over."""
    over = are_over(scope, ids)
    st.fragment(_progress, run_every=None if over else 1)(lang, scope, ids, over)


def _progress(lang: str, scope: Scope, ids: list[str], over: bool) -> None:
    states = _states(scope, ids)
    n: dict[str, int] = dict.fromkeys(("queued", "done", "refused"), 0)
    for row in states:
        n[row["state"]] += row["n"]
    finished = n["done"] + n["refused"]
    text = say(
        lang, "orders.progress", done=f"{n['done']:,}", refused=f"{n['refused']:,}", whole=f"{len(ids):,}"
    )
    st.progress(finished / len(ids) if ids else 1.0, text=text)
    for row in states:
        if row["state"] == "refused":
            st.warning(say(lang, "orders.refused", n=f"{row['n']:,}", reason=why(lang, row["reason"])))
    if finished == len(ids) and not over:
        st.rerun()


def _states(scope: Scope, ids: list[str]) -> list[Row]:
    """As of now; while the database is away, those last seen."""
    kept: dict[Any, list[Row]] = st.session_state.setdefault("kept", {})
    key = ("read/orders_by_state", ids[0])
    with contextlib.suppress(psycopg.Error):
        kept[key] = data.read(scope, "read/orders_by_state", ids=ids)
    return kept.get(key, [])
