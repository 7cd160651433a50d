"""Positions of people off duty are not kept, whenever we learn that they were."""

import pytest

from ingest.off_duty import load_duty
from ingest.registry import import_world
from tests import tiny
from tests.room import NOW, Room, minutes


@pytest.fixture(scope="module")
def world(database_url, tmp_path_factory):
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world")))
    return database_url


@pytest.fixture
def room(world, ingest_conn, tmp_path):
    return Room(ingest_conn, tmp_path)


def kept(room):
    """The minutes of W1's positions, and how many were dropped."""
    found = room.rows("SELECT at FROM ping WHERE worker_id = 'W1' ORDER BY at")
    dropped = room.rows("SELECT coalesce(sum(positions), 0)::integer AS n FROM off_duty_dropped")
    return [(at - NOW) / minutes(1) for (at,) in found], dropped[0][0]


def place(room):
    return room.rows("SELECT at, lon FROM worker_state WHERE worker_id = 'W1'")[0]


def test_positions_off_duty_are_dropped_and_counted_and_the_map_shows_the_last_on_duty(room):
    room.ping(0)
    room.duty(1, on=False)
    for minute in (2, 3):
        room.ping(minute, lon=118.009)
    assert kept(room) == ([0], 2)
    assert place(room) == (NOW, 118.005)
    room.duty(4, on=True)
    room.ping(5)
    assert kept(room) == ([0, 5], 2)


def test_what_was_stored_before_we_learned_of_it_is_dropped_then(room):
    room.ping(0)
    for minute in (2, 3, 6):
        room.ping(minute, lon=118.009)
    room.duty(5, on=True)
    room.hear("worker/W1/duty", 1, {"on": False}, came=7, hist=True)
    assert kept(room) == ([0, 6], 2)
    room.hear("worker/W1/duty", 5.5, {"on": False}, came=8, hist=True)
    assert kept(room) == ([0], 3)
    assert place(room) == (NOW, 118.005)


def test_a_burst_from_a_time_offline_is_sifted_by_what_was_then(room):
    room.duty(1, on=False)
    room.duty(4, on=True)
    for minute in (0, 2, 3, 5):
        room.hear("worker/W1/gps", minute, {"lon": 118.005, "lat": 24.605}, came=9, hist=True)
    assert kept(room) == ([0, 5], 2)


def test_a_new_start_knows_who_is_off_duty(room):
    room.duty(1, on=False)
    room.duty(2, on=True)
    duty = load_duty(room.conn, tiny.DISTRICT)
    assert [duty.is_on("W1", NOW + minutes(minute)) for minute in (0, 1.5, 3)] == [True, False, True]


def test_a_bodycam_s_position_is_its_carrier_s_and_its_call_for_help_is_heard_at_any_time(room):
    room.duty(1, on=False)
    room.hear("bodycam/B1/gps", 2, {"lon": 118.005, "lat": 24.605})
    room.hear("bodycam/B2/gps", 2, {"lon": 118.005, "lat": 24.605})
    room.hear("bodycam/B1/event", 3, {"event": "sos", "lon": 118.005, "lat": 24.605})
    found = room.rows("SELECT device_id, event FROM device_event WHERE kind = 'bodycam' ORDER BY 1")
    assert found == [("B1", "sos"), ("B2", "position")]
    assert kept(room)[1] == 1
