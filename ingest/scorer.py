"""Scores are counted beside the lane: what changed, and what is not over."""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from threading import Event

from ingest.beside import Beside, Connection
from ingest.domain.roster import Roster
from ingest.scores import count, due, forget

log = logging.getLogger(__name__)

EVERY_S = 60
REST = 10
"""What takes long is done less often: a rest is so many times as long as the round before it."""
TOLD = 50
"""Periods between two lines in the log: a first start has years to count."""


def scorer(url: str, rosters: Callable[[], Mapping[int, Roster]]) -> Beside:
    """Counts the scores of the districts whose `rosters` it is given, as they are then."""

    def work(conn: Connection, stopping: Event) -> None:
        for roster in rosters().values():
            _count(conn, roster, stopping)

    return Beside(url, "counting scores", work, lambda took: max(EVERY_S - took, REST * took))


def _count(conn: Connection, roster: Roster, stopping: Event) -> None:
    todo = due(conn, roster, datetime.now(UTC))
    for number, period in enumerate(todo.periods):
        if stopping.is_set():
            return
        if number and number % TOLD == 0:
            left = len(todo.periods) - number
            log.info("counting scores", extra={"district": roster.district, "periods_left": left})
        count(conn, roster, period, datetime.now(UTC))
    forget(conn, roster, todo.marks)
