"""Who and what is registered in a district, as the rules and the placing of facts need it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zlib import crc32
from zoneinfo import ZoneInfo

from msgspec import Struct

from ingest.contract.messages import Datum
from ingest.domain.acts import Centre
from ingest.domain.catalogue import Catalogue
from ingest.domain.clue import BUREAU
from ingest.domain.clue_route import ClueRoutes
from ingest.domain.deadline import Deadlines
from ingest.domain.duty_list import DutyLists
from ingest.domain.escalation import Escalation
from ingest.domain.geo import GridIndex
from ingest.domain.season import Reporter, Season
from ingest.domain.threshold import Thresholds


class Worker(Struct, frozen=True):
    """A grid worker or officer; `grids` are assigned now."""

    role: str
    path: str
    grids: frozenset[str]


class Device(Struct, frozen=True):
    """A device that is no phone. `datum` is of those of its messages that name none."""

    kind: str
    path: str
    datum: Datum
    worker_id: str | None
    lon: float | None
    lat: float | None
    grid_id: str | None


class Premises(Reporter, frozen=True):
    """商事主体, where it stands (degrees, WGS-84)."""

    name: str
    path: str
    grid_id: str | None
    lon: float
    lat: float


@dataclass(frozen=True)
class Roster:
    """One district's registry at one moment; what is closed is not in it."""

    district: int
    tz: ZoneInfo
    workers: Mapping[str, Worker]
    devices: Mapping[str, Device]
    grids: GridIndex
    deadlines: Deadlines | None = None
    """None: nothing has one, but what an order names."""
    departments: Mapping[str, str] = field(default_factory=dict)
    """A task's category -> the department that its results concern."""
    catalogue: Catalogue = field(default_factory=Catalogue)
    """What its supervision modules say of categories and of answers."""
    paths: Mapping[str, str] = field(default_factory=dict)
    """A grid -> its place in the org tree."""
    clue_routes: ClueRoutes = field(default_factory=ClueRoutes)
    seasons: Sequence[Season] = ()
    escalation: Escalation = field(default_factory=Escalation)
    thresholds: Thresholds = field(default_factory=Thresholds)
    duty_lists: DutyLists = field(default_factory=DutyLists)
    centre: Centre = field(default_factory=Centre)
    # Officers check spots; the round through a grid is its workers'.
    workers_of_grid: Mapping[str, tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        by_grid: dict[str, list[str]] = {}
        for worker_id, worker in sorted(self.workers.items()):
            for grid_id in worker.grids if worker.role == "worker" else ():
                by_grid.setdefault(grid_id, []).append(worker_id)
        object.__setattr__(self, "workers_of_grid", {grid: tuple(ids) for grid, ids in by_grid.items()})

    def knows(self, kind: str, device_id: str) -> bool:
        """Whether messages of this kind and device are ours."""
        if kind == "worker":
            return device_id in self.workers
        if kind == "department":
            others = {BUREAU, *self.clue_routes.departments}
            return device_id in self.departments.values() or device_id in others
        device = self.devices.get(device_id)
        return device is not None and device.kind == kind

    def path_of(self, kind: str, device_id: str) -> str:
        """The org path of a known worker or device; a department's is the district."""
        if kind == "department":
            return str(self.district)
        return self.workers[device_id].path if kind == "worker" else self.devices[device_id].path

    def officers_of(self, unit: str) -> list[str]:
        """The officers of an org unit, such as a squadron (中队), and of the units below it."""
        return sorted(
            worker_id
            for worker_id, worker in self.workers.items()
            if worker.role == "officer" and f"{worker.path}/".startswith(f"{unit}/")
        )

    def worker_for(self, grid_id: str | None, premises_id: str) -> str | None:
        """The worker of the grid who looks after these premises: the same one every time."""
        workers = self.workers_of_grid.get(grid_id or "", ())
        return workers[crc32(premises_id.encode()) % len(workers)] if workers else None
