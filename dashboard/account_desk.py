"""Beside the list of accounts: the one that was picked and what may be done about it, or a form for a new
one. What one does not have oneself can neither be given nor taken."""

from typing import Any

import streamlit as st
from msgspec.structs import replace

from dashboard import account_form, filters, first_password, listing, orders, viewer
from dashboard.ui import account, panel
from dashboard.ui.i18n import say
from db.connect import Row, Scope
from ingest.contract.orders import (
    AccountOrder,
    AddAccount,
    ChangeAccount,
    DisableAccount,
    EnableAccount,
    EndSessions,
    ResetAccount,
)
from ingest.domain.account import Account, Grade, Role, proper_name
from ingest.domain.account_rights import refusal
from ingest.domain.password import hashed, temporary

KINDS = ("person", "worker", "kiosk")
NEW = "new account"
"""What the order for one that is not there yet is about."""
_OFFERED = ("change_account", "reset_account", "end_sessions", "disable_account")


def draw(lang: str, scope: Scope, tick: int, picked: str | None) -> None:
    """The panel; with nothing picked the form for a new account."""
    first_password.draw(lang, scope)
    if not picked:
        st.html(panel.title(lang, "account_new"))
        with st.container(key="desk"):
            _new(lang, scope, tick)
        st.caption(say(lang, "account_desk.above"))
        return
    st.button(say(lang, "account_desk.back"), icon=":material/close:", on_click=filters.put_back)
    row = _row(scope, tick, picked)
    if row is None:
        st.html(panel.empty(say(lang, "account_desk.gone")))
        return
    st.html(account.card(lang, row))
    with st.container(key="desk"):
        _desk(lang, scope, tick, row)


def _row(scope: Scope, tick: int, picked: str) -> Row | None:
    all_of_it = dict.fromkeys(("unit", "states", "kinds", "roles"))
    asked = {**all_of_it, "text": picked, "limit": listing.ROWS}
    rows = listing.kept(scope, "read/accounts", tick, asked, key=picked)
    return next((row for row in rows if row["name"] == picked), None)


def _desk(lang: str, scope: Scope, tick: int, row: Row) -> None:
    acts, why = _acts(scope, row)
    about, key = f"account {row['name']}", f"account_{row['name']}"
    if not acts:
        st.html(panel.empty(orders.why(lang, why)))
        return
    act = st.selectbox(
        say(lang, "desk.action"),
        acts,
        format_func=lambda act: say(lang, f"audit_act.{act}"),
        key=f"{key}_act_{row['state']}",
    )
    st.caption(say(lang, f"account_about.{act}"))
    if act == "change_account":
        account_form.draw(lang, scope, tick, key, row["kind"], row)
    sure = act == "enable_account" or st.checkbox(
        say(lang, "account_desk.sure", account=row["name"]), key=f"{key}_sure_{act}"
    )
    st.button(
        say(lang, "desk.send"),
        key=f"{key}_send",
        type="primary",
        disabled=not sure,
        on_click=_send,
        args=(scope, row, act, about, key),
    )
    orders.say_outcome(lang, scope, about)


def _acts(scope: Scope, row: Row) -> tuple[list[str], str | None]:
    """What may be done about it now; if nothing, why not."""
    offered = ["enable_account", "change_account"] if row["state"] == "disabled" else list(_OFFERED)
    if not row["has_password"] and "reset_account" in offered:
        offered.remove("reset_account")
    giver = replace(viewer.account(), district=scope.district)
    one = Account(
        row["name"],
        scope.district,
        row["place"],
        frozenset(map(Role, row["roles"])),
        Grade(row["grade"]),
        row["worker_id"],
        row["kind"] == "kiosk",
        department_id=row["department_id"],
    )
    found = {act: refusal(giver, act, one) for act in offered}
    return [act for act, why in found.items() if why is None], next(iter(found.values()))


def _send(scope: Scope, row: Row, act: str, about: str, key: str) -> None:
    """Place the order; what is missing for it is said instead."""
    word = temporary() if act == "reset_account" else ""
    order = _order(row, act, key, word)
    if isinstance(order, str):
        orders.lacks(about, order)
    elif orders.send(scope, about, order):
        st.session_state[f"{key}_sure_{act}"] = False
        if word:
            first_password.wait(row["name"], word, st.session_state["order"]["id"])


def _order(row: Row, act: str, key: str, word: str) -> AccountOrder | str:
    """The order; or, by locale key, what it lacks."""
    name = row["name"]
    match act:
        case "disable_account":
            return DisableAccount(name)
        case "enable_account":
            return EnableAccount(name)
        case "reset_account":
            return ResetAccount(name, hashed(word))
        case "end_sessions":
            return EndSessions(name)
        case _:
            fields = account_form.given(key, row["kind"])
            return account_form.lacks(fields, row["kind"]) or ChangeAccount(name, **fields)


def _new(lang: str, scope: Scope, tick: int) -> None:
    key = "account_new"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            say(lang, "account_form.name"), key=f"{key}_name", max_chars=64, width=account_form.FIELD
        )
        kind = st.selectbox(
            say(lang, "account_form.kind"),
            KINDS,
            format_func=lambda kind: say(lang, f"account_kind.{kind}"),
            key=f"{key}_kind",
            width=account_form.FIELD - 40,
        )
    account_form.draw(lang, scope, tick, key, kind)
    label = say(lang, "account_desk.add")
    st.button(label, key=f"{key}_send", type="primary", on_click=_add, args=(scope, key))
    orders.say_outcome(lang, scope, NEW)


def _add(scope: Scope, key: str) -> None:
    """Place the order; what is missing for it is said instead."""
    state: Any = st.session_state
    kind, name = state[f"{key}_kind"], proper_name(state[f"{key}_name"].strip())
    fields, worker_id = account_form.given(key, kind), state.get(f"{key}_worker")
    if name is None:
        lacking: str | None = "account_form.no_name"
    elif kind == "worker" and worker_id is None:
        lacking = "strangers.worker_needed"
    else:
        lacking = account_form.lacks(fields, kind)
    if lacking or name is None:
        orders.lacks(NEW, lacking or "account_form.no_name")
        return
    word = temporary()
    rest = {"kiosk": kind == "kiosk", "worker_id": worker_id if kind == "worker" else None}
    if orders.send(scope, NEW, AddAccount(name, hashed(word), **fields, **rest)):
        first_password.wait(name, word, state["order"]["id"])
        state[f"{key}_name"] = ""
