"""Ingest killed hard at random moments: nothing is lost, nothing doubled, nothing decided twice."""

import random
from itertools import islice

from tests.chaos.conftest import Tell
from tests.chaos.house import House
from tests.chaos.length import SEED, pick
from tests.chaos.traffic import Traffic
from tests.conftest import wait_until

KILLS = pick(3, 10)
RATE = pick(200, 1000)
LONGEST_LIFE = pick(200, 3000)
"""In pings: a life ends when it has brought as many as chance says, up to this."""
MESSAGES = pick(300, 5000)


def test_whenever_ingest_is_killed_nothing_is_lost_or_doubled(
    house: House, traffic: Traffic, tell: Tell
) -> None:
    chance = random.Random(SEED)
    ingest = house.ingest().wait_until_ready()
    publisher = house.publish(traffic, RATE)
    stored = []
    for _ in range(KILLS):
        enough = house.count() + chance.randrange(LONGEST_LIFE)
        wait_until(lambda enough=enough: house.count() > enough, what="pings to be stored", every=0.01)
        ingest.kill()
        stored.append(house.count())
        ingest = house.ingest().wait_until_ready()
    publisher.finish()
    assert house.complaints() == []
    tell(f"killed {KILLS} times under {RATE} messages/s, when {stored} pings were stored")


def test_what_ingest_has_in_hand_when_it_is_killed_comes_again(house: House, traffic: Traffic) -> None:
    ingest = house.ingest().wait_until_ready()
    with house.shut("ping"):
        house.publish_all(islice(traffic, MESSAGES))
        house.wait_for_batch("ping")
        ingest.kill()
    house.ingest().wait_until_ready()
    assert house.complaints() == []


def test_what_was_stored_and_not_yet_acknowledged_comes_again_and_changes_nothing(
    house: House, traffic: Traffic, tell: Tell
) -> None:
    relay = house.relay()
    ingest = house.ingest(relay.port).wait_until_ready()
    relay.hold()
    house.publish_all(islice(traffic, MESSAGES))
    assert house.complaints() == []
    ingest.kill()

    house.ingest().wait_until_ready()
    house.publish_one(traffic)
    assert house.complaints() == []
    tell(f"{MESSAGES} messages were stored, and the broker knew of none, when ingest was killed")
