"""One task on a small map: the premises, where each visit says it was made, and the way there and back."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pydeck as pdk

from dashboard.ui import maps, small_map, theme
from dashboard.ui.i18n import lately, name, say
from db.connect import Row

WIDTH_PX, HEIGHT_PX = 500, 240
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
    layers = [
        small_map.area("task_grid", card["geom"]),
        _paths(ways),
        small_map.dots("task_ends", ends),
        small_map.words("task_words", ends),
    ]
    return small_map.deck(layers, maps.view(small_map.bounds(places), WIDTH_PX, HEIGHT_PX))


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
            at=lately(lang, visit["started"]),
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


def _paths(ways: list[dict[str, Any]]) -> pdk.Layer:
    look = {"get_path": "path", "get_color": "c", "width_min_pixels": 2, "joint_rounded": True}
    return pdk.Layer("PathLayer", id="task_ways", data=ways, **look)
