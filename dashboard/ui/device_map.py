"""One device on a small map: its grid, where it is, and what of the ground a camera sees."""

import pydeck as pdk

from dashboard.ui import maps, sight, small_map, theme
from dashboard.ui.i18n import name
from db.connect import Row

WIDTH_PX, HEIGHT_PX = 500, 220


def deck(lang: str, row: Row) -> pdk.Deck | None:
    """The map of the row of ``read/device_card``; None where it has no place, as phones'."""
    if row.get("lon") is None:
        return None
    colour = theme.BLUE if row["online"] else theme.GREY
    place, named = [row["lon"], row["lat"]], name(lang, row)
    look = {"r": 7, "c": theme.rgba("#ffffff"), "f": theme.rgba(colour), "dy": 20}
    spots = [{"p": place, "label": named, "tip": named, **look}]
    ring = sight.wedge(row["lon"], row["lat"], row["heading_deg"]) if row["heading_deg"] is not None else None
    layers = [
        small_map.area("device_grid", row["geom"]),
        small_map.area("device_sight", {"type": "Polygon", "coordinates": [ring]} if ring else None),
        small_map.dots("device_dot", spots),
        small_map.words("device_word", spots),
    ]
    return small_map.deck(layers, maps.view(small_map.bounds([place, *(ring or [])]), WIDTH_PX, HEIGHT_PX))
