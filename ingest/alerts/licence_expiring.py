"""A licence of premises in business is about to expire, and no other of its kind goes on. One alert a
premises, about the first to expire; over when it is renewed or handed in, or has expired: then the rate of
licences held tells.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from msgspec import Struct

from ingest.alerts import Watch, rule
from ingest.contract.messages import Severity
from ingest.domain.alert import Alert, Cleared, Snapshot
from ingest.domain.facts import Fact
from ingest.domain.threshold import Parameter, Unit

DAYS = Parameter("licence_expiring.days", 30, Unit.DAYS, 1, 180)


class Expiring(Struct, frozen=True):
    """The licence of premises that expires first, and its last day; without one: what rings is over."""

    premises_id: str
    kind: str | None
    valid_to: date | None
    path: str
    lon: float | None = None
    lat: float | None = None
    grid_id: str | None = None
    is_open: bool = False


@rule(DAYS, watch=Watch(Expiring, every_s=300))
def licence_expiring(snapshot: Snapshot, facts: Sequence[Fact], now: datetime) -> Iterator[Alert | Cleared]:
    roster, days = snapshot.roster, snapshot.limit(DAYS, now)
    today = now.astimezone(roster.tz).date()
    for licence in snapshot.rows(Expiring):
        subject = f"premises:{licence.premises_id}"
        left = (licence.valid_to - today).days if licence.valid_to else -1
        if licence.is_open:
            if left < 0:
                yield Cleared(roster.district, "licence_expiring", subject, now)
        elif 0 <= left <= days:
            yield Alert(
                district=roster.district,
                rule="licence_expiring",
                subject=subject,
                severity=Severity.GENERAL,
                raised_at=now,
                path=licence.path,
                grid_id=licence.grid_id,
                lon=licence.lon,
                lat=licence.lat,
                params={
                    "premises_id": licence.premises_id,
                    "licence": licence.kind,
                    "day": str(licence.valid_to),
                },
            )
