"""A worker on duty has not been heard for some minutes; over when heard again, or off duty."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from ingest.alerts import Watch, rule
from ingest.contract.messages import Severity
from ingest.domain.alert import Alert, Cleared, Snapshot
from ingest.domain.facts import Fact
from ingest.domain.threshold import Parameter, Unit

MINUTES = Parameter("worker_silent.minutes", 15, Unit.MINUTES, 2, 720)


class Unheard(Struct, frozen=True):
    """When a worker's phone was last heard, by our clock, and where it was (degrees, WGS-84)."""

    worker_id: str
    last_seen: datetime
    on_duty: bool
    lon: float | None = None
    lat: float | None = None
    grid_id: str | None = None
    is_open: bool = False


@rule(MINUTES, watch=Watch(Unheard, every_s=10))
def worker_silent(snapshot: Snapshot, facts: Sequence[Fact], now: datetime) -> Iterator[Alert | Cleared]:
    silent_for = snapshot.span(MINUTES, now)
    for state in snapshot.rows(Unheard):
        subject = f"worker:{state.worker_id}"
        worker = snapshot.roster.workers.get(state.worker_id)
        silent_since = max(state.last_seen, snapshot.listening_since)
        if worker is None or not state.on_duty or now - state.last_seen < silent_for:
            if state.is_open:
                yield Cleared(snapshot.roster.district, "worker_silent", subject, now)
        elif not state.is_open and now - silent_since >= silent_for:
            yield Alert(
                district=snapshot.roster.district,
                rule="worker_silent",
                subject=subject,
                severity=Severity.GENERAL,
                raised_at=silent_since + silent_for,
                path=worker.path,
                grid_id=state.grid_id,
                lon=state.lon,
                lat=state.lat,
                params={"worker_id": state.worker_id, "minutes": snapshot.limit(MINUTES, now)},
            )
