"""A worker on duty has not moved for a long time: who works alone may need help; over when they have moved,
are off duty, or are not heard any more, which is another danger.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from ingest.alerts import Watch, rule
from ingest.contract.messages import Severity
from ingest.domain.alert import Alert, Cleared, Snapshot
from ingest.domain.facts import Fact
from ingest.domain.threshold import Parameter, Unit

MINUTES = Parameter("stood_still.minutes", 60, Unit.MINUTES, 5, 480)
METRES = Parameter("stood_still.metres", 50, Unit.METRES, 10, 500)


class Still(Struct, frozen=True):
    """A worker's last position (degrees, WGS-84), and since when they had been near it."""

    worker_id: str
    at: datetime
    since: datetime
    on_duty: bool
    lon: float
    lat: float
    grid_id: str | None
    is_open: bool = False


@rule(MINUTES, METRES, watch=Watch(Still, every_s=2))
def stood_still(snapshot: Snapshot, facts: Sequence[Fact], now: datetime) -> Iterator[Alert | Cleared]:
    still_for = snapshot.span(MINUTES, now)
    for state in snapshot.rows(Still):
        subject = f"worker:{state.worker_id}"
        worker = snapshot.roster.workers.get(state.worker_id)
        stands = state.on_duty and state.at - state.since >= still_for and now - state.at < still_for
        if worker is None or not stands:
            if state.is_open:
                yield Cleared(snapshot.roster.district, "stood_still", subject, now)
        elif not state.is_open:
            yield Alert(
                district=snapshot.roster.district,
                rule="stood_still",
                subject=subject,
                severity=Severity.GENERAL,
                raised_at=state.at,
                path=worker.path,
                grid_id=state.grid_id,
                lon=state.lon,
                lat=state.lat,
                params={"worker_id": state.worker_id, "minutes": snapshot.limit(MINUTES, now)},
            )
