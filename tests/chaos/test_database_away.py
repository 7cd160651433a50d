"""PostgreSQL killed hard, and stopped for a while: nothing is lost, and ingest resumes by itself."""

import json

from ingest.settings import DATABASE_URL
from tests.chaos.conftest import Tell
from tests.chaos.house import House
from tests.chaos.length import pick
from tests.chaos.traffic import Traffic
from tests.conftest import wait_until
from tests.e2e.cli import gridward

KILLS = pick(1, 8)
RATE = pick(200, 1000)
AWAY_S = pick(5, 60)


def test_a_killed_database_loses_nothing_that_was_acknowledged(
    house: House, traffic: Traffic, tell: Tell
) -> None:
    house.ingest().wait_until_ready()
    publisher = house.publish(traffic, RATE)
    stored = []
    for _ in range(KILLS):
        before = house.count()
        wait_until(lambda before=before: house.count() > before + RATE, what="pings to be stored", every=0.01)
        house.server.kill()
        house.server.start()
        stored.append(house.count())
    before = house.count()
    wait_until(lambda: house.count() > before, 30, what="ingest to resume")
    publisher.finish()
    assert house.complaints() == []
    tell(f"killed {KILLS} times under {RATE} messages/s; {stored} pings were there after each restart")


def test_a_database_that_is_stopped_is_said_and_waited_for(
    house: House, traffic: Traffic, tell: Tell
) -> None:
    ingest = house.ingest().wait_until_ready()
    publisher = house.publish(traffic, RATE)
    wait_until(lambda: house.count() > RATE, what="pings to be stored")
    house.server.stop()
    told = gridward("status", "--json", **{DATABASE_URL: house.logins.owner})
    (said,) = json.loads(told.stdout)["trouble"]
    assert (told.returncode, "Connection refused" in said) == (1, True)
    before = len(house.ledger.acknowledged)
    wait_until(
        lambda: len(house.ledger.acknowledged) > before + AWAY_S * RATE, 3 * AWAY_S, what="messages meanwhile"
    )
    house.server.start()
    waited = len(house.ledger.acknowledged) - before
    before = house.count()
    wait_until(lambda: house.count() > before, 30, what="ingest to resume")
    publisher.finish()
    assert house.complaints() == []
    assert house.status()["trouble"] == []
    assert ingest.process.poll() is None
    tell(f"away for {AWAY_S} s: {waited} acknowledged messages waited in the broker; status said: {said}")
