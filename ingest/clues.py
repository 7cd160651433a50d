"""Clues learn of new messages and of the time that has passed."""

from collections.abc import Sequence
from datetime import datetime

import psycopg

from db.connect import Row, fetch
from ingest.cluebook import Cluebook
from ingest.contract.errors import DecodeError
from ingest.contract.messages import Severity
from ingest.domain.clue import ClueCase, clue_id_of
from ingest.domain.clue_steps import handle_id, opened, replied
from ingest.domain.facts import Clue, DepartmentReplied, Fact
from ingest.domain.roster import Roster
from ingest.store import Answer, store_replies

Connection = psycopg.Connection[Row]

AT_ONCE = 500
"""Clues that time may change in one transaction; more wait for the next."""


def advance_clues(
    conn: Connection, roster: Roster, fresh: Sequence[Fact], now: datetime
) -> tuple[list[ClueCase], list[tuple[Fact, DecodeError]]]:
    """Let the clues learn of new facts; returns the major ones among those that changed, and the facts that
    speak of a clue which there is not.
    """
    reported = [fact for fact in fresh if isinstance(fact, Clue)]
    told = [(fact.clue_id, fact) for fact in fresh if isinstance(fact, DepartmentReplied) and fact.clue_id]
    if not reported and not told:
        return [], []
    ids = [clue_id_of(fact.device_id, fact.ts, fact.id) for fact in reported]
    book = Cluebook(conn, roster, [*ids, *(clue_id for clue_id, _ in told)])
    for fact in reported:
        book.open(*opened(fact, roster))
    book.address(now)
    orphans: list[tuple[Fact, DecodeError]] = []
    answers: list[Answer] = []
    for clue_id, reply in told:
        if clue_id in book:
            case = book.case(clue_id)
            if case.department_id == reply.device_id and case.routed_at is not None:
                answers.append(Answer(handle_id(case), reply.stage, reply.at, reply.text))
            said = (reply.at, reply.device_id, reply.id, reply.stage, reply.text, reply.device_id)
            if not book.add(replied(case, *said)):
                orphans.append((reply, DecodeError("too_many_events", clue_id)))
        else:
            orphans.append((reply, DecodeError("unknown_clue", clue_id)))
    book.address(now)
    store_replies(conn, roster.district, answers)
    return [case for case in book.store() if case.severity is Severity.MAJOR], orphans


def call_clues(conn: Connection, roster: Roster, now: datetime) -> None:
    """What time brings about: those that nobody has are routed, those unanswered go to the next level."""
    key = {"district": roster.district, "now": now, "limit": AT_ONCE}
    waiting = [row["clue_id"] for row in fetch(conn, "write/watch_clues", key)]
    if waiting:
        book = Cluebook(conn, roster, waiting)
        book.address(now)
        book.escalate(now)
        book.store()


def settle_clues(conn: Connection, roster: Roster, now: datetime, after: str = "") -> str | None:
    """Count again the deadlines that were provisional and need not be any more, of some clues after `after`.

    Returns the last of these clues, after which to go on, or None when there are no more.
    """
    key = {"district": roster.district, "after": after, "limit": AT_ONCE}
    with conn.transaction():
        waiting = [row["clue_id"] for row in fetch(conn, "write/watch_provisional_clues", key)]
        if waiting:
            book = Cluebook(conn, roster, waiting)
            book.settle(now)
            book.store()
    return waiting[-1] if len(waiting) == AT_ONCE else None
