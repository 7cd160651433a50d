"""All of ingest but its threads, on a connection whose work is undone after the test; time is an argument."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import psycopg

from db.connect import Row
from ingest.alerts import Rule, judge, rules
from ingest.contract.delivery import Delivery
from ingest.contract.orders import Order
from ingest.courier import carry_out
from ingest.decoders import decode_all, decoders
from ingest.incidents import store_alerts
from ingest.pipeline import Pipeline
from ingest.snapshots import load_roster
from ingest.store import prepare
from ingest.tick import tick
from ingest.watch import Rounds, watch
from tests import tiny

NOW = datetime.now(UTC).replace(microsecond=0)

decoders()
rules()


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


class Room:
    """The tiny district at minutes after `NOW`: messages come, orders are placed, time passes."""

    def __init__(self, conn: psycopg.Connection[Row], data: Path) -> None:
        self.conn, self._count, self._now = conn, 0, NOW
        prepare(conn)
        rosters = {tiny.DISTRICT: load_roster(conn, tiny.DISTRICT)}
        self.pipeline = Pipeline(
            conn, data, rosters, NOW - timedelta(days=1), lambda: rosters, clock=lambda: self._now
        )

    def hear(self, topic: str, minute: float, data: Any, *, came: float | None = None, **said: Any) -> str:
        """A message about that minute, which came then or at another (`came`); its id."""
        self._count += 1
        ts = round((NOW + minutes(minute)).timestamp() * 1000)
        body = {"id": f"m{self._count}", "ts": ts, "data": data, **said}
        self._deliver(topic, body, minute if came is None else came)
        return str(body["id"])

    def state(self, topic: str, minute: float, **said: Any) -> None:
        """A device's state, which bears no envelope."""
        self._deliver(f"{topic}/state", {"online": True, **said}, minute)

    def _deliver(self, topic: str, body: Any, minute: float) -> None:
        name, at = f"gw/v1/{tiny.DISTRICT}/{topic}", NOW + minutes(minute)
        delivery = Delivery(name, msgspec.json.encode(body), 1, False, False, 1, 1, at, True)
        self._now = at
        self.pipeline.take(decode_all([delivery]))

    def ping(self, minute: float, worker: str = "W1", lon: float = 118.005, **data: Any) -> None:
        self.hear(f"worker/{worker}/gps", minute, {"lon": lon, "lat": 24.605, **data})

    def duty(self, minute: float, on: bool, worker: str = "W1") -> None:
        self.hear(f"worker/{worker}/duty", minute, {"on": on})

    def visit(self, minute: float, result: str = "abnormal", premises: str = "P1", **data: Any) -> str:
        at = round((NOW + minutes(minute)).timestamp() * 1000)
        item = {"item": "消防通道", "answer": "堵塞", "severity": "serious"}
        body = {"premises_id": premises, "started": at - 60_000, "ended": at, "lon": 118.005, "lat": 24.605}
        body |= {"result": result, "items": [item] if result == "abnormal" else []}
        return self.hear("worker/W1/inspection", minute, body | data)

    def order(self, order: Order, minute: float = 0) -> tuple[str, str | None]:
        """Place and carry out; how it ended, and why it was refused."""
        self._count += 1
        at = NOW + minutes(minute)
        row = {"id": f"c{self._count}", "payload": msgspec.json.encode(order).decode(), "at": at}
        self.conn.execute(
            "INSERT INTO command (district, command_id, kind, payload, actor, queued_at) VALUES "
            f"({tiny.DISTRICT}, %(id)s, 'x', %(payload)s, 'operator', %(at)s)".encode(),
            row,
        )
        carry_out(self.conn, self.pipeline.rosters[tiny.DISTRICT], at)
        (ended,) = self.rows(f"SELECT state, reason FROM command WHERE command_id = 'c{self._count}'")
        return ended[0], ended[1]

    def refresh(self) -> None:
        """Learn of changed rows, as a running ingest does when it is told."""
        self.pipeline.rosters = {tiny.DISTRICT: load_roster(self.conn, tiny.DISTRICT)}

    def tick(self, minute: float, rounds: Rounds | None = None) -> None:
        roster = self.pipeline.rosters[tiny.DISTRICT]
        tick(self.conn, roster, self.pipeline.listening_since, NOW + minutes(minute), rounds)

    def ask(self, among: list[Rule], minute: float) -> None:
        """Only these rules, at that minute."""
        roster, now = self.pipeline.rosters[tiny.DISTRICT], NOW + minutes(minute)
        snapshot = watch(self.conn, roster, self.pipeline.listening_since, now, among)
        store_alerts(self.conn, roster, judge(snapshot, (), now, among), now)

    def rows(self, sql: str) -> list[Any]:
        return [tuple(row.values()) for row in self.conn.execute(sql.encode())]

    def open(self, rule: str) -> list[str]:
        """The subjects of the rule's open alerts."""
        found = self.rows(
            f"SELECT subject FROM alert WHERE rule = '{rule}' AND cleared_at IS NULL ORDER BY 1"
        )
        return [subject for (subject,) in found]

    def raised(self, rule: str) -> int:
        """How often the rule has rung."""
        return int(self.rows(f"SELECT count(*) FROM alert WHERE rule = '{rule}'")[0][0])
