"""The live map of a page, the card of who or what was clicked on it, and who is nearest to it."""

from typing import Any

import psycopg
import shapely.geometry
import streamlit as st

from dashboard import data, dispatch_desk, incident_feed, past, past_card, time_machine
from dashboard.data import Picture
from dashboard.ui import card, header, maps, panel
from dashboard.ui.i18n import say
from dashboard.ui.incident_map import Place
from db.connect import Row, Scope
from ingest.contract.orders import SendOrder

NEAREST = 4
"""As many have room below a card."""


@st.fragment(run_every=data.TICK_S)
def show(lang: str, width: int, height: int, choose: bool = False) -> None:
    """The map `width` x `height` pixels with its head, following the tick; `choose`: the viewer may
    leave layers out. It is never mounted anew, and keeps what was clicked until something else is."""
    st.html(panel.map_title(lang, "map" if time_machine.replay() is None else "map_then"))
    shown = _layers(lang) if choose else maps.LAYERS
    picture = time_machine.look()
    if not isinstance(picture, Picture):
        st.html(panel.notice(*header.state(lang, picture)))
        return
    tick = 0 if picture.away else picture.tick  # 0: whatever the routes have kept
    counts = picture.one("counts")
    dots = counts["workers"] + counts["devices"]
    then = past.address(picture.scope, picture.at) if picture.at else ""
    where = maps.view(data.bounds(picture.scope), width, height)
    deck = maps.deck(where, lang, tick, shown, dots, then)
    event = st.pydeck_chart(
        deck, height=height, key="deck", on_select="rerun", selection_mode="single-object"
    )
    with st.container(key="picked"):
        picked = event["selection"]["objects"]
        if picture.at:
            st.html(past_card.of(lang, picture.scope, picture.at, picked))
        else:
            _picked(lang, picture.scope, picked)


def _layers(lang: str) -> tuple[str, ...]:
    with st.container(key="layers"):
        chosen = st.pills(
            say(lang, "map.layers"),
            maps.LAYERS,
            default=maps.LAYERS,
            selection_mode="multi",
            format_func=lambda layer: say(lang, f"layer.{layer}"),
            key="shown_layers",
            label_visibility="collapsed",
        )
    return tuple(chosen)


def _picked(lang: str, scope: Scope, objects: dict[str, list[dict[str, Any]]]) -> None:
    """The card of the object that was clicked, and who is nearest; nothing while nothing is."""
    for layer, picked in objects.items():
        about = picked[0].get("properties") or picked[0]
        if row := _row(scope, layer, about["id"]):
            st.html(card.of(lang, layer, row))
            if layer == "alerts":
                incident_feed.open_it(lang, row["incident_id"])
            if layer != "workers":
                _nearest(lang, scope, _place(picked[0]), row)
            return
    st.html(card.hint(lang))


def _row(scope: Scope, layer: str, code: str) -> Row | None:
    kept = st.session_state.setdefault("card", {})
    try:
        found = data.rows(scope, f"read/{layer.removesuffix('s')}_card", data.tick(), id=code)
        kept.clear()
        kept[layer, code] = found
    except psycopg.Error:
        found = kept.get((layer, code), [])  # what was seen last; the header says why
    return found[0] if found else None


def _place(picked: dict[str, Any]) -> Place | None:
    """Where a dot is, or within an area."""
    if "p" in picked:
        return picked["p"][0], picked["p"][1]
    if not picked.get("geometry"):
        return None
    within = shapely.geometry.shape(picked["geometry"]).representative_point()
    return within.x, within.y


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
