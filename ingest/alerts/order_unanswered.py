"""A phone or a department has never answered what was sent down to it; over when it has, or need not.

One alert for each of them, however many orders: it is the same silence.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from ingest.alerts import rule
from ingest.contract.messages import Severity
from ingest.domain.alert import Alert, Cleared, Snapshot, UnansweredOrder
from ingest.domain.facts import Fact


@rule
def order_unanswered(snapshot: Snapshot, facts: Sequence[Fact], now: datetime) -> Iterator[Alert | Cleared]:
    roster, first = snapshot.roster, _first_of_each(snapshot.unanswered)
    for name, subject in sorted(snapshot.open_alerts):
        if name == "order_unanswered" and subject not in first:
            yield Cleared(roster.district, "order_unanswered", subject, now)
    for subject, order in sorted(first.items()):
        if ("order_unanswered", subject) in snapshot.open_alerts:
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


def _first_of_each(orders: Sequence[UnansweredOrder]) -> dict[str, UnansweredOrder]:
    """The order that was given up first of each addressee, by subject."""
    first: dict[str, UnansweredOrder] = {}
    for order in sorted(orders, key=lambda order: order.expired_at):
        first.setdefault(f"{order.kind}:{order.device_id}", order)
    return first
