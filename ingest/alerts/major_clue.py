"""A worker reported something large or dangerous to life; each command centre that is called about it hears
of it at once, and it is open until it is disposed of.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from ingest.alerts import rule
from ingest.contract.messages import Severity
from ingest.domain.alert import Alert, Cleared, Snapshot
from ingest.domain.clue import ClueCase, Level
from ingest.domain.facts import Fact


@rule
def major_clue(snapshot: Snapshot, facts: Sequence[Fact], now: datetime) -> Iterator[Alert | Cleared]:
    for case in snapshot.clues:
        if case.severity is not Severity.MAJOR or case.level is None or case.called_at is None:
            continue
        over = [level for level in Level if case.ended_at or level is not case.level]
        for level in over:  # a level that did not answer has passed it on
            if not facts and ("major_clue", _subject(case, level)) not in snapshot.open_alerts:
                continue
            yield Cleared(case.district, "major_clue", _subject(case, level), case.ended_at or case.called_at)
        subject = _subject(case, case.level)
        if not case.ended_at and ("major_clue", subject) not in snapshot.open_alerts:
            yield Alert(
                district=case.district,
                rule="major_clue",
                subject=subject,
                severity=Severity.MAJOR,
                raised_at=case.called_at,
                path=case.path,
                grid_id=case.grid_id,
                lon=case.lon,
                lat=case.lat,
                params={
                    "clue_id": case.clue_id,
                    "clue_kind": case.kind,
                    "text": case.text[:200],
                    "level": case.level,
                    "worker_id": case.worker_id,
                    "premises_id": case.premises_id,
                },
            )


def _subject(case: ClueCase, level: Level) -> str:
    return f"clue:{case.clue_id}:{level}"
