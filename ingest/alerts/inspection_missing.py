"""A printer gave a trader a paper, and nobody has reported the visit that it is about. One alert a printer at
a time, about the first such paper; over when the visit comes after all, or some hours later.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from ingest.alerts import Watch, rule
from ingest.contract.messages import Severity
from ingest.domain.alert import Alert, Cleared, Snapshot
from ingest.domain.facts import Fact
from ingest.domain.threshold import Parameter, Unit

MINUTES = Parameter("inspection_missing.minutes", 30, Unit.MINUTES, 1, 1440)
HOURS = Parameter("inspection_missing.hours", 4, Unit.HOURS, 1, 240)


class Unexplained(Struct, frozen=True):
    """A paper: when we heard of it, and of the visit that it is about, if we have."""

    device_id: str
    number: str | None
    inspection_id: str | None
    heard_at: datetime
    visited_at: datetime | None
    is_open: bool = False


@rule(MINUTES, HOURS, watch=Watch(Unexplained, every_s=30, once=True, behind=MINUTES))
def inspection_missing(snapshot: Snapshot, facts: Sequence[Fact], now: datetime) -> Iterator[Alert | Cleared]:
    roster, patience = snapshot.roster, snapshot.span(MINUTES, now)
    for paper in snapshot.rows(Unexplained):
        subject, printer = f"device:{paper.device_id}", roster.devices.get(paper.device_id)
        visited = paper.visited_at is not None and paper.visited_at <= now
        if paper.is_open:
            if visited or printer is None or now - paper.heard_at >= patience + snapshot.span(HOURS, now):
                yield Cleared(roster.district, "inspection_missing", subject, now)
        elif not visited and printer is not None and now - paper.heard_at >= patience:
            yield Alert(
                district=roster.district,
                rule="inspection_missing",
                subject=subject,
                severity=Severity.GENERAL,
                raised_at=paper.heard_at + patience,
                path=printer.path,
                grid_id=printer.grid_id,
                lon=printer.lon,
                lat=printer.lat,
                params={
                    "device_id": paper.device_id,
                    "worker_id": printer.worker_id,
                    "number": paper.number,
                    "inspection_id": paper.inspection_id,
                    "minutes": snapshot.limit(MINUTES, now),
                },
            )
