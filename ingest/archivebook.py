"""Archives of premises: loaded at once and locked, told what was said, and stored with what is new."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
import psycopg
from msgspec.structs import replace

from db.connect import Row, fetch
from ingest.domain.archive import Register, Seen, Standing, joined, reworded, standing
from ingest.domain.archive_steps import ArchiveEvent, judged
from ingest.domain.geo import GridIndex


@dataclass
class _Archive:
    register: Register | None
    seen: Seen
    now: Standing
    events: list[ArchiveEvent] = field(default_factory=list)
    touched: bool = False


class Archivebook:
    """The archives of some premises of a district, locked until the connection's transaction ends."""

    def __init__(self, conn: psycopg.Connection[Row], district: int, premises_ids: Iterable[str]) -> None:
        self._conn, self._district = conn, district
        key = {"district": district, "ids": sorted(set(premises_ids))}
        rows = fetch(conn, "write/load_archives", key) if key["ids"] else []
        self._archives = {row["premises_id"]: _archive(row) for row in rows}

    def __contains__(self, premises_id: str) -> bool:
        return premises_id in self._archives

    def seen(self, premises_id: str) -> Seen:
        """All that workers said of the premises."""
        return self._archives[premises_id].seen

    def add(self, premises_id: str, seen: Seen, event: ArchiveEvent) -> None:
        """Add what somebody said; what is known already, or overtaken, changes nothing."""
        archive = self._archives[premises_id]
        before = archive.now
        archive.seen = joined(archive.seen, seen)
        archive.now = standing(archive.register, archive.seen)
        archive.events.append(judged(event, before, archive.now))
        archive.touched = True

    def reword(self, premises_id: str, register: Register, at: datetime) -> None:
        """Note what the register says since `at`; the import has told of it."""
        archive = self._archives[premises_id]
        assert archive.register is not None
        archive.register = reworded(archive.register, register, at)
        archive.now = standing(archive.register, archive.seen)
        archive.touched = True

    def place(self, premises_id: str, grids: GridIndex, paths: Mapping[str, str]) -> None:
        """Find the grid anew of where a worker saw the premises."""
        archive = self._archives[premises_id]
        spot = archive.seen.spot
        if spot is None:
            return
        (grid_id,) = grids.find(spot.value.lon, spot.value.lat)
        where = replace(spot.value, grid_id=grid_id, path=paths.get(grid_id or "", str(self._district)))
        archive.seen = replace(archive.seen, spot=replace(spot, value=where))
        archive.now = standing(archive.register, archive.seen)
        archive.touched = True

    def store(self) -> None:
        """Write the premises that something was said of, and what was said."""
        touched = {key: one for key, one in sorted(self._archives.items()) if one.touched}
        if not touched:
            return
        rows = [
            {"premises_id": key, "registered": one.register, "seen": one.seen}
            | msgspec.structs.asdict(one.now)
            for key, one in touched.items()
        ]
        events = [event for one in touched.values() for event in one.events]
        told = {"district": self._district, "rows": _json(rows), "events": _json(events)}
        fetch(self._conn, "write/store_archives", told)
        fetch(self._conn, "write/settle_licences", {"district": self._district, "ids": list(touched)})


def _archive(row: Row) -> _Archive:
    if row["registered"] is not None:
        register: Register | None = msgspec.convert(row["registered"], Register)
    else:
        register = msgspec.convert(row, Register) if row["source"] == "register" else None
    seen = msgspec.convert(row["seen"] or {}, Seen)
    return _Archive(register, seen, msgspec.convert(row, Standing))


def _json(rows: Any) -> str:
    return msgspec.json.encode(rows).decode()
