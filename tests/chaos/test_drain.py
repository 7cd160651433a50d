"""SIGTERM under load: what is decoded is stored and acknowledged, and nothing has to come again."""

import time

from tests.chaos.conftest import Tell
from tests.chaos.house import House
from tests.chaos.length import pick
from tests.chaos.session import waiting
from tests.chaos.traffic import Traffic
from tests.conftest import wait_until

STOPS = pick(1, 10)
RATE = pick(400, 3000)
WITHIN_S = 5


def test_a_stop_under_load_leaves_nothing_stored_that_is_not_acknowledged(
    house: House, traffic: Traffic, tell: Tell
) -> None:
    took, left = [], []
    for _ in range(STOPS):
        ingest = house.ingest().wait_until_ready()
        publisher, before = house.publish(traffic, RATE), house.count()
        wait_until(lambda before=before: house.count() > before + RATE, what="pings to be stored")
        asked_at = time.monotonic()
        assert ingest.stop(WITHIN_S) == 0
        took.append(round(time.monotonic() - asked_at, 2))
        publisher.finish()
        last = house.publish_one(traffic)

        # Now the broker still has what ingest did not take, and ingest's session can be looked into.
        payloads = set(waiting(house.broker.port, last.payload))
        rows = [m for m in house.ledger.sent.values() if m.row]
        kept = {message.row for message in rows if message.payload in payloads}
        stored = house.stored()
        assert kept & stored == set(), "stored, and to be sent again"
        assert {message.row for message in rows} - kept - stored == set(), "neither stored nor kept"
        left.append(len(kept))
    house.ingest().wait_until_ready()
    assert house.complaints() == []
    tell(f"{STOPS} stops under {RATE} messages/s took {took} s and left {left} messages in the broker")
