"""A worker on duty has been outside their own grids for some minutes; over when back, or off duty."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from ingest.alerts import rule
from ingest.contract.messages import Severity
from ingest.domain.alert import Alert, Cleared, Snapshot
from ingest.domain.facts import Fact

OUTSIDE_FOR = timedelta(minutes=5)


@rule
def left_grid(snapshot: Snapshot, facts: Sequence[Fact], now: datetime) -> Iterator[Alert | Cleared]:
    for state in snapshot.workers:
        subject = f"worker:{state.worker_id}"
        is_open = ("left_grid", subject) in snapshot.open_alerts
        worker = snapshot.roster.workers.get(state.worker_id)
        # Judged by positions, not by the clock: a phone that went silent outside proves no stay.
        if worker is None or state.at is None or state.outside_since is None or not state.on_duty:
            if is_open:
                yield Cleared(snapshot.roster.district, "left_grid", subject, state.at or now)
        elif not is_open and state.at - state.outside_since >= OUTSIDE_FOR:
            yield Alert(
                district=snapshot.roster.district,
                rule="left_grid",
                subject=subject,
                severity=Severity.GENERAL,
                raised_at=state.outside_since + OUTSIDE_FOR,
                path=worker.path,
                grid_id=state.grid_id,
                lon=state.lon,
                lat=state.lat,
                params={"worker_id": state.worker_id, "minutes": OUTSIDE_FOR // timedelta(minutes=1)},
            )
