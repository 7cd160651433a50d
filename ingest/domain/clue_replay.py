"""How a clue stands after its events: the same, in whatever order, how often and in how many parts they came.

Nothing that is said of a clue raises here: what does not fit is irregular, and says by a code why.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from ingest.contract.errors import InvalidTransition
from ingest.domain.clue import ClueCase, ClueEvent, ClueHappened
from ingest.domain.clue_transitions import TAKE

_RANK = {kind: rank for rank, kind in enumerate(ClueHappened)}
_ANSWERS = frozenset({ClueHappened.RECEIVED, ClueHappened.RETURNED, ClueHappened.DISPOSED})
_ADDRESSES = frozenset({ClueHappened.ROUTED, ClueHappened.DISPATCHED})


class ReplayedClue(NamedTuple):
    """The clue after all events, and each of them, in the order in which they were taken."""

    case: ClueCase
    steps: list[ClueEvent]


def replay_clue(case: ClueCase, events: Iterable[ClueEvent]) -> ReplayedClue:
    """`case` as it stands after `events` and nothing else; how it stood before does not matter."""
    once = _once(events)
    told = _told(once, case.reported_at)
    standing, steps = _blank(case), []
    for event in sorted(once, key=lambda event: _order(event, case.reported_at, told)):
        irregular = None
        try:
            standing = TAKE[event.event](standing, event)
        except InvalidTransition as why:
            irregular = str(why)
        steps.append(replace(event, state=standing.state, irregular=irregular))
    return ReplayedClue(_settled_due(standing, once), steps)


def _once(events: Iterable[ClueEvent]) -> list[ClueEvent]:
    kept: dict[object, ClueEvent] = {}
    for event in events:
        if event.key not in kept or _said(event) < _said(kept[event.key]):
            kept[event.key] = event
    return list(kept.values())


def _said(event: ClueEvent) -> tuple[str, bytes]:
    return event.actor, msgspec.json.encode(event.params)


def _told(events: list[ClueEvent], reported_at: datetime) -> dict[str | None, datetime]:
    """When each department was first told of the clue."""
    told: dict[str | None, datetime] = {}
    for event in events:
        if event.event in _ADDRESSES:
            at, department_id = max(event.at, reported_at), event.params.department_id
            told[department_id] = min(told.get(department_id, at), at)
    return told


def _order(
    event: ClueEvent, reported_at: datetime, told: Mapping[str | None, datetime]
) -> tuple[datetime, int, datetime, str]:
    # No clock is so exact that somebody could have answered before being told.
    at = max(event.at, reported_at)
    if event.event in _ANSWERS:
        at = max(at, told.get(event.params.department_id, at))
    return at, _RANK[event.event], event.at, event.cause


def _blank(case: ClueCase) -> ClueCase:
    """The clue as it was before anything happened to it."""
    kept = case.__struct_fields__[: case.__struct_fields__.index("reported_at") + 1]
    return ClueCase(**{field: getattr(case, field) for field in kept})


def _settled_due(case: ClueCase, events: Iterable[ClueEvent]) -> ClueCase:
    """With the deadline that was provisional as it was settled later, the first time."""
    settled = sorted((e for e in events if e.event is ClueHappened.SETTLED), key=lambda event: event.key)
    for event in settled:
        due = event.params.due
        if case.due_provisional and due and case.routed_at and event.cause == settles(case.routed_at):
            return replace(case, due_at=due.at, due_provisional=due.provisional)
    return case


def settles(routed_at: datetime) -> str:
    """The cause of the event that settles the deadline which was given at `routed_at`."""
    return f"routed {routed_at:%Y-%m-%dT%H:%M:%S.%f}"
