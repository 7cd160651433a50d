"""The town with those in it whose visits are not what their logs say, or look as if they were not."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from math import cos, radians, sin
from random import Random

import numpy as np
import shapely

from ingest.contract.messages import Finding, Result
from simulators.answers import fill_in
from simulators.chance import draw
from simulators.checks import PATROL_ITEMS
from simulators.device import message_id
from simulators.files import Premises, World
from simulators.manners import ABSENT, HASTE, Manner, Manners
from simulators.photo import shop_front
from simulators.tour import Purpose, Round
from simulators.town import Reception, Town, Visit
from simulators.walk import Position

HOME_M = (700.0, 2_000.0)
"""So far from the middle of their tour people live."""
_POOL = 3  # photos that are handed in again and again
_TICKED_S = (3.0, 8.0)
_METRE_DEG = 1 / 111_195


class OddTown(Town):
    """`manners` says who does what otherwise than the others."""

    def __init__(self, world: World, start: float, seed: int, manners: Manners) -> None:
        haste = {one: HASTE[manner] for one, manner in manners.of.items() if manner in HASTE}
        super().__init__(world, start, seed, haste)
        self._of, self._along = manners.of, manners.along
        self._all = list(world.premises.values())
        self._tree = shapely.STRtree(shapely.points([(one.lon, one.lat) for one in self._all]))
        self._home = cache(self._home_of)

    def visits(self, worker_id: str, after: float, until: float) -> Iterator[Visit]:
        match self._of.get(worker_id):
            case Manner.TICKER:
                yield from map(self._ticked, super().visits(worker_id, after, until))
            case Manner.HOME:
                yield from map(self._at_home, super().visits(worker_id, after, until))
            case Manner.RECYCLER:
                yield from map(self._with_photo, super().visits(worker_id, after, until))
            case Manner.BUDDY | Manner.PAIR if worker_id in self._along:
                for visit in super().visits(self._along[worker_id], after - 3, until - 3):
                    if self._of[worker_id] is Manner.BUDDY or not self._is_apart(visit.started - 180):
                        yield self._next_door(worker_id, visit)
            case Manner.TELEPORTER:
                for one in self.walks[worker_id].rounds(after, until):
                    if after < one.ends <= until and (there := self._claimed(worker_id, one)):
                        yield self._elsewhere(worker_id, one, there)
            case _:
                yield from super().visits(worker_id, after, until)

    def body(self, worker_id: str, at: float) -> Position:
        manner = self._of.get(worker_id)
        if manner in ABSENT:
            lon, lat = self._home(worker_id)
            return Position(lon, lat, 0.0, 0.0)
        if manner is Manner.PAIR and worker_id in self._along:
            return self._beside(worker_id, at)
        return super().body(worker_id, at)

    def phone(self, worker_id: str, at: float) -> Position:
        match self._of.get(worker_id):
            case Manner.BUDDY:
                return super().phone(self._along[worker_id], at)
            case Manner.MOCK:
                stop = self.walks[worker_id].round_at(at).stop
                return Position(stop.lon, stop.lat, 0.0, 0.0)
            case Manner.TELEPORTER:
                there = self._claimed(worker_id, self.walks[worker_id].round_at(at))
                return Position(there.lon, there.lat, 0.0, 0.0) if there else self.body(worker_id, at)
        return self.body(worker_id, at)

    def reception(self, worker_id: str, at: float, dice: Random) -> Reception | None:
        match self._of.get(worker_id):
            case Manner.MOCK:  # most phones say so; one that has been tampered with does not
                return Reception(0.0, 3.0, "gps", draw(self.seed, "mock", worker_id).random() < 0.7)
            case Manner.BAD_GPS:
                off_m = dice.uniform(60, 220)
                wild = dice.random() < 0.04
                return Reception(
                    300.0 if wild else off_m * 0.6, off_m, "network" if dice.random() < 0.6 else "gps"
                )
            case Manner.METAL_ROOF:
                now = self.walks[worker_id].round_at(at)
                if now.stop.purpose is Purpose.VISIT and now.arrives + 8 < at < now.ends - 2:
                    return None
        return super().reception(worker_id, at, dice)

    def picture(self, worker_id: str, premises_id: str, taken: float) -> bytes:
        if self._of.get(worker_id) is Manner.RECYCLER:
            old = draw(self.seed, worker_id, taken).randrange(_POOL)
            return shop_front(f"{worker_id}-{old}", self.local(self.start - 86_400))
        return super().picture(worker_id, premises_id, taken)

    def _ticked(self, visit: Visit) -> Visit:
        """In some seconds, everything as it should be."""
        dice = draw(self.seed, "ticked", visit.inspection_id, visit.worker_id)
        changed = replace(
            visit, started=visit.ended - dice.uniform(*_TICKED_S), photos_taken=(), receipt_no=None
        )
        return _nothing_found(changed)

    def _at_home(self, visit: Visit) -> Visit:
        """Made up at home; half of these people take care that the log names the shop's place."""
        careful = draw(self.seed, "careful", visit.worker_id).random() < 0.5
        there = Position(visit.premises.lon, visit.premises.lat, 0.0, 0.0) if careful else None
        return _nothing_found(replace(visit, photos_taken=(), said_at=there))

    def _with_photo(self, visit: Visit) -> Visit:
        """A usual visit by its times, always with a photo."""
        dice = draw(self.seed, "claims", visit.inspection_id)
        started = visit.ended - dice.uniform(180, 300)
        return _nothing_found(replace(visit, started=started, photos_taken=(visit.ended - 40,)))

    def _next_door(self, worker_id: str, visit: Visit) -> Visit:
        """What goes up from a phone beside the one that told of `visit`: of the premises next door."""
        here = shapely.Point(visit.premises.lon, visit.premises.lat)
        near = sorted(
            self._tree.query(here.buffer(0.003)), key=lambda i: here.distance(self._tree.geometries[i])
        )
        others = [self._all[i] for i in near if self._all[i] is not visit.premises]
        dice = draw(self.seed, "next door", worker_id, visit.inspection_id)
        done = fill_in(dice, PATROL_ITEMS, {}, failing=False)
        ended = visit.ended + 3
        return replace(
            visit,
            inspection_id=message_id("inspection", ended),
            worker_id=worker_id,
            premises=others[0] if others else visit.premises,
            task_id=None,
            started=visit.started + 5,
            ended=ended,
            result=Result.NORMAL,
            findings=done.findings,
            receipt_no=None,
            photos_taken=(),
            archive=None,
        )

    def _claimed(self, worker_id: str, one: Round) -> Premises | None:
        """Of the tour's premises by turns one in the west and one in the east, far from one another."""
        ids = {stop.premises_id for stop in self.walks[worker_id].stops if stop.purpose is Purpose.VISIT}
        known = [self._premises[name] for name in sorted(filter(None, ids)) if name in self._premises]
        known.sort(key=lambda premises: premises.lon + premises.lat)
        half, side = divmod(one.number, 2)
        return known[(half + side * (len(known) // 2)) % len(known)] if known else None

    def _elsewhere(self, worker_id: str, one: Round, there: Premises) -> Visit:
        done = fill_in(draw(self.seed, worker_id, one.number), PATROL_ITEMS, {}, failing=False)
        name = message_id("inspection", one.ends)
        what = (Result.NORMAL, done.findings, (), None, ())
        return Visit(name, worker_id, there, None, one.begins + 10, one.ends, *what)

    def _home_of(self, worker_id: str) -> tuple[float, float]:
        stops = self.walks[worker_id].stops
        lon, lat = float(np.mean([one.lon for one in stops])), float(np.mean([one.lat for one in stops]))
        dice = draw(self.seed, "home", worker_id)
        turn, far = dice.uniform(0, 6.28), dice.uniform(*HOME_M) * _METRE_DEG
        return lon + far * sin(turn) / cos(radians(lat)), lat + far * cos(turn)

    def _beside(self, worker_id: str, at: float) -> Position:
        """Beside a colleague, wandering some steps to one side or ahead; every hour and a half by oneself for
        some minutes."""
        other = super().body(self._along[worker_id], at)
        number, part = divmod(at / 90, 1)
        east, north = (
            (1 - part) * now + part * then
            for now, then in zip(*(self._aside(worker_id, number + step) for step in (0, 1)), strict=True)
        )
        return replace(other, lon=other.lon + east, lat=other.lat + north)

    def _aside(self, worker_id: str, number: float) -> tuple[float, float]:
        dice = draw(self.seed, "aside", worker_id, number)
        far = (dice.uniform(80, 150) if self._is_apart(number * 90) else dice.uniform(2, 25)) * _METRE_DEG
        turn = dice.uniform(0, 6.28)
        return far * sin(turn), far * cos(turn)

    def _is_apart(self, at: float) -> bool:
        return at % 5_400 < 900


def _nothing_found(visit: Visit) -> Visit:
    findings = tuple(Finding(one.item, "正常") if one.severity else one for one in visit.findings)
    return replace(visit, result=Result.NORMAL, findings=findings)
