"""Which department a clue goes to: rows by kind, industry, and words of the premises' registration."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from msgspec import Struct

from ingest.domain.clue import BUREAU


class ClueRoute(Struct, frozen=True):
    """Clues that fit go to the department, from `valid_from` on (a day of the district)."""

    department_id: str
    valid_from: date
    kind: str | None = None
    industry: str | None = None
    keyword: str | None = None
    """Contained in the premises' business scope, name, category or tags."""
    priority: int = 0
    own: bool = False
    """Whether it is the district's own; the others are everybody's."""

    @property
    def asks(self) -> list[str]:
        """Which of kind, industry and keyword it looks at."""
        return [name for name in ("kind", "industry", "keyword") if getattr(self, name) is not None]


class Chosen(NamedTuple):
    """A department, and what decided: ``["kind", "keyword"]``; ``["bureau"]`` where nothing fitted."""

    department_id: str
    by: list[str]


@dataclass(frozen=True)
class ClueRoutes:
    """A district's routes as they are now, and the departments that it has."""

    routes: Sequence[ClueRoute] = ()
    departments: Collection[str] = ()

    def choose(
        self, kind: str, industry: str | None, words: str, day: date, without: Collection[str] = ()
    ) -> Chosen:
        """The department for a clue reported on `day`, `words` being those of its premises; none of
        `without`, who have sent it back. The district's own rows before everybody's, then by priority, then
        the row that asks for most, then the newest.
        """
        given = {"kind": kind, "industry": industry}
        fitting = [
            route
            for route in self._in_force(day)
            if route.asks
            and route.department_id in self.departments
            and route.department_id not in without
            and all(getattr(route, name) in (None, value) for name, value in given.items())
            and (route.keyword is None or route.keyword.casefold() in words.casefold())
        ]
        if not fitting:
            return Chosen(BUREAU, ["bureau"])
        best = max(fitting, key=_rank)
        return Chosen(best.department_id, best.asks)

    def _in_force(self, day: date) -> list[ClueRoute]:
        """Of rows that differ in their day alone, the newest that is valid."""
        newest: dict[object, ClueRoute] = {}
        for route in sorted(self.routes, key=lambda route: route.valid_from):
            if route.valid_from <= day:
                newest[route.own, route.kind, route.industry, route.keyword] = route
        return list(newest.values())


def _rank(route: ClueRoute) -> tuple[bool, int, int, date, str]:
    return (route.own, route.priority, len(route.asks), route.valid_from, route.department_id)
