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
    located = [(i, f) for i, f in enumerate(facts) if isinstance(f, Located) and f.raw_lon is not None]
    datums = [_datum(fact, roster) for _, fact in located]
    for datum in set(datums):
        chosen = [pair for pair, its in zip(located, datums, strict=True) if its is datum]
        raw = np.array([(fact.raw_lon, fact.raw_lat) for _, fact in chosen], dtype=float)
        lon, lat = to_wgs84(raw[:, 0], raw[:, 1], datum)
        grids = roster.grids.find(lon, lat)
        for (i, fact), x, y, grid_id in zip(chosen, lon, lat, grids, strict=True):
            placed[i] = _placed(fact, datum, float(x), float(y), grid_id, roster)
    return placed


def _datum(fact: Located, roster: Roster) -> Datum:
    if fact.datum is not None:
        return fact.datum
    device = roster.devices.get(fact.device_id) if fact.kind != "worker" else None
    return device.datum if device else Datum.WGS84


def _placed(fact: Located, datum: Datum, lon: float, lat: float, grid_id: str | None, roster: Roster) -> Fact:
    if not isinstance(fact, Ping):
        return replace(fact, datum=datum, lon=lon, lat=lat, grid_id=grid_id)
    own = roster.workers[fact.device_id].grids
    inside = grid_id in own if own else None
    return replace(fact, datum=datum, lon=lon, lat=lat, grid_id=grid_id, in_own_grid=inside)
