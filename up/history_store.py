"""Past lives into the database, through what ingest itself stores tasks and clues with.

Only the indicators' rollup learns nothing of them: `ingest.rollup.count_all` is for when all are there.
"""

from collections.abc import Sequence

import msgspec
import psycopg

from db.connect import Row, fetch
from ingest.casebook import Casebook
from ingest.cluebook import Cluebook
from ingest.domain.clue_replay import replay_clue
from ingest.domain.replay import replay
from ingest.domain.roster import Roster
from ingest.reports import settle_reports
from ingest.store import store_tasks
from simulators.clue_life import ClueLife
from simulators.report_life import ReportLife
from simulators.task_life import TaskLife

Connection = psycopg.Connection[Row]


def store_task_lives(conn: Connection, roster: Roster, lives: Sequence[TaskLife]) -> int:
    """Store tasks, their events and the visits; returns the rows written.

    What is over needs no order any more; of what is open, phones and departments are to learn.
    """
    facts = [fact for life in lives for fact in life.visits]
    # Not `store_facts`: whoever was there a year ago has not been heard of just now.
    fetch(conn, "write/store_inspections", {"rows": _json(facts)})
    after = [replay(life.task, life.events) for life in lives if life.over]
    events = [step.event for one in after for step in one.steps]
    store_tasks(conn, [one.task for one in after], events)
    book = Casebook(conn, roster, ())
    for life in lives:
        if not life.over:
            book.open(life.task, life.events)
    book.store_uncounted()
    owed = sum(any(event.params.department_id for event in life.events) for life in lives)
    return len(facts) + len(lives) + owed + sum(len(life.events) for life in lives)


def store_clue_lives(conn: Connection, roster: Roster, lives: Sequence[ClueLife]) -> int:
    """Store clues, what was done about them, and their events, likewise; returns the rows written."""
    fetch(conn, "write/store_clues", {"rows": _json([life.fact for life in lives])})
    after = [replay_clue(life.case, life.events) for life in lives if life.over]
    rows = {
        "cases": _json([one.case for one in after]),
        "events": _json([step for one in after for step in one.steps]),
    }
    fetch(conn, "write/store_clue_cases", rows)
    book = Cluebook(conn, roster, ())
    for life in lives:
        if not life.over:
            book.open(life.case, life.events[0])
            for event in life.events[1:]:
                book.add(event)
    book.store_uncounted()
    return 2 * len(lives) + sum(len(life.events) for life in lives)


def store_report_lives(conn: Connection, district: int, lives: Sequence[ReportLife]) -> int:
    """Store what the public reported, judged by the stored lives; returns the rows written."""
    rows = [life.row for life in lives]
    fetch(conn, "write/import_public_report", {"district": district, "rows": _json(rows)})
    settle_reports(conn, district, rows)
    return len(rows)


def _json(rows: object) -> str:
    return msgspec.json.encode(rows).decode()
