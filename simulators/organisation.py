"""Who is over whom: the five levels of a district, its workers and its officers."""

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
import shapely

from simulators import names
from simulators.ground import Floats, Ground, Ints
from simulators.plan import WorldPlan

Rows = list[tuple[str, ...]]
Names = Sequence[tuple[str, str]]

SECTION_DEPTH = 3  # strokes in the path of a section
_CREW = 5  # workers a grid at most


def organise(plan: WorldPlan, ground: Ground) -> tuple[Rows, Ints]:
    """Rows of org.csv, parents first and village grids last, and the villages' order in them."""
    middle = np.array([(p.x, p.y) for p in shapely.centroid(ground.villages)])
    bureau, bureau_en = f"{plan.name}市场监督管理局", f"{plan.name_en} Market Supervision Bureau"
    upper: Rows = [(plan.district, bureau, bureau_en, plan.bureau)]
    groups: list[tuple[str, Ints]] = [(plan.district, np.arange(plan.grids))]
    for count, title, named in _upper_levels(plan):
        groups = _divide(groups, middle, count)
        upper += [(path, *name, title) for (path, _), name in zip(groups, named, strict=True)]
    return upper + _grid_rows(plan, upper, groups), np.concatenate([members for _, members in groups])


def _upper_levels(plan: WorldPlan) -> Iterator[tuple[int, str, Names]]:
    """Between bureau and grid: how many units each level has, what it is called, and their names."""
    sections = 0 if plan.communities else plan.sections
    stems = iter(names.places(plan.seed, "units", plan.stations + plan.squadrons + sections))
    for count, level in ((plan.stations, plan.station), (plan.squadrons, plan.squadron)):
        some = islice(stems, count)
        yield count, level.title, [(a + level.suffix, f"{b} {level.suffix_en}") for a, b in some]
    if plan.communities:
        yield plan.sections, "社区", names.villages(plan.seed, plan.sections)
    else:
        yield plan.sections, "段区", [(f"{a}段区", f"{b} Section") for a, b in stems]


def _grid_rows(plan: WorldPlan, upper: Rows, groups: Sequence[tuple[str, Ints]]) -> Rows:
    """The lowest level: a village each, or the numbered parts of a community."""
    villages = iter([] if plan.communities else names.villages(plan.seed, plan.grids))
    section_of = {path: (name, name_en) for path, name, name_en, _ in upper}

    def named(path: str, number: int) -> tuple[str, str]:
        if not plan.communities:
            return next(villages)
        name, name_en = section_of[path]
        return f"{name}第{number}网格", f"{name_en} Grid {number}"

    title = "网格" if plan.communities else "村居"
    return [
        (f"{path}/{number:02d}", *named(path, number), title)
        for path, members in groups
        for number in range(1, len(members) + 1)
    ]


def worker_rows(plan: WorldPlan, grid_ids: Sequence[str], premises: Ints) -> Rows:
    """Rows of workers.csv: one worker a grid, the others where one has most `premises` (per grid)."""
    crew = np.ones(plan.grids, dtype=np.int64)
    for _ in range(plan.workers - plan.grids):
        crew[np.argmax(premises / crew * (crew < _CREW))] += 1
    people = names.people(plan.seed, "workers", plan.workers)
    posts = np.repeat(np.array(grid_ids), crew)
    return [
        (worker_id, *person, "worker", str(post))
        for worker_id, person, post in zip(numbered("W", plan.workers), people, posts, strict=True)
    ]


def officer_rows(plan: WorldPlan, units: Rows, grid_ids: Sequence[str]) -> Rows:
    """One officer a section, with the section's grids."""
    sections = [unit[0] for unit in units if unit[0].count("/") == SECTION_DEPTH]
    of_section: dict[str, list[str]] = {path: [] for path in sections}
    for unit, grid_id in zip(units[-plan.grids :], grid_ids, strict=True):
        of_section[unit[0].rpartition("/")[0]].append(grid_id)
    people = names.people(plan.seed, "officers", plan.sections)
    return [
        (officer_id, *person, "officer", ";".join(of_section[path]))
        for officer_id, person, path in zip(numbered("O", plan.sections), people, sections, strict=True)
    ]


def numbered(letter: str, count: int) -> list[str]:
    """Ids 'W001', 'W002', ...; of equal length, so that they sort."""
    width = max(3, len(str(count)))
    return [f"{letter}{number:0{width}d}" for number in range(1, count + 1)]


def _divide(groups: Sequence[tuple[str, Ints]], middle: Floats, count: int) -> list[tuple[str, Ints]]:
    """Divide groups into `count` in all, evenly; each part's path extends its parent's."""
    parts = [len(share) for share in np.array_split(np.arange(count), len(groups))]
    return [
        (f"{path}/{number:02d}", members)
        for (path, whole), into in zip(groups, parts, strict=True)
        for number, members in enumerate(_blocks(middle, whole, into), 1)
    ]


def _blocks(points: Floats, members: Ints, parts: int) -> list[Ints]:
    """Divide `members` (row numbers of `points`) into `parts` compact groups of even size."""
    if parts <= 1:
        return [members]
    axis = int(np.argmax(np.ptp(points[members], axis=0)))
    ordered = members[np.argsort(points[members, axis], kind="stable")]
    half = parts // 2
    cut = round(len(ordered) * half / parts)
    return _blocks(points, ordered[:cut], half) + _blocks(points, ordered[cut:], parts - half)
