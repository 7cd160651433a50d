"""Somebody pressed SOS, on a bodycam, in a vehicle or on a phone; open until it says that it is over."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from ingest.alerts import rule
from ingest.contract.messages import Severity
from ingest.domain.alert import Alert, Cleared, Snapshot
from ingest.domain.facts import DeviceEvent, Fact

KINDS = ("bodycam", "vehicle", "worker")


@rule
def bodycam_sos(snapshot: Snapshot, facts: Sequence[Fact], now: datetime) -> Iterator[Alert | Cleared]:
    for fact in facts:
        if not isinstance(fact, DeviceEvent) or fact.kind not in KINDS:
            continue
        device = None if fact.kind == "worker" else snapshot.roster.devices[fact.device_id]
        subject = f"device:{fact.device_id}" if device else f"worker:{fact.device_id}"
        if fact.event == "sos_cleared":
            yield Cleared(fact.district, "bodycam_sos", subject, fact.at)
        elif fact.event == "sos":
            yield Alert(
                district=fact.district,
                rule="bodycam_sos",
                subject=subject,
                severity=Severity.MAJOR,
                raised_at=fact.at,
                path=snapshot.roster.path_of(fact.kind, fact.device_id),
                grid_id=fact.grid_id,
                lon=fact.lon,
                lat=fact.lat,
                params={
                    "device_id": fact.device_id if device else None,
                    "worker_id": device.worker_id if device else fact.device_id,
                },
            )
