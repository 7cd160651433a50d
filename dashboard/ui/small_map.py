"""What small maps are made of: an area, dots of any look, and words beside them."""

from collections.abc import Iterable, Sequence
from typing import Any

import pydeck as pdk

from dashboard.ui import maps, theme

_ROOM_DEG = 0.0004
"""Around what is shown, to each side: some 40 m, so that not even a point alone is seen from too near."""

Spot = dict[str, Any]
"""A dot: ``p`` its place, ``r`` its radius in pixels, ``c`` and ``f`` the colours of its edge and within,
``label``, ``dy`` pixels below it, and ``tip``."""


def deck(layers: Sequence[pdk.Layer], where: pdk.ViewState) -> pdk.Deck:
    """A map of these layers that asks nobody's map server for anything."""
    return pdk.Deck(
        list(layers),
        initial_view_state=where,
        map_provider=None,
        map_style="app/static/style.json",
        tooltip=maps.TOOLTIP,
    )


def bounds(places: Iterable[Sequence[float]]) -> maps.Bounds:
    """West, south, east, north of what holds all places (longitude, latitude), with some room around."""
    lons, lats = zip(*places, strict=True)
    room = _ROOM_DEG
    return min(lons) - room, min(lats) - room, max(lons) + room, max(lats) + room


def area(layer_id: str, geometry: Any) -> pdk.Layer:
    """A GeoJSON geometry as an area; nothing of None."""
    shown = [{"type": "Feature", "geometry": geometry, "properties": {}}] if geometry else []
    return pdk.Layer(
        "GeoJsonLayer",
        id=layer_id,
        data={"type": "FeatureCollection", "features": shown},
        get_fill_color=[31, 111, 208, 30],
        get_line_color=[92, 180, 255, 110],
        line_width_min_pixels=1,
    )


def dots(layer_id: str, spots: list[Spot]) -> pdk.Layer:
    return pdk.Layer(
        "ScatterplotLayer",
        id=layer_id,
        data=spots,
        pickable=True,
        stroked=True,
        radius_units=pdk.types.String("pixels"),
        line_width_units=pdk.types.String("pixels"),
        get_position="p",
        get_radius="r",
        get_fill_color="f",
        get_line_color="c",
        get_line_width=2,
    )


def words(layer_id: str, spots: list[Spot]) -> pdk.Layer:
    return pdk.Layer(
        "TextLayer",
        id=layer_id,
        data=spots,
        get_position="p",
        get_text="label",
        get_size=13,
        get_color=[226, 240, 255, 255],
        get_pixel_offset="[0, dy]",
        character_set=pdk.types.String("auto"),
        font_family=pdk.types.String(theme.FONT),
        font_settings={"fontSize": 28},  # drawn near its size: sharper than the default, which is shrunk
        background=True,
        get_background_color=[5, 13, 28, 190],
        background_padding=[4, 2],
    )
