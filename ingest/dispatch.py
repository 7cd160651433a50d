"""Orders down to devices, people and departments, sent until the broker has them."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

import msgspec
import psycopg

from db.connect import Row, fetch
from ingest.broker import Sender
from ingest.contract.acts import Acting, StandDown
from ingest.contract.messages import FollowUpOrder, HandleOrder, InspectOrder, MenuItem, WithdrawOrder
from ingest.contract.topics import Topic
from ingest.decoders import protocols
from ingest.domain.roster import Roster
from ingest.domain.season import Reporter, overlaid
from ingest.silence import withdraw_acts

AT_ONCE = 500
"""Orders on their way to the broker; the next are not looked for before it has these."""
NEXT = ("write/next_orders", "write/next_withdrawals", "write/next_clue_orders")

Down = InspectOrder | WithdrawOrder | FollowUpOrder | HandleOrder

_ORDERS: dict[str, tuple[str, type[Down]]] = {
    "worker": ("worker", InspectOrder),
    "withdraw": ("worker", WithdrawOrder),
    "department": ("department", FollowUpOrder),
    "clue": ("department", HandleOrder),
}
"""A kind of row in `order_out` -> for which kind of device, and what goes down."""


class Going(NamedTuple):
    """An order on its way down."""

    order_id: str
    topic: str
    payload: bytes


def act_going(district: int, row: Row) -> tuple[str, bytes]:
    """The topic and the payload that go down for a row of ``write/next_acts``."""
    said = {**row["params"], "kind": row["act"], "order_id": row["order_id"]}
    topic = str(Topic(district, row["kind"], row["device_id"], "order"))
    if row["act"] == "stand_down":
        return topic, msgspec.json.encode(msgspec.convert(said, StandDown))
    rest = {"expires": row["expires"], "incident_id": row["incident_id"]}
    order: Acting = msgspec.convert(said | rest, Acting)
    if row["decoder"] is not None:
        return protocols()[row["decoder"]].tellers[row["act"]](order, row["reply_to"])
    return topic, msgspec.json.encode(order)


def payload(kind: str, row: Row) -> bytes:
    """What goes down for a row of one of the queries in `NEXT`, of that kind."""
    menu = _menu(row.get("menu", "[]"))
    return msgspec.json.encode(msgspec.convert({**row, "menu": menu}, _ORDERS[kind][1]))


@lru_cache(maxsize=1_000)
def _menu(text: str) -> tuple[MenuItem, ...]:
    """The menu of a checklist, which many orders have in common."""
    return msgspec.json.decode(text, type=tuple[MenuItem, ...])


class Dispatch:
    """Keeps what `sender` was given, by message id, until the broker's word for it is in the database."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._on_the_way: dict[
            int, tuple[int, datetime, str]
        ] = {}  # for which district, since when, the order

    @property
    def is_busy(self) -> bool:
        """Whether something is on its way to the broker."""
        return bool(self._on_the_way)

    def go_on(self, conn: psycopg.Connection[Row], roster: Roster, now: datetime) -> None:
        """Mark what the broker has, and send the next orders of the district; waits for nobody. Acts do
        not wait for other orders that are on their way.
        """
        if self._on_the_way and not self._sender.has_news:
            return
        arrived = [self._on_the_way.pop(mid) for mid in self._sender.arrived() if mid in self._on_the_way]
        with conn.transaction():
            for district, at in sorted({(district, at) for district, at, _ in arrived}):
                ids = [order_id for *sent, order_id in arrived if sent == [district, at]]
                fetch(conn, "write/orders_sent", {"district": district, "ids": ids, "at": at})
            going: list[Going] = []
            if self._sender.is_up:
                going += self._acts(conn, roster, now)
                going += () if self.is_busy else _others(conn, roster, now)
        for order_id, topic, down in going:  # once the database says so: nobody answers before
            self._on_the_way[self._sender.send(topic, down)] = (roster.district, now, order_id)

    def _acts(self, conn: psycopg.Connection[Row], roster: Roster, now: datetime) -> Iterator[Going]:
        district = roster.district
        withdraw_acts(conn, roster, now)
        sending = [order_id for one, _, order_id in self._on_the_way.values() if one == district]
        key = {"district": district, "now": now, "sending": sending, "limit": AT_ONCE}
        for row in fetch(conn, "write/next_acts", key):
            yield Going(row["order_id"], *act_going(district, row))


def _others(conn: psycopg.Connection[Row], roster: Roster, now: datetime) -> Iterator[Going]:
    key = {"district": roster.district, "limit": AT_ONCE}
    for row in [row for query in NEXT for row in fetch(conn, query, key)]:
        kind = row.pop("kind")
        topic = Topic(roster.district, _ORDERS[kind][0], row.pop("device_id"), "order")
        down = as_of(row, roster, now) if kind == "worker" else row
        yield Going(row["order_id"], str(topic), payload(kind, down))


def as_of(row: Row, roster: Roster, now: datetime) -> Row:
    """The row of an order with the checklist as it is today: since the launch a season may have begun, or the
    premises have filed."""
    whoever = msgspec.convert(row, Reporter)
    today = now.astimezone(roster.tz).date()
    items = overlaid(row["items"], row["category"], whoever, roster.seasons, today)
    return row if items == row["items"] else row | {"items": items, "menu": _with_menus(row, items, roster)}


def _with_menus(row: Row, items: list[str], roster: Roster) -> str:
    """The menu of these items: as the row has it, and of those that it has not, as the catalogue has."""
    known = [menu for menu in msgspec.json.decode(row["menu"]) if menu["item"] in items]
    others = [roster.catalogue.item(item) for item in items if item not in row["items"]]
    added = [{"item": one.code, "text": one.text, "answers": one.answers} for one in others if one]
    return msgspec.json.encode(known + added).decode()
