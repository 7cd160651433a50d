"""Placing facts: raw coordinates to WGS-84, and to the grid they lie in."""

from collections.abc import Sequence

import numpy as np
from msgspec.structs import replace

from ingest.contract.messages import Datum
from ingest.domain.facts import Fact, Located, Ping
from ingest.domain.geo import to_wgs84
from ingest.domain.roster import Roster


def place(facts: Sequence[Fact], roster: Roster) -> list[Fact]:
    """The facts in their order, those with raw coordinates now with lon, lat, datum and grid_id.

    A fact that names no datum has its device's, or WGS-84; a ping also learns whether it lies in a
    grid of its worker's own.
    """
    placed = list(facts)
    by_datum: dict[Datum, list[tuple[int, Located]]] = {}
    for number, fact in enumerate(facts):
        if isinstance(fact, Located) and fact.raw_lon is not None:
            by_datum.setdefault(fact.datum or _datum(fact, roster), []).append((number, fact))
    for datum, chosen in by_datum.items():
        raw = np.array([(fact.raw_lon, fact.raw_lat) for _, fact in chosen], dtype=float)
        lon, lat = to_wgs84(raw[:, 0], raw[:, 1], datum)
        grids = roster.grids.find(lon, lat)
        for (number, fact), x, y, grid_id in zip(chosen, lon.tolist(), lat.tolist(), grids, strict=True):
            placed[number] = _placed(fact, datum, x, y, grid_id, roster)
    return placed


def _datum(fact: Located, roster: Roster) -> Datum:
    """Of a fact that names none."""
    device = roster.devices.get(fact.device_id) if fact.kind != "worker" else None
    return device.datum if device else Datum.WGS84


def _placed(fact: Located, datum: Datum, lon: float, lat: float, grid_id: str | None, roster: Roster) -> Fact:
    if not isinstance(fact, Ping):
        return replace(fact, datum=datum, lon=lon, lat=lat, grid_id=grid_id)
    own = roster.workers[fact.device_id].grids
    inside = grid_id in own if own else None
    return replace(fact, datum=datum, lon=lon, lat=lat, grid_id=grid_id, in_own_grid=inside)
