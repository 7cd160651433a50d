"""Orders that nobody answers: how long they are sent again, and when they are given up."""

from datetime import datetime, timedelta

import psycopg

from db.connect import Row, fetch
from ingest.casebook import Casebook
from ingest.domain.roster import Roster
from ingest.domain.steps import unanswered

TRIES = 5
"""How often an order goes down to somebody who is there: at once, then after 1, 4, 9 and 16 minutes."""
PATIENCE = timedelta(minutes=25)
"""After the last try, until the order is given up."""
AWAY = timedelta(hours=24)
"""After it was sent to a phone that has not been there since, until the order is given up, too. When the
phone is back it goes down again all the same."""
AT_ONCE = 500


def give_up(conn: psycopg.Connection[Row], roster: Roster, now: datetime) -> None:
    """Let the orders expire whose time is over; their tasks learn of it. A late answer still counts. Those
    that are no longer due are withdrawn.
    """
    key = {"district": roster.district, "now": now, "tries": TRIES, "limit": AT_ONCE}
    expired = fetch(conn, "write/expire_orders", {**key, "patience": PATIENCE, "away": AWAY})
    if expired:
        book = Casebook(conn, roster, (order["task_id"] for order in expired))
        for order in expired:
            if (task_id := order.pop("task_id")) in book:
                cause = order.pop("order_id")
                book.add(unanswered(book.task(task_id), now, **order, cause=cause))
        book.store()
    fetch(conn, "write/withdraw_orders", {"district": roster.district})
