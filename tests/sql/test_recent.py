"""The last messages of a device as they came, with what was made of them."""

import json

import pytest

from db.connect import INGEST, connect
from ingest.courier import carry_out
from ingest.recent import KEPT, KEPT_PAYLOAD_BYTES
from ingest.registry import import_world
from ingest.snapshots import load_roster
from tests import tiny
from tests.room import NOW, Room


@pytest.fixture(scope="module")
def world(database_url, tmp_path_factory):
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world")))
    with connect(database_url, INGEST) as conn:
        carry_out(conn, load_roster(conn, tiny.DISTRICT), NOW)
    return database_url


@pytest.fixture
def room(world, ingest_conn, tmp_path):
    return Room(ingest_conn, tmp_path)


def kept(room, device):
    return room.rows(
        "SELECT received_at, convert_from(payload, 'UTF8'), said, bytes FROM device_message "
        f"WHERE kind || ':' || device_id = '{device}' ORDER BY received_at"
    )


def test_a_message_is_kept_as_it_came_beside_its_facts(room):
    room.hear("camera/C1/event", 0, {"event": "motion", "confidence": 0.5})
    ((at, payload, said, size),) = kept(room, "camera:C1")
    assert (at, json.loads(payload)["data"]["event"], size) == (NOW, "motion", len(payload))
    assert [(one["fact"], one["event"], one["confidence"]) for one in said] == [
        ("DeviceEvent", "motion", 0.5)
    ]
    assert "district" not in said[0]


def test_the_last_twenty_are_kept_also_over_a_restart(room, tmp_path):
    for minute in range(KEPT + 3):
        room.hear("camera/C1/event", minute, {"event": "motion"})
    again = Room(room.conn, tmp_path)
    again.hear("camera/C1/event", KEPT + 3, {"event": "crowd"})
    rows = kept(room, "camera:C1")
    assert len(rows) == KEPT
    assert [round((at - NOW).total_seconds() / 60) for at, *_ in rows] == list(range(4, KEPT + 4))


def test_what_was_refused_says_why(room):
    room.hear("camera/C1/event", 0, {"event": "dancing"})
    ((_, _, said, _),) = kept(room, "camera:C1")
    assert said[0]["refused"].startswith("wrong_shape: ")


def test_who_is_unknown_has_none(room):
    room.hear("camera/C77/event", 0, {"event": "motion"})
    assert room.rows("SELECT count(*) FROM device_message") == [(0,)]


def test_a_phones_positions_are_kept_once_a_minute_and_all_else_always(room):
    for second in range(0, 150, 15):
        room.ping(second / 60)
    room.visit(3)
    facts = [said[0]["fact"] for _, _, said, _ in kept(room, "worker:W1")]
    assert facts == ["Ping", "Ping", "Ping", "Inspection"]


def test_a_large_one_is_cut_and_says_how_large_it_was(room):
    room.hear("bodycam/B1/event", 0, {"event": "bookmark", "text": "x" * 7000})
    ((_, payload, _, size),) = kept(room, "bodycam:B1")
    assert len(payload) == KEPT_PAYLOAD_BYTES < size


def test_nothing_is_kept_of_where_somebody_was_off_duty_whenever_we_learn_of_it(room):
    room.duty(0, on=False)
    room.ping(2, lon=118.009)
    room.hear("bodycam/B1/gps", 2, {"lon": 118.009, "lat": 24.605})
    assert [said[0]["fact"] for *_, said, _ in kept(room, "worker:W1")] == ["DutyChanged"]
    assert kept(room, "bodycam:B1") == []

    room.duty(3, on=True)
    room.ping(5, lon=118.009)
    room.hear("bodycam/B1/gps", 5, {"lon": 118.009, "lat": 24.605})
    room.hear("camera/C1/event", 5, {"event": "motion"})
    room.hear("worker/W1/duty", 4, {"on": False}, came=7, hist=True)
    assert "118.009" not in str(kept(room, "worker:W1"))
    assert kept(room, "bodycam:B1") == []
    assert len(kept(room, "camera:C1")) == 1
