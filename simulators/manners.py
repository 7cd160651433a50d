"""How workers go about their visits: most honestly, a few in ways that a log alone does not show.

What a manner is called never travels on the wire; only who brings the messages up knows.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from simulators.chance import draw
from simulators.files import Worker


class Manner(StrEnum):
    """The ways that differ from what everybody does."""

    HOME = "home"
    """Sits at home and makes logs up; the phone tells where it is."""
    TELEPORTER = "teleporter"
    """Sits at home; an app makes the phone say that it is at one shop after another, however far."""
    MOCK = "mock"
    """The same along the planned way, with positions that stand still to the last digit."""
    RECYCLER = "recycler"
    """Rides past and hands in the same few photos again and again."""
    TICKER = "ticker"
    """Stops at the door and ticks everything off in seconds."""
    BUDDY = "buddy"
    """Stays away; a colleague carries the phone along and hands in logs with it."""
    CARRIER = "carrier"
    """That colleague, whose own visits are real."""
    HURRIED = "hurried"
    """Honest, and quicker than most."""
    BAD_GPS = "bad_gps"
    """Honest, with a phone that is often a hundred metres off."""
    METAL_ROOF = "metal_roof"
    """Honest, in places in which no phone has a position."""
    PAIR = "pair"
    """Honest, always going along with a colleague, who has visits of their own."""


FRAUDS = frozenset(
    {Manner.HOME, Manner.TELEPORTER, Manner.MOCK, Manner.RECYCLER, Manner.TICKER, Manner.BUDDY}
)
"""Those whose visits did not take place as their logs say."""

ABSENT = frozenset({Manner.HOME, Manner.TELEPORTER, Manner.MOCK, Manner.BUDDY})
"""Those who are at home, with whatever they have on their belts."""

HASTE: Mapping[Manner, float] = {Manner.HURRIED: 0.4, Manner.RECYCLER: 0.12, Manner.TICKER: 0.06}
"""Which part of a usual stay they stay."""

LIVE: Mapping[Manner, float] = dict.fromkeys(sorted(FRAUDS), 0.005) | {
    Manner.HURRIED: 0.03,
    Manner.BAD_GPS: 0.02,
    Manner.METAL_ROOF: 0.02,
}
"""The shares of workers in a city that goes on by itself."""


class Manners(NamedTuple):
    """Who has which manner, and whose way those go who go along with, or are carried by, somebody."""

    of: Mapping[str, Manner]
    along: Mapping[str, str]


NOBODY = Manners({}, {})


def choose(seed: int, workers: Sequence[Worker], shares: Mapping[Manner, float]) -> Manners:
    """Give each manner its share of the workers, by chance; whoever goes along goes with somebody of the same
    grid, or else section."""
    left = sorted(workers, key=lambda worker: draw(seed, "manner", worker.worker_id).random())
    of: dict[str, Manner] = {}
    along: dict[str, str] = {}
    for manner, share in sorted(
        shares.items(), key=lambda one: (one[0] not in (Manner.BUDDY, Manner.PAIR), one[0])
    ):
        for _ in range(min(_rounded(draw(seed, "share", manner).random(), share * len(workers)), len(left))):
            worker = left.pop()
            if manner in (Manner.BUDDY, Manner.PAIR):
                if (other := _colleague(worker, left)) is None:
                    continue
                left.remove(other)
                along[worker.worker_id] = other.worker_id
                of[other.worker_id] = Manner.CARRIER if manner is Manner.BUDDY else Manner.PAIR
            of[worker.worker_id] = manner
    return Manners(of, along)


def _rounded(luck: float, number: float) -> int:
    """Down or up by luck, so that small shares of few workers are right on average."""
    return int(number) + (luck < number % 1)


def _colleague(worker: Worker, others: Sequence[Worker]) -> Worker | None:
    grids = set(worker.grid_ids)
    mates = [other for other in others if grids & set(other.grid_ids)]
    return next(iter(mates or others), None)
