"""The live map: layers fed by URL, of constant identity, so that it is never mounted anew."""

import math
from collections.abc import Collection

import pydeck as pdk

from dashboard.ui import theme

Bounds = tuple[float, float, float, float]

LAYERS = ("grids", "devices", "workers", "alerts")
GRIDS_EVERY_TICKS = 150
WIDTH_PX, HEIGHT_PX = 920, theme.MAP
_MARGIN_PX = 24
_TILE_PX = 512
_CHINA = (97.0, 21.0, 123.0, 43.0)

_TEXT = pdk.types.String
_TOOLTIP_STYLE = {
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


def deck(where: pdk.ViewState, lang: str, tick: int, shown: Collection[str] = LAYERS) -> pdk.Deck:
    """The map as of `tick`: only the data's addresses change from tick to tick. A layer that is not
    `shown` stays, unseen, so that the others stay as they are."""

    def source(name: str, of: int) -> str:
        return f"/api/map/{name}?lang={lang}&t={of}"

    of_devices = {"get_radius": "r", "get_fill_color": "f", "get_line_color": "c"}
    of_workers = {"get_radius": 5, "get_fill_color": "c", "get_line_color": [4, 16, 31]}
    of_alerts = {"get_radius": 14, "get_fill_color": "f", "get_line_color": "c"}
    return pdk.Deck(
        [
            _grids(source("grids", tick - tick % GRIDS_EVERY_TICKS), "grids" in shown),
            _dots("devices", source("devices", tick), "devices" in shown, **of_devices),
            _dots("workers", source("workers", tick), "workers" in shown, **of_workers),
            _dots("alerts", source("alerts", tick), "alerts" in shown, **of_alerts),
        ],
        initial_view_state=where,
        map_provider=None,  # None with a style of our own: nothing is asked of anybody's map server
        map_style="app/static/style.json",
        tooltip={"text": "{tip}", "style": _TOOLTIP_STYLE},
    )


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
        get_line_color=[92, 180, 255, 170],
        line_width_min_pixels=1,
        point_type=_TEXT("text"),
        get_text="properties.label",
        get_text_size=11,
        get_text_color=[200, 226, 255, 215],
        text_character_set=_TEXT("auto"),
        text_font_family=_TEXT(theme.FONT),
    )


def _dots(name: str, url: str, visible: bool, **look: object) -> pdk.Layer:
    return pdk.Layer(
        "ScatterplotLayer",
        id=name,
        data=url,
        visible=visible,
        pickable=True,
        stroked=True,
        get_position="p",
        radius_units=_TEXT("pixels"),
        line_width_units=_TEXT("pixels"),
        get_line_width=1.5,
        **look,
    )


def _mercator(lat: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)) / (2 * math.pi)
