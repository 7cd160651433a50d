"""The live map of a page: what it shows, what is looked for on it, and the card of what was picked."""

import pydeck as pdk
import streamlit as st

from dashboard import data, map_card, map_colour, map_search, past, past_card, settings, time_machine
from dashboard.data import Picture
from dashboard.indicators import Indicator
from dashboard.ui import datum, header, maps, panel
from dashboard.ui.i18n import say

_NEAR_ZOOM, _MAJOR_ZOOM = 16, 2
_FLIGHT_MS = 900


@st.fragment(run_every=data.TICK_S)
def show(lang: str, width: int, height: int, choose: bool = False) -> None:
    """The map `width` x `height` pixels with its head, following the tick; `choose`: the viewer may
    choose layers. It is never mounted anew, and keeps what was picked until something else is. Of the past it
    has what was known then; the KPIs' colours, counts, trails and heat are of the present only."""
    st.html(panel.map_title(lang, "map" if time_machine.replay() is None else "map_then"))
    picture = time_machine.look()
    if not isinstance(picture, Picture):
        st.html(panel.notice(*header.state(lang, picture)))
        return
    indicator = None
    if picture.at is None:
        with st.container(key="map_tools"):
            map_search.draw(lang, picture.scope)
            indicator = map_colour.draw(lang)
    shown = _layers(lang) if choose else maps.USUAL
    major = None if choose else _major(picture)
    deck = _deck(lang, picture, width, height, shown, indicator, major)
    event = st.pydeck_chart(
        deck, height=height, key="deck", on_select="rerun", selection_mode="single-object"
    )
    with st.container(key="map_scales"):
        map_colour.legends(lang, picture.scope, indicator, shown)
    with st.container(key="picked"):
        picked = event["selection"]["objects"]
        if picture.at:
            st.html(past_card.of(lang, picture.scope, picture.at, picked))
        else:
            map_card.draw(lang, picture.scope, indicator, picked, major)


def _major(picture: Picture) -> map_card.Pick | None:
    """What is major and nobody has taken up: it has the command centre's map and its card until somebody
    does."""
    rows = picture.rows["siren"] if picture.at is None else []
    if not rows or rows[0]["lon"] is None:
        return None
    return map_card.Pick("alerts", rows[0]["incident_id"], (rows[0]["lon"], rows[0]["lat"]))


def _deck(
    lang: str,
    picture: Picture,
    width: int,
    height: int,
    shown: tuple[str, ...],
    indicator: Indicator | None,
    major: map_card.Pick | None,
) -> pdk.Deck:
    counts, bounds = picture.one("counts"), data.bounds(picture.scope)
    home = maps.view(datum.bounds(bounds, settings.load().basemap.datum), width, height)
    return maps.deck(
        home,
        lang,
        0 if picture.away else picture.tick,  # 0: whatever the routes have kept
        shown,
        dots=counts["workers"] + counts["devices"],
        workers=counts["workers"],
        colour=indicator.name if indicator else None,
        where=_flight(home, major),
        past=past.address(picture.scope, picture.at) if picture.at else "",
    )


def _flight(home: pdk.ViewState, major: map_card.Pick | None) -> pdk.ViewState | None:
    """The view of what was searched for last: another by a hair each time, so that the browser goes there.
    What is major goes before it."""
    found = map_search.found()
    place = major.place if major else found and found.place
    if place is None:
        return None
    lon, lat = datum.forth(place, settings.load().basemap.datum)
    if major:  # with its surroundings, by which one tells where it is
        near = {"longitude": lon, "latitude": lat, "zoom": home.zoom + _MAJOR_ZOOM}
    else:
        hair = found.number * 1e-7 if found else 0
        near = {"longitude": lon + hair, "latitude": lat + hair, "zoom": max(_NEAR_ZOOM, home.zoom) + hair}
    return pdk.ViewState(**near, transition_duration=_FLIGHT_MS)


def _layers(lang: str) -> tuple[str, ...]:
    with st.container(key="layers"):
        chosen = st.pills(
            say(lang, "map.layers"),
            maps.LAYERS,
            default=maps.USUAL,
            selection_mode="multi",
            format_func=lambda layer: say(lang, f"layer.{layer}"),
            key="shown_layers",
            label_visibility="collapsed",
        )
    return tuple(chosen)
