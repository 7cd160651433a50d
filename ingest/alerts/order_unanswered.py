"""A phone or a department has never answered what was sent down to it; over when it has, or need not.

One alert for each of them, however many orders: it is the same silence.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from ingest.alerts import Watch, rule
from ingest.contract.messages import Severity
from ingest.domain.alert import Alert, Cleared, Snapshot
from ingest.domain.facts import Fact


class Unanswered(Struct, frozen=True):
    """The order that was given up first of those that a ``worker`` or ``department`` is still to answer;
    without an instant: there is none any more.
    """

    kind: str
    device_id: str
    expired_at: datetime | None
    task_id: str | None = None
    clue_id: str | None = None
    clue_kind: str | None = None
    premises_id: str | None = None
    is_open: bool = False


@rule(watch=Watch(Unanswered, every_s=5))
def order_unanswered(snapshot: Snapshot, facts: Sequence[Fact], now: datetime) -> Iterator[Alert | Cleared]:
    roster = snapshot.roster
    for order in snapshot.rows(Unanswered):
        subject = f"{order.kind}:{order.device_id}"
        if order.expired_at is None:
            if order.is_open:
                yield Cleared(roster.district, "order_unanswered", subject, now)
            continue
        if order.is_open:
            continue
        worker = roster.workers.get(order.device_id) if order.kind == "worker" else None
        yield Alert(
            district=roster.district,
            rule="order_unanswered",
            subject=subject,
            severity=Severity.GENERAL,
            raised_at=order.expired_at,
            path=worker.path if worker else str(roster.district),
            params={
                f"{order.kind}_id": order.device_id,
                "task_id": order.task_id,
                "clue_id": order.clue_id,
                "clue_kind": order.clue_kind,
                "premises_id": order.premises_id,
            },
        )
