"""One task on a small map: the premises, where each visit says it was made, and the way there and back."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pydeck as pdk

from dashboard.ui import maps, theme
from dashboard.ui.i18n import name, say
from db.connect import Row

WIDTH_PX, HEIGHT_PX = 500, 240
_ROOM_DEG = 0.0004
"""Around what is shown, to each side: some 40 m, so that not even a point alone is seen from too near."""
_COLOURS = (theme.BLUE, theme.GREEN, theme.VIOLET, theme.AMBER)
_RESULT = {"normal": theme.GREEN, "abnormal": theme.RED}


def deck(lang: str, card: Row, visits: list[Row], track: list[Row]) -> pdk.Deck | None:
    """The map of the row of ``read/task_card`` and those of ``read/task_{visits,track}``; None where nothing
    has a place."""
    ends = [*_premises(card), *_visits(lang, visits)]
    if not ends:
        return None
    ways = list(_ways(visits, track))
    places = [end["p"] for end in ends] + [place for way in ways for place in way["path"]]
    return pdk.Deck(
        [_grid(card), _paths(ways), _dots(ends), _words(ends)],
        initial_view_state=maps.view(_bounds(places), WIDTH_PX, HEIGHT_PX),
        map_provider=None,
        map_style="app/static/style.json",
        tooltip={"text": "{tip}", "style": maps.TOOLTIP_STYLE},
    )


def _bounds(places: list[list[float]]) -> maps.Bounds:
    lons, lats = zip(*places, strict=True)
    room = _ROOM_DEG
    return min(lons) - room, min(lats) - room, max(lons) + room, max(lats) + room


def _premises(card: Row) -> Iterator[dict[str, Any]]:
    if card["lon"] is not None:
        named = card["premises_name"] or card["premises_id"]
        look = {"r": 9, "c": theme.rgba(theme.AMBER), "f": theme.rgba(theme.AMBER, 60), "dy": 22}
        yield {"p": [card["lon"], card["lat"]], "label": named, "tip": named, **look}


def _visits(lang: str, visits: list[Row]) -> Iterator[dict[str, Any]]:
    for number, visit in enumerate(visits, 1):
        said = say(
            lang,
            "visit.on_map",
            number=number,
            at=f"{visit['started']:%m-%d %H:%M}",
            worker=name(lang, visit, "worker_"),
        )
        colour = _RESULT[visit.get("outcome") or visit["result"]]
        look = {"r": 6, "c": theme.rgba("#ffffff"), "f": theme.rgba(colour), "dy": -18}
        yield {"p": [visit["lon"], visit["lat"]], "label": said, "tip": said, **look}


def _ways(visits: list[Row], track: list[Row]) -> Iterator[dict[str, Any]]:
    """The way of each visit, in the colours' order."""
    numbers = {(visit["worker_id"], visit["id"]): number for number, visit in enumerate(visits)}
    for key, rows in groupby(track, key=lambda row: (row["worker_id"], row["id"])):
        colour = _COLOURS[numbers.get(key, 0) % len(_COLOURS)]
        yield {"path": [[row["lon"], row["lat"]] for row in rows], "c": theme.rgba(colour, 170)}


def _grid(card: Row) -> pdk.Layer:
    shown = [{"type": "Feature", "geometry": card["geom"], "properties": {}}] if card["geom"] else []
    return pdk.Layer(
        "GeoJsonLayer",
        id="task_grid",
        data={"type": "FeatureCollection", "features": shown},
        get_fill_color=[31, 111, 208, 30],
        get_line_color=[92, 180, 255, 110],
        line_width_min_pixels=1,
    )


def _paths(ways: list[dict[str, Any]]) -> pdk.Layer:
    look = {"get_path": "path", "get_color": "c", "width_min_pixels": 2, "joint_rounded": True}
    return pdk.Layer("PathLayer", id="task_ways", data=ways, **look)


def _dots(ends: list[dict[str, Any]]) -> pdk.Layer:
    return pdk.Layer(
        "ScatterplotLayer",
        id="task_ends",
        data=ends,
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


def _words(ends: list[dict[str, Any]]) -> pdk.Layer:
    return pdk.Layer(
        "TextLayer",
        id="task_words",
        data=ends,
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
