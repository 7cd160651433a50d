"""Orders about clues: each lets one thing happen to its clue, at the moment at which it was placed."""

from collections.abc import Sequence
from datetime import datetime

import psycopg

from db.connect import Row
from ingest.cluebook import Cluebook
from ingest.contract.errors import InvalidTransition
from ingest.contract.orders import AnswerClue, ClueOrder, ReplyClue, RouteClue, VoidClue
from ingest.domain.clue import BUREAU, ClueCase, ClueDetails, ClueEvent, ClueHappened
from ingest.domain.clue_route import Chosen
from ingest.domain.clue_steps import replied, routed
from ingest.domain.roster import Roster


def carry_out_clue_orders(
    conn: psycopg.Connection[Row], roster: Roster, orders: Sequence[tuple[Row, ClueOrder]], now: datetime
) -> dict[str, str]:
    """Carry out the orders in their sequence; returns why some were refused, by command id."""
    refused: dict[str, str] = {}
    book = Cluebook(conn, roster, (order.clue_id for _, order in orders))
    for command, order in orders:
        try:
            if order.clue_id not in book:
                raise InvalidTransition("unknown_clue")
            book.decree(_event(book.case(order.clue_id), order, command, roster))
            book.address(now)  # what was sent back goes to somebody else at once
        except InvalidTransition as refusal:
            refused[command["command_id"]] = str(refusal)
    book.store()
    return refused


def _event(case: ClueCase, order: ClueOrder, command: Row, roster: Roster) -> ClueEvent:
    at, actor, cause = command["queued_at"], command["actor"], command["command_id"]
    match order:
        case RouteClue():
            if order.department_id not in {BUREAU, *roster.clue_routes.departments}:
                raise InvalidTransition("unknown_department")
            return routed(case, Chosen(order.department_id, ["hand"]), roster, at, actor, cause)
        case ReplyClue():
            return replied(case, at, order.department_id, cause, order.stage, order.text, actor)
        case AnswerClue():
            kind, details = ClueHappened.RECEIVED, ClueDetails()
        case VoidClue():
            kind, details = ClueHappened.VOIDED, ClueDetails(text=order.reason)
    return ClueEvent(case.district, case.clue_id, at, kind, actor, cause, details)
