"""A device that used to speak has not been heard for some minutes; over when it is heard again."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from ingest.alerts import rule
from ingest.contract.messages import Severity
from ingest.domain.alert import Alert, Cleared, Snapshot
from ingest.domain.facts import Fact

SILENT_FOR = timedelta(minutes=10)


@rule
def device_silent(snapshot: Snapshot, facts: Sequence[Fact], now: datetime) -> Iterator[Alert | Cleared]:
    for state in snapshot.devices:
        subject = f"device:{state.device_id}"
        is_open = ("device_silent", subject) in snapshot.open_alerts
        device = snapshot.roster.devices.get(state.device_id)
        silent_since = max(state.last_seen, snapshot.listening_since)
        if device is None or now - state.last_seen < SILENT_FOR:
            if is_open:
                yield Cleared(snapshot.roster.district, "device_silent", subject, now)
        elif not is_open and now - silent_since >= SILENT_FOR:
            yield Alert(
                district=snapshot.roster.district,
                rule="device_silent",
                subject=subject,
                severity=Severity.GENERAL,
                raised_at=silent_since + SILENT_FOR,
                path=device.path,
                grid_id=device.grid_id,
                lon=device.lon,
                lat=device.lat,
                params={
                    "device_id": state.device_id,
                    "kind": device.kind,
                    "minutes": SILENT_FOR // timedelta(minutes=1),
                },
            )
