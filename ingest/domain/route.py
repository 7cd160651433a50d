"""One list for a worker: the tasks of all levels merged per premises, in the order of a short way round."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from ingest.domain.geo import distance_m

MOST_PASSES = 30
"""Through all pairs of legs; a list of a day's length settles within a few."""

Metres = list[list[float]]
Place = tuple[float, float]
"""Longitude and latitude, degrees, WGS-84."""


class Errand(Struct, frozen=True):
    """A task at premises, where these stand."""

    task_id: str
    premises_id: str
    lon: float
    lat: float


class Stop(Struct, frozen=True):
    """Premises on the way, all that is to be done there, and the metres to it as the crow flies."""

    premises_id: str
    task_ids: list[str]
    lon: float
    lat: float
    leg_m: float


def day_list(errands: Sequence[Errand], start: Place | None) -> list[Stop]:
    """The tasks merged per premises, these in the order of a short way round from where the worker is (None:
    not known)."""
    at: dict[str, list[Errand]] = {}
    for errand in errands:
        at.setdefault(errand.premises_id, []).append(errand)
    merged = list(at.values())
    places = [(first.lon, first.lat) for first, *_ in merged]
    way = shortest_way(start, places)
    legs = legs_m(start, [places[number] for number in way])
    return [
        Stop(merged[number][0].premises_id, [one.task_id for one in merged[number]], *places[number], leg_m)
        for number, leg_m in zip(way, legs, strict=True)
    ]


def shortest_way(start: Place | None, places: Sequence[Place]) -> list[int]:
    """The numbers of `places` (lon, lat; degrees, WGS-84) in an order in which visiting them, from `start`
    or else from the first of them, is a short way: always on to the nearest, then without crossings (2-opt).

    It need not be the shortest of all, but no turning round of a part of it makes it shorter.
    """
    if not places:
        return []
    metres = _distances([start or places[0], *places])
    way = _nearest_first(metres)
    for _ in range(MOST_PASSES):
        if not _uncross(way, metres):
            break
    return [place - 1 for place in way[1:]]


def legs_m(start: Place | None, places: Sequence[Place]) -> list[float]:
    """Metres as the crow flies from each place's predecessor to it; 0 to the first without a `start`."""
    before = [start or place for place in places[:1]] + list(places[:-1])
    return [float(distance_m(*one, *other)) for one, other in zip(before, places, strict=True)]


def _distances(places: Sequence[Place]) -> Metres:
    lon, lat = np.array(places, dtype=float).T
    found: Metres = distance_m(lon[:, None], lat[:, None], lon[None, :], lat[None, :]).tolist()
    return found


def _nearest_first(metres: Metres) -> list[int]:
    way, left = [0], list(range(1, len(metres)))
    while left:
        nearest = min(left, key=lambda place: (metres[way[-1]][place], place))
        left.remove(nearest)
        way.append(nearest)
    return way


def _uncross(way: list[int], metres: Metres) -> bool:
    """Turn round every part of the way that is shorter so; whether there was one. The way is open: nothing
    leads back from its end, so that a part may reach up to it."""
    shorter = False
    for first in range(1, len(way) - 1):
        for last in range(first + 1, len(way)):
            before, after = way[first - 1], way[last + 1] if last + 1 < len(way) else None
            saved = metres[before][way[first]] - metres[before][way[last]]
            if after is not None:
                saved += metres[way[last]][after] - metres[way[first]][after]
            if saved > 1e-6:
                way[first : last + 1] = way[first : last + 1][::-1]
                shorter = True
    return shorter
