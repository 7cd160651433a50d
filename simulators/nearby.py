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
        away = np.hypot(*((self._points - (lon, lat)) * (np.cos(np.radians(lat)), 1.0)).T)
        return [self._all[i] for i in np.argsort(away, kind="stable")[:count]]
