"""What a customer's files hold: read, checked against one another, and placed into grids."""

from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from ingest.contract.acts import Phone, Url
from ingest.contract.orders import SOURCES, LaunchTask
from ingest.decoders import kinds
from ingest.domain.geo import GridIndex, common_path
from ingest.import_cells import Cells, Problems, Record, read_csv, read_features
from ingest.import_foreign import read_foreign
from ingest.import_licences import read_licences
from ingest.import_premises import PREMISES, placed, read_premises
from ingest.import_reports import read_reports
from ingest.import_rules import read_rules

FILES = ("org.csv", "grids.geojson", "workers.csv", "premises.csv", "devices.csv", "tasks.csv")
TABLES = ("district", "org_unit", "grid", "worker", "assignment", "premises", "device", "command")


class WorldFiles:
    """The files of one district, `say` told as each is read; raises ConfigError with one line per bad row.

    After that `tables` holds the rows to store, coordinates in WGS-84 and placed into their grids.
    """

    def __init__(self, directory: Path, say: Callable[[str], None] = lambda line: None) -> None:
        self._say = say
        self._problems = Problems()
        self._directory = directory
        self._units = self._read_units()
        self._problems.raise_if_any()  # nothing below makes sense without the org tree
        self.district = int(self._units[0]["path"][:6])
        self._district_rows = self._read_district()
        self._grids = self._read_grids()
        self._problems.raise_if_any()
        self.grids = GridIndex({grid["grid_id"]: grid["geom"] for grid in self._grids})
        self.paths = {grid["grid_id"]: grid["path"] for grid in self._grids}
        self._workers = self._read_workers()
        self._premises = self._read_premises()
        self._devices = self._read_devices()
        self._orders = self._read_orders()
        self.rules = read_rules(directory, self._problems)
        """Rows by table of the optional files that are there."""
        self.rules |= self._read_records()
        kinds_by_id = {row["device_id"]: row["kind"] for row in self._devices}
        workers = {worker["worker_id"] for worker in self._workers}
        self.rules |= read_foreign(directory, self._problems, kinds_by_id, workers)
        self._problems.raise_if_any()

    def tables(self) -> dict[str, list[Record]]:
        """Rows by table, in an order that satisfies the foreign keys."""
        assignments = [
            {"worker_id": worker["worker_id"], "grid_id": grid_id}
            for worker in self._workers
            for grid_id in worker["grid_ids"]
        ]
        return {
            "district": self._district_rows,
            "org_unit": self._units,
            "grid": self._grids,
            "worker": self._workers,
            "assignment": assignments,
            "premises": self._premises,
            "device": self._devices,
            "command": self._orders,
        }

    def _read_units(self) -> list[Record]:
        units: list[Record] = []
        known: set[str] = set()
        for cells in self._rows("org.csv", ("path", "name", "level")):
            path = cells.path("path")
            cells.unique("path", path, known)
            units.append(
                {
                    "path": path,
                    "depth": path.count("/") + 1,
                    "name": cells.text("name"),
                    "name_en": cells.optional("name_en"),
                    "level": cells.text("level"),
                }
            )
            if units[0]["path"][:6] != path[:6]:
                cells.bad("path", f"{path} is of another district than {units[0]['path']}")
            elif "/" in path and path.rpartition("/")[0] not in known:
                cells.bad("path", f"{path} stands before, or without, the unit above it")
        if not units and not self._problems.lines:
            self._problems.add("org.csv", 1, "-", "holds no unit")
        return units

    def _read_district(self) -> list[Record]:
        bureau = self._units[0]
        row = {"name": bureau["name"], "name_en": bureau["name_en"], "tz": "Asia/Shanghai", "lang": "zh"}
        path = self._directory / "district.csv"
        if path.exists():
            for cells in read_csv(path, ("district", "name"), self._problems):
                if cells.text("district") != str(self.district):
                    cells.bad("district", f"is not {self.district}, as org.csv says")
                row = {
                    "name": cells.text("name"),
                    "name_en": cells.optional("name_en"),
                    "tz": _tz(cells),
                    "lang": cells.one_of("lang", ("zh", "en"), "zh"),
                    "phone": _fitting(cells, "phone", Phone, "is no telephone number"),
                    "meeting_url": _fitting(cells, "meeting_url", Url, "is no http(s) address"),
                }
        return [row]

    def _read_grids(self) -> list[Record]:
        grids: list[Record] = []
        units = {unit["path"] for unit in self._units}
        known: set[str] = set()
        self._say("reading grids.geojson")
        for number, properties, geometry in read_features(self._directory / "grids.geojson", self._problems):
            texts = {k: str(v) for k, v in properties.items() if v is not None}
            cells = Cells("grids.geojson", number, texts, self._problems)  # a feature's number for its line
            grid_id, path = cells.id("grid_id"), cells.path("path")
            cells.unique("grid_id", grid_id, known)
            if path not in units:
                cells.bad("path", f"{path!r} is not in org.csv")
            try:
                GridIndex({grid_id: geometry})
            except ValueError as error:
                cells.bad("geometry", str(error))
            grids.append(
                {
                    "grid_id": grid_id,
                    "path": path,
                    "name": cells.text("name"),
                    "name_en": cells.optional("name_en"),
                    "geom": geometry,
                }
            )
        return grids

    def _read_workers(self) -> list[Record]:
        workers: list[Record] = []
        known: set[str] = set()
        columns = ("worker_id", "name", "grid_ids")
        for cells in self._rows("workers.csv", columns):
            worker_id, grid_ids = cells.id("worker_id"), list(dict.fromkeys(cells.many("grid_ids")))
            cells.unique("worker_id", worker_id, known)
            for grid_id in grid_ids:
                _known(cells, "grid_ids", grid_id, self.paths, "grids.geojson")
            paths = [self.paths[grid_id] for grid_id in grid_ids if grid_id in self.paths]
            workers.append(
                {
                    "worker_id": worker_id,
                    "name": cells.text("name"),
                    "name_en": cells.optional("name_en"),
                    "role": cells.one_of("role", ("worker", "officer"), "worker"),
                    "path": common_path(paths) or str(self.district),
                    "grid_ids": grid_ids,
                }
            )
        return workers

    def _read_premises(self) -> list[Record]:
        return self._placed(read_premises(self._rows("premises.csv", PREMISES)))

    def _read_devices(self) -> list[Record]:
        rows: list[Record] = []
        known: set[str] = set()
        workers = {worker["worker_id"]: worker for worker in self._workers}
        known_kinds = tuple(sorted(kinds() - {"worker"}))
        for cells in self._rows("devices.csv", ("device_id", "kind")):
            device_id, worker_id = cells.id("device_id"), cells.optional("worker_id")
            cells.unique("device_id", device_id, known)
            if worker_id is not None:
                _known(cells, "worker_id", worker_id, workers, "workers.csv")
            lon, lat, datum = cells.place(required=False)
            rows.append(
                {
                    "device_id": device_id,
                    "kind": cells.one_of("kind", known_kinds) or cells.text("kind"),
                    "name": cells.optional("name") or device_id,
                    "worker_id": worker_id,
                    "raw_lon": lon,
                    "raw_lat": lat,
                    "datum": datum,
                    "heading_deg": cells.number("heading_deg", 0, 360, required=False),
                    "path": workers[worker_id]["path"] if worker_id in workers else None,
                }
            )
        return self._placed(rows)

    def _read_orders(self) -> list[Record]:
        rows: list[Record] = []
        known: set[str] = set()
        premises = {row["premises_id"] for row in self._premises}
        workers = {worker["worker_id"] for worker in self._workers}
        columns = ("task_id", "premises_id", "category", "due")
        for cells in self._rows("tasks.csv", columns):
            task_id, worker_id, due = cells.id("task_id"), cells.optional("worker_id"), cells.day("due")
            cells.unique("task_id", task_id, known)
            _known(cells, "premises_id", cells.id("premises_id"), premises, "premises.csv")
            if worker_id is not None:
                _known(cells, "worker_id", worker_id, workers, "workers.csv")
            payload = {
                "kind": "launch_task",
                "task_id": task_id,
                "premises_id": cells.id("premises_id"),
                "category": cells.text("category"),
                "due": due,
                "items": cells.many("items"),
                "worker_id": worker_id,
                "source": cells.one_of("source", SOURCES),
            }
            if due is not None:
                _as_order(cells, payload)
            rows.append({"command_id": f"launch-{task_id}", "kind": "launch_task", "payload": payload})
        return rows

    def _read_records(self) -> dict[str, list[Record]]:
        """Licences and public reports, where there are files of them."""
        premises = {row["premises_id"]: row for row in self._premises}
        licences = read_licences(self._directory, premises, self._problems)
        tz = ZoneInfo(self._district_rows[0]["tz"])
        reports = read_reports(self._directory, premises, tz, self._problems)
        found = {"licence": licences, "public_report": reports and self._placed(reports)}
        return {table: rows for table, rows in found.items() if rows is not None}

    def _rows(self, name: str, columns: tuple[str, ...]) -> Iterator[Cells]:
        self._say(f"reading {name}")
        return read_csv(self._directory / name, columns, self._problems)

    def _placed(self, rows: list[Record]) -> list[Record]:
        return placed(rows, self.grids, self.paths, self.district)


def _known(cells: Cells, column: str, value: str, known: Collection[str], where: str) -> None:
    if value not in known:
        cells.bad(column, f"{value!r} is not in {where}")


def _fitting(cells: Cells, column: str, kind: Any, complaint: str) -> str | None:
    value = cells.optional(column)
    try:
        return msgspec.convert(value, kind | None)  # type: ignore[no-any-return]
    except msgspec.ValidationError:
        cells.bad(column, f"{value!r} {complaint}")
        return None


def _tz(cells: Cells) -> str:
    name = cells.optional("tz") or "Asia/Shanghai"
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        cells.bad("tz", f"{name!r} is no time zone")
    return name


def _as_order(cells: Cells, payload: Record) -> None:
    try:
        msgspec.convert(payload, LaunchTask)
    except msgspec.ValidationError as error:
        cells.bad("items", str(error))
