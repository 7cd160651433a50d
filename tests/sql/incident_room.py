"""All of ingest but its threads, on a connection, in a district whose bodycams ring and whose people go."""

from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import psycopg

from db.connect import Row
from ingest.alerts import rules
from ingest.contract.delivery import Delivery
from ingest.contract.messages import Severity
from ingest.contract.orders import DispatchIncident, Order, Target
from ingest.courier import carry_out
from ingest.decoders import decode_all, decoders
from ingest.domain.alert import Alert
from ingest.incidents import mind_incidents, store_alerts
from ingest.pipeline import Pipeline
from ingest.snapshots import load_roster
from ingest.store import prepare
from tests import tiny

NOW = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
"""Ahead of the wall's clock, by which incidents open: all that is told happens after that, however long the
tests take."""
MINUTE = timedelta(minutes=1)
WORKERS = tiny.FILES["workers.csv"] + "F2,中队长,Zhong Dui,officer,G1;G2\nF3,二段长,Er Duan,officer,G2\n"

decoders()
rules()


class Room:
    """All times are minutes after NOW."""

    def __init__(self, conn: psycopg.Connection[Row], data: Path) -> None:
        self.conn, self._numbers = conn, count(1)
        prepare(conn)
        carry_out(conn, load_roster(conn, tiny.DISTRICT), NOW)
        self.roster = load_roster(conn, tiny.DISTRICT)
        rosters = {tiny.DISTRICT: self.roster}
        self.pipeline = Pipeline(conn, data, rosters, NOW - timedelta(days=1), lambda: rosters)

    def hear(self, stream: str, data: dict[str, Any], minute: float = 0, id: str = "") -> str:  # noqa: A002
        """A message, taken; its id."""
        number = id or f"m{next(self._numbers)}"
        at = ms(NOW + minute * MINUTE)
        body = {"id": number, "ts": at, "sent": at, "data": data}
        received_at = NOW + minute * MINUTE
        topic, payload = f"gw/v1/{tiny.DISTRICT}/{stream}", msgspec.json.encode(body)
        delivery = Delivery(topic, payload, 1, False, False, 1, 1, received_at, True)
        self.pipeline.take(decode_all([delivery]))
        return number

    def sos(self, minute: float = 0, device: str = "B1", event: str = "sos") -> str:
        """Somebody presses, at the place of G1; the newest incident."""
        self.hear(f"bodycam/{device}/event", {"event": event, "lon": 118.005, "lat": 24.605}, minute)
        found = self.rows("SELECT incident_id FROM incident ORDER BY raised_at DESC, incident_id LIMIT 1")
        return str(found[0][0])

    def ring(self, *alerts: Alert, minute: float = 0) -> None:
        store_alerts(self.conn, self.roster, alerts, NOW + minute * MINUTE)

    def order(self, order: Order, minute: float = 1, actor: str = "li") -> Any:
        """Place and carry out; how it ended, and why it was refused."""
        command_id = self.place(order, minute, actor)
        carry_out(self.conn, self.roster, NOW + minute * MINUTE)
        (found,) = self.rows(f"SELECT state, reason FROM command WHERE command_id = '{command_id}'")
        return found

    def place(self, order: Order, minute: float = 1, actor: str = "li") -> str:
        command_id = f"c{next(self._numbers)}"
        payload, at = msgspec.json.encode(order).decode(), NOW + minute * MINUTE
        self.conn.execute(
            "INSERT INTO command (district, command_id, kind, payload, actor, queued_at) "
            "VALUES (%s, %s, 'x', %s, %s, %s)",
            (tiny.DISTRICT, command_id, payload, actor, at),
        )
        return command_id

    def send(self, incident_id: str, *who: str, minute: float = 1) -> Any:
        to = [Target(*one.split(":", 1)) for one in who]  # type: ignore[arg-type]
        return self.order(DispatchIncident(incident_id, to), minute)

    def order_id(self, device_id: str) -> str:
        """Of the newest order to a device."""
        rows = self.rows(
            f"SELECT order_id FROM order_out WHERE device_id = '{device_id}' AND act IS NOT NULL "
            "ORDER BY queued_at DESC LIMIT 1"
        )
        return str(rows[0][0])

    def reply(self, worker_id: str, stage: str, minute: float, order_id: str = "", id: str = "") -> None:  # noqa: A002
        said = {"order_id": order_id or self.order_id(worker_id), "stage": stage}
        self.hear(f"worker/{worker_id}/reply", said, minute, id)

    def ping(self, worker_id: str, minute: float, lon: float = 118.005, **data: Any) -> None:
        self.hear(f"worker/{worker_id}/gps", {"lon": lon, "lat": 24.605, **data}, minute)

    def wait(self, minute: float) -> None:
        """What time brings about by then."""
        mind_incidents(self.conn, self.roster, NOW + minute * MINUTE)

    def rows(self, sql: str) -> list[Any]:
        return [tuple(row.values()) for row in self.conn.execute(sql.encode())]

    def one(self, incident_id: str, columns: str) -> Any:
        (found,) = self.rows(f"SELECT {columns} FROM incident WHERE incident_id = '{incident_id}'")
        return found[0] if len(found) == 1 else found

    def steps(self, incident_id: str) -> list[Any]:
        """The incident's events, in their order: what, by whom, and why it did not count."""
        return self.rows(
            "SELECT event, actor, irregular FROM alert_event "
            f"WHERE alert_id = '{incident_id}' AND state IS NOT NULL ORDER BY at, event"
        )

    def rejected(self) -> list[str]:
        return [reason for (reason,) in self.rows("SELECT reason FROM rejected_message ORDER BY 1")]


def alert(
    subject: str = "device:C1",
    minute: float = 0,
    rule: str = "device_silent",
    severity: str = "general",
    path: str = tiny.PATH_1,
) -> Alert:
    """An alert with a place."""
    return Alert(
        district=tiny.DISTRICT,
        rule=rule,
        subject=subject,
        severity=Severity(severity),
        raised_at=NOW + minute * MINUTE,
        path=path,
        lon=118.005,
        lat=24.605,
    )


def ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
