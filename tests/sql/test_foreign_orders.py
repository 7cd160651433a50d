"""Orders to foreign devices go down in their own protocol, or are refused; their answers find the order."""

from datetime import timedelta

import msgspec
import pytest

from db.connect import fetch
from ingest.contract.orders import SendOrder
from ingest.dispatch import act_going
from tests import tiny
from tests.room import NOW
from tests.sql.test_foreign import PHONE, House, location, world

__all__ = ["world"]


@pytest.fixture
def house(world, ingest_conn, tmp_path):
    return House(ingest_conn, tmp_path)


def going(house: House) -> list[tuple[str, object]]:
    """What goes down now: topics and payloads; as if the broker had taken it all."""
    key = {"district": tiny.DISTRICT, "now": NOW, "sending": [], "limit": 9}
    rows = fetch(house.conn, "write/next_acts", key)
    ids = [row["order_id"] for row in rows]
    fetch(house.conn, "write/orders_sent", {"district": tiny.DISTRICT, "ids": ids, "at": NOW})
    return [
        (topic, msgspec.json.decode(down)) for topic, down in (act_going(tiny.DISTRICT, row) for row in rows)
    ]


def test_a_phone_is_asked_in_its_own_protocol_and_its_answer_ends_the_order(house):
    house.register("owntracks", PHONE, "worker", "W1")
    house.told(PHONE, location(-1))
    house.refresh()
    assert house.order(SendOrder("worker", "W1", "report_position")) == ("done", None)
    assert going(house) == [(f"{PHONE}/cmd", {"_type": "cmd", "action": "reportLocation"})]
    assert house.rows("SELECT state FROM order_out WHERE act IS NOT NULL") == [("sent",)]
    house.told(PHONE, location(0, t="u"))
    assert house.rows("SELECT state FROM order_out WHERE act IS NOT NULL") == [("sent",)]
    house.told(PHONE, location(1, t="r"), 1)
    assert house.rows("SELECT state FROM order_out WHERE act IS NOT NULL") == [("done",)]
    assert house.rows("SELECT max(at) FROM ping") == [(NOW + timedelta(minutes=1),)]


def test_what_its_protocol_has_no_word_for_goes_to_a_phone_on_our_own_wire(house):
    house.register("owntracks", PHONE, "worker", "W1")
    house.told(PHONE, location(-1))
    house.refresh()
    assert house.order(SendOrder("worker", "W1", "go_to", lon=118.0, lat=24.6)) == ("done", None)
    ((topic, down),) = going(house)
    assert (topic, down["kind"]) == (f"gw/v1/{tiny.DISTRICT}/worker/W1/order", "go_to")


def test_a_device_that_takes_nothing_refuses(house):
    house.register("hikvision", "gate/2", "camera", "C9")
    assert house.order(SendOrder("camera", "C9", "take_photo", "门口")) == (
        "refused",
        "act_not_taken: hikvision",
    )
    assert going(house) == []


def test_a_device_that_was_never_heard_cannot_be_told(house):
    house.register("frigate", "frigate/yard", "camera", "C9")
    assert house.order(SendOrder("camera", "C9", "start_recording")) == ("refused", "never_heard")


def test_whose_answer_has_no_order_is_only_alive(house):
    house.register("owntracks", PHONE, "worker", "W1")
    house.told(PHONE, location(0, t="r"))
    assert house.rows("SELECT count(*) FROM rejected_message") == [(0,)]
    assert house.rows("SELECT count(*) FROM ping") == [(1,)]
    assert house.rows("SELECT 1 FROM order_out WHERE act IS NOT NULL") == []
