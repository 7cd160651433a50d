"""A worker let tasks pass their day: one alert for all of one day, over when they are done, suspended or
called off, or so old that only the figures tell of them. Tasks that nobody has are their grid's.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from ingest.alerts import Watch, rule
from ingest.contract.messages import Severity
from ingest.domain.alert import Alert, Cleared, Snapshot
from ingest.domain.facts import Fact
from ingest.domain.threshold import Parameter, Unit

COUNT = Parameter("tasks_overdue.count", 1, Unit.COUNT, 1, 200)
SERIOUS = Parameter("tasks_overdue.serious", 10, Unit.COUNT, 1, 200)
DAYS = Parameter("tasks_overdue.days", 7, Unit.DAYS, 1, 90)


class Overdue(Struct, frozen=True):
    """Whose open tasks (a worker's, else a grid's) fell due on `day`, the last of them at `due_at`."""

    worker_id: str | None
    grid_id: str | None
    day: str
    due_at: datetime
    left: int
    is_open: bool = False


@rule(COUNT, SERIOUS, DAYS, watch=Watch(Overdue, every_s=60))
def tasks_overdue(snapshot: Snapshot, facts: Sequence[Fact], now: datetime) -> Iterator[Alert | Cleared]:
    roster, count = snapshot.roster, snapshot.limit(COUNT, now)
    for tasks in snapshot.rows(Overdue):
        whose = f"worker:{tasks.worker_id}" if tasks.worker_id else f"grid:{tasks.grid_id}"
        subject, worker = f"{whose}:{tasks.day}", roster.workers.get(tasks.worker_id or "")
        too_old = now - tasks.due_at > snapshot.span(DAYS, now)
        if tasks.is_open:
            if tasks.left == 0 or too_old:
                yield Cleared(roster.district, "tasks_overdue", subject, now)
        elif tasks.left >= count and tasks.due_at < now and not too_old:
            many = tasks.left >= snapshot.limit(SERIOUS, now)
            yield Alert(
                district=roster.district,
                rule="tasks_overdue",
                subject=subject,
                severity=Severity.SERIOUS if many else Severity.GENERAL,
                raised_at=now,
                path=worker.path if worker else roster.paths.get(tasks.grid_id or "", str(roster.district)),
                grid_id=tasks.grid_id,
                params={"worker_id": tasks.worker_id, "day": tasks.day, "n": tasks.left},
            )
