"""A phone has a wrong clock, so that what it proves is in doubt; over when it is nearly right again."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from ingest.alerts import Watch, rule
from ingest.contract.messages import Severity
from ingest.domain.alert import Alert, Cleared, Snapshot
from ingest.domain.facts import Fact
from ingest.domain.threshold import Parameter, Unit

SECONDS = Parameter("clock_wrong.seconds", 300, Unit.SECONDS, 60, 86_400)
CALM = Parameter("clock_wrong.calm", 50, Unit.PERCENT, 1, 100)
"""Of the seconds: nearer than this is nearly right."""

SETTLING = timedelta(minutes=2)
"""After we began to listen what comes may have waited, which proves nothing about a slow clock."""


class Clock(Struct, frozen=True):
    """By how many seconds a phone's clock differed from ours when it last reported live; 0 where it is
    believed.
    """

    worker_id: str
    off_s: float
    at: datetime
    lon: float | None = None
    lat: float | None = None
    grid_id: str | None = None
    is_open: bool = False


@rule(SECONDS, CALM, watch=Watch(Clock, every_s=20))
def clock_wrong(snapshot: Snapshot, facts: Sequence[Fact], now: datetime) -> Iterator[Alert | Cleared]:
    roster, limit = snapshot.roster, snapshot.limit(SECONDS, now)
    nearly = limit * snapshot.limit(CALM, now) / 100
    settled = now - snapshot.listening_since >= SETTLING
    for clock in snapshot.rows(Clock):
        subject, worker = f"worker:{clock.worker_id}", roster.workers.get(clock.worker_id)
        if clock.is_open:
            if worker is None or (settled and abs(clock.off_s) < nearly):
                yield Cleared(roster.district, "clock_wrong", subject, now)
        elif worker is not None and abs(clock.off_s) >= limit:
            yield Alert(
                district=roster.district,
                rule="clock_wrong",
                subject=subject,
                severity=Severity.GENERAL,
                raised_at=clock.at,
                path=worker.path,
                grid_id=clock.grid_id,
                lon=clock.lon,
                lat=clock.lat,
                params={"worker_id": clock.worker_id, "minutes": round(abs(clock.off_s) / 60, 1)},
            )
