"""What was said before a device was registered is taken in, once it is, as if it came then."""

from datetime import datetime, timedelta

import msgspec

from db.connect import fetch
from ingest.contract.delivery import Delivery
from ingest.decoders import Message, decode_foreign
from ingest.domain.registered import Route
from ingest.pipeline import Pipeline

AT_ONCE = 500
KEPT = timedelta(days=30)
"""Strangers' messages that nobody asked for go after this."""


def take_in(pipeline: Pipeline, now: datetime) -> int:
    """Take in the oldest messages in quarantine of devices that are registered by now; how many there were.

    What is refused by then is a rejected message like any other. What is too old goes.
    """
    conn, districts = pipeline.conn, list(pipeline.rosters)
    with conn.transaction():
        fetch(conn, "write/forget_strangers", {"before": now - KEPT})
        rows = fetch(conn, "write/replayable", {"districts": districts, "limit": AT_ONCE})
        # Of whom we have not heard yet will be by the next time: registering rings.
        names = pipeline.foreign.names
        known = [(names.get((row["decoder"], row["name"])), row) for row in rows]
        rows = [row for whose, row in known if whose and whose.district in pipeline.rosters]
        messages: list[Message] = []
        for row in rows:
            delivery = Delivery(
                row["topic"], bytes(row["payload"]), 1, row["retain"], False, 0, 0, row["received_at"], False
            )
            route = Route(row["district"], row["topic"], row["decoder"])
            messages.append((delivery, decode_foreign(delivery, route)))
        if not messages:
            return 0
        pipeline.take(messages)
        keys = [{name: row[name] for name in ("district", "decoder", "name", "id")} for row in rows]
        fetch(conn, "write/release", {"rows": msgspec.json.encode(keys).decode()})
    return len(rows)
