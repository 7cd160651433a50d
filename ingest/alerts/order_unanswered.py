"""A phone or a department has never answered what was sent down to it; over when it has, or need not.

One alert for each of them, however many orders: it is the same silence. What somebody was to do at once (an
act) rings apart from it.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from ingest.alerts import Watch, rule
from ingest.contract.messages import Severity
from ingest.domain.acts import PATIENCE
from ingest.domain.alert import Alert, Cleared, Snapshot
from ingest.domain.facts import Fact
from ingest.domain.roster import Roster


class Unanswered(Struct, frozen=True):
    """The order that was given up first of those that somebody is still to answer; without an instant: there
    is none any more.
    """

    subject: str
    kind: str
    """worker, department, or that of a device."""
    device_id: str
    expired_at: datetime | None
    task_id: str | None = None
    clue_id: str | None = None
    clue_kind: str | None = None
    premises_id: str | None = None
    act: str | None = None
    incident_id: str | None = None
    is_open: bool = False


@rule(PATIENCE, watch=Watch(Unanswered, every_s=5))
def order_unanswered(snapshot: Snapshot, facts: Sequence[Fact], now: datetime) -> Iterator[Alert | Cleared]:
    roster = snapshot.roster
    for order in snapshot.rows(Unanswered):
        if order.expired_at is None:
            if order.is_open:
                yield Cleared(roster.district, "order_unanswered", order.subject, now)
            continue
        if order.is_open:
            continue
        yield Alert(
            district=roster.district,
            rule="order_unanswered",
            subject=order.subject,
            severity=Severity.SERIOUS if order.incident_id else Severity.GENERAL,
            raised_at=order.expired_at,
            path=_path(roster, order),
            params={
                f"{order.subject.partition(':')[0]}_id": order.device_id,
                "task_id": order.task_id,
                "clue_id": order.clue_id,
                "clue_kind": order.clue_kind,
                "premises_id": order.premises_id,
                **({"act": order.act, "of_incident": order.incident_id} if order.act else {}),
            },
        )


def _path(roster: Roster, order: Unanswered) -> str:
    known = roster.knows(order.kind, order.device_id)
    return roster.path_of(order.kind, order.device_id) if known else str(roster.district)
