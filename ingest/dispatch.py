"""Orders down to the phones: sent until the broker has them, and again to phones that never answer."""

from functools import lru_cache

import msgspec
import psycopg

from db.connect import Row, fetch
from ingest.broker import Sender
from ingest.contract.messages import FollowUpOrder, HandleOrder, InspectOrder, MenuItem
from ingest.contract.topics import Topic

AT_ONCE = 500
"""Orders on their way to the broker; the next are not looked for before it has these."""


_ORDERS: dict[str, type[InspectOrder] | type[FollowUpOrder] | type[HandleOrder]] = {
    "clue": HandleOrder,
    "worker": InspectOrder,
    "department": FollowUpOrder,
}


def payload(kind: str, row: Row) -> bytes:
    """What goes down for a row of `write/next_orders` or `write/next_clue_orders` of that kind."""
    menu = _menu(row.get("menu", "[]"))
    return msgspec.json.encode(msgspec.convert({**row, "menu": menu}, _ORDERS[kind]))


@lru_cache(maxsize=1_000)
def _menu(text: str) -> tuple[MenuItem, ...]:
    """The menu of a checklist, which many orders have in common."""
    return msgspec.json.decode(text, type=tuple[MenuItem, ...])


class Dispatch:
    """Keeps what `sender` was given, by message id, until the broker's word for it is in the database."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._on_the_way: dict[int, tuple[int, str]] = {}

    @property
    def is_busy(self) -> bool:
        """Whether something is on its way to the broker."""
        return bool(self._on_the_way)

    def go_on(self, conn: psycopg.Connection[Row], district: int) -> None:
        """Mark what the broker has, and send the next orders of the district; waits for nobody."""
        if self._on_the_way and not self._sender.has_news:
            return
        arrived = [self._on_the_way.pop(mid) for mid in self._sender.arrived() if mid in self._on_the_way]
        with conn.transaction():
            for one in sorted({sent for sent, _ in arrived}):
                ids = [order_id for sent, order_id in arrived if sent == one]
                fetch(conn, "write/orders_sent", {"district": one, "ids": ids})
            if self._on_the_way or not self._sender.is_up:
                return
            fetch(conn, "write/retry_orders", {"district": district, "limit": AT_ONCE})
            key = {"district": district, "limit": AT_ONCE}
            for row in fetch(conn, "write/next_orders", key) + fetch(conn, "write/next_clue_orders", key):
                kind = row.pop("kind")
                whose = "department" if kind == "clue" else kind
                topic = str(Topic(district, whose, row.pop("device_id"), "order"))
                mid = self._sender.send(topic, payload(kind, row))
                self._on_the_way[mid] = (district, row["order_id"])
