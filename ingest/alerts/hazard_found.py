"""An inspection found something wrong; a later one of the same premises that finds nothing clears it."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from ingest.alerts import rule
from ingest.contract.messages import Result
from ingest.domain.alert import Alert, Cleared, Snapshot
from ingest.domain.facts import Fact, Inspection
from ingest.domain.weigh import failings


@rule
def hazard_found(snapshot: Snapshot, facts: Sequence[Fact], now: datetime) -> Iterator[Alert | Cleared]:
    for fact in facts:
        if not isinstance(fact, Inspection):
            continue
        subject = f"premises:{fact.premises_id}"
        if fact.comes_to is Result.NORMAL:
            yield Cleared(fact.district, "hazard_found", subject, fact.at)
        elif fact.severity is not None:
            premises = snapshot.premises.get(fact.premises_id)
            yield Alert(
                district=fact.district,
                rule="hazard_found",
                subject=subject,
                severity=fact.severity,
                raised_at=fact.at,
                path=premises.path if premises else snapshot.roster.path_of(fact.kind, fact.device_id),
                grid_id=fact.grid_id,
                lon=fact.lon,
                lat=fact.lat,
                params={
                    "premises_id": fact.premises_id,
                    "premises_name": premises.name if premises else fact.premises_id,
                    "worker_id": fact.device_id,
                    "findings": [
                        [item.item, item.answer] for item in failings(fact.items, snapshot.roster.catalogue)
                    ],
                },
            )
