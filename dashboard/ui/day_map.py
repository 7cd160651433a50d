"""A worker's day on a map: where each visit says it was made, lit by how far it is believed, and the way."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pydeck as pdk

from dashboard.ui import maps, small_map, theme
from dashboard.ui.i18n import say
from dashboard.ui.tables import LAMPS
from db.connect import Row

WIDTH_PX, HEIGHT_PX = 550, 400
GAP = timedelta(minutes=10)
"""Of a longer time without a position nobody knows the way."""


def deck(lang: str, visits: list[Row], track: list[Row]) -> pdk.Deck | None:
    """The map of the rows of ``read/day_visits`` and ``read/day_track``; None where nothing has a place."""
    spots = list(_spots(lang, visits))
    ways = list(_ways(track))
    places = [spot["p"] for spot in spots] + [place for way in ways for place in way["path"]]
    if not places:
        return None
    layers = [_paths(ways), small_map.dots("day_visits", spots), small_map.words("day_words", spots)]
    return small_map.deck(layers, maps.view(small_map.bounds(places), WIDTH_PX, HEIGHT_PX))


def _spots(lang: str, visits: list[Row]) -> Iterator[dict[str, Any]]:
    for number, visit in enumerate(visits, 1):
        belief = say(lang, f"belief.{visit['belief']}")
        named = visit["premises_name"] or visit["premises_id"]
        yield {
            "p": [visit["lon"], visit["lat"]],
            "label": str(number),
            "tip": f"{number} · {visit['started']:%H:%M} · {named} · {belief}",
            "r": 7,
            "c": theme.rgba("#ffffff"),
            "f": theme.rgba(LAMPS[visit["belief"]]),
            "dy": -18,
        }


def _ways(track: list[Row]) -> Iterator[dict[str, Any]]:
    """The way in pieces, without those of which there are no positions."""
    piece: list[Row] = []
    for row in track:
        if piece and row["at"] - piece[-1]["at"] > GAP:
            yield _way(piece)
            piece = []
        piece.append(row)
    if piece:
        yield _way(piece)


def _way(piece: list[Row]) -> dict[str, Any]:
    return {
        "path": [[row["lon"], row["lat"]] for row in piece],
        "tip": f"{piece[0]['at']:%H:%M}–{piece[-1]['at']:%H:%M}",
    }


def _paths(ways: list[dict[str, Any]]) -> pdk.Layer:
    return pdk.Layer(
        "PathLayer",
        id="day_ways",
        data=ways,
        pickable=True,
        get_path="path",
        get_color=list(theme.rgba(theme.BLUE, 190)),
        width_min_pixels=2,
        joint_rounded=True,
    )
