"""Grows a seeded synthetic district and writes the very files that a customer would import.

Outline, villages, people and premises are invented; the same plan gives the same bytes.
"""

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import shapely

from simulators.ground import Floats, Ground, lay_out, settle, to_degrees
from simulators.licences import write_licences
from simulators.organisation import Rows, numbered, officer_rows, organise, worker_rows
from simulators.plan import WORLDS, WorldPlan
from simulators.register import (
    camera_rows,
    carried_rows,
    premises_rows,
    scanner_rows,
    terminal_rows,
    vehicle_rows,
)
from simulators.tasks import write_tasks

__all__ = ["STEPS", "WORLDS", "WorldPlan", "grow", "write_licences", "write_tasks"]

STEPS = 6
"""How many lines `grow` says."""

CENTRE = ("0000-0000000", "https://meet.example.org/gridward-{room}")
"""How the command centre is called, and where its conference system is: nowhere."""


def _silent(line: str) -> None:
    pass


def grow(plan: WorldPlan, directory: Path, today: date, say: Callable[[str], None] = _silent) -> None:
    """Write the import files of `plan` into `directory` (made if need be), as of `today`.

    `say` gets a line as each of the `STEPS` steps begins.
    """
    directory.mkdir(parents=True, exist_ok=True)
    dice = np.random.default_rng(plan.seed)
    say(f"growing {plan.grids} grids")
    ground = lay_out(dice, plan.centre, plan.area_km2, plan.grids, plan.towns)
    units, order = organise(plan, ground)
    ground = Ground(ground.centre, ground.villages[order], ground.urban[order])
    grid_ids, villages = numbered("G", plan.grids), units[-plan.grids :]
    _write(directory, "district.csv", ("district", "name", "name_en", "tz", "phone", "meeting_url"),
           [(plan.district, plan.name, plan.name_en, "Asia/Shanghai", *CENTRE)])  # fmt: skip
    _write(directory, "org.csv", ("path", "name", "name_en", "level"), units)
    _write_grids(directory, ground, grid_ids, villages)

    say(f"settling {plan.premises} premises")
    places = settle(dice, ground, plan.premises, streets=24)
    header, premises = premises_rows(plan.seed, plan.district, dice, ground, places, villages)
    _write(directory, "premises.csv", header, premises)

    say(f"appointing {plan.workers} workers and {plan.sections} officers")
    workers = worker_rows(plan, grid_ids, np.bincount(places.village, minlength=plan.grids))
    officers = officer_rows(plan, units, grid_ids)
    _write(directory, "workers.csv", ("worker_id", "name", "name_en", "role", "grid_ids"), workers + officers)

    devices = f"{plan.cameras} cameras, {plan.workers} bodycams, {plan.workers} printers"
    say(f"fitting {devices}, {plan.sections} terminals, {plan.scanners} scanners, {plan.squadrons} vehicles")
    header, cameras = camera_rows(dice, ground, places, villages, plan.cameras)
    worker_ids = [worker_id for worker_id, *_ in workers]
    terminals = terminal_rows(ground, places, units, villages)
    scanners = scanner_rows(worker_ids, plan.scanners)
    vehicles = vehicle_rows(ground, places, units, villages)
    _write(
        directory, "devices.csv", header, cameras + carried_rows(worker_ids) + terminals + scanners + vehicles
    )

    say(f"issuing licences until {today}")
    write_licences(directory, today)
    say(f"launching the tasks of {today}")
    write_tasks(directory, today)


def _write_grids(directory: Path, ground: Ground, grid_ids: list[str], villages: Rows) -> None:
    def degrees(points: Floats) -> Floats:
        lon_lat: Floats = np.column_stack(to_degrees(ground.centre, points[:, 0], points[:, 1]))
        return lon_lat.round(6)

    features = [
        {
            "type": "Feature",
            "properties": {"grid_id": grid_id, "path": path, "name": name, "name_en": name_en},
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for grid_id, (path, name, name_en, _), shape in zip(
            grid_ids, villages, shapely.transform(ground.villages, degrees), strict=True
        )
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    (directory / "grids.geojson").write_text(text + "\n", encoding="utf-8")


def _write(directory: Path, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with (directory / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
