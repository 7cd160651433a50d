"""The premises around a place."""

from collections.abc import Mapping

import numpy as np

from simulators.files import Premises


class Nearby:
    """All premises of a world, to find those closest to a place."""

    def __init__(self, premises: Mapping[str, Premises]) -> None:
        self._all = list(premises.values())
        self._points = np.array([(one.lon, one.lat) for one in self._all])

    def find(self, lon: float, lat: float, count: int) -> list[Premises]:
        """The `count` premises closest to the place (degrees, WGS-84), the closest first."""
        east, north = (self._points - (lon, lat)).T
        away = (east * np.cos(np.radians(lat))) ** 2 + north**2
        # A city asks for some hundred places among 100,000: sorting them all each time takes seconds.
        near = np.argpartition(away, min(count, len(away)) - 1)[:count] if len(away) else np.arange(0)
        return [self._all[i] for i in near[np.lexsort((near, away[near]))]]
