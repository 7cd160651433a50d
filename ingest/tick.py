"""What time alone brings about: the rules that wait, about every second."""

from datetime import datetime

import psycopg

from db.connect import Row
from ingest.alerts import judge
from ingest.domain.roster import Roster
from ingest.snapshots import load_watch
from ingest.store import store_alerts


def tick(conn: psycopg.Connection[Row], roster: Roster, listening_since: datetime, now: datetime) -> None:
    """Judge the district as it stands now and store what the rules say, in one transaction."""
    with conn.transaction():
        snapshot = load_watch(conn, roster, listening_since)
        store_alerts(conn, judge(snapshot, (), now))
