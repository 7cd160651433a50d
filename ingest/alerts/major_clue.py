"""A worker, or the public, reported something large or dangerous to life; each command centre that is called
about it hears of it at once, and it is open until it is disposed of.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from ingest.alerts import Watch, rule
from ingest.contract.messages import Severity
from ingest.domain.alert import Alert, Cleared, Snapshot
from ingest.domain.clue import ClueCase, Level
from ingest.domain.facts import Fact


class Called(Struct, frozen=True):
    """A major clue, and the levels of whom an alert is open."""

    case: ClueCase
    open_levels: list[Level] = []


@rule(watch=Watch(Called))
def major_clue(snapshot: Snapshot, facts: Sequence[Fact], now: datetime) -> Iterator[Alert | Cleared]:
    changed = [Called(case, list(Level)) for case in snapshot.clues]  # not looked up: whatever is open ends
    for called in [*changed, *snapshot.rows(Called)]:
        case = called.case
        if case.severity is not Severity.MAJOR or case.level is None or case.called_at is None:
            continue
        for level in called.open_levels:  # a level that did not answer has passed it on
            if case.ended_at or level is not case.level:
                yield Cleared(
                    case.district, "major_clue", _subject(case, level), case.ended_at or case.called_at
                )
        if not case.ended_at and (case in snapshot.clues or case.level not in called.open_levels):
            yield Alert(
                district=case.district,
                rule="major_clue",
                subject=_subject(case, case.level),
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
                    "device_id": case.device_id,
                    "premises_id": case.premises_id,
                },
            )


def _subject(case: ClueCase, level: Level) -> str:
    return f"clue:{case.clue_id}:{level}"
