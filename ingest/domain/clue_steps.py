"""The events of clues, made from messages, orders and the time, with the deadlines that begin with them.

A deadline is given here, once, by the rules and the calendar of that moment, and kept in its event.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from msgspec.structs import replace

from ingest.contract.errors import ConfigError
from ingest.contract.messages import Severity
from ingest.domain.clue import ClueCase, ClueDetails, ClueEvent, ClueHappened, ClueState, Level, clue_id_of
from ingest.domain.clue_replay import settles
from ingest.domain.clue_route import Chosen
from ingest.domain.deadline import Deadline, Step
from ingest.domain.facts import Clue, PublicSaid
from ingest.domain.roster import Premises, Roster

_STAGES = {
    "done": ClueHappened.DISPOSED,
    "refused": ClueHappened.RETURNED,
    "failed": ClueHappened.RETURNED,  # somebody else has to try
}
"""What a department's stages mean; every other one says that it has received the clue."""

_FROM_THE_PUBLIC = frozenset({"complaint", "report"})


def is_clue(fact: PublicSaid) -> bool:
    """Whether what somebody said at a terminal is to be looked into."""
    return fact.event in _FROM_THE_PUBLIC


def located(fact: PublicSaid, roster: Roster, premises: Premises | None) -> PublicSaid | None:
    """What somebody said, with the place that they spoke of: as they said, else where the premises stand that
    they named, else where the terminal does; None: nobody knows."""
    if fact.lon is not None:
        return fact
    place = premises or roster.devices[fact.device_id]
    if place.lon is None or place.lat is None:
        return None
    return replace(fact, lon=place.lon, lat=place.lat, grid_id=place.grid_id)


def opened(fact: Clue | PublicSaid, roster: Roster) -> tuple[ClueCase, ClueEvent]:
    """The case of a reported clue, which is placed, and its first event."""
    assert fact.lon is not None and fact.lat is not None
    public = isinstance(fact, PublicSaid)
    case = ClueCase(
        district=fact.district,
        clue_id=clue_id_of(f"{fact.kind}:{fact.device_id}" if public else fact.device_id, fact.ts, fact.id),
        worker_id=None if public else fact.device_id,
        device_id=fact.device_id if public else None,
        ts=fact.ts,
        id=fact.id,
        kind=(fact.about or fact.event) if isinstance(fact, PublicSaid) else fact.clue_kind,
        severity=fact.severity or Severity.GENERAL,
        text=fact.text or "",
        industry=None if isinstance(fact, PublicSaid) else fact.industry,
        premises_id=fact.premises_id,
        lon=fact.lon,
        lat=fact.lat,
        grid_id=fact.grid_id,
        path=roster.paths.get(fact.grid_id or "") or roster.path_of(fact.kind, fact.device_id),
        reported_at=fact.at,
    )
    return case, ClueEvent(
        case.district, case.clue_id, fact.at, ClueHappened.REPORTED, fact.device_id, case.id
    )


def addressed(
    case: ClueCase, steps: Sequence[ClueEvent], words: str, roster: Roster, now: datetime
) -> ClueEvent | None:
    """Whom a clue goes to that nobody has: a department, or, the first time when it is major, the nearest
    command centre, with the department. None where somebody has it, or it is over.

    `case` and `steps` are as replayed; `words` are those of the premises' registration.
    """
    if case.state not in (ClueState.REPORTED, ClueState.RETURNED):
        return None
    day = case.reported_at.astimezone(roster.tz).date()
    chosen = roster.clue_routes.choose(case.kind, case.industry, words, day, case.returned_by)
    # After what it follows from, whatever clock that had.
    at = max([now, *(step.at + timedelta(microseconds=1) for step in steps)])
    last = steps[-1].cause if steps else case.id
    if case.severity is Severity.MAJOR and case.state is ClueState.REPORTED:
        return _called(case, _first_level(case.path), roster, at, last, chosen)
    return routed(case, chosen, roster, at, "rules", last)


def routed(case: ClueCase, chosen: Chosen, roster: Roster, at: datetime, actor: str, cause: str) -> ClueEvent:
    """That a clue goes to a department, with its deadline."""
    details = ClueDetails(
        department_id=chosen.department_id, by=chosen.by, due=_give(roster, Step.CLUE, case.kind, at)
    )
    return _event(case, at, ClueHappened.ROUTED, actor, cause, details)


def escalated(case: ClueCase, roster: Roster, now: datetime) -> ClueEvent | None:
    """The next level's call, when the one before has not answered in time; None if it is not due."""
    above = case.level and case.level.above
    overdue = case.answer_due_at is not None and case.answer_due_at < now
    if case.state is not ClueState.DISPATCHED or above is None or not overdue:
        return None
    return _called(case, above, roster, now, "time")


def replied(
    case: ClueCase, at: datetime, department_id: str, cause: str, stage: str, text: str | None, actor: str
) -> ClueEvent:
    """A department's word about a clue, as `actor` passed it on."""
    details = ClueDetails(department_id=department_id, stage=stage, text=text)
    return _event(case, at, _STAGES.get(stage, ClueHappened.RECEIVED), actor, cause, details)


def handle_id(case: ClueCase) -> str:
    """The id of the order by which the department that has the clue learns of it."""
    assert case.routed_at is not None
    key = f"{case.district}|{case.clue_id}|{case.department_id}|{case.routed_at.isoformat()}"
    return sha256(key.encode()).hexdigest()[:24]


def settlement(case: ClueCase, given: Sequence[ClueEvent], roster: Roster, now: datetime) -> ClueEvent | None:
    """The deadline that was provisional, counted again; None while that gives nothing certain."""
    due = next((event.params.due for event in given if event.at == case.routed_at and event.params.due), None)
    if roster.deadlines is None or due is None or case.routed_at is None or not case.due_provisional:
        return None
    again = roster.deadlines.settle(due, case.routed_at)
    if again == due:
        return None
    cause, details = settles(case.routed_at), ClueDetails(due=again)
    return _event(case, now, ClueHappened.SETTLED, "calendar", cause, details)


def _called(
    case: ClueCase, level: Level, roster: Roster, at: datetime, cause: str, chosen: Chosen | None = None
) -> ClueEvent:
    answer = _give(roster, Step.DISPATCH, case.kind, at)
    details = ClueDetails(
        department_id=chosen.department_id if chosen else case.department_id,
        by=chosen.by if chosen else [],
        due=_give(roster, Step.CLUE, case.kind, at) if chosen else None,
        level=level,
        answer_due=answer.at if answer else None,
    )
    return _event(case, at, ClueHappened.DISPATCHED, "rules", cause, details)


def _first_level(path: str) -> Level:
    """Below a town there is its village; what lies in no unit begins with the city."""
    return (Level.CITY, Level.TOWN)[depth] if (depth := path.count("/")) < 2 else Level.VILLAGE


def _give(roster: Roster, step: Step, kind: str, started: datetime) -> Deadline | None:
    try:
        return roster.deadlines.give(step, kind, started) if roster.deadlines else None
    except ConfigError:
        return None  # a district may have closed its rule: then there is no such deadline


def _event(
    case: ClueCase, at: datetime, kind: ClueHappened, actor: str, cause: str, details: ClueDetails
) -> ClueEvent:
    return ClueEvent(case.district, case.clue_id, at, kind, actor, cause, details)
