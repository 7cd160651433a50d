"""The live map of a page: what it shows, what is looked for on it, and the card of what was picked."""

from functools import lru_cache
from typing import NamedTuple

import pydeck as pdk
import streamlit as st

from dashboard import (
    data,
    map_card,
    map_colour,
    map_search,
    panels,
    past,
    past_card,
    settings,
    time_machine,
    wake,
)
from dashboard.data import Picture
from dashboard.indicators import Indicator
from dashboard.ui import datum, header, live, maps, panel
from dashboard.ui.i18n import say

_NEAR_ZOOM, _MAJOR_ZOOM = 16, 2
_FLIGHT_MS = 900
_CARD_EVERY_TICKS = 3
"""It has buttons, and says where somebody is; the map has that by the tick."""
KEPT = 64
"""Maps of a tick or two: of each language, place, size and choice of layers there is one."""


class Aim(NamedTuple):
    """Where the map is to go: a place, the number of the search, and whether it is something major."""

    lon: float
    lat: float
    number: int
    is_major: bool


def show(lang: str, width: int, height: int, choose: bool = False) -> None:
    """The map `width` x `height` pixels with its head; `choose`: the viewer may choose layers. It follows the
    tick, is never mounted anew, and keeps what was picked until something else is. Of the past it has what
    was known then; the KPIs' colours and heat are of the present only."""
    now, indicator = time_machine.replay() is None, None
    st.html(panel.map_title(lang, "map" if now else "map_then"))
    if now:
        with st.container(key="map_tools"):
            map_search.draw(lang)
            indicator = map_colour.draw(lang)
    shown = _layers(lang) if choose else maps.USUAL
    _moving(lang, width, height, shown, indicator, choose)
    with st.container(key="picked"):
        if now:
            _card(lang, indicator, choose)
        else:
            _past_card(lang)


@st.fragment(run_every=data.TICK_S)
def _moving(
    lang: str, width: int, height: int, shown: tuple[str, ...], indicator: Indicator | None, alone: bool
) -> None:
    """All that moves; `alone`: it is the page's whole content."""
    picture = time_machine.look()
    if not isinstance(picture, Picture):
        st.html(panel.notice(*header.state(lang, picture)))
        return
    deck = _deck(lang, picture, width, height, shown, indicator, None if alone else _major(picture))
    event = st.pydeck_chart(
        deck, height=height, key="deck", on_select="rerun", selection_mode="single-object"
    )
    with st.container(key="map_scales"):
        map_colour.legends(lang, picture.scope, indicator, shown)
    picked, before = event["selection"]["objects"], st.session_state.get("map_picked", {})
    st.session_state["map_picked"] = picked
    if picked != before:
        st.rerun()  # its card is not drawn here


@st.fragment
def _card(lang: str, indicator: Indicator | None, alone: bool) -> None:
    """The card, drawn anew as long as there is one, and when something major takes it over."""
    picture = data.look()
    major = None if alone or not isinstance(picture, Picture) else _major(picture)
    stamp = panels.stamps(picture).get("card", "")
    if major or map_card.is_picked():
        stamp = live.AGAIN
    wake.draw("picked" if alone else "card", stamp, _CARD_EVERY_TICKS)
    if isinstance(picture, Picture):
        map_card.draw(lang, picture.scope, indicator, major)


@st.fragment(run_every=data.TICK_S)
def _past_card(lang: str) -> None:
    picture = time_machine.look()
    if isinstance(picture, Picture) and picture.at:
        st.html(past_card.of(lang, picture.scope, picture.at, map_card.clicked()))


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
    return _drawn(
        lang,
        datum.bounds(bounds, settings.load().basemap.datum),
        (width, height),
        0 if picture.away else picture.tick,  # 0: whatever the routes have kept
        shown,
        (counts["workers"] + counts["devices"], counts["workers"]),
        indicator.name if indicator else None,
        _aim(major),
        past.address(picture.scope, picture.at) if picture.at else "",
    )


@lru_cache(maxsize=KEPT)
def _drawn(
    lang: str,
    bounds: maps.Bounds | None,
    size: tuple[int, int],
    tick: int,
    shown: tuple[str, ...],
    dots: tuple[int, int],
    colour: str | None,
    aim: Aim | None,
    past: str,
) -> pdk.Deck:
    """Made once a tick for all who are shown the same."""
    home = maps.view(bounds, *size)
    return maps.deck(
        home, lang, tick, shown, *dots, colour=colour, where=aim and _flight(home, aim), past=past
    )


def _aim(major: map_card.Pick | None) -> Aim | None:
    """What was searched for last; what is major goes before it."""
    found = map_search.found()
    place = major.place if major else found and found.place
    if place is None:
        return None
    lon, lat = datum.forth(place, settings.load().basemap.datum)
    return Aim(lon, lat, 0 if major or not found else found.number, major is not None)


def _flight(home: pdk.ViewState, aim: Aim) -> pdk.ViewState:
    """The view of it: another by a hair each time, so that the browser goes there; of what is major with its
    surroundings, by which one tells where it is."""
    hair = aim.number * 1e-7
    zoom = home.zoom + _MAJOR_ZOOM if aim.is_major else max(_NEAR_ZOOM, home.zoom) + hair
    near = {"longitude": aim.lon + hair, "latitude": aim.lat + hair, "zoom": zoom}
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
