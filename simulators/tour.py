"""A worker's tour through the same stops for ever, cut into rounds of `ROUND_S`.

In each round the worker leaves one stop, walks or rides straight to the next and is busy there until
shortly before the round ends (a far stop takes several). Rounds are staggered by rank, so that of `crew`
workers one finishes every ``ROUND_S / crew`` seconds.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import accumulate
from math import ceil
from typing import NamedTuple

from ingest.domain.geo import distance_m
from simulators.chance import draw

ROUND_S = 420.0
WALK_MPS = 1.2
RIDE_MPS = 4.0
STROLL_M = 280.0  # what is farther is ridden to
VISIT_S = (180.0, 360.0)
_DAWDLE_S = 15.0  # at most, between the end of a visit and that of its round


class Purpose(Enum):
    """Why a worker goes to a stop."""

    VISIT = "visit"
    PATROL = "patrol"
    BREAK = "break"
    ERRAND = "errand"
    """Outside the own grid, where the worker should not be."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A place to go to, degrees WGS-84."""

    lon: float
    lat: float
    purpose: Purpose
    premises_id: str | None = None
    task_id: str | None = None
    order_id: str | None = None
    """Of the order by which the worker was sent there alone."""
    stay_s: float = VISIT_S[0]
    """How long at least, seconds."""


@dataclass(frozen=True, slots=True)
class Round:
    """One way and what is done at its end; times in seconds since the epoch, UTC."""

    number: int
    """Unique among the worker's rounds; later is greater."""
    place: int | None
    """Its place in the endless tour, if it is of the tour: what its number would be without detours."""
    origin: Stop
    stop: Stop
    begins: float
    departs: float
    arrives: float
    ends: float
    until: float
    speed_mps: float


class Way(NamedTuple):
    """From one stop to the next."""

    travel_s: float
    speed_mps: float

    def rounds(self, stop: Stop) -> int:
        """How many it takes, with the stay at `stop`, where it ends."""
        return ceil((self.travel_s + stop.stay_s) / ROUND_S)


class Tour:
    """The tour of one worker through `stops`; pure but for what the arguments say."""

    def __init__(self, seed: int, worker_id: str, phase: float, stops: Sequence[Stop]) -> None:
        self._key = (seed, worker_id)
        self.stops = tuple(stops)
        self._ways = [way(self.stops[i - 1], stop) for i, stop in enumerate(self.stops)]
        self._ends = list(accumulate(way.rounds(stop) for way, stop in zip(self._ways, stops, strict=True)))
        # Tours are about equally long: without this, all would have their break at the same time.
        self._phase = phase - draw(*self._key, "tour").randrange(self.length) * ROUND_S

    @property
    def length(self) -> int:
        """In rounds."""
        return self._ends[-1]

    def number(self, at: float) -> int:
        """Of the round that begins at `at`."""
        return round((at - self._phase) / ROUND_S)

    def round(self, at: float, late: int) -> Round:
        """The tour's round at that instant, when the tour is so many rounds late."""
        tour, within = divmod(int((at - self._phase) // ROUND_S) - late, self.length)
        i = bisect_right(self._ends, within)
        place = tour * self.length + (self._ends[i - 1] if i else 0)
        return self.leg(place + late, place, self.stops[i - 1], self.stops[i], self._ways[i])

    def leg(self, number: int, place: int | None, origin: Stop, stop: Stop, way: Way) -> Round:
        """The way from `origin` to `stop` in the round of that number, and what is done there."""
        begins = self._phase + number * ROUND_S
        until = self._phase + (number + way.rounds(stop)) * ROUND_S
        dice = draw(*self._key, number)
        spare_s = until - begins - way.travel_s - stop.stay_s
        ends = until - dice.uniform(0, min(_DAWDLE_S, spare_s))
        longest = ends - begins - way.travel_s
        if stop.purpose is not Purpose.ERRAND:
            longest = min(longest, VISIT_S[1])
        arrives = ends - max(stop.stay_s, longest * dice.uniform(0.85, 1))
        departs = arrives - way.travel_s
        return Round(number, place, origin, stop, begins, departs, arrives, ends, until, way.speed_mps)


def way(origin: Stop, stop: Stop) -> Way:
    """The straight way between two stops: on foot, or by e-bike."""
    metres = float(distance_m(origin.lon, origin.lat, stop.lon, stop.lat))
    speed = WALK_MPS if metres <= STROLL_M else RIDE_MPS
    return Way(metres / speed, speed)
