"""Scores (考核评价): what the work of a period comes to, for people and units, each against its own level.

Everything counts in items: of `n` that there were, `k` went well. A rate lies in an interval, since few items
say little; it is set right for what makes the work harder (load, area, premises of high risk), as far as
peers show that it does. The weighted rates that enough items stand behind are the points; whose intervals
overlap are level. Nothing here is stored or read: the same items give the same scores.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import sqrt
from typing import Literal

from msgspec import Struct

from ingest.domain.difficulty import Traits, expected

Indicator = Literal["on_time", "closure", "coverage", "valid_clues", "patrol", "no_rework", "truth"]
INDICATORS: tuple[Indicator, ...] = (
    "on_time",
    "closure",
    "coverage",
    "valid_clues",
    "patrol",
    "no_rework",
    "truth",
)
LEFT_OUT = ("suspended", "appealed")
"""Why items do not count: a task that is suspended (挂账), a visit whose doubt is being answered."""
GAMING = ("late_suspended", "late_cancelled", "split")
"""What may have been done for the figures' sake: suspended or cancelled when time was nearly over, one job
at one place made into several tasks of one day."""
LEVELS = ("bureau", "station", "squadron", "section", "grid")
"""Of units, by the depth of their path; people are the level 'worker'."""

Z = 1.959964
"""95 % of a normal distribution lie within so many standard deviations."""
ENOUGH = 0.5
"""Of all weight so much must have items enough, or there are no points."""


class Item(Struct, frozen=True):
    """`n` items of one kind (an indicator, or one of `LEFT_OUT` or `GAMING`), `k` of which went well.

    They belong to a worker (None: to nobody) and to the unit at `path` and all above it (None: to none).
    """

    what: str
    worker_id: str | None
    path: str | None
    n: float
    k: float = 0


class Weight(Struct, frozen=True):
    """How much an indicator weighs, and from how many items on it counts."""

    weight: float
    minimum: int


class Part(Struct, frozen=True):
    """What one indicator said: rates from 0 to 1, None without items; `counts`: there were enough."""

    indicator: str
    n: int
    k: int
    rate: float | None
    adjusted: float | None
    low: float | None
    high: float | None
    weight: float
    minimum: int
    counts: bool


class Score(Struct, frozen=True):
    """Points from 0 to 100 with their interval, or None; the places that they may have among `peers`."""

    level: str
    subject: str
    path: str
    points: float | None
    low: float | None
    high: float | None
    first: int | None
    last: int | None
    peers: int
    parts: list[Part]
    left_out: dict[str, int]
    gaming: dict[str, int]
    traits: Traits


Subject = tuple[str, str]
"""A level, and a unit's path or a worker's id."""
Tally = dict[str, tuple[float, float]]
"""By kind of item how many there were, and how many went well."""


def scores(
    items: Iterable[Item],
    weights: Mapping[str, Weight],
    workers: Mapping[str, str],
    traits: Mapping[Subject, Traits],
) -> list[Score]:
    """The scores of all who have items, level by level; `workers` are those who are ranked, with their path.

    `traits` says what their work is like, without its load, which the items say.
    """
    tallies = _tallies(items, workers)
    scored = []
    for level in (*LEVELS, "worker"):
        peers = {subject: tally for subject, tally in tallies.items() if subject[0] == level}
        loaded = {subject: _loaded(traits.get(subject), tally) for subject, tally in peers.items()}
        parts = _parts(peers, weights, loaded)
        scored += _placed(
            [
                _score(subject, workers.get(subject[1], subject[1]), parts[subject], tally, loaded[subject])
                for subject, tally in sorted(peers.items())
            ]
        )
    return scored


def units(path: str) -> list[Subject]:
    """The unit at `path` and those above it, the bureau first."""
    steps = path.split("/")[: len(LEVELS)]
    return [(LEVELS[depth], "/".join(steps[: depth + 1])) for depth in range(len(steps))]


def interval(n: float, k: float) -> tuple[float, float]:
    """Wilson's interval of the rate k / n, at 95 %; n > 0."""
    rate, z2 = k / n, Z * Z
    middle = (rate + z2 / (2 * n)) / (1 + z2 / n)
    half = Z / (1 + z2 / n) * sqrt(rate * (1 - rate) / n + z2 / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def places(intervals: Sequence[tuple[float, float]]) -> list[tuple[int, int]]:
    """The first and the last place each may have: behind those alone whose interval is wholly above."""
    lows, highs = sorted(low for low, _ in intervals), sorted(high for _, high in intervals)
    n = len(intervals)
    return [(1 + n - bisect_right(lows, high), n - bisect_left(highs, low)) for low, high in intervals]


def _tallies(items: Iterable[Item], workers: Mapping[str, str]) -> dict[Subject, Tally]:
    sums: defaultdict[Subject, defaultdict[str, list[float]]] = defaultdict(
        lambda: defaultdict(lambda: [0, 0])
    )
    for item in items:
        for subject in _subjects(item, workers):
            both = sums[subject][item.what]
            both[0] += item.n
            both[1] += item.k
    return {
        subject: {what: (n, k) for what, (n, k) in tally.items()}
        for subject, tally in sorted(sums.items())
        if any(n for n, _ in tally.values())
    }


def _subjects(item: Item, workers: Mapping[str, str]) -> list[Subject]:
    found = [] if item.path is None else units(item.path)
    if item.worker_id in workers:
        found.append(("worker", item.worker_id))  # type: ignore[arg-type]  # no key is None
    return found


def _loaded(traits: Traits | None, tally: Tally) -> Traits:
    known = traits or Traits()
    return Traits(tally.get("closure", (0, 0))[0], known.area_km2, known.high_risk)


def _parts(
    peers: Mapping[Subject, Tally], weights: Mapping[str, Weight], traits: Mapping[Subject, Traits]
) -> dict[Subject, list[Part]]:
    parts: dict[Subject, list[Part]] = {subject: [] for subject in peers}
    for indicator in INDICATORS:
        weight = weights.get(indicator, Weight(0, 1))
        counts = {subject: _whole(tally.get(indicator, (0, 0))) for subject, tally in peers.items()}
        enough = [subject for subject, (n, _) in counts.items() if n >= weight.minimum]
        harder = expected([counts[subject] for subject in enough], [traits[subject] for subject in enough])
        off = dict(zip(enough, harder, strict=True))
        for subject, (n, k) in counts.items():
            parts[subject].append(_part(indicator, n, k, weight, off.get(subject, 0.0)))
    return parts


def _whole(counted: tuple[float, float]) -> tuple[int, int]:
    """Of premises that are due some time a share is due in a period: the sum is rounded, once."""
    n = round(counted[0])
    return n, min(n, round(counted[1]))


def _part(indicator: str, n: int, k: int, weight: Weight, off: float) -> Part:
    counts = n >= weight.minimum and weight.weight > 0
    if n == 0:
        return Part(indicator, 0, 0, None, None, None, None, weight.weight, weight.minimum, counts=False)
    rate = k / n
    low, high = interval(n, k)
    adjusted, low, high = (_rounded(min(1.0, max(0.0, value - off))) for value in (rate, low, high))
    return Part(indicator, n, k, _rounded(rate), adjusted, low, high, weight.weight, weight.minimum, counts)


def _rounded(rate: float) -> float:
    return round(rate, 4)


def _score(subject: Subject, path: str, parts: list[Part], tally: Tally, traits: Traits) -> Score:
    level, name = subject
    left_out, gaming = (_told(tally, kinds) for kinds in (LEFT_OUT, GAMING))
    return Score(level, name, path, *_points(parts), None, None, 0, parts, left_out, gaming, traits)


def _told(tally: Tally, kinds: Iterable[str]) -> dict[str, int]:
    counted = Counter({kind: round(tally[kind][0]) for kind in kinds if kind in tally})
    return {kind: counted[kind] for kind in kinds}


def _points(parts: Iterable[Part]) -> tuple[float | None, float | None, float | None]:
    whole = weighed = points = spread = 0.0
    for part in parts:
        whole += part.weight
        if part.counts and part.adjusted is not None and part.low is not None and part.high is not None:
            weighed += part.weight
            points += part.weight * part.adjusted
            spread += (part.weight * (part.high - part.low) / (2 * Z)) ** 2
    if weighed == 0 or weighed < ENOUGH * whole:
        return None, None, None
    middle, half = 100 * points / weighed, 100 * Z * sqrt(spread) / weighed
    return round(middle, 2), round(max(0.0, middle - half), 2), round(min(100.0, middle + half), 2)


def _placed(scored: list[Score]) -> list[Score]:
    ranked = [(score.low, score.high) for score in scored if score.low is not None and score.high is not None]
    places_left = iter(places(ranked))
    placed = []
    for score in scored:
        first, last = (None, None) if score.points is None else next(places_left)
        told = {field: getattr(score, field) for field in Score.__struct_fields__}
        placed.append(Score(**told | {"first": first, "last": last, "peers": len(ranked)}))
    return placed
