"""A worker's endless day: where they are and what they are doing at any instant.

Pure: seed, worker and wall time are arguments, so any moment of day or night finds everybody in the
middle of a shift, and a second run goes on where the first would be. Time is cut into rounds of
`ROUND_S`; in each the worker leaves one stop, walks or rides straight to the next and is busy there
until shortly before the round ends (a far stop takes several rounds). Rounds are staggered by rank,
so that of `crew` workers one finishes every ``ROUND_S / crew`` seconds.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import accumulate
from math import atan2, ceil, cos, degrees, radians

from ingest.domain.geo import distance_m
from simulators.chance import draw, turns

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
    stay_s: float = VISIT_S[0]
    """How long at least, seconds."""


@dataclass(frozen=True, slots=True)
class Round:
    """One way and what is done at its end; times in seconds since the epoch, UTC."""

    number: int
    """Unique among the worker's rounds; later is greater."""
    origin: Stop
    stop: Stop
    begins: float
    departs: float
    arrives: float
    ends: float
    until: float
    speed_mps: float


@dataclass(frozen=True, slots=True)
class Position:
    """Where somebody is, degrees WGS-84; heading clockwise from north, 0 when standing."""

    lon: float
    lat: float
    speed_mps: float
    heading_deg: float


class Walk:
    """The rounds of one worker through `stops`, for ever.

    `rank` of `crew`: the worker's place among the colleagues, 0 first; it sets who acts when.
    Raises ValueError without stops.
    """

    def __init__(self, seed: int, worker_id: str, rank: int, crew: int, stops: Sequence[Stop]) -> None:
        if not stops:
            raise ValueError(f"{worker_id} has nowhere to go")
        self.worker_id = worker_id
        self.rank = rank
        self.crew = crew
        self._seed = seed
        self._phase = rank / crew * ROUND_S
        self._stops = tuple(stops)
        self._ways = [_way(self._stops[i - 1], stop) for i, stop in enumerate(self._stops)]
        lengths = (
            ceil((travel + stop.stay_s) / ROUND_S)
            for stop, (travel, _) in zip(self._stops, self._ways, strict=True)
        )
        self._ends = list(accumulate(lengths))
        # Tours are about equally long: without this, all would have their break at the same time.
        self._phase -= draw(seed, worker_id, "tour").randrange(self._ends[-1]) * ROUND_S
        self._last: Round | None = None

    @property
    def tour_rounds(self) -> int:
        """A whole tour through all stops in units of `Round.number`."""
        return self._ends[-1]

    def round_at(self, at: float) -> Round:
        """The round that instant `at` belongs to."""
        if self._last is None or not self._last.begins <= at < self._last.until:
            self._last = self._round(at)
        return self._last

    def rounds(self, after: float, until: float) -> Iterator[Round]:
        """The rounds that have a part in (after, until], in order."""
        at = after
        while at <= until:
            current = self.round_at(at)
            yield current
            at = current.until + 0.001  # clear of the border, which floats do not hit exactly

    def position(self, at: float) -> Position:
        """Where the worker is at that instant, on a straight line between two stops."""
        now = self.round_at(at)
        if at < now.departs or now.arrives <= now.departs:
            return Position(now.origin.lon, now.origin.lat, 0.0, 0.0)
        if at >= now.arrives:
            return Position(now.stop.lon, now.stop.lat, 0.0, 0.0)
        part = (at - now.departs) / (now.arrives - now.departs)
        lon = now.origin.lon + part * (now.stop.lon - now.origin.lon)
        lat = now.origin.lat + part * (now.stop.lat - now.origin.lat)
        return Position(lon, lat, now.speed_mps, _bearing(now.origin, now.stop))

    def moments(self, name: str, every_s: float, after: float, until: float) -> Iterator[float]:
        """Instants in (after, until] at which the worker's turn for `name` comes.

        Turns go round the crew by rank: one worker's come every `every_s` seconds, with a jitter below
        half of ``every_s / crew``, the crew's evenly in between.
        """
        key = (self._seed, self.worker_id, name)
        return turns(key, self.rank / self.crew, self.crew, every_s, after, until)

    def _round(self, at: float) -> Round:
        tour, within = divmod(int((at - self._phase) // ROUND_S), self._ends[-1])
        i = bisect_right(self._ends, within)
        number = tour * self._ends[-1] + (self._ends[i - 1] if i else 0)
        begins = self._phase + number * ROUND_S
        until = self._phase + (tour * self._ends[-1] + self._ends[i]) * ROUND_S
        stop, (travel, speed) = self._stops[i], self._ways[i]
        dice = draw(self._seed, self.worker_id, number)
        ends = until - dice.uniform(0, min(_DAWDLE_S, until - begins - travel - stop.stay_s))
        longest = ends - begins - travel
        if stop.purpose is not Purpose.ERRAND:
            longest = min(longest, VISIT_S[1])
        arrives = ends - max(stop.stay_s, longest * dice.uniform(0.85, 1))
        return Round(number, self._stops[i - 1], stop, begins, arrives - travel, arrives, ends, until, speed)


def _way(origin: Stop, stop: Stop) -> tuple[float, float]:
    """Seconds, and metres a second, from one stop to the next."""
    metres = float(distance_m(origin.lon, origin.lat, stop.lon, stop.lat))
    speed = WALK_MPS if metres <= STROLL_M else RIDE_MPS
    return metres / speed, speed


def _bearing(origin: Stop, stop: Stop) -> float:
    east = (stop.lon - origin.lon) * cos(radians(origin.lat))
    return degrees(atan2(east, stop.lat - origin.lat)) % 360
