"""A phone or a device is about to go dark; over when it has been charged well beyond that, or its worker is
off duty. A bodycam that names no percentage is taken at its word.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

from ingest.alerts import Watch, rule
from ingest.contract.messages import Severity
from ingest.domain.alert import Alert, Cleared, Snapshot
from ingest.domain.facts import Fact
from ingest.domain.threshold import Parameter, Unit

BELOW = Parameter("low_battery.below", 15, Unit.PERCENT, 1, 60)
MARGIN = Parameter("low_battery.margin", 15, Unit.PERCENT, 1, 40)


class Charge(Struct, frozen=True):
    """How full a battery is, in percent; `says`: the last event of a bodycam that names none."""

    of: Literal["worker", "device"]
    id: str
    battery: float | None
    says: str | None = None
    on_duty: bool = True
    lon: float | None = None
    lat: float | None = None
    grid_id: str | None = None
    is_open: bool = False


@rule(BELOW, MARGIN, watch=Watch(Charge, every_s=20))
def low_battery(snapshot: Snapshot, facts: Sequence[Fact], now: datetime) -> Iterator[Alert | Cleared]:
    roster, below = snapshot.roster, snapshot.limit(BELOW, now)
    enough = below + snapshot.limit(MARGIN, now)
    for charge in snapshot.rows(Charge):
        known = charge.id in (roster.workers if charge.of == "worker" else roster.devices)
        if charge.battery is None:
            low, full = charge.says == "low_battery", charge.says in ("charging", "docked")
        else:
            low, full = charge.battery < below, charge.battery >= enough
        if charge.is_open:
            if full or not charge.on_duty or not known:
                yield Cleared(roster.district, "low_battery", f"{charge.of}:{charge.id}", now)
        elif low and charge.on_duty and known:
            device = roster.devices.get(charge.id) if charge.of == "device" else None
            yield Alert(
                district=roster.district,
                rule="low_battery",
                subject=f"{charge.of}:{charge.id}",
                severity=Severity.GENERAL,
                raised_at=now,
                path=device.path if device else roster.workers[charge.id].path,
                grid_id=charge.grid_id,
                lon=charge.lon,
                lat=charge.lat,
                params={
                    "worker_id": device.worker_id if device else charge.id,
                    "device_id": charge.id if device else None,
                    "kind": device.kind if device else "phone",
                    "battery": charge.battery,
                },
            )
