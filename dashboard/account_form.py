"""What of an account is somebody's to give: the fields of a form, among what one has oneself."""

from typing import Any

import streamlit as st

from dashboard import listing, viewer
from dashboard.ui.i18n import name, say
from db.connect import Row, Scope
from ingest.domain.account import Grade, Role

FIELD = 190
"""Pixels."""


def draw(lang: str, scope: Scope, tick: int, key: str, kind: str, now: Row | None = None) -> None:
    """The fields of an account of this kind, filled in as the row of ``read/accounts`` says."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if kind != "worker":
            _place(lang, scope, tick, key, now)
        elif now is None:
            _worker(lang, scope, tick, key)
        _grade(lang, key, now)
        if st.session_state.get(f"{key}_grade") == Grade.DEPARTMENT:
            _department(lang, scope, tick, key, now)
    if kind == "person":
        mine = [str(role) for role in Role if role in viewer.account().roles]
        st.multiselect(
            say(lang, "account_form.roles"),
            mine,
            default=[role for role in (now["roles"] if now else [Role.LOOK]) if role in mine],
            format_func=lambda role: say(lang, f"account_role.{role}"),
            placeholder=say(lang, "account_form.choose"),
            key=f"{key}_roles",
        )


def given(key: str, kind: str) -> dict[str, Any]:
    """What stands in the fields, as orders take it."""
    state, grade = st.session_state, Grade(st.session_state[f"{key}_grade"])
    roles = state[f"{key}_roles"] if kind == "person" else [Role.LOOK]
    of_department = grade is Grade.DEPARTMENT
    return {
        "place": None if kind == "worker" else state.get(f"{key}_place"),
        "roles": [role for role in Role if role in roles],
        "grade": grade,
        "department_id": state.get(f"{key}_department") if of_department else None,
    }


def lacks(fields: dict[str, Any], kind: str) -> str | None:
    """The locale key of what is missing among them; None: nothing."""
    if kind != "worker" and fields["place"] is None:
        return "account_form.place_needed"
    if not fields["roles"]:
        return "account_form.roles_needed"
    if fields["grade"] is Grade.DEPARTMENT and fields["department_id"] is None:
        return "desk.department_needed"
    return None


def _place(lang: str, scope: Scope, tick: int, key: str, now: Row | None) -> None:
    units = listing.kept(scope, "read/account_places", tick, {})
    labels = {unit["path"]: "\u2003" * (unit["depth"] - 1) + name(lang, unit) for unit in units}
    if now and now["place"] not in labels:
        labels[now["place"]] = now["place"]
    _choice(lang, f"{key}_place", "account_form.place", labels, now["place"] if now else None, FIELD + 60)


def _worker(lang: str, scope: Scope, tick: int, key: str) -> None:
    workers = listing.kept(scope, "read/worker_choices", tick, {})
    labels = {one["worker_id"]: f"{name(lang, one)} · {one['worker_id']}" for one in workers}
    _choice(lang, f"{key}_worker", "account_form.worker", labels, None, FIELD + 60)


def _grade(lang: str, key: str, now: Row | None) -> None:
    own = viewer.account().grade
    grades = list(Grade) if own is Grade.OFFICER else [own]
    labels = {str(one): say(lang, f"account_grade.{one}") for one in grades}
    usual = now["grade"] if now else str(Grade.OFFICER if own is Grade.OFFICER else own)
    _choice(lang, f"{key}_grade", "account_form.grade", labels, usual, FIELD - 40)


def _department(lang: str, scope: Scope, tick: int, key: str, now: Row | None) -> None:
    rows = listing.kept(scope, "read/departments", tick, {})
    labels = {row["department_id"]: name(lang, row) for row in rows}
    usual = now["department_id"] if now else viewer.account().department_id
    _choice(lang, f"{key}_department", "account_form.department", labels, usual, FIELD)


def _choice(lang: str, key: str, word: str, labels: dict[str, str], usual: str | None, width: int) -> None:
    codes = list(labels)
    st.selectbox(
        say(lang, word),
        codes,
        index=codes.index(usual) if usual in labels else None,
        format_func=lambda code: labels.get(code, code),
        placeholder=say(lang, "account_form.choose"),
        key=key,
        width=width,
    )
