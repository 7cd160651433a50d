"""The land of an invented district: an outline, villages that tile it, streets with premises on them.

Everything is computed in a plane of metres around the district's centre; `Ground` keeps it, and
`to_degrees` brings it to WGS-84.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_METRES_A_DEGREE = 111_195.0
_INSET_M = 20.0  # premises keep this far from their village's border


@dataclass(frozen=True)
class Ground:
    """Villages as polygons in metres (x east, y north of `centre`), and how urban each is (0-1)."""

    centre: tuple[float, float]
    villages: NDArray[np.object_]
    urban: Floats


@dataclass(frozen=True)
class Places:
    """Points of premises in metres, each with its village's number, street number and direction."""

    x: Floats
    y: Floats
    village: Ints
    street: Ints
    bearing: Floats


def lay_out(
    dice: np.random.Generator, centre: tuple[float, float], area_km2: float, villages: int, towns: int
) -> Ground:
    """Grow an outline of `area_km2` and divide it into `villages` parts, small in its `towns`.

    The parts tile the outline: Voronoi cells, bent by one smooth map that keeps neighbours together.
    """
    outline = _outline(dice)
    size = np.sqrt(outline.area)
    town = _inside(dice, outline.buffer(-0.16 * size), towns)
    spread = size * 0.4 / np.sqrt(towns)
    seeds = _seeds(dice, outline, villages, town, spread)
    for _ in range(2):  # Lloyd's rounds: shapes that somebody might have drawn
        seeds = np.array([(c.x, c.y) for c in shapely.centroid(_cells(seeds, outline))])
    nearest = np.min(np.linalg.norm(seeds[:, None] - town[None], axis=2), axis=1)
    parts = _bend(dice, _cells(seeds, outline), size / np.sqrt(villages))
    metres = np.sqrt(area_km2 * 1e6 / shapely.area(parts).sum())
    scaled = shapely.transform(parts, lambda points: points * metres)
    # Rounded to 0.1 m, so that neighbours share their border to the digit.
    snapped = shapely.transform(scaled, lambda points: np.round(points, 1))
    return Ground(centre, np.asarray(snapped), np.exp(-((nearest / spread) ** 2)))


