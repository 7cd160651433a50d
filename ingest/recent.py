"""The last messages of each device as they came, with what was made of them: so that one can look at them.

Positions of phones on our own wire, most of all there is, only once a minute each.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
import psycopg

from db.connect import Row, fetch
from ingest.contract.delivery import Delivery
from ingest.contract.errors import DecodeError
from ingest.contract.topics import is_ours, parse
from ingest.decoders import Message
from ingest.domain.facts import Fact, Ping
from ingest.domain.roster import Roster

Connection = psycopg.Connection[Row]

KEPT = 20
KEPT_PAYLOAD_BYTES = 4096
FACTS = 10
"""Of a message with more, such as a burst after a time offline, the first are kept."""
_SAMPLE = timedelta(minutes=1)
_HEAD = frozenset((*Fact.__struct_fields__, "content", "job")) - {"id", "ts", "clock_off_s", "hist"}
_Who = tuple[int, str, str]


class Recent:
    """Knows which slot of each device is the next."""

    def __init__(self) -> None:
        self._slots: dict[_Who, int] | None = None
        self._sampled: dict[str, datetime] = {}

    def keep(
        self,
        conn: Connection,
        rosters: Mapping[int, Roster],
        messages: Sequence[Message],
        rejects: Sequence[tuple[Delivery, DecodeError]],
    ) -> None:
        """Keep what devices of these districts said, be it refused; in the caller's transaction."""
        rows: dict[tuple[_Who, int], Row] = {}
        for who, delivery, said in self._chosen(rosters, messages, rejects):
            if self._slots is None:
                self._slots = _slots(conn)
            slot = self._slots[who] = (self._slots.get(who, -1) + 1) % KEPT
            rows[who, slot] = {
                "district": who[0],
                "kind": who[1],
                "device_id": who[2],
                "slot": slot,
                "received_at": delivery.received_at,
                "topic": delivery.topic[:1000].replace("\0", "\N{REPLACEMENT CHARACTER}"),
                "payload": delivery.payload[:KEPT_PAYLOAD_BYTES],
                "bytes": len(delivery.payload),
                "said": said,
            }
        if rows:
            told = msgspec.json.encode([rows[key] for key in sorted(rows)])
            fetch(conn, "write/keep_messages", {"rows": told.decode()})

    def _chosen(
        self,
        rosters: Mapping[int, Roster],
        messages: Sequence[Message],
        rejects: Sequence[tuple[Delivery, DecodeError]],
    ) -> Iterator[tuple[_Who, Delivery, list[Row]]]:
        for delivery, found in messages:
            if not found or self._is_passed_over(delivery, found):
                continue
            by_device: dict[_Who, list[Row]] = {}
            for fact in found:
                if isinstance(fact, Fact):
                    some = by_device.setdefault((fact.district, fact.kind, fact.device_id), [])
                    some += [_said(fact)] if len(some) < FACTS else []
            for who, said in by_device.items():
                if _knows(rosters, who):
                    yield who, delivery, said
        for delivery, error in rejects:
            named = _whose(delivery)
            if named and _knows(rosters, named):
                yield (
                    named,
                    delivery,
                    [{"refused": str(error).replace("\0", "\N{REPLACEMENT CHARACTER}")[:1000]}],
                )

    def _is_passed_over(self, delivery: Delivery, found: Sequence[object]) -> bool:
        if type(found[0]) is not Ping or not is_ours(delivery.topic):
            return False
        last = self._sampled.get(delivery.topic)
        if last is not None and last <= delivery.received_at < last + _SAMPLE:
            return True
        self._sampled[delivery.topic] = delivery.received_at
        return False


def _said(fact: Fact) -> Row:
    """The fact without what every message of the device has in common, and without bytes."""
    fields = ((name, getattr(fact, name)) for name in fact.__struct_fields__ if name not in _HEAD)
    return {"fact": type(fact).__name__, **{name: value for name, value in fields if value not in (None, [])}}


def _whose(delivery: Delivery) -> _Who | None:
    try:
        topic = parse(delivery.topic)
    except DecodeError:
        return None
    return topic.district, topic.kind, topic.device


def _knows(rosters: Mapping[int, Roster], who: _Who) -> bool:
    roster = rosters.get(who[0])
    return roster is not None and who[1] != "department" and roster.knows(*who[1:])


def _slots(conn: Connection) -> dict[_Who, int]:
    """The slot of each device's latest message."""
    rows = fetch(conn, "write/load_message_slots")
    return {(row["district"], row["kind"], row["device_id"]): row["slot"] for row in rows}
