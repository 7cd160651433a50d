"""``python -m bench.rules``: what rules of time cost a second in a city, and a storm of alerts at once."""

import argparse
import os
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from bench.command import command
from bench.figures import Result, short
from bench.house import House, say
from db.connect import INGEST, Row, connect
from ingest.alerts import Rule, judge, rules
from ingest.contract.messages import Severity
from ingest.domain.alert import Alert, Cleared
from ingest.domain.roster import Roster
from ingest.incidents import store_alerts
from ingest.snapshots import load_roster
from ingest.watch import watch

ROUNDS = 20
STORM = 10_000
_FILL = Path(__file__).with_suffix(".sql")


def run(at: House, given: argparse.Namespace) -> Result:
    """Milliseconds of CPU that each rule's turn takes, ours and the database session's, in the mean; all of
    them a second; and what a storm takes to be stored, to be told again, and to be cleared."""
    say("filling the district")
    at.database.execute(f"SELECT set_config('bench.scale', '{given.scale}', false)")
    at.database.execute(_FILL.read_text("utf-8"))
    at.database.execute("VACUUM ANALYZE")
    with connect(at.database.url, INGEST) as conn:
        roster, now = load_roster(conn, at.district.code), datetime.now(UTC)
        say("asking the rules")
        turns = {
            name: _turn_ms(conn, roster, rule, now)
            for name, rule in rules().items()
            if rule.watch is not None
        }
        a_second = sum(
            ms / rule.watch.every_s
            for name, rule in rules().items()
            if (ms := turns.get(name)) and rule.watch
        )
        say("raising a storm")
        storm = _storm_ms(conn, roster, now)
        conn.rollback()
    whole = {"workers": len(roster.workers), "devices": len(roster.devices)}
    return {**whole, "turn_cpu_ms": turns, "a_second_cpu_ms": short(a_second), "storm_ms": storm}


def _turn_ms(conn: psycopg.Connection[Row], roster: Roster, rule: Rule, now: datetime) -> float:
    """What a turn takes once what was to be said has been."""
    assert rule.watch is not None
    since = now - timedelta(days=1)
    said = judge(watch(conn, roster, since, now, [rule]), (), now, [rule])
    store_alerts(conn, roster, said, now)
    before = _cpu_s(conn)
    for number in range(1, ROUNDS + 1):
        then = now + timedelta(seconds=number * rule.watch.every_s)
        judge(watch(conn, roster, since, then, [rule]), (), then, [rule])
    return short((_cpu_s(conn) - before) * 1000 / ROUNDS)


def _storm_ms(conn: psycopg.Connection[Row], roster: Roster, now: datetime) -> dict[str, float]:
    raised = [
        Alert(roster.district, "fire", f"device:S{n}", Severity.MAJOR, now, str(roster.district))
        for n in range(STORM)
    ]
    cleared = [Cleared(roster.district, "fire", alert.subject, now) for alert in raised]
    took = {}
    for name, said in (("raised", raised), ("again", raised), ("cleared", cleared)):
        began = time.perf_counter()
        store_alerts(conn, roster, said, now)
        took[name] = short((time.perf_counter() - began) * 1000)
    return took


def _cpu_s(conn: psycopg.Connection[Row]) -> float:
    """Of this process and, where it is on this machine, of the session that serves it."""
    found = Path(f"/proc/{conn.info.backend_pid}/schedstat")
    on_this_machine = found.exists() and not os.environ.get("GRIDWARD_TEST_DATABASE_URL")
    return time.process_time() + (int(found.read_text().split()[0]) / 1e9 if on_this_machine else 0.0)


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--scale", type=float, default=1.0, help="of a city's facts (default %(default)s)")


if __name__ == "__main__":
    sys.exit(command("rules", __doc__, _options, run))
