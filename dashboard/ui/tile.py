"""A square of the map at a zoom, as every tile server counts them: what of it is where."""

import math
from typing import NamedTuple

from dashboard.ui.datum import Bounds


class Tile(NamedTuple):
    """Tile `x`, `y` of the 2^`z` by 2^`z` that the world is at zoom `z`; 0, 0 is in the north-west."""

    z: int
    x: int
    y: int

    def exists(self) -> bool:
        return 0 <= self.x < 1 << self.z and 0 <= self.y < 1 << self.z

    def bounds(self) -> Bounds:
        """West, south, east, north in degrees."""
        return _lon(self.x, self.z), _lat(self.y + 1, self.z), _lon(self.x + 1, self.z), _lat(self.y, self.z)


def _lon(x: int, z: int) -> float:
    return x / (1 << z) * 360 - 180


def _lat(y: int, z: int) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / (1 << z)))))
