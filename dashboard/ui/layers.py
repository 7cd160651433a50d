"""The map's layers, each of constant identity: only the address that it is fed from changes."""

from typing import Any

import pydeck as pdk

from dashboard.ui import theme

_TEXT = pdk.types.String

Zooms = tuple[float | None, float | None]
"""From the one to the other; None: however far, or near."""


def areas(name: str, url: str, visible: bool) -> pdk.Layer:
    return pdk.Layer(
        "GeoJsonLayer",
        id=name,
        data=url,
        visible=visible,
        pickable=True,
        auto_highlight=True,
        highlight_color=[120, 200, 255, 60],
        get_fill_color="properties.fill",
        get_line_color=[92, 180, 255, 110],
        line_width_min_pixels=1,
    )


def names(url: str, visible: bool) -> pdk.Layer:
    """What lies above the areas and is not clicked, so that a click on a name is one on its grid."""
    return pdk.Layer(
        "GeoJsonLayer",
        id="names",
        data=url,
        visible=visible,
        pickable=False,
        get_line_color=[150, 210, 255, 200],
        line_width_min_pixels=2,
        point_type=_TEXT("text"),
        get_text="properties.label",
        get_text_size="properties.size",
        get_text_color=[226, 240, 255, 240],
        text_character_set=_TEXT("auto"),
        text_font_family=_TEXT(theme.FONT),
    )


def rings(name: str, url: str, visible: bool, pickable: bool = False) -> pdk.Layer:
    """Rings in their true size: what cameras see, which is not clicked, and the cells of a heat map."""
    return pdk.Layer(
        "PolygonLayer",
        id=name,
        data=url,
        visible=visible,
        pickable=pickable,
        stroked=True,
        get_polygon="w",
        get_fill_color="f",
        get_line_color="c",
        line_width_min_pixels=1,
        line_width_max_pixels=1,
    )


def dots(name: str, url: str, visible: bool, size: float, radius_px: tuple[float, float]) -> pdk.Layer:
    least, most = radius_px
    return pdk.Layer(
        "ScatterplotLayer",
        id=name,
        data=url,
        visible=visible,
        pickable=True,
        stroked=True,
        get_position="p",
        get_radius="r",
        get_fill_color="f",
        get_line_color="c",
        radius_scale=size,
        radius_min_pixels=least,
        radius_max_pixels=most,
        get_line_width=1.5,
        line_width_scale=size,
        line_width_max_pixels=1.5,
    )


def marks(url: str, visible: bool, zooms: Zooms) -> pdk.Layer:
    """Workers: a mark by their state, turned to where they go."""
    return tiled(
        "workers",
        url,
        visible,
        zooms,
        point_type=_TEXT("icon"),
        icon_atlas=_TEXT("/api/map/marks.png"),
        icon_mapping=_TEXT("/api/map/marks.json"),
        get_icon="properties.i",
        get_icon_angle="properties.a",
        get_icon_size=30,
    )


def clusters(url: str, visible: bool, zooms: Zooms) -> pdk.Layer:
    """How many are where, from afar: a disc and the number in it."""
    return tiled(
        "clusters",
        url,
        visible,
        zooms,
        **_lettered("properties.n", 13),
        get_point_radius="properties.r",
        get_line_color="properties.c",
        get_fill_color=[5, 13, 28, 225],
        line_width_min_pixels=2,
    )


def premises(url: str, visible: bool, zoom: int) -> pdk.Layer:
    """A dot by the risk grade, and its letter."""
    return tiled(
        "premises",
        url,
        visible,
        (zoom, None),
        zoom,
        **_lettered("properties.g", 10),
        get_point_radius=7,
        get_fill_color="properties.c",
        get_line_color=[5, 13, 28],
        line_width_min_pixels=1,
    )


def trails(url: str, visible: bool, zoom: int) -> pdk.Layer:
    """Where people came from; a click goes to what lies there."""
    return tiled(
        "trails",
        url,
        visible,
        (zoom, None),
        zoom,
        pickable=False,
        get_line_color=[190, 240, 220, 150],
        line_width_min_pixels=2,
    )


def tiled(
    name: str, url: str, visible: bool, zooms: Zooms, tile: int = 0, pickable: bool = True, **look: Any
) -> pdk.Layer:
    """GeoJSON that shows, and is fetched, between two `zooms` only. `url` may name a tile of the zoom `tile`
    by {x} and {y}; else it is all in one."""
    return pdk.Layer(
        "TileLayer",
        id=name,
        data=url,
        visible=visible,
        pickable=pickable,
        min_zoom=tile or None,
        max_zoom=tile,
        visible_min_zoom=zooms[0],
        visible_max_zoom=zooms[1],
        **look,
    )


def _lettered(text: str, size_px: int) -> dict[str, Any]:
    """Circles in pixels with a text in them."""
    return {
        "point_type": _TEXT("circle+text"),
        "point_radius_units": _TEXT("pixels"),
        "get_text": text,
        "get_text_size": size_px,
        "get_text_color": [240, 248, 255],
        "text_font_family": _TEXT("sans-serif"),
        "text_font_weight": 700,
    }
