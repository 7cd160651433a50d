"""A worker on duty has been outside their own grids for some minutes; over when back, or off duty."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from ingest.alerts import Watch, rule
from ingest.contract.messages import Severity
from ingest.domain.alert import Alert, Cleared, Snapshot
from ingest.domain.facts import Fact
from ingest.domain.threshold import Parameter, Unit

MINUTES = Parameter("left_grid.minutes", 5, Unit.MINUTES, 1, 240)


class Outside(Struct, frozen=True):
    """A worker's last position (degrees, WGS-84) and since when it is outside their grids."""

    worker_id: str
    at: datetime | None
    lon: float | None
    lat: float | None
    grid_id: str | None
    outside_since: datetime | None
    on_duty: bool
    is_open: bool = False


@rule(MINUTES, watch=Watch(Outside, every_s=5))
def left_grid(snapshot: Snapshot, facts: Sequence[Fact], now: datetime) -> Iterator[Alert | Cleared]:
    outside_for = snapshot.span(MINUTES, now)
    for state in snapshot.rows(Outside):
        subject = f"worker:{state.worker_id}"
        worker = snapshot.roster.workers.get(state.worker_id)
        # Judged by positions, not by the clock: a phone that went silent outside proves no stay.
        if worker is None or state.at is None or state.outside_since is None or not state.on_duty:
            if state.is_open:
                yield Cleared(snapshot.roster.district, "left_grid", subject, state.at or now)
        elif not state.is_open and state.at - state.outside_since >= outside_for:
            yield Alert(
                district=snapshot.roster.district,
                rule="left_grid",
                subject=subject,
                severity=Severity.GENERAL,
                raised_at=state.outside_since + outside_for,
                path=worker.path,
                grid_id=state.grid_id,
                lon=state.lon,
                lat=state.lat,
                params={"worker_id": state.worker_id, "minutes": snapshot.limit(MINUTES, now)},
            )
