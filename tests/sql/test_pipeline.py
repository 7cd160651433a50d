"""Messages through the whole pipeline into a real database: once, whatever comes how often."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from db.connect import INGEST, connect
from ingest.alerts import rules
from ingest.contract.delivery import Delivery
from ingest.courier import carry_out
from ingest.decoders import decode_all, decoders
from ingest.domain.photo import photo_path
from ingest.pipeline import Pipeline
from ingest.registry import import_world
from ingest.snapshots import load_roster
from ingest.store import KEPT_PAYLOAD_BYTES, prepare
from ingest.tick import tick
from tests import tiny

NOW = datetime.now(UTC).replace(microsecond=0)
JPEG = b"\xff\xd8\xff\xe0 a photo \xff\xd9"

decoders()
rules()


def ms(when: datetime) -> int:
    return round(when.timestamp() * 1000)


@pytest.fixture(scope="module")
def world(database_url, tmp_path_factory):
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world")))
    with connect(database_url, INGEST) as conn:
        carry_out(conn, load_roster(conn, tiny.DISTRICT), NOW)
    return database_url


@pytest.fixture
def room(world, ingest_conn, tmp_path):
    return Room(ingest_conn, tmp_path)


class Room:
    """A pipeline on a connection whose work is undone after the test."""

    def __init__(self, conn, data):
        self.conn = conn
        prepare(conn)
        rosters = {tiny.DISTRICT: load_roster(conn, tiny.DISTRICT)}
        self.pipeline = Pipeline(
            conn, data, rosters, NOW - timedelta(days=1), lambda: rosters, clock=lambda: NOW
        )

    def take(self, *messages, received_at=NOW, live=True):
        deliveries = []
        for stream, payload in messages:
            body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
            topic = f"gw/v1/{tiny.DISTRICT}/{stream}"
            deliveries.append(Delivery(topic, body, 1, False, False, 1, 1, received_at, live))
        self.pipeline.take(decode_all(deliveries))

    def tick(self):
        tick(
            self.conn,
            self.pipeline.rosters[tiny.DISTRICT],
            self.pipeline.listening_since,
            NOW,
        )

    def rows(self, sql):
        return [tuple(row.values()) for row in self.conn.execute(sql.encode())]


def gps(at=NOW, lon=118.005, **data):
    return {"id": f"g{ms(at)}", "ts": ms(at), "sent": ms(NOW), "data": {"lon": lon, "lat": 24.605, **data}}


def visit(result="normal", task_id="T1", premises_id="P1", at=NOW, **data):
    item = {"item": "消防通道", "answer": "堵塞", "severity": "serious"}
    items = [] if result == "normal" else [item]
    place = {"lon": 118.005, "lat": 24.605}
    body = {"premises_id": premises_id, "started": ms(at) - 60_000, "ended": ms(at), **place}
    body |= {"result": result, "items": items, "task_id": task_id, **data}
    return {"id": f"i{ms(at)}", "ts": ms(at), "sent": ms(NOW), "data": body}


ONE_OF_EACH = [
    ("worker/W1/gps", gps()),
    ("worker/W1/inspection", visit()),
    (
        "worker/W1/clue",
        {
            "id": "c",
            "ts": ms(NOW),
            "data": {"kind": "无证经营", "severity": "major", "text": "x", "lon": 118.005, "lat": 24.605},
        },
    ),
    ("worker/W1/duty", {"id": "d", "ts": ms(NOW), "data": {"on": True}}),
    ("worker/W1/photo", JPEG),
    ("camera/C1/event", {"id": "e", "ts": ms(NOW), "data": {"event": "fire"}}),
    ("bodycam/B1/event", {"id": "e", "ts": ms(NOW), "data": {"event": "sos", "lon": 118.005, "lat": 24.605}}),
    ("bodycam/B1/gps", {"id": "p", "ts": ms(NOW), "data": {"lon": 118.006, "lat": 24.605}}),
    ("printer/R1/receipt", {"id": "r", "ts": ms(NOW), "data": {"number": "1", "text": "收据"}}),
    ("printer/R1/state", {"online": True, "battery": 50}),
]
TABLES = ["ping", "inspection", "clue", "device_event", "receipt", "photo", "alert", "alert_event"]


def counts(room):
    return {table: room.rows(f"SELECT count(*) FROM {table}")[0][0] for table in TABLES}


def test_each_stream_is_stored_once_however_often_it_is_delivered(room):
    room.take(*ONE_OF_EACH)
    first = counts(room)
    assert first == {
        "ping": 1,
        "inspection": 1,
        "clue": 1,
        "device_event": 4,
        "receipt": 1,
        "photo": 1,
        "alert": 3,  # the SOS, the fire, and the clue, which is major
        "alert_event": 6,  # each raised, and the incident that it opened
    }
    room.take(*ONE_OF_EACH, *ONE_OF_EACH)
    room.take(*ONE_OF_EACH, received_at=NOW + timedelta(minutes=10), live=False)
    assert counts(room) == first
    assert room.rows("SELECT pings, inside FROM ping_hourly") == [(1, 1)]
    assert room.rows("SELECT count(*) FROM rejected_message") == [(0,)]


def test_a_photo_lies_on_disk_under_its_hash(room, tmp_path):
    room.take(("worker/W1/photo", JPEG))
    assert photo_path(tmp_path, sha256(JPEG).hexdigest()).read_bytes() == JPEG


def test_the_last_position_moves_only_forward_in_time(room):
    room.take(
        ("worker/W1/gps", gps(NOW, 118.006)), ("worker/W1/gps", gps(NOW - timedelta(minutes=1), 118.001))
    )
    room.take(("worker/W1/gps", gps(NOW - timedelta(minutes=2), 118.002)))
    assert room.rows("SELECT at, lon, grid_id FROM worker_state") == [(NOW, 118.006, "G1")]
    assert room.rows("SELECT sum(pings)::int FROM ping_hourly") == [(3,)]


def test_outside_since_is_the_first_position_outside_after_the_last_inside(room):
    def outside_since():
        return room.rows("SELECT outside_since FROM worker_state")[0][0]

    def at(minute):
        return NOW - timedelta(minutes=30 - minute)

    room.take(("worker/W1/gps", gps(at(0))))
    assert outside_since() is None
    room.take(("worker/W1/gps", gps(at(1), 118.015)), ("worker/W1/gps", gps(at(2), 118.015)))
    assert outside_since() == at(1)
    room.take(("worker/W1/gps", gps(at(3), 118.025)))
    assert outside_since() == at(1)
    room.take(("worker/W1/gps", gps(at(4))), ("worker/W1/gps", gps(at(5), 118.015)))
    assert outside_since() == at(5)
    room.take(("worker/W1/gps", gps(at(6))))
    assert outside_since() is None


def test_a_worker_who_left_the_grid_raises_one_alert_until_the_return(room):
    for minute in (8, 5, 0):
        room.take(("worker/W1/gps", gps(NOW - timedelta(minutes=minute), 118.015)))
        room.tick()
    assert room.rows("SELECT rule, subject, cleared_at FROM alert") == [("left_grid", "worker:W1", None)]
    room.take(("worker/W1/gps", gps(NOW + timedelta(seconds=1))))
    room.tick()
    room.tick()
    assert room.rows("SELECT count(*), count(cleared_at) AS over FROM alert") == [(1, 1)]
    said = room.rows("SELECT event FROM alert_event WHERE state IS NULL ORDER BY at")
    assert said == [("raised",), ("cleared",)]


def test_a_silent_device_raises_one_alert_until_it_is_heard(room):
    event = {"event": "motion"}
    early = NOW - timedelta(minutes=12)
    room.take(("camera/C1/event", {"id": "1", "ts": ms(early), "data": event}), received_at=early)
    room.tick()
    room.tick()
    assert room.rows("SELECT rule, subject, path FROM alert WHERE cleared_at IS NULL") == [
        ("device_silent", "device:C1", tiny.PATH_1)
    ]
    room.take(("camera/C1/event", {"id": "2", "ts": ms(NOW), "data": event}))
    room.tick()
    assert room.rows("SELECT count(*) FROM alert WHERE cleared_at IS NULL") == [(0,)]


def test_inspections_close_a_task_or_send_it_to_rectification(room):
    room.take(("worker/W1/inspection", visit("abnormal", at=NOW - timedelta(minutes=9))))
    assert room.rows("SELECT state, rework, done_by FROM task WHERE task_id = 'T1'") == [
        ("rectifying", 0, None)
    ]
    assert room.rows("SELECT severity::text, subject FROM alert") == [("serious", "premises:P1")]
    room.take(("worker/W1/inspection", visit()))
    assert room.rows("SELECT state, done_by, done_at FROM task WHERE task_id = 'T1'") == [("done", "W1", NOW)]
    assert room.rows("SELECT count(*) FROM alert WHERE cleared_at IS NULL") == [(0,)]
    steps = (
        "SELECT event, state, actor FROM task_event WHERE task_id = 'T1' AND event = 'inspected' ORDER BY at"
    )
    assert room.rows(steps) == [("inspected", "rectifying", "W1"), ("inspected", "done", "W1")]


def test_a_worse_finding_makes_the_open_alert_worse_and_a_lesser_one_does_not(room):
    major = [{"item": "消防通道", "answer": "锁闭", "severity": "major"}]
    for minute, items in ((9, None), (8, major), (7, None)):
        extra = {"items": items} if items else {}
        room.take(("worker/W1/inspection", visit("abnormal", at=NOW - timedelta(minutes=minute), **extra)))
    assert room.rows("SELECT severity::text FROM alert") == [("major",)]
    said = room.rows("SELECT event FROM alert_event WHERE state IS NULL ORDER BY at")
    assert said == [("raised",), ("worsened",)]


def test_an_older_clean_visit_arriving_late_does_not_clear_a_newer_hazard(room):
    room.take(("worker/W1/inspection", visit("abnormal")))
    room.take(("worker/W1/inspection", visit(at=NOW - timedelta(hours=2))))
    assert room.rows("SELECT count(*) FROM alert WHERE cleared_at IS NULL") == [(1,)]


def test_a_will_says_offline_but_is_no_sign_of_life(room):
    room.take(("bodycam/B1/state", {"online": True}), received_at=NOW - timedelta(minutes=5))
    room.take(("bodycam/B1/state", {"online": False}))
    assert room.rows("SELECT online, last_seen FROM device_state") == [(False, NOW - timedelta(minutes=5))]
    room.take(("bodycam/B1/event", {"id": "e", "ts": ms(NOW), "data": {"event": "docked"}}))
    assert room.rows("SELECT online, last_seen FROM device_state") == [(True, NOW)]


def test_duty_off_is_kept_and_an_older_duty_does_not_overrule_it(room):
    earlier = NOW - timedelta(hours=1)
    room.take(("worker/W1/duty", {"id": "1", "ts": ms(NOW), "data": {"on": False}}))
    room.take(("worker/W1/duty", {"id": "2", "ts": ms(earlier), "hist": True, "data": {"on": True}}))
    assert room.rows("SELECT on_duty, duty_at FROM worker_state") == [(False, NOW)]
    assert room.rows("SELECT event FROM device_event ORDER BY at") == [("duty_on",), ("duty_off",)]


def test_what_is_not_understood_is_kept_and_the_rest_flows_on(room):
    noise = bytes(range(256)) * 4096
    room.take(
        ("worker/W1/gps", noise),
        ("worker/W9/gps", gps()),
        ("bodycam/C1/gps", gps()),
        ("worker/W1/mood", b"{}"),
        ("worker/W1/gps", b""),
        ("worker/W1/gps", gps()),
    )
    kept = room.rows(
        "SELECT district, split_part(reason, ':', 1), length(payload), bytes FROM rejected_message "
        "ORDER BY rejected_id"
    )
    assert [row[1] for row in kept] == [
        "not_json",
        "unknown_device",
        "unknown_device",
        "unknown_stream",
        "empty_payload",
    ]
    assert kept[0] == (tiny.DISTRICT, "not_json", KEPT_PAYLOAD_BYTES, len(noise))
    assert counts(room)["ping"] == 1


def test_a_message_that_only_the_database_refuses_is_rejected_alone(room):
    room.conn.execute("SET ROLE NONE")  # the owner adds what no decoder knows of
    room.conn.execute("ALTER TABLE ping ADD CONSTRAINT poison CHECK (worker_id <> 'W1')")
    room.conn.execute("SET ROLE gw_ingest")
    room.take(("worker/W1/gps", gps()), ("worker/W2/gps", gps(lon=118.015)))
    assert room.rows("SELECT worker_id FROM ping") == [("W2",)]
    assert room.rows("SELECT split_part(reason, ':', 1) FROM rejected_message") == [("refused_by_database",)]


def test_our_own_orders_passing_by_are_no_rejects(room):
    room.take(("worker/W1/order", b"{}"))
    assert room.rows("SELECT count(*) FROM rejected_message") == [(0,)]


def test_a_device_registered_a_moment_ago_is_known(room):
    full = room.pipeline.rosters
    room.pipeline.rosters = {}
    room.pipeline.refresh = lambda: full
    room.take(("worker/W1/gps", gps()))
    assert counts(room)["ping"] == 1


def test_a_shifted_clock_is_flagged_and_found_again_by_its_raw_key(room):
    slow = gps(NOW - timedelta(minutes=30))
    del slow["sent"]
    room.take(("worker/W1/gps", slow))
    room.take(("worker/W1/gps", slow), received_at=NOW + timedelta(seconds=40))
    assert room.rows("SELECT at, clock_off_s FROM ping") == [(NOW, 1800.0)]
    room.take(("worker/W1/gps", gps()))
    assert room.rows("SELECT pings, wrong_from, wrong_until FROM ping_hourly") == [
        (2, NOW - timedelta(minutes=30), NOW - timedelta(minutes=30))
    ]
