"""A device that used to speak has not been heard for some minutes; over when it is heard again."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from ingest.alerts import Watch, rule
from ingest.contract.messages import Severity
from ingest.domain.alert import Alert, Cleared, Snapshot
from ingest.domain.facts import Fact
from ingest.domain.threshold import Parameter, Unit

MINUTES = Parameter("device_silent.minutes", 10, Unit.MINUTES, 2, 1440)


class Unheard(Struct, frozen=True):
    """When a device was last heard, by our clock."""

    device_id: str
    last_seen: datetime
    is_open: bool = False


@rule(MINUTES, watch=Watch(Unheard, every_s=10))
def device_silent(snapshot: Snapshot, facts: Sequence[Fact], now: datetime) -> Iterator[Alert | Cleared]:
    silent_for = snapshot.span(MINUTES, now)
    for state in snapshot.rows(Unheard):
        subject = f"device:{state.device_id}"
        device = snapshot.roster.devices.get(state.device_id)
        silent_since = max(state.last_seen, snapshot.listening_since)
        if device is None or now - state.last_seen < silent_for:
            if state.is_open:
                yield Cleared(snapshot.roster.district, "device_silent", subject, now)
        elif not state.is_open and now - silent_since >= silent_for:
            minutes = snapshot.limit(MINUTES, now)
            yield Alert(
                district=snapshot.roster.district,
                rule="device_silent",
                subject=subject,
                severity=Severity.GENERAL,
                raised_at=silent_since + silent_for,
                path=device.path,
                grid_id=device.grid_id,
                lon=device.lon,
                lat=device.lat,
                params={"device_id": state.device_id, "kind": device.kind, "minutes": minutes},
            )
