"""Launching tasks: choose premises and what to inspect there, see how many and which, launch them at once."""

import uuid

import psycopg
import streamlit as st

from dashboard import data, duties, listing, orders, task_choice, viewer
from dashboard.data import Picture
from dashboard.filters import Params
from dashboard.ui import header, panel, tables
from dashboard.ui.i18n import day, language, name, say
from dashboard.ui.tables import Column, of
from db.connect import Scope
from ingest.contract.orders import LaunchTask, Order, Source

MOST, PREVIEW = 5_000, 20


def show() -> None:
    """Draw the panel in the place of the list."""
    lang = language(st.query_params.get("lang"), st.context.locale)
    picture = data.look()
    with st.container(key="page"), st.container(key="launch"):
        if not isinstance(picture, Picture):
            st.html(panel.notice(*header.state(lang, picture)))
            return
        if not duties.may(LaunchTask):
            st.html(panel.empty(say(lang, "refusal.role_lacks")))
            return
        st.html(panel.title(lang, "task_launch", n=f"{MOST:,}"))
        left, right = st.columns([3, 7])
        with left:
            today = picture.one("district")["local_time"].date()
            source, wanted, items = task_choice.choose(lang, picture.scope, today)
        with right:
            if ids := st.session_state.get("launched"):
                orders.show_progress(lang, picture.scope, ids)
            _preview(lang, picture.scope, source, wanted, items)


def _preview(lang: str, scope: Scope, source: Source, wanted: Params, items: list[str]) -> None:
    if wanted["category"] is None:
        st.html(panel.empty(say(lang, "launch.category_needed")))
        return
    if source == "season" and wanted["unfiled"] is None:
        st.warning(say(lang, "launch.no_season"))
        return
    found = listing.kept(scope, "read/premises_to_inspect", data.tick(), {"limit": PREVIEW, **wanted})
    n = found[0]["n"] if found else 0
    st.html(panel.title(lang, "launch_preview", n=f"{n:,}", shown=len(found)))
    if n > MOST:
        st.warning(say(lang, "launch.too_many", n=f"{n:,}", most=f"{MOST:,}"))
    elif n and not items:
        st.warning(say(lang, "launch.items_needed"))
    st.button(
        say(lang, "launch.go", n=f"{n:,}"),
        type="primary",
        key="launch_go",
        disabled=not 0 < n <= MOST or not items or _busy(scope),
        on_click=_launch,
        args=(scope, source, wanted, items),
    )
    if lacks := st.session_state.pop("launch_lacks", None):
        st.warning(say(lang, lacks))
    if found:
        columns = (*_COLUMNS, _LAST) if wanted["due"] else _COLUMNS
        st.dataframe(
            tables.table(lang, columns, found),
            column_config=tables.config(lang, columns),
            hide_index=True,
            height="content",
            placeholder="",
        )
    else:
        st.html(panel.empty(say(lang, "list.nothing")))


def _launch(scope: Scope, source: Source, wanted: Params, items: list[str]) -> None:
    """One order for each premises, all in one transaction; those that were launched since are left out."""
    if _busy(scope):
        return  # a second click: what is still queued is no open task yet, and would be launched twice
    batch = uuid.uuid4().hex[:12]
    try:
        found = data.read(scope, "read/premises_to_inspect", limit=MOST, **wanted)
        placed: dict[str, Order] = {
            f"screen-{batch}-{number}": LaunchTask(
                f"L{batch}-{number}", row["premises_id"], wanted["category"], items=items, source=source
            )
            for number, row in enumerate(found, 1)
        }
        data.place_all(scope, viewer.account().actor, placed)
    except psycopg.Error:
        st.session_state["launch_lacks"] = "desk.away"
    else:
        st.session_state["launched"] = list(placed)


def _busy(scope: Scope) -> bool:
    """Whether this session's last launch is still being carried out."""
    ids: list[str] = st.session_state.get("launched", [])
    return bool(ids) and not orders.are_over(scope, ids)


_LAST = Column(
    "last_visit", lambda lang, row: day(lang, row["last"]) if row["last"] else say(lang, "launch.never")
)
_COLUMNS = (
    Column("premises", of("name")),
    Column("premises_category", of("category")),
    Column("risk_grade", of("risk_grade")),
    Column("tags", lambda lang, row: "、".join(row["tags"])),
    Column("grid", lambda lang, row: name(lang, row, "grid_")),
    Column("address", of("address")),
    Column("id", of("premises_id")),
)
