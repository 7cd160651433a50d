"""What devices sent and what the broker acknowledged, held against what the database has, row by row."""

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psycopg

from ingest.domain.photo import photo_path
from tests.chaos.traffic import Message

Row = tuple[str, str, str]
"""(table, device, id)"""

# A photo's id is its hash; every other fact carries the message's own.
_STORED = """
SELECT 'ping', worker_id, id FROM ping
UNION ALL SELECT 'inspection', worker_id, id FROM inspection
UNION ALL SELECT 'clue', worker_id, id FROM clue
UNION ALL SELECT 'device_event', device_id, id FROM device_event
UNION ALL SELECT 'receipt', device_id, id FROM receipt
UNION ALL SELECT 'photo', worker_id, sha256 FROM photo
"""
_HOURS_APART = """
SELECT worker_id, hour::text, counted, facts.inside, pings, rolled.inside
FROM (SELECT worker_id, date_trunc('hour', at) AS hour, count(*) AS counted,
             count(*) FILTER (WHERE in_own_grid) AS inside
      FROM ping GROUP BY 1, 2) facts
FULL JOIN (SELECT worker_id, hour, pings, inside FROM ping_hourly) rolled USING (worker_id, hour)
WHERE (counted, facts.inside) IS DISTINCT FROM (pings, rolled.inside)
"""
_LAST_APART = """
SELECT worker_id, max(p.at)::text, min(w.at)::text
FROM ping p LEFT JOIN worker_state w USING (worker_id)
GROUP BY 1 HAVING max(p.at) IS DISTINCT FROM min(w.at)
"""
_STEPS = "SELECT task_id, event, state, cause FROM task_event WHERE event NOT IN ('launched', 'assigned') "
_STEPS += "AND coalesce(irregular, 'by_colleague') = 'by_colleague'"
# A bad visit counted twice would be rework; the traffic has none.
_TASKS = "SELECT task_id, state, rework FROM task WHERE state NOT IN ('launched', 'assigned')"
_ALERTS = """
SELECT e.event, a.rule, a.subject
FROM alert_event e JOIN alert a USING (district, alert_id)
WHERE a.rule IN ('bodycam_sos', 'hazard_found') AND e.state IS NULL  -- what is no step of an incident
"""
_STATES = "SELECT device_id, battery::integer FROM device_state WHERE battery IS NOT NULL"
_REJECTS = "SELECT topic, reason FROM rejected_message"


class Acknowledged(NamedTuple):
    """A message and the instant (seconds since the epoch) at which its sender saw it acknowledged."""

    message: Message
    at: float


class Ledger:
    """The senders' side; filled by publishers, which may run in threads of their own."""

    def __init__(self) -> None:
        self.sent: dict[str, Message] = {}
        self.acknowledged: dict[str, Acknowledged] = {}
        self.repeats = 0

    def note_sent(self, message: Message) -> None:
        """To be noted before it is on the wire; a second time is a repeat."""
        self.repeats += message.id in self.sent
        self.sent[message.id] = message

    def note_acknowledged(self, message: Message) -> None:
        self.acknowledged.setdefault(message.id, Acknowledged(message, time.time()))

    def lost(self, conn: psycopg.Connection[Any]) -> list[Acknowledged]:
        """What was acknowledged and is not stored, in the order of acknowledgement."""
        stored = set(rows(conn))
        facts = [one for one in list(self.acknowledged.values()) if one.message.row]
        return [one for one in facts if one.message.row not in stored]

    def forget(self, lost: list[Acknowledged]) -> None:
        """Take out what the broker has lost, so that the rest can be compared."""
        for one in lost:
            del self.sent[one.message.id]

    def complaints(self, conn: psycopg.Connection[Any], data: Path) -> list[str]:
        """All in which the database differs from what was acknowledged, a line each; none when it agrees.

        For a ledger whose messages all are acknowledged, each device's in the order of sending.
        """
        return [*self._rows_apart(conn), *self._decisions_apart(conn), *self._states_apart(conn, data)]

    def line(self) -> str:
        """The ledger in figures."""
        streams = Counter(message.stream for message in self.sent.values())
        told = ", ".join(f"{count} {stream}" for stream, count in streams.most_common())
        return f"{len(self.acknowledged)} of {len(self.sent)} acknowledged, {self.repeats} repeats: {told}"

    def _rows_apart(self, conn: psycopg.Connection[Any]) -> Iterator[str]:
        expected = Counter(message.row for message in self.sent.values() if message.row)
        yield from _apart("row", expected, Counter(rows(conn)))
        yield from (f"rejected: {row}" for row in conn.execute(_REJECTS))

    def _decisions_apart(self, conn: psycopg.Connection[Any]) -> Iterator[str]:
        steps = Counter(message.step for message in self.sent.values() if message.step)
        yield from _apart("task_event", steps, Counter(conn.execute(_STEPS)))
        stand = {task: (task, state, 0) for task, _, state, _ in steps}
        yield from _apart("task", Counter(stand.values()), Counter(conn.execute(_TASKS)))
        alerts = Counter(message.alert for message in self.sent.values() if message.alert)
        yield from _apart("alert_event", alerts, Counter(conn.execute(_ALERTS)))

    def _states_apart(self, conn: psycopg.Connection[Any], data: Path) -> Iterator[str]:
        yield from (f"ping_hourly: {row}" for row in conn.execute(_HOURS_APART))
        yield from (f"worker_state: {row}" for row in conn.execute(_LAST_APART))
        batteries = {m.device: m.battery for m in self.sent.values() if m.battery is not None}
        stored = dict(conn.execute(_STATES).fetchall())
        yield from (f"device_state: {row}" for row in batteries.items() ^ stored.items())
        for message in self.sent.values():
            if message.stream == "photo" and not photo_path(data, message.id).exists():
                yield f"photo: {message.id} is not on disk"


def rows(conn: psycopg.Connection[Any]) -> list[Row]:
    """All facts that are stored; one that were stored twice would be in it twice."""
    return conn.execute(_STORED).fetchall()


def _apart(what: str, expected: Counter[Any], found: Counter[Any]) -> Iterator[str]:
    yield from (f"{what} lost: {key} ({count} times)" for key, count in (expected - found).items())
    yield from (f"{what} too many: {key} ({count} times)" for key, count in (found - expected).items())
