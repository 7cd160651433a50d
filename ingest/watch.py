"""What the rules of time look at: each rule's candidates, by its own query, when its turn comes."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zlib import crc32

import msgspec
import psycopg

from db.connect import Row, fetch
from ingest.alerts import Rule, rules
from ingest.domain.alert import Snapshot
from ingest.domain.roster import Roster

Connection = psycopg.Connection[Row]


class Rounds:
    """Whose turn it is. Rules that are asked every so many seconds are not all asked in the same one."""

    def __init__(self) -> None:
        self._turns: dict[tuple[int, str], int] = {}
        self._looked: dict[tuple[int, str], datetime] = {}

    def due(self, district: int, now: datetime) -> list[Rule]:
        """The rules whose turn has come since the last call, and those that watch nothing."""
        found = []
        for rule in rules().values():
            turn = _turn(rule, now)
            if self._turns.get((district, rule.name)) != turn:
                self._turns[district, rule.name] = turn
                found.append(rule)
        return found

    def is_time(self, district: int, what: str, every_s: float, now: datetime) -> bool:
        """Whether `what` has not been looked at for so long; then it is looked at now."""
        last = self._looked.get((district, what))
        if last is not None and (now - last).total_seconds() < every_s:
            return False
        self._looked[district, what] = now
        return True


def _turn(rule: Rule, now: datetime) -> int:
    """The number of the turn in which `now` lies, among all since 1970."""
    every_s = rule.watch.every_s if rule.watch else 1
    return int(now.timestamp() + crc32(rule.name.encode()) % every_s) // every_s


def watch(
    conn: Connection, roster: Roster, listening_since: datetime, now: datetime, due: Sequence[Rule]
) -> Snapshot:
    """The candidates of the rules that are `due`; how far those that look once have looked is noted."""
    watched: dict[type[msgspec.Struct], list[Any]] = defaultdict(list)
    marks = {row["rule"]: row for row in fetch(conn, "write/load_marks", {"district": roster.district})}
    for rule in due:
        if rule.watch is not None:
            asked = _asked(rule, roster, now) | {"listening_since": listening_since}
            if rule.watch.once:
                asked |= _look(conn, rule, roster, now, marks.get(rule.name))
            rows = fetch(conn, f"watch/{rule.watch.query or rule.name}", asked)
            watched[rule.watch.row] += [msgspec.convert(row, rule.watch.row) for row in rows]
    return Snapshot(
        roster=roster,
        listening_since=listening_since,
        watched={row: tuple(found) for row, found in watched.items()},
    )


def _asked(rule: Rule, roster: Roster, now: datetime) -> Row:
    """What a rule's query is given: its parameters as they are now, among others."""
    values = {parameter.short: roster.thresholds.value(parameter, now) for parameter in rule.parameters}
    return {"district": roster.district, "rule": rule.name, "now": now, "turn": _turn(rule, now), **values}


def _look(conn: Connection, rule: Rule, roster: Roster, now: datetime, mark: Row | None) -> Row:
    """From when until when a rule looks at what came, by our clock, and so has looked from now on.

    At first, and when one of its thresholds has changed, it looks back as far as it says.
    """
    assert rule.watch is not None
    until = now - roster.thresholds.span(rule.watch.behind, now) if rule.watch.behind else now
    anew = mark is None or roster.thresholds.changed(rule.name, mark["looked_at"], now)
    since = until - rule.watch.reach if mark is None or anew else mark["until"]
    told = {"since": since, "until": max(since, until)}
    key = {"district": roster.district, "rule": rule.name, "now": now}
    fetch(conn, "write/set_mark", key | {"until": told["until"]})
    return told
