"""The card of who or what was picked on the map, by a click or by the search, and who is nearest to it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import psycopg
import shapely.geometry
import streamlit as st

from dashboard import data, dispatch_desk, grid_rates, incident_feed, map_search, settings
from dashboard.indicators import Indicator
from dashboard.ui import card, datum, maps, panel
from dashboard.ui.incident_map import Place
from db.connect import Row, Scope
from ingest.contract.orders import SendOrder

NEAREST = 4
"""As many have room below a card."""

Clicked = Mapping[str, list[dict[str, Any]]]
"""What Streamlit says was clicked: by layer, the object as the layer was given it."""

_CARDS = {
    "workers": "read/worker_card",
    "devices": "read/device_card",
    "grids": "read/grid_card",
    "premises": "read/premises_card",
    "alerts": "read/alert_card",
}


class Pick(NamedTuple):
    """What was picked: its layer, its id there, where it is (WGS-84), and what its tip says."""

    layer: str
    id: str
    place: Place | None
    tip: str = ""


def draw(lang: str, scope: Scope, indicator: Indicator | None, major: Pick | None = None) -> None:
    """The card of what was picked last, or else of what is `major`; a hint while nothing is."""
    pick = _last(clicked()) or major
    if pick is None:
        st.html(card.hint(lang))
    elif pick.layer in maps.HEAT:
        st.html(card.cell(lang, pick.layer, pick.tip))
        _nearest(lang, scope, pick.place, {})
    elif (row := _row(scope, pick)) is None:
        st.html(card.hint(lang))
    else:
        st.html(card.of(lang, pick.layer, row, _rate(lang, scope, indicator, pick, row)))
        if pick.layer == "alerts":
            incident_feed.open_it(lang, row["incident_id"])
        if pick.layer not in ("workers", "clusters"):
            _nearest(lang, scope, pick.place, row)


def clicked() -> Clicked:
    """What was clicked on the map last."""
    found: Clicked = st.session_state.get("map_picked", {})
    return found


def is_picked() -> bool:
    """Whether anything is, by a click or the search."""
    return _last(clicked()) is not None


def _last(clicked: Clicked) -> Pick | None:
    """A click counts from when it is another than the one before; what was searched for, until then."""
    found, state = map_search.found(), st.session_state
    here = next((_clicked(layer, objects[0]) for layer, objects in clicked.items() if objects), None)
    code, searches = here and (here.layer, here.id), found.number if found else 0
    if state.get("map_clicked", (None, 0))[0] != code:
        state["map_clicked"] = (code, searches)
    if found and state.get("map_clicked", (None, 0))[1] < searches:
        return Pick(found.layer, found.id, found.place)
    return here


def _clicked(layer: str, picked: dict[str, Any]) -> Pick:
    about, place = picked.get("properties") or picked, _place(picked)
    return Pick(
        layer, about["id"], place and datum.back(place, settings.load().basemap.datum), about.get("tip", "")
    )


def _place(picked: dict[str, Any]) -> Place | None:
    """Where a dot is, or within an area."""
    if "p" in picked:
        return picked["p"][0], picked["p"][1]
    shape = {"type": "Polygon", "coordinates": [picked["w"]]} if "w" in picked else picked.get("geometry")
    if not shape:
        return None
    within = shapely.geometry.shape(shape).representative_point()
    return within.x, within.y


def _row(scope: Scope, pick: Pick) -> Row | None:
    kept = st.session_state.setdefault("card", {})
    try:
        if query := _CARDS.get(pick.layer):
            found = data.rows(scope, query, data.tick(), id=pick.id)
        else:
            units = data.rows(scope, "read/workers_by_unit", data.tick())
            found = [unit for unit in units if (unit["path"] or "") == pick.id]
        kept.clear()
        kept[pick.layer, pick.id] = found
    except psycopg.Error:
        found = kept.get((pick.layer, pick.id), [])  # what was seen last; the header says why
    return found[0] if found else None


def _rate(lang: str, scope: Scope, indicator: Indicator | None, pick: Pick, row: Row) -> str:
    """How a grid stands by the KPI that colours the map."""
    if pick.layer != "grids" or indicator is None:
        return ""
    try:
        return grid_rates.rates(scope, indicator, data.tick()).told(lang, row["path"])
    except psycopg.Error:
        return ""


def _nearest(lang: str, scope: Scope, place: Place | None, picked: Row) -> None:
    """Who is nearest to what was picked; each of them can be sent, to its incident if that is open."""
    incident_id = picked.get("incident_id")
    near = dispatch_desk.nearest(scope, data.tick(), place, incident_id, NEAREST)
    if place is None or not near:
        return
    with st.container(key="map_nearest"):
        st.html(panel.title(lang, "nearest"))
        gone = dispatch_desk.sendable(scope, incident_id)
        for row in near:
            if incident_id is not None and gone is not None:
                dispatch_desk.person(lang, scope, incident_id, row, gone, dispatch_desk.ON_MAP)
            else:
                lon, lat = place
                order = SendOrder("worker", row["worker_id"], "go_to", picked.get("name"), lon=lon, lat=lat)
                dispatch_desk.goer(lang, scope, row, order, dispatch_desk.ON_MAP)
