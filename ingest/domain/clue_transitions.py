"""What each kind of event does to a clue; one that does not fit raises InvalidTransition with its code."""

from collections.abc import Callable

from msgspec.structs import replace

from ingest.contract.errors import InvalidTransition
from ingest.domain.clue import BUREAU, CLUE_OVER, ClueCase, ClueEvent, ClueHappened, ClueState


def _reported(case: ClueCase, event: ClueEvent) -> ClueCase:
    return case


def _routed(case: ClueCase, event: ClueEvent) -> ClueCase:
    _require_open(case)
    if event.params.department_id == case.department_id and case.state is not ClueState.DISPATCHED:
        return case
    return replace(_addressed(case, event), state=ClueState.ROUTED, received_at=None, received_by=None)


def _dispatched(case: ClueCase, event: ClueEvent) -> ClueCase:
    _require_open(case)
    level = event.params.level
    waits = case.state in (ClueState.REPORTED, ClueState.DISPATCHED)
    if level is None or not waits or (case.level and level.rank <= case.level.rank):
        return case  # somebody had answered by then
    if case.state is ClueState.REPORTED:
        case = _addressed(case, event)
    called = {"level": level, "called_at": event.at, "answer_due_at": event.params.answer_due}
    return replace(case, state=ClueState.DISPATCHED, **called)


def _addressed(case: ClueCase, event: ClueEvent) -> ClueCase:
    said = event.params
    return replace(
        case,
        department_id=said.department_id,
        routed_by=said.by,
        routed_at=event.at,
        due_at=said.due.at if said.due else None,
        due_provisional=bool(said.due and said.due.provisional),
        answer_due_at=None,
    )


def _received(case: ClueCase, event: ClueEvent) -> ClueCase:
    _require_theirs(case, event)
    if case.received_at is not None or event.params.stage == "delivered":
        return case  # that a machine has it is no answer
    answered = {"received_at": event.at, "received_by": event.actor}
    return replace(case, state=ClueState.RECEIVED, answer_due_at=None, **answered)


def _returned(case: ClueCase, event: ClueEvent) -> ClueCase:
    _require_theirs(case, event)
    if case.department_id is None or case.department_id == BUREAU:
        raise InvalidTransition("nobody_else")
    return replace(
        case,
        state=ClueState.RETURNED,
        department_id=None,
        due_at=None,
        due_provisional=False,
        answer_due_at=None,
        received_at=None,
        received_by=None,
        returned_by=sorted({*case.returned_by, case.department_id}),
    )


def _disposed(case: ClueCase, event: ClueEvent) -> ClueCase:
    _require_theirs(case, event)
    done = {"disposed_at": event.at, "disposed_by": event.actor, "outcome": event.params.text}
    return replace(case, state=ClueState.DISPOSED, answer_due_at=None, **done)


def _voided(case: ClueCase, event: ClueEvent) -> ClueCase:
    _require_open(case)
    why = event.params.text
    return replace(case, state=ClueState.INVALID, answer_due_at=None, voided_at=event.at, outcome=why)


def _require_open(case: ClueCase) -> None:
    if case.state in CLUE_OVER:
        raise InvalidTransition("after_end")


def _require_theirs(case: ClueCase, event: ClueEvent) -> None:
    """Whoever answers must have been told: the department that has it, or a command centre."""
    _require_open(case)
    if case.state is ClueState.REPORTED:
        raise InvalidTransition("not_routed")
    department_id = event.params.department_id
    if department_id is None and case.level is None:
        raise InvalidTransition("not_dispatched")
    if department_id is not None and department_id != case.department_id:
        raise InvalidTransition("wrong_department")
    if department_id is None and case.state is ClueState.RETURNED:
        raise InvalidTransition("not_routed")


TAKE: dict[ClueHappened, Callable[[ClueCase, ClueEvent], ClueCase]] = {
    ClueHappened.REPORTED: _reported,
    ClueHappened.ROUTED: _routed,
    ClueHappened.DISPATCHED: _dispatched,
    ClueHappened.RECEIVED: _received,
    ClueHappened.RETURNED: _returned,
    ClueHappened.DISPOSED: _disposed,
    ClueHappened.VOIDED: _voided,
    ClueHappened.SETTLED: _reported,  # the deadline is looked up at the end
}
