"""Somebody pressed SOS on a bodycam; open until the bodycam says that it is over."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from ingest.alerts import rule
from ingest.contract.messages import Severity
from ingest.domain.alert import Alert, Cleared, Snapshot
from ingest.domain.facts import DeviceEvent, Fact


@rule
def bodycam_sos(snapshot: Snapshot, facts: Sequence[Fact], now: datetime) -> Iterator[Alert | Cleared]:
    for fact in facts:
        if not isinstance(fact, DeviceEvent) or fact.kind != "bodycam":
            continue
        subject = f"device:{fact.device_id}"
        if fact.event == "sos_cleared":
            yield Cleared(fact.district, "bodycam_sos", subject, fact.at)
        elif fact.event == "sos":
            bodycam = snapshot.roster.devices[fact.device_id]
            yield Alert(
                district=fact.district,
                rule="bodycam_sos",
                subject=subject,
                severity=Severity.MAJOR,
                raised_at=fact.at,
                path=bodycam.path,
                grid_id=fact.grid_id,
                lon=fact.lon,
                lat=fact.lat,
                params={"device_id": fact.device_id, "worker_id": bodycam.worker_id},
            )
