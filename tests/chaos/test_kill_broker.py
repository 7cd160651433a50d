"""mosquitto killed hard: what it had saved is kept, and no message is acknowledged for another's id."""

import time
from contextlib import ExitStack
from itertools import count
from typing import NamedTuple

from tests import tiny
from tests.chaos.conftest import Tell
from tests.chaos.house import House
from tests.chaos.ledger import Acknowledged
from tests.chaos.length import pick
from tests.chaos.session import open_session
from tests.chaos.traffic import Traffic
from tests.conftest import wait_until

KILLS = pick(2, 10)
RATE = pick(300, 1000)
MESSAGES = 50
CLOCK_S = 0.05
"""A file's time is taken from a coarser clock than ours."""
SESSION = f"gridward-ingest-{tiny.DISTRICT}".encode()


class Gap(NamedTuple):
    """From the last save to the restart, in seconds since the epoch; an acknowledgement that was on its
    way at the kill is read a little after it."""

    saved_at: float
    killed_at: float
    started_at: float

    def holds(self, one: Acknowledged) -> bool:
        return self.saved_at < one.at < self.started_at


def test_a_killed_broker_loses_only_what_it_acknowledged_after_its_last_save(
    house: House, traffic: Traffic, tell: Tell
) -> None:
    ingest = house.ingest().wait_until_ready()
    publisher = house.publish((traffic.one("gps") for _ in count()), RATE)
    gaps = []
    for number in range(KILLS):
        wait_until(house.broker.saved.exists, what="the first save")
        wait_until(lambda: SESSION in house.broker.saved.read_bytes(), what="ingest's session in it")
        if number % 2:  # with ingest at work, and with all that comes waiting in the broker
            ingest.kill()
        before = len(house.ledger.acknowledged)
        wait_until(lambda before=before: len(house.ledger.acknowledged) > before + 3 * RATE, what="load")
        killed_at, ends = time.time(), publisher.ends
        house.broker.kill()
        wait_until(lambda ends=ends: publisher.ends > ends, what="the publisher to have read all of it")
        saved_at = house.broker.saved.stat().st_mtime - CLOCK_S
        if not number % 2:
            house.says("ingest is not connected to the broker")
        gaps.append(Gap(saved_at, killed_at, time.time()))
        house.broker.start()
        if number % 2:
            ingest = house.ingest().wait_until_ready()
        before = house.count()
        wait_until(lambda before=before: house.count() > before, 30, what="ingest to resume")
    publisher.finish()
    last = house.publish_one(traffic)
    wait_until(lambda: last.row in house.stored(), 30, what="the last message")
    with house.connect() as conn:
        lost = house.ledger.lost(conn)
    assert [one.at for one in lost if not any(gap.holds(one) for gap in gaps)] == [], gaps
    house.ledger.forget(lost)
    assert house.complaints() == []
    for number, gap in enumerate(gaps):
        ages = [gap.killed_at - one.at for one in lost if gap.holds(one)]
        where = "waiting for ingest" if number % 2 else "ingest at work"
        tell(
            f"{where}: saved {gap.killed_at - gap.saved_at:.2f} s before the kill, {len(ages)} acknowledged "
            f"lost, the oldest {max(ages, default=0):.2f} s before the kill"
        )


def test_no_message_is_acknowledged_for_an_earlier_one_that_had_its_id(
    house: House, traffic: Traffic, tell: Tell
) -> None:
    """A broker that forgot everything counts from 1 again: old ids then belong to new messages."""
    relay = house.relay()
    ingest = house.ingest(relay.port).wait_until_ready()
    # Tables that no rule of time looks into: nothing but a batch stands before them.
    with ExitStack() as photos, ExitStack() as hours:
        photos.enter_context(house.shut("photo"))
        early = [traffic.one("photo") for _ in range(MESSAGES)]
        house.publish_all(early)
        house.wait_for_batch("photo")

        house.broker.kill()
        house.broker.saved.unlink(missing_ok=True)
        gone = len(relay.acknowledged)  # connections to the broker that was killed: what they say is lost
        house.broker.start()
        open_session(house.broker.port)
        late = [traffic.one("gps") for _ in range(MESSAGES)]
        house.publish_all(late)
        hours.enter_context(house.shut("ping_hourly"))
        photos.close()  # the early ones are stored now, and may be acknowledged on no connection
        house.wait_for_batch("ping_hourly")
        acknowledged = relay.acknowledged[gone:]
        ingest.kill()
    assert not any(acknowledged)
    house.ingest().wait_until_ready()
    wait_until(lambda: {m.row for m in late} <= house.stored(), what="the late ones")
    tell(f"{len(late)} new messages had the ids of {len(early)} old ones; none was acknowledged for them")
