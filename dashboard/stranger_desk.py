"""Beside the list of strangers: what the one that was picked says, and a form that registers it."""

import re
from typing import Any

import streamlit as st

from dashboard import duties, filters, listing, orders
from dashboard.ui import panel, raw
from dashboard.ui.i18n import name, say
from dashboard.ui.tables import Column, of, table
from db.connect import Row, Scope
from ingest.contract.messages import Datum
from ingest.contract.orders import PutAsideStranger, RegisterDevice

_OTHERS = (
    Column("protocol", lambda lang, row: say(lang, f"protocol.{row['decoder']}")),
    Column("type", of("type")),
    Column("messages", of("messages"), "number"),
    Column("devices", of("devices"), "number"),
    Column("last_heard", of("last_time"), "time"),
)
_REJECTED = (
    Column("topic", of("topic")),
    Column("rejected_for", of("reason")),
    Column("messages", of("messages"), "number"),
    Column("last_heard", of("last_time"), "time"),
    Column("payload", lambda lang, row: bytes(row["payload"]).decode(errors="replace")),
)


def draw(lang: str, scope: Scope, tick: int, picked: str | None) -> None:
    """The panel; with nothing picked it says how to, and which types nobody has words for."""
    rows = listing.kept(scope, "read/strangers", tick, {"text": None, "limit": listing.ROWS}, key="desk")
    found = next((row for row in rows if row["key"] == picked), None)
    if picked:
        _ways(lang, picked, registered=found is None)
        orders.say_outcome(lang, scope, picked)
    if found is None:
        st.html(panel.empty(say(lang, "strangers.gone" if picked else "strangers.hint")))
        _others(lang, scope, tick)
        _rejected(lang, scope, tick)
        return
    with st.container(key="desk"):
        _form(lang, scope, tick, found)
    st.html(panel.title(lang, "stranger_messages"))
    said = listing.kept(scope, "read/stranger_messages", tick, {"id": picked}, key=picked or "")
    st.html(raw.waiting(lang, said))


def _ways(lang: str, picked: str, *, registered: bool) -> None:
    """The way back, and, of one that is no stranger any more, to the device that it has become."""
    with st.container(horizontal=True):
        st.button(say(lang, "task_desk.back"), icon=":material/close:", on_click=filters.put_back)
        became = st.session_state.get("became", {}).get(picked)
        if registered and became and st.button(say(lang, "strangers.show"), icon=":material/arrow_forward:"):
            st.query_params.pop("strangers")
            st.query_params["picked"] = became
            st.rerun()


def _others(lang: str, scope: Scope, tick: int) -> None:
    others = listing.kept(scope, "read/other_messages", tick, {})
    st.html(panel.title(lang, "other_messages"))
    if others:
        st.dataframe(table(lang, _OTHERS, others), hide_index=True, key="other_messages")
    else:
        st.html(panel.empty(say(lang, "list.nothing")))


def _rejected(lang: str, scope: Scope, tick: int) -> None:
    rows = listing.kept(scope, "read/rejected_foreign", tick, {})
    if rows:
        st.html(panel.title(lang, "rejected_foreign"))
        st.dataframe(table(lang, _REJECTED, rows), hide_index=True, key="rejected_foreign")


