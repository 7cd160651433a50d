"""A worker's endless day: where they are and what they are doing at any instant.

Pure: seed, worker, wall time and the detours asked for are arguments, so any moment of day or night finds
everybody in the middle of a shift, and a second run goes on where the first would be. A detour is put
between two stops of the tour, and puts off what comes after it by whole rounds: what was before stays.
"""

from bisect import bisect_right, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import atan2, ceil, cos, degrees, radians
from operator import attrgetter, itemgetter
from typing import Any

from simulators.chance import turns
from simulators.tour import ROUND_S, Purpose, Round, Stop, Tour, way

_CLEAR_S = 0.001  # of the border of two rounds, which floats do not hit exactly


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
        self._tour = Tour(seed, worker_id, rank / crew * ROUND_S, stops)
        self._last: Round | None = None
        self._asked: list[tuple[float, Stop, bool]] = []  # when, where to, and whether at once
        self._off: list[
            Round
        ] = []  # the way to a detour, and the way back to the tour; before them what was left
        self._late: list[int] = []  # by how many rounds the tour is late after each of them

    @property
    def tour_rounds(self) -> int:
        """A whole tour through all stops in units of `Round.place`."""
        return self._tour.length

    def passes(self, premises_id: str) -> bool:
        """Whether the tour leads to these premises."""
        return any(stop.premises_id == premises_id for stop in self._tour.stops)

    def detour(self, at: float, stop: Stop) -> None:
        """Go to `stop` once, as soon after `at` as the round and the detours asked for before are over.

        Nothing changes before `at`, which must not be earlier than what has been asked about.
        """
        self._ask(at, stop, False)

    def hurry(self, at: float, stop: Stop) -> None:
        """Leave everything but a detour, and go to `stop` once from wherever the worker is at that instant.

        Nothing changes before `at`, which must not be earlier than what has been asked about.
        """
        self._ask(at, stop, True)

    def round_at(self, at: float) -> Round:
        """The round that instant `at` belongs to."""
        if self._last is None or not self._last.begins <= at < self._last.until:
            self._last = self._round(at)[0]
        return self._last

    def rounds(self, after: float, until: float) -> Iterator[Round]:
        """The rounds that have a part in (after, until], in order."""
        at = after
        while at <= until:
            current = self.round_at(at)
            yield current
            at = current.until + _CLEAR_S

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

    def _round(self, at: float) -> tuple[Round, int]:
        """The round at that instant, and by how many the tour is late after it."""
        i = bisect_right(self._off, at, key=attrgetter("begins"))
        late = self._late[i - 1] if i else 0
        if i and at < self._off[i - 1].until:
            return self._off[i - 1], late
        return self._tour.round(at, late), late

    def _ask(self, *asked: Any) -> None:
        self._last = None
        insort(self._asked, asked, key=itemgetter(0))
        if self._asked[-1] == asked:
            self._insert(*asked)
            return
        self._off, self._late = [], []
        for one in self._asked:
            self._insert(*one)

    def _insert(self, at: float, stop: Stop, at_once: bool) -> None:
        if at_once and not (self._off and self._off[-1].begins > at):
            self._break_off(at, stop)
        else:
            self._append(at, stop)

    def _break_off(self, at: float, stop: Stop) -> None:
        """End the round at that instant, whose visit does not count if it is not over, and go to `stop`,
        then on to where the next round leads.
        """
        here, (left, late) = self.position(at), self._round(at)
        following, later = self._round(left.until + _CLEAR_S)
        origin = Stop(here.lon, here.lat, Purpose.PATROL)
        there, back = way(origin, stop), way(stop, following.stop)
        arrives = at + there.travel_s
        ends = arrives + stop.stay_s
        rounds = max(1, ceil((ends - left.until) / ROUND_S))
        number, until = self._tour.number(left.until), left.until + rounds * ROUND_S
        out = Round(number, None, origin, stop, at, at, arrives, ends, until, there.speed_mps)
        home = self._tour.leg(number + rounds, following.place, stop, following.stop, back)
        if self._off and left is self._off[-1]:
            del self._off[-1], self._late[-1]
        undone = left.stop if left.ends <= at else Stop(left.stop.lon, left.stop.lat, Purpose.PATROL)
        longer = self._tour.number(home.until) - self._tour.number(following.until)
        self._off += [replace(left, stop=undone, until=at), out, home]
        self._late += [late, *[later + longer] * 2]
        self._last = None

    def _append(self, at: float, stop: Stop) -> None:
        """Put a detour behind those that there are: from where they, or the tour, are next at the end of a
        round, to `stop`, and on to where it would have gone from there."""
        begins = self._round(at)[0].until
        if self._off:
            begins = max(begins, self._off[-2].until)
        following, late = self._round(begins + _CLEAR_S)
        if self._off and following is self._off[-1]:
            del self._off[-1], self._late[-1]
        there, back = way(following.origin, stop), way(stop, following.stop)
        number = self._tour.number(begins)
        out = self._tour.leg(number, None, following.origin, stop, there)
        number += there.rounds(stop)
        home = self._tour.leg(number, following.place, stop, following.stop, back)
        longer = self._tour.number(home.until) - self._tour.number(following.until)
        self._off += [out, home]
        self._late += [late + longer] * 2


def _bearing(origin: Stop, stop: Stop) -> float:
    east = (stop.lon - origin.lon) * cos(radians(origin.lat))
    return degrees(atan2(east, stop.lat - origin.lat)) % 360
