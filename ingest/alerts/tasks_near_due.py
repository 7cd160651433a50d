"""A worker has many tasks left of those that fall due today or soon: one alert for all that fall due on one
day. Over when few are left, or when the day is over. Tasks that nobody has are their grid's.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from ingest.alerts import Watch, rule
from ingest.contract.messages import Severity
from ingest.domain.alert import Alert, Cleared, Snapshot
from ingest.domain.facts import Fact
from ingest.domain.threshold import Parameter, Unit

HOURS = Parameter("tasks_near_due.hours", 8, Unit.HOURS, 1, 240)
COUNT = Parameter("tasks_near_due.count", 5, Unit.COUNT, 1, 200)
CALM = Parameter("tasks_near_due.calm", 40, Unit.PERCENT, 0, 99)
"""Of the count: when no more are left, it is over."""


class NearDue(Struct, frozen=True):
    """Whose tasks (a worker's, else a grid's) that are still open fall due on `day`, the first of them at
    `due_at`.
    """

    worker_id: str | None
    grid_id: str | None
    day: str
    due_at: datetime
    left: int
    is_open: bool = False


@rule(HOURS, COUNT, CALM, watch=Watch(NearDue, every_s=60))
def tasks_near_due(snapshot: Snapshot, facts: Sequence[Fact], now: datetime) -> Iterator[Alert | Cleared]:
    roster, ahead = snapshot.roster, snapshot.span(HOURS, now)
    count, calm = snapshot.limit(COUNT, now), snapshot.limit(CALM, now)
    for tasks in snapshot.rows(NearDue):
        whose = f"worker:{tasks.worker_id}" if tasks.worker_id else f"grid:{tasks.grid_id}"
        subject, worker = f"{whose}:{tasks.day}", roster.workers.get(tasks.worker_id or "")
        if tasks.is_open:
            if tasks.left <= count * calm / 100 or tasks.due_at <= now:
                yield Cleared(roster.district, "tasks_near_due", subject, now)
        elif tasks.left >= count and now < tasks.due_at <= now + ahead:
            yield Alert(
                district=roster.district,
                rule="tasks_near_due",
                subject=subject,
                severity=Severity.GENERAL,
                raised_at=now,
                path=worker.path if worker else roster.paths.get(tasks.grid_id or "", str(roster.district)),
                grid_id=tasks.grid_id,
                params={"worker_id": tasks.worker_id, "day": tasks.day, "n": tasks.left},
            )
