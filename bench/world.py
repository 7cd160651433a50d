"""The district that is measured: grown as the simulators' worlds are, imported, without any task."""

import csv
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from ingest.registry import import_world
from simulators.world import WORLDS, grow

Points = NDArray[np.float64]
"""Rows of longitude and latitude, degrees WGS-84."""

WORKERS = {"dongguan": 10_000, "jimei": 77}
"""Workers by name of the world; dongguan has 2,801 grids, jimei 66."""
_PREMISES = {"dongguan": 20_000, "jimei": 7_400}
_SPOTS = 16
"""Places known in each grid, for workers to stand at."""


@dataclass(frozen=True)
class District:
    """Who is where: `spots` has `_SPOTS` points inside each grid, `grid_of` a grid's number by worker."""

    code: int
    workers: list[str]
    grid_of: NDArray[np.int64]
    spots: NDArray[np.float64]
    outside: tuple[float, float]
    """A point in no grid."""
    devices: dict[str, list[str]]
    """Device ids by kind."""
    premises: list[tuple[str, float, float]]
    """The id of each, and where it lies."""

    @property
    def filter(self) -> str:
        """The topic filter of the district."""
        return f"gw/v1/{self.code}/#"

    @property
    def client_id(self) -> str:
        """The session that its ingest resumes."""
        return f"gridward-ingest-{self.code}"


def settle(url: str, name: str, directory: Path) -> District:
    """Grow the world `name` in `directory` and import it into the database at `url`."""
    plan = replace(WORLDS[name], workers=WORKERS[name], premises=_PREMISES[name])
    grow(plan, directory, datetime.now(UTC).date())
    tasks = directory / "tasks.csv"
    header = tasks.read_text(encoding="utf-8").splitlines()[0]
    tasks.write_text(header + "\n", encoding="utf-8")  # thousands of orders would be carried out meanwhile
    import_world(url, directory)
    return _read(int(plan.district), directory)


def _read(code: int, directory: Path) -> District:
    dice = np.random.default_rng(7)
    features = json.loads((directory / "grids.geojson").read_text("utf-8"))["features"]
    number_of = {feature["properties"]["grid_id"]: n for n, feature in enumerate(features)}
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in features]
    workers = [row for row in _rows(directory, "workers.csv") if row["role"] == "worker"]
    devices: dict[str, list[str]] = {}
    for row in _rows(directory, "devices.csv"):
        devices.setdefault(row["kind"], []).append(row["device_id"])
    west, south, _, _ = shapely.total_bounds(shapes)
    return District(
        code=code,
        workers=[row["worker_id"] for row in workers],
        grid_of=np.array([number_of[row["grid_ids"]] for row in workers]),
        spots=np.stack([_inside(dice, shape) for shape in shapes]),
        outside=(round(float(west) - 0.05, 6), round(float(south) - 0.05, 6)),
        devices=devices,
        premises=[
            (row["premises_id"], float(row["lon"]), float(row["lat"]))
            for row in _rows(directory, "premises.csv")
        ],
    )


def _inside(dice: np.random.Generator, shape: shapely.Polygon) -> Points:
    """`_SPOTS` points well inside: near a corner's way to the middle, unless that leaves the grid."""
    middle = np.array(shape.representative_point().coords[0])
    corners = shapely.get_coordinates(shape)
    ways = corners[dice.integers(len(corners), size=_SPOTS)] - middle
    points: Points = middle + ways * dice.uniform(0, 0.7, (_SPOTS, 1))
    strayed = ~shapely.contains_xy(shape, points[:, 0], points[:, 1])
    points[strayed] = middle
    return points


def _rows(directory: Path, name: str) -> list[dict[str, str]]:
    with (directory / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
