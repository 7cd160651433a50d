"""Two ingests for one district: the second stands by, and takes over when the first is gone."""

import time

from tests.chaos.conftest import Tell
from tests.chaos.house import House
from tests.chaos.length import pick
from tests.chaos.traffic import Traffic
from tests.conftest import wait_until

TAKEOVERS = pick(1, 5)
RATE = pick(200, 1000)
WITHIN_S = 5


def test_a_second_ingest_takes_over_within_five_seconds_of_the_firsts_hard_death(
    house: House, traffic: Traffic, tell: Tell
) -> None:
    first = house.ingest().wait_until_ready()
    publisher = house.publish(traffic, RATE)
    took = []
    for _ in range(TAKEOVERS):
        second = house.ingest()
        wait_until(lambda second=second: "standing by" in second.log.read_text(), what="standing by")
        assert not second.is_ready
        first.kill()
        killed_at, before = time.monotonic(), house.count()
        second.wait_until_ready(WITHIN_S)
        wait_until(
            lambda before=before: house.count() > before, WITHIN_S - (time.monotonic() - killed_at),
            what="the second's first row",
        )  # fmt: skip
        took.append(round(time.monotonic() - killed_at, 2))
        first = second
    publisher.finish()
    assert house.complaints() == []
    tell(f"from the first's death to the second's first row: {took} s")
