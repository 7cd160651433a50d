"""Beside the list of thresholds: the one that was picked, another value for it from a day on, and what that
would have meant for the last days.
"""

import contextlib
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import streamlit as st

from dashboard import data, duties, orders
from dashboard.ui import panel, thresholds
from dashboard.ui.i18n import say
from db.connect import Row, Scope
from ingest.contract.orders import PreviewThreshold, SetThreshold

DAYS = (7, 30, 90)


def draw(lang: str, scope: Scope, tick: int, district: Row, row: Row | None) -> None:
    """The panel; with nothing picked it says how to pick, and when the next org level is called."""
    if row is None:
        st.html(panel.empty(say(lang, "threshold.hint")))
        _escalation(lang, scope, tick)
        return
    st.html(thresholds.card(lang, row))
    if not row["name"]:
        return
    if duties.may(SetThreshold):
        with st.container(key="desk"):
            _desk(lang, scope, district, row)
    changes = _rows(scope, "read/threshold_history", tick, row["name"])
    st.html(panel.title(lang, "threshold_history"))
    st.html(thresholds.history(lang, changes) if changes else panel.empty(say(lang, "threshold.unchanged")))


def _escalation(lang: str, scope: Scope, tick: int) -> None:
    """How long a step of an incident may take: rows of their own kind, by severity and step."""
    st.html(panel.title(lang, "escalation"))
    st.html(thresholds.escalation(lang, _rows(scope, "read/escalation_rules", tick, "")))


def _desk(lang: str, scope: Scope, district: Row, row: Row) -> None:
    key, counts = f"threshold_{row['name']}", row["unit"] == "count"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(
            _label(lang, row),
            min_value=float(row["low"]),
            max_value=float(row["high"]),
            value=float(row["value"]),
            step=1.0,
            format="%d" if counts else "%g",
            key=f"{key}_value",
            width=190,
        )
        st.date_input(
            say(lang, "threshold.from_day"),
            value=None,
            min_value=district["local_time"].date(),
            format="YYYY-MM-DD",
            key=f"{key}_from",
            width=165,
        )
        st.button(
            say(lang, "desk.send"),
            key=f"{key}_send",
            type="primary",
            on_click=_send,
            args=(scope, district, row, key),
        )
    orders.say_outcome(lang, scope, row["name"])
    if not row["previewed"]:
        st.caption(say(lang, "preview.none"))
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            say(lang, "preview.days"),
            DAYS,
            index=1,
            format_func=lambda days: say(lang, "preview.last", days=days),
            key=f"{key}_days",
            width=190,
        )
        st.button(say(lang, "preview.ask"), key=f"{key}_preview", on_click=_ask, args=(scope, row, key))
    _show_preview(lang, scope, row)


def _send(scope: Scope, district: Row, row: Row, key: str) -> None:
    """Place the order: from now on, or from the beginning of a day of the district."""
    day: date | None = st.session_state[f"{key}_from"]
    ahead = day and day > district["local_time"].date()
    begins = datetime.combine(day, time.min, ZoneInfo(district["tz"])) if day and ahead else None
    order = SetThreshold(row["name"], st.session_state[f"{key}_value"], begins)
    orders.send(scope, row["name"], order)


def _ask(scope: Scope, row: Row, key: str) -> None:
    state = st.session_state
    order = PreviewThreshold(row["name"], state[f"{key}_value"], state[f"{key}_days"])
    orders.send(scope, _about_preview(row), order)
    state["preview"] = {"name": row["name"], "id": state["order"]["id"]}


def _show_preview(lang: str, scope: Scope, row: Row) -> None:
    """The last preview of this parameter: looked at every second until it is over."""
    asked = st.session_state.get("preview") or {}
    if asked.get("name") != row["name"]:
        return
    state = next((found["state"] for found in _read(scope, asked["id"])), None)
    if state is None:
        orders.say_outcome(lang, scope, _about_preview(row))
    over = state in ("done", "failed")
    st.fragment(_progress, run_every=None if over else 1)(lang, scope, asked["id"], row["unit"], over)


def _progress(lang: str, scope: Scope, preview_id: str, unit: str, over: bool) -> None:
    for row in _read(scope, preview_id):
        if row["state"] == "done":
            st.html(thresholds.preview(lang, row, unit))
        elif row["state"] == "failed":
            st.warning(say(lang, "preview.failed"))
        else:
            st.progress(row["done"], text=say(lang, "preview.running"))
        if row["state"] in ("done", "failed") and not over:
            st.rerun()


def _read(scope: Scope, preview_id: str) -> list[Row]:
    """As of now; while the database is away as it was last seen."""
    kept: dict[Any, list[Row]] = st.session_state.setdefault("kept", {})
    key = ("read/preview", preview_id)
    with contextlib.suppress(psycopg.Error):
        kept[key] = data.read(scope, "read/preview", id=preview_id)
    return kept.get(key, [])


def _rows(scope: Scope, query: str, tick: int, picked: str) -> list[Row]:
    """The rows as of `tick`; while the database is away those last seen."""
    kept: dict[Any, list[Row]] = st.session_state.setdefault("kept", {})
    key = (query, picked)
    with contextlib.suppress(psycopg.Error):
        kept[key] = data.rows(scope, query, tick, id=picked)
    return kept.get(key, [])


def _label(lang: str, row: Row) -> str:
    word, unit = say(lang, f"parameter.{row['name']}"), say(lang, f"unit.{row['unit']}")
    return f"{word} ({unit})" if unit else word


def _about_preview(row: Row) -> str:
    return f"preview {row['name']}"
