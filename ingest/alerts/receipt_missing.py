"""A visit found something wrong, and no printer has said that the trader got it in writing. One alert a
worker at a time, about the first such visit; over when its receipt comes after all, or some hours later.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from ingest.alerts import Watch, rule
from ingest.contract.messages import Severity
from ingest.domain.alert import Alert, Cleared, Snapshot
from ingest.domain.facts import Fact
from ingest.domain.threshold import Parameter, Unit

MINUTES = Parameter("receipt_missing.minutes", 30, Unit.MINUTES, 1, 1440)
HOURS = Parameter("receipt_missing.hours", 4, Unit.HOURS, 1, 240)


class Unproved(Struct, frozen=True):
    """A visit that found something: when we heard of it, and of its receipt, if we have."""

    worker_id: str
    inspection_id: str
    premises_id: str
    heard_at: datetime
    printed_at: datetime | None
    lon: float
    lat: float
    grid_id: str | None
    is_open: bool = False


@rule(MINUTES, HOURS, watch=Watch(Unproved, every_s=30, once=True, behind=MINUTES))
def receipt_missing(snapshot: Snapshot, facts: Sequence[Fact], now: datetime) -> Iterator[Alert | Cleared]:
    roster, patience = snapshot.roster, snapshot.span(MINUTES, now)
    for visit in snapshot.rows(Unproved):
        subject, worker = f"worker:{visit.worker_id}", roster.workers.get(visit.worker_id)
        printed = visit.printed_at is not None and visit.printed_at <= now
        if visit.is_open:
            if printed or worker is None or now - visit.heard_at >= patience + snapshot.span(HOURS, now):
                yield Cleared(roster.district, "receipt_missing", subject, now)
        elif not printed and worker is not None and now - visit.heard_at >= patience:
            yield Alert(
                district=roster.district,
                rule="receipt_missing",
                subject=subject,
                severity=Severity.GENERAL,
                raised_at=visit.heard_at + patience,
                path=worker.path,
                grid_id=visit.grid_id,
                lon=visit.lon,
                lat=visit.lat,
                params={
                    "worker_id": visit.worker_id,
                    "premises_id": visit.premises_id,
                    "inspection_id": visit.inspection_id,
                    "minutes": snapshot.limit(MINUTES, now),
                },
            )
