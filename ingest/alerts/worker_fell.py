"""A bodycam felt its worker fall; over when the worker has gone on from there, or the bodycam is taken off or
says that help is not needed.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from ingest.alerts import Watch, rule
from ingest.contract.messages import Severity
from ingest.domain.alert import Alert, Cleared, Snapshot
from ingest.domain.facts import DeviceEvent, Fact
from ingest.domain.geo import distance_m
from ingest.domain.threshold import Parameter, Unit

METRES = Parameter("worker_fell.metres", 30, Unit.METRES, 5, 500)

WELL = ("sos_cleared", "docked")


class Fallen(Struct, frozen=True):
    """Where a bodycam's worker fell, and where they were later (degrees, WGS-84)."""

    device_id: str
    fell_lon: float
    fell_lat: float
    at: datetime
    lon: float
    lat: float


@rule(METRES, watch=Watch(Fallen, every_s=5))
def worker_fell(snapshot: Snapshot, facts: Sequence[Fact], now: datetime) -> Iterator[Alert | Cleared]:
    for fact in facts:
        if not isinstance(fact, DeviceEvent) or fact.kind != "bodycam":
            continue
        subject = f"device:{fact.device_id}"
        if fact.event in WELL:
            yield Cleared(fact.district, "worker_fell", subject, fact.at)
        elif fact.event == "fall":
            bodycam = snapshot.roster.devices[fact.device_id]
            yield Alert(
                district=fact.district,
                rule="worker_fell",
                subject=subject,
                severity=Severity.SERIOUS,
                raised_at=fact.at,
                path=bodycam.path,
                grid_id=fact.grid_id,
                lon=fact.lon,
                lat=fact.lat,
                params={"device_id": fact.device_id, "worker_id": bodycam.worker_id},
            )
    for one in snapshot.rows(Fallen):
        away_m = float(distance_m(one.fell_lon, one.fell_lat, one.lon, one.lat))
        if away_m >= snapshot.limit(METRES, now):
            yield Cleared(snapshot.roster.district, "worker_fell", f"device:{one.device_id}", one.at)
