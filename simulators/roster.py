"""Who goes where: each worker's stops, made from the day's tasks and the own grids."""

from collections.abc import Mapping, Sequence
from itertools import cycle

import numpy as np
import shapely
import shapely.geometry

from simulators.chance import draw
from simulators.files import Premises, Task, Worker, World
from simulators.ground import Floats
from simulators.tour import Purpose, Stop
from simulators.walk import Walk

WANDERERS = 0.05
"""The share of workers who keep leaving their grid, for more than `ERRAND_S` at a time."""

RESTERS = 0.03
"""The share of workers who stay in one place for `REST_S` in each tour."""

ERRAND_S = 450.0
REST_S = 4_500.0
_BETWEEN_ERRANDS = 4  # stops
_ERRAND_AWAY_DEG = 0.002  # some 200 m beyond the border
_REACHES_DEG = (0.01, 0.05, 0.5, 360.0)  # how far to look for them: first near, at last everywhere
_PATROL_STOPS = 24  # of a worker without tasks


def walks(world: World, seed: int, haste: Mapping[str, float]) -> dict[str, Walk]:
    """worker_id -> walk, for every worker with a grid or a task; `haste` of those who have any."""
    tasks = _deal(world)
    of_grid: dict[str | None, list[Premises]] = {}
    for premises in world.premises.values():
        of_grid.setdefault(premises.grid_id, []).append(premises)
    crew = [worker for worker in world.workers if worker.grid_ids or tasks.get(worker.worker_id)]
    crew.sort(key=lambda worker: draw(seed, "rank", worker.worker_id).random())
    count = round(WANDERERS * len(crew))
    wanderers = {i * len(crew) // count for i in range(count)}  # far apart in rank: their visits are fewer
    count = round(RESTERS * len(crew))
    resters = {(4 * i + 1) * len(crew) // (4 * count) for i in range(count)} - wanderers
    elsewhere = _Elsewhere(world)
    found = {}
    for rank, worker in enumerate(crew):
        stops = _stops(world, seed, worker, tasks.get(worker.worker_id, []), of_grid)
        if rank in wanderers:
            stops = _with_errands(world, worker, stops, elsewhere)
        if rank in resters:
            stops = [*stops, Stop(stops[-1].lon, stops[-1].lat, Purpose.PATROL, stay_s=REST_S)]
        found[worker.worker_id] = Walk(
            seed, worker.worker_id, rank, len(crew), stops, haste.get(worker.worker_id, 1.0)
        )
    return found


def _deal(world: World) -> dict[str, list[Task]]:
    """worker_id -> tasks; one that names nobody goes round the workers of its premises' grid."""
    of_grid: dict[str | None, list[str]] = {}
    for worker in world.workers:
        for grid_id in worker.grid_ids:
            of_grid.setdefault(grid_id, []).append(worker.worker_id)
    turn = {grid_id: cycle(crew) for grid_id, crew in of_grid.items()}
    dealt: dict[str, list[Task]] = {}
    for task in world.tasks:
        premises = world.premises.get(task.premises_id)
        if premises and (worker_id := task.worker_id or next(turn.get(premises.grid_id, iter(())), None)):
            dealt.setdefault(worker_id, []).append(task)
    return dealt


def _stops(
    world: World, seed: int, worker: Worker, tasks: Sequence[Task], of_grid: dict[str | None, list[Premises]]
) -> list[Stop]:
    """The stops of one tour, each near the one before, with a break half-way."""
    stops = [_visit(world.premises[task.premises_id], task) for task in tasks]
    if not stops:
        own = [premises for grid_id in worker.grid_ids for premises in of_grid.get(grid_id, [])]
        dice = draw(seed, "patrol", worker.worker_id)
        stops = [_visit(premises) for premises in dice.sample(own, min(_PATROL_STOPS, len(own)))]
    if not stops:
        points = [shapely.point_on_surface(_own_ground(world, worker))]
        return [Stop(point.x, point.y, Purpose.PATROL) for point in points]
    tour = _in_order(stops)
    half = tour[len(tour) // 2]
    tour.insert(len(tour) // 2 + 1, Stop(half.lon, half.lat, Purpose.BREAK))
    return tour


def _visit(premises: Premises, task: Task | None = None) -> Stop:
    task_id = task.task_id if task else None
    return Stop(premises.lon, premises.lat, Purpose.VISIT, premises.premises_id, task_id)


def _in_order(stops: Sequence[Stop]) -> list[Stop]:
    """Always on to the nearest of those left: what somebody with a list and a map does."""
    left, tour = list(stops[1:]), [stops[0]]
    while left:
        here = tour[-1]
        nearest = min(left, key=lambda stop: (stop.lon - here.lon) ** 2 + (stop.lat - here.lat) ** 2)
        left.remove(nearest)
        tour.append(nearest)
    return tour


class _Elsewhere:
    """All premises of a world, to find those around a worker's own grids among very many."""

    def __init__(self, world: World) -> None:
        self._all = list(world.premises.values())
        self._tree = shapely.STRtree(shapely.points([(one.lon, one.lat) for one in self._all]))

    def around(self, ground: shapely.Geometry, own: Sequence[str]) -> tuple[list[Premises], Floats]:
        """Premises near `ground` but well outside of it and of the grids `own`, and their points' x, y."""
        for reach in _REACHES_DEG:
            near = self._tree.query(shapely.box(*shapely.buffer(ground, reach).bounds))
            away = near[shapely.distance(self._tree.geometries[near], ground) > _ERRAND_AWAY_DEG]
            found = [i for i in np.sort(away) if self._all[i].grid_id not in own]
            if found:
                break
        return [self._all[i] for i in found], shapely.get_coordinates(self._tree.geometries[found])


def _with_errands(world: World, worker: Worker, stops: Sequence[Stop], elsewhere: _Elsewhere) -> list[Stop]:
    """After every few stops, one at the nearest premises well outside the worker's own grids."""
    others, points = elsewhere.around(_own_ground(world, worker), worker.grid_ids)
    tour = list(stops)
    for place in range(_BETWEEN_ERRANDS, len(stops) + 1, _BETWEEN_ERRANDS)[::-1] if others else ():
        here = (stops[place - 1].lon, stops[place - 1].lat)
        there = others[int(np.argmin(np.hypot(*(points - here).T)))]
        tour.insert(place, Stop(there.lon, there.lat, Purpose.ERRAND, stay_s=ERRAND_S))
    return tour


def _own_ground(world: World, worker: Worker) -> shapely.Geometry:
    return shapely.union_all([shapely.geometry.shape(world.grids[grid_id]) for grid_id in worker.grid_ids])
