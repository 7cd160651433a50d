"""A visit's traces speak against its log: somebody looks into it, nobody is accused by it. Over when what
came late speaks for it after all.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from ingest.alerts import Watch, rule
from ingest.contract.messages import Severity
from ingest.domain.alert import Alert, Cleared, Snapshot
from ingest.domain.facts import Fact
from ingest.domain.threshold import Parameter, Unit

PERCENT = Parameter("visit_doubtful.percent", 35, Unit.PERCENT, 1, 99)


class Weighed(Struct, frozen=True):
    """A visit that has been weighed; `tests` are those that speak against it, the weightiest first."""

    worker_id: str
    id: str
    premises_id: str
    ended: datetime
    lon: float
    lat: float
    truth: int
    tests: list[str]
    grid_id: str | None = None
    is_open: bool = False


@rule(PERCENT, watch=Watch(Weighed, every_s=5, once=True))
def visit_doubtful(snapshot: Snapshot, facts: Sequence[Fact], now: datetime) -> Iterator[Alert | Cleared]:
    roster = snapshot.roster
    for visit in snapshot.rows(Weighed):
        subject = f"visit:{visit.worker_id}:{visit.id}"
        doubtful, worker = visit.truth < snapshot.limit(PERCENT, now), roster.workers.get(visit.worker_id)
        if visit.is_open and not doubtful:
            yield Cleared(roster.district, "visit_doubtful", subject, now)
        elif doubtful and not visit.is_open and worker is not None:
            yield Alert(
                district=roster.district,
                rule="visit_doubtful",
                subject=subject,
                severity=Severity.GENERAL,
                raised_at=visit.ended,
                path=worker.path,
                grid_id=visit.grid_id,
                lon=visit.lon,
                lat=visit.lat,
                params={
                    "worker_id": visit.worker_id,
                    "premises_id": visit.premises_id,
                    "inspection_id": visit.id,
                    "percent": visit.truth,
                    "tests": visit.tests,
                },
            )
