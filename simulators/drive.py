"""A patrol vehicle's endless round: it drives from spot to spot, stands a while at each, and goes where it is
sent.

Pure: any moment finds it somewhere on its round. Being sent away puts the round off for as long as it takes
to get there, stay and come back; what was before stays.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from math import atan2, cos, degrees, radians
from typing import NamedTuple

from ingest.domain.geo import distance_m
from simulators.chance import draw
from simulators.walk import Position

DRIVE_MPS = 8.0
STAY_S = (120.0, 420.0)
ON_THE_SPOT_S = 300.0
_LONG_AGO = float("-inf")
_CLEAR_S = 0.001  # of the border of two legs, which floats do not hit exactly

Spot = tuple[float, float]
"""Degrees, WGS-84."""


class Leg(NamedTuple):
    """A way from `origin` to `spot`, and how long it stays there; seconds, by whatever clock it is of."""

    begins: float
    origin: Spot
    spot: Spot
    arrives: float
    until: float

    def position(self, at: float) -> Position:
        """Where it is at an instant of the leg."""
        if at >= self.arrives:
            return Position(*self.spot, 0.0, 0.0)
        part = (at - self.begins) / (self.arrives - self.begins)
        (x, y), (to_x, to_y) = self.origin, self.spot
        heading = degrees(atan2((to_x - x) * cos(radians(y)), to_y - y)) % 360
        return Position(x + part * (to_x - x), y + part * (to_y - y), DRIVE_MPS, heading)


class Drive:
    """The round of one vehicle through `spots`, for ever; raises ValueError without spots."""

    def __init__(self, seed: int, device_id: str, spots: Sequence[Spot]) -> None:
        if not spots:
            raise ValueError(f"{device_id} has nowhere to go")
        dice = draw(seed, "drive", device_id)
        self._round = [_leg(0.0, spots[i - 1], spot, dice.uniform(*STAY_S)) for i, spot in enumerate(spots)]
        self._ends = list(accumulate(leg.until for leg in self._round))
        self._phase = dice.uniform(0, self._ends[-1])
        self._sent: list[Leg] = []
        self._late = [(_LONG_AGO, 0.0)]  # from when on, by how many seconds the round is late
        self._left = 0.0  # when it last left its round

    def position(self, at: float) -> Position:
        """Where it is at that instant, on a straight line between two spots."""
        return self._leg_at(at).position(at)

    def stops(self, after: float, until: float) -> Iterator[tuple[float, bool]]:
        """The instants in (after, until] at which it begins to move (True) or stops (False)."""
        at = after
        while at <= until + _CLEAR_S:
            leg = self._leg_at(at)
            ends = min([leg.until, *(sent.begins for sent in self._sent if sent.begins > at)])
            since, till = max(after, at - 2 * _CLEAR_S), min(until, ends)
            for instant, moves in ((leg.begins, True), (leg.arrives, False)):
                if since < instant <= till and self._changes(instant, moves):
                    yield instant, moves
            at = ends + _CLEAR_S

    def _changes(self, at: float, moves: bool) -> bool:
        """Whether it stood before and moves then, or the other way round: not where it only turns."""
        before, then = (self.position(at + shift).speed_mps > 0 for shift in (-_CLEAR_S, _CLEAR_S))
        return before is not moves and then is moves

    def send(self, at: float, spot: Spot) -> Leg:
        """Have it leave its round at that instant, not earlier than has been asked about, and go to `spot`;
        the way there."""
        here = self.position(at)
        away = bool(self._sent) and self._sent[-1].until > at
        home = self._sent[-1].spot if away else (here.lon, here.lat)
        if away:
            self._sent = [leg._replace(until=min(leg.until, at)) for leg in self._sent if leg.begins < at]
            self._late.pop()
        else:
            self._left = at
        out = _leg(at, (here.lon, here.lat), spot, ON_THE_SPOT_S)
        back = _leg(out.until, spot, home, 0.0)
        self._sent += [out, back]
        self._late.append((back.until, self._late[-1][1] + back.until - self._left))
        return out

    def _leg_at(self, at: float) -> Leg:
        for leg in reversed(self._sent):
            if leg.begins <= at < leg.until:
                return leg
        late = self._late[bisect_right(self._late, (at, float("inf"))) - 1][1]
        rounds, within = divmod(at - late + self._phase, self._ends[-1])
        i = bisect_right(self._ends, within)
        # From the number of the round, so that it is the same float whoever asks.
        began = rounds * self._ends[-1] - self._phase + late + (self._ends[i - 1] if i else 0.0)
        leg = self._round[i]
        return leg._replace(begins=began, arrives=began + leg.arrives, until=began + leg.until)


def _leg(begins: float, origin: Spot, spot: Spot, stays_s: float) -> Leg:
    arrives = begins + float(distance_m(*origin, *spot)) / DRIVE_MPS
    return Leg(begins, origin, spot, arrives, arrives + stays_s)
