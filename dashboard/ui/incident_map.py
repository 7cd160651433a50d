"""One incident on a small map: its place, those of its alerts, who was sent, and who else is near."""

from collections.abc import Iterator

import pydeck as pdk
import shapely.geometry

from dashboard.ui import maps, small_map, theme
from dashboard.ui.i18n import name, say
from dashboard.ui.small_map import Spot
from db.connect import Row
from words.alert import sentence

WIDTH_PX, HEIGHT_PX = 690, 330
NAMED = 3
"""So many of those who are near have their names beside them."""

Place = tuple[float, float]


def place_of(card: Row) -> Place | None:
    """Where it is: its own place, else within its grid; None where neither is known."""
    if card["lon"] is not None:
        return card["lon"], card["lat"]
    if card["geom"]:
        within = shapely.geometry.shape(card["geom"]).representative_point()
        return within.x, within.y
    return None


def view(place: Place, sent: list[Row], near: list[Row]) -> pdk.ViewState:
    """The view that shows it with those who were sent and some who are near."""
    seen = [place, *((row["lon"], row["lat"]) for row in [*sent, *near[:NAMED]] if row["lon"] is not None)]
    return maps.view(small_map.bounds(seen), WIDTH_PX - 100, HEIGHT_PX - 60)


def deck(
    lang: str, card: Row, alerts: list[Row], sent: list[Row], near: list[Row], where: pdk.ViewState
) -> pdk.Deck:
    """The map of the rows of ``read/incident_{card,alerts,sent}`` and ``read/nearest_workers``, of one that
    has a place."""
    place = place_of(card)
    assert place is not None
    gone = {one["id"] for one in sent}
    others = [row for row in near if row["worker_id"] not in gone]
    spots = [*_alerts(lang, alerts), *_near(lang, others), *_sent(lang, sent), _itself(lang, card, place)]
    layers = [
        small_map.area("incident_grid", card["geom"]),
        small_map.dots("incident_spots", spots),
        small_map.words("incident_words", [spot for spot in spots if spot["label"]]),
    ]
    return small_map.deck(layers, where)


def _itself(lang: str, card: Row, place: Place) -> Spot:
    colour, said = theme.SEVERITY[card["severity"]], say(lang, "incident.here")
    look = {"r": 14, "c": theme.rgba(colour), "f": theme.rgba(colour, 70), "dy": 26}
    return {"p": list(place), "label": said, "tip": sentence(lang, card), **look}


def _alerts(lang: str, rows: list[Row]) -> Iterator[Spot]:
    for row in rows:
        if row["lon"] is not None:
            colour = theme.GREY if row["cleared"] else theme.SEVERITY[row["severity"]]
            look = {"r": 5, "c": theme.rgba(colour), "f": theme.rgba(colour, 120), "dy": 0}
            yield {"p": [row["lon"], row["lat"]], "label": "", "tip": sentence(lang, row), **look}


def _sent(lang: str, rows: list[Row]) -> Iterator[Spot]:
    for row in rows:
        if row["lon"] is not None:
            said = name(lang, row)
            tip = f"{said}\n{say(lang, 'order_out.' + (row['stage'] or row['order_state'] or 'queued'))}"
            look = {"r": 8, "c": theme.rgba("#ffffff"), "f": theme.rgba(theme.GREEN), "dy": -18}
            yield {"p": [row["lon"], row["lat"]], "label": said, "tip": tip, **look}


def _near(lang: str, rows: list[Row]) -> Iterator[Spot]:
    for place, row in enumerate(rows):
        said = name(lang, row)
        look = {"r": 6, "c": theme.rgba("#ffffff", 160), "f": theme.rgba(theme.BLUE), "dy": -16}
        yield {"p": [row["lon"], row["lat"]], "label": said if place < NAMED else "", "tip": said, **look}
