"""The live map: layers fed by URL, of constant identity, so that it is never mounted anew."""

import json
import math
import sys
from collections.abc import Collection
from functools import cached_property

import pydeck as pdk

from dashboard.ui import layers, theme
from dashboard.ui.nearby import PREMISES_ZOOM, TRAILS_ZOOM

# pydeck looks for its notebook widget at every attribute that is set, a millisecond a map: told once that
# there is none.
sys.modules.setdefault("pydeck.widget", None)  # type: ignore[arg-type]

Bounds = tuple[float, float, float, float]

HEAT = ("pings", "hazards")
USUAL = ("grids", "sights", "premises", "devices", "workers", "alerts")
"""What is shown unless the viewer chooses otherwise."""
LAYERS = (*USUAL, *HEAT)
SELDOM, SIGHTS_EVERY_TICKS, PREMISES_EVERY_TICKS, TRAILS_EVERY_TICKS = 150, 15, 15, 5
TILE = "/{x}/{y}"
MANY_WORKERS = 400
"""More of them are not told apart where the whole district is seen."""
MANY_DEVICES, MANY_EVERY_TICKS = 1_000, 3
"""More of them are asked for less often, as the counts of a city's workers are: of a city they are most of
what a tick sends."""
WIDTH_PX, HEIGHT_PX = 920, theme.MAP
_MARGIN_PX = 24
_TILE_PX = 512
_ROOM_PX = 20
"""A dot that has less room than this, to each side together, is drawn smaller from afar."""
_EQUATOR_M = 40_075_017
_CHINA = (97.0, 21.0, 123.0, 43.0)

TOOLTIP = {"text": "{tip}"}
"""Its look is in screen.css: this goes over every viewer's line at every tick."""


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
    home: pdk.ViewState,
    lang: str,
    tick: int,
    shown: Collection[str] = USUAL,
    dots: int = 0,
    workers: int = 0,
    colour: str | None = None,
    where: pdk.ViewState | None = None,
    past: str = "",
) -> pdk.Deck:
    """The map as of `tick`: only the data's addresses change from tick to tick. `home`: the view of all;
    `where`: one to go to. Of what is not `shown`, what was there from the start stays, unseen. `dots`: how
    many there are about, so that those of a city do not hide it; `workers`: of these. `past`: what addresses
    say to be of an instant of the past (``dashboard.past.address``), whatever the tick: then areas are
    those of today, and what is of the present only is not shown."""

    def source(name: str, every: int = 1, tile: str = "", more: str = "") -> str:
        return f"/api/map/{name}{tile}?lang={lang}&t={tick - tick % every}{more}"

    def then(name: str, every: int = 1, tile: str = "") -> str:
        return f"/api/map/{name}{tile}?lang={lang}&t=0{past}" if past else source(name, every, tile)

    size, near = dot_m(home, dots), near_zoom(home, workers)
    devices_every = MANY_EVERY_TICKS if dots - workers > MANY_DEVICES else 1
    coloured = f"&colour={colour}" if colour else ""
    parts = [
        layers.areas("grids", source("grids", SELDOM, more=coloured), "grids" in shown),
        *(
            layers.rings(name, source(name, SELDOM), True, True)
            for name in HEAT
            if name in shown and not past
        ),
        layers.rings("sights", then("sights", SIGHTS_EVERY_TICKS), "sights" in shown),
        layers.premises(then("premises", PREMISES_EVERY_TICKS, TILE), "premises" in shown, PREMISES_ZOOM),
        layers.trails(then("trails", TRAILS_EVERY_TICKS, TILE), "workers" in shown, TRAILS_ZOOM),
        layers.dots("devices", then("devices", devices_every), "devices" in shown, size, (0, 8)),
        layers.marks(then("workers"), "workers" in shown, (near, None)),
        layers.names(source("names", SELDOM), "grids" in shown),
        *(
            [layers.clusters(then("clusters", MANY_EVERY_TICKS), "workers" in shown, (None, near))]
            if near
            else []
        ),
        layers.dots("alerts", then("alerts"), "alerts" in shown, size, (6, 22)),
    ]
    return Compact(
        parts,
        initial_view_state=where or home,
        map_provider=None,  # None with a style of our own: nothing is asked of anybody's map server
        map_style="/api/map/style.json",
        tooltip=TOOLTIP,
    )


_PLAIN = {"visible": True, "pickable": False}
"""What deck.gl takes for granted."""


class Compact(pdk.Deck):  # type: ignore[misc]  # pydeck has no types
    """A deck that says the same in a third less: it goes over every viewer's line at every tick."""

    @cached_property
    def _said(self) -> str:
        said = json.loads(super().to_json())
        for layer in said["layers"]:
            for prop in [prop for prop, value in layer.items() if value is _PLAIN.get(prop)]:
                del layer[prop]
        return json.dumps(said, ensure_ascii=False, separators=(",", ":"))

    def to_json(self) -> str:
        return self._said


def near_zoom(home: pdk.ViewState, workers: int) -> float | None:
    """From which zoom on each worker is shown, since some hundred are seen at once then; from farther, how
    many are where. None: from all of them on."""
    nearer = math.log(max(workers, 1) / MANY_WORKERS, 4)
    return float(round(home.zoom + nearer, 1)) if nearer > 0 else None


def dot_m(where: pdk.ViewState, dots: int) -> float:
    """How many metres a pixel of a dot stands for: those of a pixel where the whole district is seen,
    fewer where `dots` dots would cover it. A dot grows as one comes nearer, up to its full size."""
    metres = _EQUATOR_M * math.cos(math.radians(where.latitude)) / (_TILE_PX * 2**where.zoom)
    room_px = math.sqrt(WIDTH_PX * HEIGHT_PX / max(dots, 1))
    return float(round(metres * min(1.0, room_px / _ROOM_PX), 2))


def _mercator(lat: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)) / (2 * math.pi)
