"""Hazards were found at many premises of one grid within some days, put right since or not; over when it has
become clearly fewer.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from ingest.alerts import Watch, rule
from ingest.contract.messages import Severity
from ingest.domain.alert import Alert, Cleared, Snapshot
from ingest.domain.facts import Fact
from ingest.domain.threshold import Parameter, Unit

COUNT = Parameter("many_hazards.count", 30, Unit.COUNT, 2, 1000)
DAYS = Parameter("many_hazards.days", 7, Unit.DAYS, 1, 60)
CALM = Parameter("many_hazards.calm", 60, Unit.PERCENT, 1, 99)
"""Of the count: when hazards are at no more premises, it is over."""


class Hazards(Struct, frozen=True):
    """At how many premises of a grid hazards were found within the days before `at`."""

    grid_id: str
    premises: int
    at: datetime
    is_open: bool = False


@rule(COUNT, DAYS, CALM, watch=Watch(Hazards, every_s=30, once=True, reach=timedelta(days=60)))
def many_hazards(snapshot: Snapshot, facts: Sequence[Fact], now: datetime) -> Iterator[Alert | Cleared]:
    roster, count = snapshot.roster, snapshot.limit(COUNT, now)
    for found in snapshot.rows(Hazards):
        subject = f"grid:{found.grid_id}"
        if found.is_open:
            if found.premises <= count * snapshot.limit(CALM, now) / 100:
                yield Cleared(roster.district, "many_hazards", subject, now)
        elif found.premises >= count:
            yield Alert(
                district=roster.district,
                rule="many_hazards",
                subject=subject,
                severity=Severity.SERIOUS,
                raised_at=found.at,
                path=roster.paths.get(found.grid_id, str(roster.district)),
                grid_id=found.grid_id,
                params={"n": found.premises, "days": snapshot.limit(DAYS, now)},
            )