def to_degrees(centre: tuple[float, float], x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Metres east and north of `centre` to degrees WGS-84."""
    lon = centre[0] + x / (_METRES_A_DEGREE * np.cos(np.radians(centre[1])))
    return lon, centre[1] + y / _METRES_A_DEGREE


def settle(dice: np.random.Generator, ground: Ground, count: int, streets: int) -> Places:
    """Put `count` premises along streets, `streets` a village at most, denser where it is urban."""
    wealth = dice.lognormal(0, 0.35, len(ground.urban))
    weight = (0.06 + ground.urban) * np.sqrt(shapely.area(ground.villages)) * wealth
    floor = min(30, count // (2 * len(weight)))
    numbers = floor + dice.multinomial(count - floor * len(weight), weight / weight.sum())
    village = np.repeat(np.arange(len(weight)), numbers)
    # The power makes the first streets the busiest.
    street = (dice.random(count) ** 1.5 * np.clip(numbers[village] // 10, 2, streets)).astype(np.int64)
    centre, bearing, length = _streets(dice, ground, streets)
    of = (village, street)
    x, y = _along(dice, ground, village, centre[of], bearing[of], length[of])
    return Places(x, y, village, street, bearing[of])


def _outline(dice: np.random.Generator) -> shapely.Polygon:
    """A closed curve around the origin, about 1 in radius: harmonics with random phases, and a bay."""
    angle = np.linspace(0, 2 * np.pi, 240, endpoint=False)
    radius = np.ones_like(angle)
    for order in range(2, 12):
        height, phase = 0.42 / order**1.35 * dice.uniform(0.4, 1), dice.uniform(0, 2 * np.pi)
        radius += height * np.cos(order * angle + phase)
    bay = np.angle(np.exp(1j * (angle - dice.uniform(-1.2, -0.4))))
    radius = np.clip(radius - 0.35 * np.exp(-((bay / 0.22) ** 2)), 0.45, 1.8)
    return shapely.Polygon(np.column_stack([1.15 * radius * np.cos(angle), 0.9 * radius * np.sin(angle)]))


def _inside(dice: np.random.Generator, area: shapely.Geometry, count: int) -> Floats:
    found = np.empty((0, 2))
    west, south, east, north = area.bounds
    while len(found) < count:
        tries = dice.uniform((west, south), (east, north), (4 * count, 2))
        found = np.vstack([found, tries[shapely.contains_xy(area, tries[:, 0], tries[:, 1])]])
    return found[:count]


def _seeds(
    dice: np.random.Generator, outline: shapely.Polygon, count: int, town: Floats, spread: float
) -> Floats:
    """Village centres: a bit more than half around the towns, the rest anywhere."""
    urban = town[dice.integers(len(town), size=20 * count)] + dice.normal(0, 0.7 * spread, (20 * count, 2))
    urban = urban[shapely.contains_xy(outline, urban[:, 0], urban[:, 1])][: round(0.6 * count)]
    return np.vstack([urban, _inside(dice, outline, count - len(urban))])


def _cells(seeds: Floats, outline: shapely.Polygon) -> NDArray[np.object_]:
    """The Voronoi cell of each seed within the outline, in the seeds' order."""
    cells = shapely.voronoi_polygons(shapely.multipoints(seeds), extend_to=outline.buffer(1), ordered=True)
    return np.asarray(shapely.intersection(shapely.get_parts(cells), outline))


def _bend(dice: np.random.Generator, cells: NDArray[np.object_], size: float) -> NDArray[np.object_]:
    """Bend straight borders by waves too gentle to fold the plane."""
    waves = [(size * scale, dice.uniform(0, 2 * np.pi, (2, 2))) for scale in (2.3, 1.1, 0.55)]

    def shift(points: Floats) -> Floats:
        moved = points.copy()
        for length, phase in waves:
            k = 2 * np.pi / length
            for axis in (0, 1):
                other = points[:, 1 - axis]
                wave = np.sin(k * other + phase[axis, 0]) + 0.5 * np.sin(
                    0.7 * k * (other + 0.6 * points[:, axis]) + phase[axis, 1]
                )
                moved[:, axis] += 0.035 * length * wave
        return moved

    return np.asarray(shapely.transform(shapely.segmentize(cells, size / 9), shift))


def _streets(dice: np.random.Generator, ground: Ground, streets: int) -> tuple[Floats, Floats, Floats]:
    """Centre (villages, streets, 2), bearing in radians and length in metres of every street."""
    count = len(ground.villages)
    core = np.array([(p.x, p.y) for p in shapely.point_on_surface(ground.villages)])
    radius = np.sqrt(shapely.area(ground.villages) / np.pi)
    spread = radius[:, None, None] * (0.12 + 0.3 * ground.urban[:, None, None])
    centre = core[:, None, :] + dice.normal(0, 1, (count, streets, 2)) * spread
    turn = dice.uniform(0, np.pi, (count, 1)) + dice.choice((0, np.pi / 2), (count, streets))
    length = radius[:, None] * dice.uniform(0.35, 0.9, (count, streets))
    return centre, turn + dice.normal(0, 0.06, (count, streets)), length


def _along(
    dice: np.random.Generator, ground: Ground, village: Ints, centre: Floats, bearing: Floats, length: Floats
) -> tuple[Floats, Floats]:
    """A point on either side of each given street, drawn again until it lies in its village."""
    room = shapely.buffer(ground.villages, -_INSET_M)
    inside = shapely.point_on_surface(ground.villages)[village]  # should a street lie outside altogether
    x, y = shapely.get_x(inside), shapely.get_y(inside)
    left = np.arange(len(village))
    for _ in range(60):
        along = dice.uniform(-0.5, 0.5, len(left)) * length[left]
        side = dice.choice((-9.0, 9.0), len(left)) + dice.normal(0, 2, len(left))
        sin, cos = np.sin(bearing[left]), np.cos(bearing[left])
        try_x, try_y = centre[left, 0] + along * sin + side * cos, centre[left, 1] + along * cos - side * sin
        good = shapely.contains_xy(room[village[left]], try_x, try_y)
        x[left[good]], y[left[good]] = try_x[good], try_y[good]
        left = left[~good]
    return x, y
