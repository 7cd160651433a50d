"""Reads a world's import files for the simulators: plain rows, every place in WGS-84."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ingest.contract.errors import ConfigError
from ingest.contract.messages import Datum
from ingest.domain.geo import GridIndex, to_wgs84


@dataclass(frozen=True, slots=True)
class Premises:
    """Premises in business, or known from records only (`recorded`), degrees WGS-84, with their grid (None:
    outside every grid)."""

    premises_id: str
    name: str
    category: str
    address: str
    lon: float
    lat: float
    grid_id: str | None
    tags: tuple[str, ...] = ()
    recorded: bool = False


@dataclass(frozen=True, slots=True)
class Worker:
    """A grid worker (officers are left out), with the ids of their grids."""

    worker_id: str
    name: str
    grid_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fitting:
    """A row of devices.csv."""

    device_id: str
    kind: str
    name: str
    worker_id: str | None
    datum: Datum
    place: tuple[float, float] | None = None
    """Where it is fixed or has its yard, degrees WGS-84."""


@dataclass(frozen=True, slots=True)
class Task:
    """A row of tasks.csv, without its due day."""

    task_id: str
    premises_id: str
    category: str
    items: tuple[str, ...]
    worker_id: str | None


@dataclass(frozen=True, slots=True)
class World:
    """A district as its files tell it."""

    district: int
    tz: str
    grids: Mapping[str, Mapping[str, Any]]
    """grid_id -> GeoJSON geometry."""
    workers: tuple[Worker, ...]
    premises: Mapping[str, Premises]
    fittings: tuple[Fitting, ...]
    tasks: tuple[Task, ...]


def read_world(directory: Path) -> World:
    """Read the files of `directory`; a missing or broken one raises ConfigError naming it."""
    try:
        return World(
            district=int(next(_rows(directory, "org.csv"))["path"].split("/")[0]),
            tz=_time_zone(directory),
            grids=read_grids(directory),
            workers=read_workers(directory),
            premises=read_premises(directory),
            fittings=tuple(_fitting(row) for row in _rows(directory, "devices.csv")),
            tasks=tuple(_task(row) for row in _rows(directory, "tasks.csv")),
        )
    except OSError as error:
        raise ConfigError(f"world {directory}: {error.strerror}: {error.filename}") from error
    except (KeyError, ValueError, StopIteration) as error:
        raise ConfigError(f"world {directory}: a file is not as an import wants it: {error!r}") from error


def read_workers(directory: Path) -> tuple[Worker, ...]:
    """The grid workers of workers.csv."""
    return tuple(
        Worker(row["worker_id"], row["name"], _split(row["grid_ids"]))
        for row in _rows(directory, "workers.csv")
        if row["role"] == "worker"
    )


def read_grids(directory: Path) -> dict[str, Mapping[str, Any]]:
    """grid_id -> GeoJSON geometry."""
    collection = json.loads((directory / "grids.geojson").read_text("utf-8-sig"))
    return {feature["properties"]["grid_id"]: feature["geometry"] for feature in collection["features"]}


def read_premises(directory: Path) -> dict[str, Premises]:
    """The premises in business, and those known from records only, each placed in its grid."""
    alive = ("", "in_business", "recorded")
    rows = [row for row in _rows(directory, "premises.csv") if row["status"] in alive]
    lon = np.array([float(row["lon"]) for row in rows])
    lat = np.array([float(row["lat"]) for row in rows])
    datum = np.array([_datum(row).value for row in rows])
    for name in Datum:
        of = datum == name.value
        lon[of], lat[of] = to_wgs84(lon[of], lat[of], name)
    grid_ids = GridIndex(read_grids(directory)).find(lon, lat)
    return {
        row["premises_id"]: Premises(
            row["premises_id"],
            row["name"],
            row["category"],
            row["address"],
            float(x),
            float(y),
            grid_id,
            _split(row.get("tags") or ""),
            row["status"] == "recorded",
        )
        for row, x, y, grid_id in zip(rows, lon, lat, grid_ids, strict=True)
    }


def _rows(directory: Path, name: str) -> Iterator[dict[str, str]]:
    with (directory / name).open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _fitting(row: Mapping[str, str]) -> Fitting:
    datum = _datum(row)
    place = None
    if row["lon"] and row["lat"]:
        lon, lat = to_wgs84(float(row["lon"]), float(row["lat"]), datum)
        place = float(lon), float(lat)
    return Fitting(row["device_id"], row["kind"], row["name"], row["worker_id"] or None, datum, place)


def _task(row: Mapping[str, str]) -> Task:
    items = _split(row["items"])
    return Task(row["task_id"], row["premises_id"], row["category"], items, row["worker_id"] or None)


def _time_zone(directory: Path) -> str:
    if not (directory / "district.csv").exists():
        return "Asia/Shanghai"
    return next(_rows(directory, "district.csv")).get("tz") or "Asia/Shanghai"


def _datum(row: Mapping[str, str]) -> Datum:
    return Datum(row["datum"] or "WGS84")


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())
