"""What time alone brings about: alerts that wait, incidents nobody minds, orders given up, re-checks due,
deadlines that can be settled.
"""

from datetime import datetime

import psycopg

from db.connect import Row, fetch
from ingest.alerts import judge
from ingest.casebook import Casebook
from ingest.clues import call_clues
from ingest.domain.roster import Roster
from ingest.domain.steps import recheck_due, settlements
from ingest.incidents import mind_incidents, store_alerts
from ingest.silence import EVERY_S, give_up, give_up_acts
from ingest.watch import Rounds, watch

AT_ONCE = 500
"""Tasks that time may change in one transaction; more wait for the next."""

Connection = psycopg.Connection[Row]


def tick(
    conn: Connection, roster: Roster, listening_since: datetime, now: datetime, rounds: Rounds | None = None
) -> None:
    """Judge the district as it stands now and store what the rules say, in one transaction.

    `rounds` says whose turn it is; left out, all rules are asked.
    """
    rounds = rounds or Rounds()
    due = rounds.due(roster.district, now)
    with conn.transaction():
        call_clues(conn, roster, now)
        give_up_acts(conn, roster, now)
        if rounds.is_time(roster.district, "silence", EVERY_S, now):
            give_up(conn, roster, now)
        snapshot = watch(conn, roster, listening_since, now, due)
        store_alerts(conn, roster, judge(snapshot, (), now, due), now)
        mind_incidents(conn, roster, now)
        _call_rechecks(conn, roster, now)


def _call_rechecks(conn: Connection, roster: Roster, now: datetime) -> None:
    """Tasks whose time to put it right is over are to be visited again."""
    key = {"district": roster.district, "now": now, "limit": AT_ONCE}
    over = [row["task_id"] for row in fetch(conn, "write/watch_rectified", key)]
    if over:
        book = Casebook(conn, roster, over)
        for task_id in over:
            book.add(recheck_due(book.standing(task_id)))
        book.store()


def settle(conn: Connection, roster: Roster, now: datetime, after: str = "") -> str | None:
    """Count again the deadlines that were provisional and need not be any more, of some tasks after `after`.

    Returns the last of these tasks, after which to go on, or None when there are no more.
    """
    key = {"district": roster.district, "after": after, "limit": AT_ONCE}
    with conn.transaction():
        waiting = [row["task_id"] for row in fetch(conn, "write/watch_provisional", key)]
        if waiting:
            book = Casebook(conn, roster, waiting)
            for event in settlements(book.events(), roster, now):
                book.add(event)
            book.store()
    return waiting[-1] if len(waiting) == AT_ONCE else None
