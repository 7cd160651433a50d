"""Orders that nobody answers: how long they are sent again, and when they are given up.

What is to be done at once (an act) has minutes for it, what a task or a clue asks has a day.
"""

from datetime import datetime, timedelta

import psycopg

from db.connect import Row, fetch
from ingest.casebook import Casebook
from ingest.domain.acts import PATIENCE as ACT_PATIENCE
from ingest.domain.roster import Roster
from ingest.domain.steps import unanswered

EVERY_S = 10
"""How often orders about tasks and clues are looked for that nobody answers: there may be very many."""
TRIES = 5
"""How often such an order goes down to somebody who is there: at once, then after 1, 4, 9 and 16 minutes."""
PATIENCE = timedelta(minutes=25)
"""After the last try, until the order is given up."""
AWAY = timedelta(hours=24)
"""After it was sent to a phone that has not been there since, until the order is given up, too. When the
phone is back it goes down again all the same."""
AT_ONCE = 500
AGAIN = timedelta(seconds=20)
"""An act that is not answered goes down again so often, until its time is over."""

Connection = psycopg.Connection[Row]


def give_up(conn: Connection, roster: Roster, now: datetime) -> None:
    """Let the orders expire whose time is over; their tasks learn of it. A late answer still counts. Those
    that are no longer due are withdrawn, the others sent again.
    """
    key = {"district": roster.district, "tries": TRIES, "limit": AT_ONCE}
    fetch(conn, "write/retry_orders", key)
    expired = fetch(conn, "write/expire_orders", {**key, "now": now, "patience": PATIENCE, "away": AWAY})
    if expired:
        book = Casebook(conn, roster, (order["task_id"] for order in expired))
        for order in expired:
            if (task_id := order.pop("task_id")) in book:
                cause = order.pop("order_id")
                book.add(unanswered(book.task(task_id), now, **order, cause=cause))
        book.store()
    fetch(conn, "write/withdraw_orders", {"district": roster.district})


def give_up_acts(conn: Connection, roster: Roster, now: datetime) -> None:
    """Let the acts expire until which nobody has answered in time, and send the others again."""
    key = {"district": roster.district, "now": now}
    fetch(conn, "write/expire_acts", key)
    fetch(conn, "write/retry_acts", {**key, "again": AGAIN})


def withdraw_acts(conn: Connection, roster: Roster, now: datetime) -> None:
    """Withdraw the acts whose incident is over, or goes on without whom they are for."""
    until = now + roster.thresholds.span(ACT_PATIENCE, now)
    fetch(conn, "write/withdraw_acts", {"district": roster.district, "now": now, "until": until})
