"""The live map: layers fed by URL, of constant identity, so that it is never mounted anew."""

import math
from collections.abc import Collection

import pydeck as pdk

from dashboard.ui import theme

Bounds = tuple[float, float, float, float]

LAYERS = ("grids", "sights", "devices", "workers", "alerts")
GRIDS_EVERY_TICKS, SIGHTS_EVERY_TICKS = 150, 15
WIDTH_PX, HEIGHT_PX = 920, theme.MAP
_MARGIN_PX = 24
_TILE_PX = 512
_ROOM_PX = 20
"""A dot that has less room than this, to each side together, is drawn smaller from afar."""
_EQUATOR_M = 40_075_017
_CHINA = (97.0, 21.0, 123.0, 43.0)

_TEXT = pdk.types.String
TOOLTIP_STYLE = {
    "background": "#0a1a33ee",
    "color": theme.TEXT,
    "border": f"1px solid {theme.LINE}",
    "borderRadius": "4px",
    "fontFamily": theme.FONT,
    "fontSize": "14px",
    "whiteSpace": "pre-line",
}


def view(bounds: Bounds | None, width: int = WIDTH_PX, height: int = HEIGHT_PX) -> pdk.ViewState:
    """The view that shows `bounds` (west, south, east, north in degrees) whole, on `width` x `height`
    pixels."""
    west, south, east, north = bounds or _CHINA
    wide = max(east - west, 1e-4) / 360
    high = max(_mercator(north) - _mercator(south), 1e-7)
    fit = min((width - 2 * _MARGIN_PX) / wide, (height - 2 * _MARGIN_PX) / high) / _TILE_PX
    middle = {"longitude": round((west + east) / 2, 6), "latitude": round((south + north) / 2, 6)}
    return pdk.ViewState(**middle, zoom=round(math.log2(fit), 3))


def deck(
    where: pdk.ViewState,
    lang: str,
    tick: int,
    shown: Collection[str] = LAYERS,
    dots: int = 0,
    past: str = "",
) -> pdk.Deck:
    """The map as of `tick`: only the data's addresses change from tick to tick. A layer that is not
    `shown` stays, unseen, so that the others stay as they are. `dots`: how many there are about, so
    that those of a city do not hide it. `past`: what addresses say to be of an instant of the past
    (``dashboard.past.address``), whatever the tick; areas are those of today."""

    def source(name: str, of: int) -> str:
        return f"/api/map/{name}?lang={lang}&t={of}"

    def then(name: str, of: int) -> str:
        return f"{source(name, 0)}{past}" if past else source(name, of)

    seldom = tick - tick % GRIDS_EVERY_TICKS
    size = dot_m(where, dots)
    of_devices = {"get_radius": "r", "get_fill_color": "f", "get_line_color": "c"}
    of_workers = {"get_radius": 5, "get_fill_color": "c", "get_line_color": [4, 16, 31]}
    of_alerts = {"get_radius": 14, "get_fill_color": "f", "get_line_color": "c"}
    return pdk.Deck(
        [
            _grids(source("grids", seldom), "grids" in shown),
            _sights(then("sights", tick - tick % SIGHTS_EVERY_TICKS), "sights" in shown),
            _dots("devices", then("devices", tick), "devices" in shown, size, (0, 8), **of_devices),
            _dots("workers", then("workers", tick), "workers" in shown, size, (1, 5), **of_workers),
            _names(source("names", seldom), "grids" in shown),
            _dots("alerts", then("alerts", tick), "alerts" in shown, size, (6, 14), **of_alerts),
        ],
        initial_view_state=where,
        map_provider=None,  # None with a style of our own: nothing is asked of anybody's map server
        map_style="app/static/style.json",
        tooltip={"text": "{tip}", "style": TOOLTIP_STYLE},
    )


def dot_m(where: pdk.ViewState, dots: int) -> float:
    """How many metres a pixel of a dot stands for: those of a pixel where the whole district is seen,
    fewer where `dots` dots would cover it. A dot grows as one comes nearer, up to its full size."""
    metres = _EQUATOR_M * math.cos(math.radians(where.latitude)) / (_TILE_PX * 2**where.zoom)
    room_px = math.sqrt(WIDTH_PX * HEIGHT_PX / max(dots, 1))
    return float(round(metres * min(1.0, room_px / _ROOM_PX), 2))


def _grids(url: str, visible: bool) -> pdk.Layer:
    return pdk.Layer(
        "GeoJsonLayer",
        id="grids",
        data=url,
        visible=visible,
        pickable=True,
        auto_highlight=True,
        highlight_color=[120, 200, 255, 60],
        get_fill_color="properties.fill",
        get_line_color=[92, 180, 255, 110],
        line_width_min_pixels=1,
    )


def _sights(url: str, visible: bool) -> pdk.Layer:
    """What cameras see, in its true size: it shows from near. A click goes to what lies there."""
    return pdk.Layer(
        "PolygonLayer",
        id="sights",
        data=url,
        visible=visible,
        pickable=False,
        stroked=True,
        get_polygon="w",
        get_fill_color="f",
        get_line_color="c",
        line_width_min_pixels=1,
        line_width_max_pixels=1,
    )


def _names(url: str, visible: bool) -> pdk.Layer:
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


def _dots(
    name: str, url: str, visible: bool, size: float, radius_px: tuple[float, float], **look: object
) -> pdk.Layer:
    least, most = radius_px
    return pdk.Layer(
        "ScatterplotLayer",
        id=name,
        data=url,
        visible=visible,
        pickable=True,
        stroked=True,
        get_position="p",
        radius_scale=size,
        radius_min_pixels=least,
        radius_max_pixels=most,
        get_line_width=1.5,
        line_width_scale=size,
        line_width_max_pixels=1.5,
        **look,
    )


def _mercator(lat: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)) / (2 * math.pi)
