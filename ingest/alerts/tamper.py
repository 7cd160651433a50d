"""A camera is being covered, turned away or damaged; over when it has not said so for some minutes."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from ingest.alerts import Watch, rule
from ingest.contract.messages import Severity
from ingest.domain.alert import Alert, Cleared, Snapshot
from ingest.domain.facts import Fact
from ingest.domain.sighting import Danger, Sighting, seen
from ingest.domain.threshold import Parameter, Unit

SURE = Parameter("tamper.sure", 60, Unit.PERCENT, 0, 100)
QUIET = Parameter("tamper.quiet", 30, Unit.MINUTES, 1, 720)
DANGER = Danger("tamper", Severity.GENERAL, SURE, QUIET)


@rule(SURE, QUIET, watch=Watch(Sighting, every_s=10, query="sighting"))
def tamper(snapshot: Snapshot, facts: Sequence[Fact], now: datetime) -> Iterator[Alert | Cleared]:
    return seen(DANGER, snapshot, facts, now)
