"""Clues learn of new messages and of the time that has passed."""

from collections.abc import Sequence
from datetime import datetime

import psycopg

from db.connect import Row, fetch
from ingest.cluebook import Cluebook
from ingest.contract.errors import DecodeError
from ingest.contract.messages import Severity
from ingest.domain.clue import ClueCase
from ingest.domain.clue_steps import handle_id, is_clue, located, opened, replied
from ingest.domain.facts import Clue, DepartmentReplied, Fact, PublicSaid, of_kind
from ingest.domain.roster import Roster
from ingest.snapshots import load_premises
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
    reported, orphans = _reported(conn, roster, fresh)
    told = [(fact.clue_id, fact) for fact in fresh if isinstance(fact, DepartmentReplied) and fact.clue_id]
    if not reported and not told:
        return [], orphans
    cases = [opened(fact, roster) for fact in reported]
    book = Cluebook(conn, roster, [*(case.clue_id for case, _ in cases), *(clue_id for clue_id, _ in told)])
    for case, first in cases:
        book.open(case, first)
    book.address(now)
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


def _reported(
    conn: Connection, roster: Roster, fresh: Sequence[Fact]
) -> tuple[list[Clue | PublicSaid], list[tuple[Fact, DecodeError]]]:
    """What workers reported, and the public, each with its place; and what has none."""
    found: list[Clue | PublicSaid] = list(of_kind(Clue, fresh))
    orphans: list[tuple[Fact, DecodeError]] = []
    said = [fact for fact in of_kind(PublicSaid, fresh) if is_clue(fact)]
    named = [fact.premises_id for fact in said if fact.premises_id and fact.lon is None]
    premises = load_premises(conn, roster.district, named) if named else {}
    for fact in said:
        if (placed := located(fact, roster, premises.get(fact.premises_id or ""))) is not None:
            found.append(placed)
        else:
            orphans.append((fact, DecodeError("no_place", f"{fact.kind}/{fact.device_id}")))
    return found, orphans


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
