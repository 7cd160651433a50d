"""A bodycam or a vehicle has no room left for its recordings, or hardly any; over when they have been taken
off it.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from ingest.alerts import rule
from ingest.contract.messages import Severity
from ingest.domain.alert import Alert, Cleared, Snapshot
from ingest.domain.facts import DeviceEvent, Fact

KINDS = ("bodycam", "vehicle")
FULL = {"storage_low": Severity.GENERAL, "storage_full": Severity.SERIOUS}
EMPTIED = ("docked", "media_uploaded")


@rule
def storage_full(snapshot: Snapshot, facts: Sequence[Fact], now: datetime) -> Iterator[Alert | Cleared]:
    for fact in facts:
        if not isinstance(fact, DeviceEvent) or fact.kind not in KINDS:
            continue
        subject = f"device:{fact.device_id}"
        if fact.event in EMPTIED:
            yield Cleared(fact.district, "storage_full", subject, fact.at)
        elif fact.event in FULL:
            device = snapshot.roster.devices[fact.device_id]
            yield Alert(
                district=fact.district,
                rule="storage_full",
                subject=subject,
                severity=FULL[fact.event],
                raised_at=fact.at,
                path=device.path,
                grid_id=fact.grid_id,
                lon=fact.lon,
                lat=fact.lat,
                params={"device_id": fact.device_id, "worker_id": device.worker_id, "event": fact.event},
            )