def _form(lang: str, scope: Scope, tick: int, row: Row) -> None:
    """Filled in as far as can be guessed, so that one click does, for who may."""
    if not duties.may(RegisterDevice):
        return
    key = f"stranger_{row['key']}"
    workers = listing.kept(scope, "read/worker_choices", tick, {})
    names = {one["worker_id"]: f"{name(lang, one)} · {one['worker_id']}" for one in workers}
    likely = next((part for part in re.split(r"[/:]", row["name"]) if part in names), None)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.selectbox(
            say(lang, "strangers.kind"),
            row["kinds"],
            format_func=lambda kind: say(lang, f"kind.{kind}"),
            key=f"{key}_kind",
            width=110,
        )
        if kind != "worker":
            free = _free(scope, tick, _id(row["name"]) or row["decoder"])
            st.text_input(say(lang, "strangers.id"), free, key=f"{key}_id", max_chars=64, width=150)
        st.selectbox(
            say(lang, "strangers.whose" if kind == "worker" else "strangers.carrier"),
            list(names),
            index=list(names).index(likely) if likely and kind == "worker" else None,
            format_func=lambda one: names.get(one, one),
            placeholder=say(lang, "strangers.choose"),
            key=f"{key}_{'worker' if kind == 'worker' else 'carrier'}",
            width=150,
        )
        args = (scope, row, key)
        label = say(lang, "strangers.register")
        st.button(label, key=f"{key}_register", type="primary", on_click=_register, args=args)
        if duties.may(PutAsideStranger):
            aside = row["aside_by"] is None
            label = say(lang, "strangers.put_aside" if aside else "strangers.take_back")
            st.button(label, key=f"{key}_aside", on_click=_put, args=(scope, row, aside))
    with st.expander(say(lang, "strangers.more")):
        _more(lang, key, fixed=kind == "camera")


def _more(lang: str, key: str, *, fixed: bool) -> None:
    with st.container(horizontal=True):
        st.text_input(say(lang, "strangers.title"), key=f"{key}_title", max_chars=200, width=190)
        st.text_input(
            say(lang, "strangers.tz"), key=f"{key}_tz", max_chars=100, placeholder="Asia/Shanghai", width=190
        )
        st.selectbox(say(lang, "strangers.datum"), list(Datum), index=None, key=f"{key}_datum", width=130)
        st.text_input(say(lang, "strangers.key"), key=f"{key}_key", max_chars=32, type="password", width=190)
    if fixed:
        with st.container(horizontal=True):
            for field, low, high in (("lon", -180.0, 180.0), ("lat", -90.0, 90.0), ("heading", 0.0, 360.0)):
                st.number_input(
                    say(lang, f"strangers.{field}"),
                    low,
                    high,
                    None,
                    format="%.6f",
                    key=f"{key}_{field}",
                    width=150,
                )


def _register(scope: Scope, row: Row, key: str) -> None:
    """Place the order; what is missing for it is said instead."""
    kind = st.session_state[f"{key}_kind"]
    device_id = _given(key, "worker" if kind == "worker" else "id")
    if not device_id:
        orders.lacks(row["key"], "strangers.worker_needed" if kind == "worker" else "strangers.id_needed")
        return
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", device_id):
        orders.lacks(row["key"], "strangers.no_id")
        return
    order = RegisterDevice(
        row["decoder"],
        row["name"],
        kind,
        device_id,
        title=_given(key, "title"),
        worker_id=None if kind == "worker" else _given(key, "carrier"),
        lon=_given(key, "lon") if kind == "camera" else None,
        lat=_given(key, "lat") if kind == "camera" else None,
        heading_deg=_given(key, "heading") if kind == "camera" else None,
        datum=_given(key, "datum"),
        tz=_given(key, "tz"),
        key=_given(key, "key"),
    )
    st.session_state.setdefault("became", {})[row["key"]] = f"{kind}:{device_id}"
    orders.send(scope, row["key"], order)


def _put(scope: Scope, row: Row, aside: bool) -> None:
    orders.send(scope, row["key"], PutAsideStranger(row["decoder"], row["name"], aside))


def _given(key: str, field: str) -> Any:
    """What stands in the field; None if nothing does, or it is not drawn."""
    value = st.session_state.get(f"{key}_{field}")
    return (value.strip() or None) if isinstance(value, str) else value


def _id(foreign_name: str) -> str:
    """An id like the name, as far as its letters may stand in one; empty if none may."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", foreign_name).strip("-")[-60:]


def _free(scope: Scope, tick: int, wanted: str) -> str:
    """An id like `wanted` that no device has; if ten have one, whoever registers it finds a better one."""
    for number in range(1, 10):
        free = wanted if number == 1 else f"{wanted}-{number}"
        if not listing.kept(scope, "read/device_card", tick, {"id": free}, key=free):
            return free
    return wanted
