"""What the public reported in the past: some of what patrols had found before, some that they had missed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from random import Random
from typing import Any, NamedTuple

from ingest.contract.messages import Datum, Result
from ingest.domain.facts import Clue, Inspection
from ingest.domain.geo import distance_m
from ingest.domain.patrol import NEAR_M, WITHIN
from simulators.clue_life import ClueLife
from simulators.past import Past, Place
from simulators.task_life import TaskLife
from simulators.trades import CLUES

_KNOWN = 0.72  # of the reports are about premises where a patrol has found something of late
_LOOKS = 10  # for such premises
_NAMED = 0.7  # of the reports name the premises
_JUDGED, _VALID = 0.97, 0.8
_SQUARE_DEG = 0.002  # some 200 m: who is near is in the same square or in one next to it

_Square = tuple[int, int]


class ReportLife(NamedTuple):
    """One report as it is registered; and whether it counts and was missed, as the simulation has it."""

    row: dict[str, Any]
    valid: bool
    missed: bool


class Patrols:
    """What patrols have found, by where."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._places = {place.premises_id: place for place in places}
        self._near: dict[_Square, list[tuple[datetime, float, float]]] = defaultdict(list)
        self._at: dict[str, list[datetime]] = defaultdict(list)
        self._latest: list[tuple[datetime, str]] = []

    def enter(self, tasks: Iterable[TaskLife], clues: Iterable[ClueLife]) -> None:
        """Add what was found in lives that have been lived."""
        facts: list[Inspection | Clue] = [clue.fact for clue in clues if not clue.void]
        facts += (visit for task in tasks for visit in task.visits if visit.comes_to is Result.ABNORMAL)
        for fact in facts:
            assert fact.lon is not None and fact.lat is not None  # where the worker was
            self._near[_square(fact.lon, fact.lat)].append((fact.at, fact.lon, fact.lat))
            if fact.premises_id is not None:
                self._at[fact.premises_id].append(fact.at)
                self._latest.append((fact.at, fact.premises_id))

    def lately(self, at: datetime, dice: Random) -> Place | None:
        """Premises where something has been found before `at`, if a few looks come upon some."""
        for _ in range(_LOOKS if self._latest else 0):
            found, premises_id = self._latest[-1 - int(dice.random() ** 3 * len(self._latest))]
            if at - WITHIN <= found <= at:
                return self._places[premises_id]
        return None

    def had_found(self, at: datetime, lon: float, lat: float, premises_id: str | None) -> bool:
        """Whether one of them had found it in time."""
        if any(at - WITHIN <= found <= at for found in self._at.get(premises_id or "", ())):
            return True
        x, y = _square(lon, lat)
        return any(
            at - WITHIN <= found <= at and distance_m(lon, lat, there_lon, there_lat) <= NEAR_M
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for found, there_lon, there_lat in self._near.get((x + dx, y + dy), ())
        )


def report_lives(past: Past, patrols: Patrols, day: date, count: int, dice: Random) -> Iterator[ReportLife]:
    """The `count` reports that were made on `day`."""
    for number in range(count):
        at = past.days.later(past.days.begin(day, dice), 1e-9, dice)
        known = patrols.lately(at, dice) if dice.random() < _KNOWN else None
        place = known or dice.choice(past.places)
        premises_id = place.premises_id if dice.random() < _NAMED else None
        valid = dice.random() < _VALID if dice.random() < _JUDGED else None
        missed = not patrols.had_found(at, place.premises.lon, place.premises.lat, premises_id)
        row = _row(f"HR{day:%Y%m%d}-{number:05d}", at, place, premises_id, valid, dice)
        yield ReportLife(row, bool(valid), missed)


def _row(
    report_id: str, at: datetime, place: Place, premises_id: str | None, valid: bool | None, dice: Random
) -> dict[str, Any]:
    kind, text = dice.choice(CLUES)
    where = place.premises
    return {
        "report_id": report_id,
        "reported_at": at,
        "kind": kind,
        "text": text,
        "premises_id": premises_id,
        "valid": valid,
        "lon": where.lon,
        "lat": where.lat,
        "raw_lon": where.lon,
        "raw_lat": where.lat,
        "datum": Datum.WGS84,
        "grid_id": where.grid_id,
        "path": where.path,
    }


def _square(lon: float, lat: float) -> _Square:
    return int(lon // _SQUARE_DEG), int(lat // _SQUARE_DEG)
