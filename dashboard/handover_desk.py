"""交接班: what is open in a unit, who took it over last with which note, and taking it over now."""

import functools

import streamlit as st

from dashboard import data, duties, filters, listing, orders, views
from dashboard.data import Picture
from dashboard.ui import handover, header, incident, panel, theme
from dashboard.ui.actor import actor
from dashboard.ui.i18n import language, name, say
from dashboard.ui.tables import Column, of
from db.connect import Row, Scope
from ingest.contract.orders import ConfirmHandover
from ingest.domain.incident import IncidentState

HISTORY = 20
_STATES, _SEVERITIES = tuple(IncidentState), tuple(theme.SEVERITY)


def show() -> None:
    """Draw it in the place of the list, for the unit that the list was narrowed to."""
    with st.container(key="page"):
        _live(language(st.query_params.get("lang"), st.context.locale))


@st.fragment(run_every=listing.REFRESH_TICKS * data.TICK_S)
def _live(lang: str) -> None:
    picture = data.look()
    if not isinstance(picture, Picture):
        st.html(panel.notice(*header.state(lang, picture)))
        return
    scope, tick = picture.scope, data.tick() - data.tick() % listing.REFRESH_TICKS
    with st.container(key="tall"), st.container(key="list"):
        st.html(panel.title(lang, "handover"))
        views.back(lang, "handover")
        left, right = st.columns([7, 4])
        with left:
            unit = _unit(lang, scope, tick)
            found = listing.kept(
                scope, "read/handover_open", tick, {"unit": unit, "limit": listing.ROWS}, unit
            )
            _open(lang, found)
        with right, st.container(key="beside", height=theme.TALL_LIST):
            _desk(lang, scope, unit, found)
            past = listing.kept(scope, "read/handovers", tick, {"unit": unit, "limit": HISTORY}, unit)
            st.html(panel.title(lang, "handover_history"))
            st.html(handover.history(lang, past) if past else panel.empty(say(lang, "handover.never")))


def _unit(lang: str, scope: Scope, tick: int) -> str:
    """Which unit is taken over."""
    units = {row["path"]: row for row in listing.kept(scope, "read/org_units", tick - tick % 30, {})}
    asked = st.query_params.get("unit", scope.path)
    paths = list(units) or [scope.path]

    def named(path: str) -> str:
        return "\u2003" * (units[path]["depth"] - 1) + name(lang, units[path]) if path in units else path

    st.session_state.setdefault("handover_unit", asked if asked in paths else paths[0])
    chosen: str = st.selectbox(
        say(lang, "list.unit"), paths, format_func=named, key="handover_unit", width=300
    )
    return chosen or scope.path


def _open(lang: str, found: list[Row]) -> None:
    if not found:
        st.html(panel.empty(say(lang, "handover.nothing")))
        return
    pick = functools.partial(filters.pick, "handover_table", [row["incident_id"] for row in found])
    height = theme.TALL_LIST - theme.FILTERS
    listing.table(
        lang, "handover", _COLUMNS, found, height=height, on_select=pick, selection_mode="single-row"
    )
    if filters.picked():
        st.rerun()


def _desk(lang: str, scope: Scope, unit: str, found: list[Row]) -> None:
    st.html(handover.summary(lang, found))
    if not duties.may(ConfirmHandover):
        return
    st.text_area(say(lang, "handover.note"), key="handover_note", max_chars=2000, height=110)
    st.button(
        say(lang, "handover.confirm", n=f"{len(found):,}"),
        icon=":material/handshake:",
        key="handover_confirm",
        type="primary",
        on_click=_confirm,
        args=(scope, unit, [row["incident_id"] for row in found]),
    )
    orders.say_outcome(lang, scope, f"handover:{unit}", orders.INCIDENT)


def _confirm(scope: Scope, unit: str, ids: list[str]) -> None:
    note = (st.session_state.get("handover_note") or "").strip()
    if orders.send(scope, f"handover:{unit}", ConfirmHandover(unit, ids, note)):
        st.session_state["handover_note"] = ""


_COLUMNS = (
    Column("fresh", lambda lang, row: "fresh" if row["fresh"] else None, "lamp", "handover", ("fresh",)),
    Column("severity", of("severity"), "lamp", "severity", _SEVERITIES),
    Column("deadline", of("lamp"), "lamp", "lamp", ("red", "yellow", "green")),
    Column("state", of("state"), "lamp", "incident", _STATES),
    Column("what", incident.what),
    Column("grid", lambda lang, row: name(lang, row, "grid_")),
    Column("since", of("opened"), "time"),
    Column("holder", lambda lang, row: actor(lang, row["acknowledged_by"]) if row["acknowledged_by"] else ""),
    Column("due", of("due"), "time"),
)
