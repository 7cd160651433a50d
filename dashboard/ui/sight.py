"""What a camera sees of the ground: a wedge from where it stands, in the direction in which it looks."""

import math
from functools import lru_cache

SPREAD_DEG = 60
"""Of every camera: no register holds the angle of its lens. That of usual street cameras is 50 to 90."""
REACH_M = 60
"""How far somebody is still made out, about."""
_STEPS = 8
_DEGREE_M = 111_320

Ring = list[list[float]]


@lru_cache(maxsize=20_000)
def wedge(lon: float, lat: float, heading_deg: float) -> Ring:
    """The closed ring (longitude, latitude) of the ground that a camera at this place sees which looks there,
    clockwise from north."""
    north, east = 1 / _DEGREE_M, 1 / (_DEGREE_M * math.cos(math.radians(lat)))
    turns = [math.radians(heading_deg + SPREAD_DEG * (step / _STEPS - 0.5)) for step in range(_STEPS + 1)]
    arc = [
        [round(lon + REACH_M * math.sin(turn) * east, 6), round(lat + REACH_M * math.cos(turn) * north, 6)]
        for turn in turns
    ]
    return [[lon, lat], *arc, [lon, lat]]
