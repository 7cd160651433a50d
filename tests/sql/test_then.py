"""The room as it was known at an instant: what was stored later is not there yet."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.replay import whole
from db.connect import Row, Scope, enter, fetch
from ingest.contract.orders import LookAtTrack
from ingest.registry import import_world
from tests import tiny
from tests.room import NOW, Room, minutes

WHOLE = Scope(tiny.DISTRICT, str(tiny.DISTRICT))
STATION_2 = Scope(tiny.DISTRICT, f"{tiny.DISTRICT}/02")
SHANGHAI = ZoneInfo("Asia/Shanghai")
PING = """
INSERT INTO ping (district, worker_id, ts, at, id, lon, lat, raw_lon, raw_lat, datum, clock_off_s,
                  received_at)
VALUES (%s, %s, %s, %s, 'x', %s, 24.6, 0, 0, 'WGS84', %s, %s)
"""
HOUR = """
INSERT INTO ping_hourly AS h (district, worker_id, hour, pings, inside, wrong_from, wrong_until)
VALUES (%s, %s, date_trunc('hour', %s), 1, 0, %s, %s)
ON CONFLICT (district, worker_id, hour) DO UPDATE
    SET wrong_from = least(h.wrong_from, EXCLUDED.wrong_from),
        wrong_until = greatest(h.wrong_until, EXCLUDED.wrong_until)
"""
EVENT = """
INSERT INTO {table} (district, {key}, at, event, actor, cause, state, stored_at, params)
VALUES (%(district)s, %(id)s, %(at)s, %(event)s, %(actor)s, %(event)s, %(state)s, %(stored)s, '{{}}')
"""


@pytest.fixture(scope="module")
def world(database_url, tmp_path_factory):
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world")))
    return database_url


@pytest.fixture
def room(world, ingest_conn, tmp_path):
    return Room(ingest_conn, tmp_path)


def then(room: Room, name: str, minute: float, scope: Scope = WHOLE, **asked: Any) -> list[Row]:
    """The rows of ``then/{name}`` as of that minute, as a viewer of `scope` reads them."""
    params = {"at": NOW + minutes(minute), "id": None, "limit": 10, **asked}
    with room.conn.transaction(force_rollback=True):
        room.conn.execute("SET LOCAL ROLE gw_dashboard")
        enter(room.conn, scope)
        return fetch(room.conn, f"then/{name}", params)


def places(room: Room, minute: float, scope: Scope = WHOLE) -> dict[str, float]:
    return {row["worker_id"]: row["lon"] for row in then(room, "workers_on_map", minute, scope)}


def happened(conn: psycopg.Connection[Row], table: str, about: str, event: str, **said: Any) -> None:
    """An event that was stored some time after it had happened, both in minutes."""
    minute, stored = said.pop("minute"), said.pop("stored")
    key = "task_id" if table == "task_event" else "alert_id"
    row = {"district": tiny.DISTRICT, "id": about, "event": event, "actor": "li", "state": event}
    row |= {"at": NOW + minutes(minute), "stored": NOW + minutes(stored), **said}
    conn.execute(EVENT.format(table=table, key=key).encode(), row)


def raise_incident(conn: psycopg.Connection[Row], minute: float, cleared: tuple[float, float]) -> None:
    """A1, raised and stored at that minute; `cleared`: when it was, and when that was stored."""
    about = {"district": tiny.DISTRICT, "path": tiny.PATH_1, "at": NOW + minutes(minute)}
    about |= {"over": NOW + minutes(cleared[0]), "stored": NOW + minutes(cleared[1])}
    conn.execute(
        "INSERT INTO alert (district, alert_id, incident_id, rule, subject, severity, path, raised_at, "
        "created_at, cleared_at, cleared_stored_at) VALUES (%(district)s, 'A1', 'A1', 'fire', 'device:C1', "
        "'major', %(path)s, %(at)s, %(at)s, %(over)s, %(stored)s)",
        about,
    )
    conn.execute(
        "INSERT INTO incident (district, incident_id, rule, section, path, raised_at, opened_at, alerts, "
        "open_alerts, subjects, last_alert_at, severity, level, state, ended_at) VALUES (%(district)s, 'A1', "
        "'fire', %(path)s, %(path)s, %(at)s, %(at)s, 1, 0, 1, %(at)s, 'major', 4, 'resolved', %(over)s)",
        about,
    )


def test_a_late_upload_is_not_there_until_it_has_come(room):
    room.ping(0, lon=118.001)
    room.hear("worker/W1/gps", 10, {"lon": 118.009, "lat": 24.605}, came=25, hist=True)
    assert [places(room, minute) for minute in (-1, 5, 20, 26)] == [
        {},
        {"W1": 118.001},
        {"W1": 118.001},
        {"W1": 118.009},
    ]


def test_whoever_was_not_heard_of_for_half_an_hour_is_nowhere(room):
    room.ping(0)
    assert list(places(room, 29)) == ["W1"]
    assert places(room, 31) == {}


def test_a_phone_whose_clock_is_wrong_is_found_by_when_it_really_was(room):
    room.ping(0, "W2", lon=118.011)
    room.hear("worker/W1/gps", -45, {"lon": 118.004, "lat": 24.605}, came=1)
    assert places(room, 2) == {"W1": 118.004, "W2": 118.011}
    assert places(room, 0.5) == {"W2": 118.011}


@given(
    heard=st.lists(
        st.tuples(
            st.sampled_from(("W1", "W2")),
            st.integers(-150, 30) | st.integers(-40 * 60, 60),  # seconds: when it was
            st.sampled_from((-55, -1, 0, 1, 30, 119, 121, 400, 3000)),  # how much later it came
            st.booleans(),
        ),
        max_size=12,
        unique_by=lambda one: one[:2],
    )
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_everybody_is_where_the_newest_of_what_had_come_says(room, heard):
    with room.conn.transaction(force_rollback=True):
        for number, (worker, second, later, clock_off) in enumerate(heard):
            at = NOW + timedelta(seconds=second)
            came = at + timedelta(seconds=abs(later) if clock_off else later)
            ts = at - timedelta(hours=3) if clock_off else at
            room.conn.execute(PING, (tiny.DISTRICT, worker, ts, at, number, 600 if clock_off else None, came))
            if clock_off:
                room.conn.execute(HOUR, (tiny.DISTRICT, worker, at, ts, ts))
        expected: dict[str, tuple[int, int]] = {}
        for number, (worker, second, later, clock_off) in enumerate(heard):
            came_s = second + (abs(later) if clock_off else later)
            if -30 * 60 < second <= 0 and came_s <= 0:
                expected[worker] = max(expected.get(worker, (second, number)), (second, number))
        assert places(room, 0) == {worker: number for worker, (_, number) in expected.items()}


def trail(room: Room, minute: float, ids: list[str], scope: Scope = WHOLE) -> list[tuple[str, float]]:
    return [(row["worker_id"], row["lon"]) for row in then(room, "trails", minute, scope, ids=ids)]


def test_a_trail_is_the_last_ten_minutes_as_they_were_known(room):
    for minute in (0, 3, 9):
        room.ping(minute, lon=118.001 + minute / 1000)
    room.hear("worker/W1/gps", 6, {"lon": 118.007, "lat": 24.605}, came=25, hist=True)
    assert trail(room, 9.5, ["W1", "W2"]) == [("W1", 118.001), ("W1", 118.004), ("W1", 118.010)]
    assert trail(room, 12, ["W1"]) == [("W1", 118.004), ("W1", 118.010)], "what is longer ago has gone"
    assert trail(room, 12, ["W2"]) == []
    assert trail(room, 25.5, ["W1"]) == []
    room.hear("worker/W1/gps", 10, {"lon": 118.011, "lat": 24.605}, came=11, hist=True)
    assert trail(room, 12, ["W1"])[-1] == ("W1", 118.011)


def test_a_trail_has_one_position_in_twenty_seconds_also_by_a_clock_that_is_wrong(room):
    for number in range(8):
        minute = 1 + number / 6
        ahead = {"lon": 118.001 + number / 1000, "lat": 24.605}
        room.hear("worker/W2/gps", minute - 45, ahead, came=minute)
    assert len(trail(room, 5, ["W2"])) in (4, 5)
    assert trail(room, 5, ["W2"], STATION_2) == []


def test_the_workers_of_each_unit_were_where_they_were_known_to_be(room):
    room.ping(0, "W1")
    room.ping(0, "W3", lon=118.025)
    units = then(room, "workers_by_unit", 1)
    assert sum(unit["workers"] for unit in units) == 2
    assert {unit["online"] for unit in units} == {1}
    assert [unit["online"] for unit in then(room, "workers_by_unit", 6)] == [0, 0]
    only = then(room, "workers_by_unit", 1, id=units[0]["path"])
    assert only == units[:1]
    assert [unit["workers"] for unit in then(room, "workers_by_unit", 1, STATION_2)] == [1]


def shift(room: Room, day: date, scope: Scope = WHOLE) -> tuple[Any, Any]:
    (row,) = then(room, "shift", 0, scope, day=day)
    return row["began"], row["ended"]


def test_a_shift_is_from_the_first_who_came_until_the_last_who_went(room):
    day = (NOW.astimezone(SHANGHAI) - timedelta(days=2)).date()

    def said(worker: str, hour: float, on: bool) -> None:
        at = datetime.combine(day, time(), SHANGHAI) + timedelta(hours=hour)
        room.duty((at - NOW) / minutes(1), on, worker)

    assert shift(room, day) == (None, None)
    said("W1", -1, on=True)
    said("W1", 1, on=False)  # the night's
    said("W1", 8, on=True)
    said("W2", 9, on=True)
    assert shift(room, day) == (local(day, 8), local(day, 24)), "who has not gone works on"
    said("W1", 16, on=False)
    said("W2", 17.5, on=False)
    assert shift(room, day) == (local(day, 8), local(day, 17.5))
    assert shift(room, day, STATION_2) == (None, None)
    assert shift(room, day + timedelta(days=1)) == (None, None)


def local(day: date, hour: float) -> datetime:
    return datetime.combine(day, time()) + timedelta(hours=hour)


def test_a_viewer_of_one_station_sees_nobody_of_another(room):
    room.ping(0, "W1")
    room.ping(0, "W3", lon=118.025)
    assert list(places(room, 1, STATION_2)) == ["W3"]
    (counted,) = then(room, "counts", 1, STATION_2)
    assert counted["workers"] == 1
    assert {row["code"]: (row["n"], row["whole"]) for row in then(room, "devices_by_kind", 1, STATION_2)} == {
        "worker": (1, 1)
    }


def test_who_goes_off_duty_is_on_duty_until_that_is_known(room):
    room.duty(0, True)
    room.hear("worker/W1/duty", 10, {"on": False}, came=20, hist=True)
    assert [then(room, "counts", minute)[0]["on_duty"] for minute in (5, 15, 21)] == [3, 3, 2]


def test_a_phone_is_online_for_five_minutes_after_a_position_has_come(room):
    room.ping(0)
    online = [
        {row["code"]: row["n"] for row in then(room, "devices_by_kind", minute)}["worker"]
        for minute in (4, 6)
    ]
    assert online == [1, 0]


def test_of_devices_it_is_not_known_where_nobody_listened_and_else_by_the_hour(room):
    assert {row["code"]: row["n"] for row in then(room, "devices_by_kind", 0)}["camera"] is None
    room.state("camera/C1", 0)
    hour = {row["code"]: row["n"] for row in then(room, "devices_by_kind", 60)}
    assert (hour["camera"], hour["bodycam"]) == (1, 0)


def test_an_alert_is_open_until_its_end_is_known(room):
    raise_incident(room.conn, 0, cleared=(10, 30))
    assert [len(then(room, "alerts_open", minute)) for minute in (-1, 5, 20, 31)] == [0, 1, 1, 0]
    assert [then(room, "counts", minute)[0]["major"] for minute in (-1, 20, 31)] == [0, 1, 0]
    assert then(room, "alerts_open", 5, STATION_2) == []


def test_an_alert_is_as_grave_as_it_was_known_to_be(room):
    raise_incident(room.conn, 0, cleared=(60, 60))
    for event, severity, minute in (("raised", "general", 0), ("worsened", "major", 10)):
        room.conn.execute(
            "INSERT INTO alert_event (district, alert_id, at, event, severity, stored_at) "
            "VALUES (%s, 'A1', %s, %s, %s, %s)",
            (tiny.DISTRICT, NOW + minutes(minute), event, severity, NOW + minutes(minute + 5)),
        )
    told = [then(room, "alerts_open", minute)[0]["severity"] for minute in (6, 14, 16)]
    assert told == ["general", "general", "major"]


def test_an_incident_stands_as_the_steps_stored_by_then_leave_it(room):
    raise_incident(room.conn, 0, cleared=(40, 40))
    steps = (
        ("opened", 0, 0, "raised", "rules"),
        ("acknowledged", 5, 15, "acknowledged", "screen:Li"),
        ("resolved", 40, 40, "resolved", "screen:Li"),
    )
    for event, minute, stored, state, actor in steps:
        about = {"minute": minute, "stored": stored, "state": state, "actor": actor}
        happened(room.conn, "alert_event", "A1", event, **about)
    shown = {
        minute: [(row["state"], row["acknowledged_by"]) for row in then(room, "incidents_open", minute)]
        for minute in (-1, 10, 20, 41)
    }
    assert shown == {
        -1: [],
        10: [("raised", None)],
        20: [("acknowledged", "screen:Li")],
        41: [],
    }
    assert then(room, "incidents_open", 20, STATION_2) == []


def test_a_task_is_in_the_state_that_was_known(room):
    room.conn.execute(
        "INSERT INTO task (district, task_id, premises_id, category, grid_id, path, state, launched_at, "
        "due_at, done_at) VALUES (%(d)s, 'X', 'P1', 'x', 'G1', %(path)s, 'done', %(begun)s, "
        "%(now)s, %(now)s)",
        {"d": tiny.DISTRICT, "path": tiny.PATH_1, "begun": NOW - timedelta(days=2), "now": NOW},
    )
    happened(room.conn, "task_event", "X", "launched", minute=-2880, stored=-2880)
    happened(room.conn, "task_event", "X", "inspected", minute=0, stored=0.2, state="done")

    def done(minute: float) -> tuple[int, int]:
        row = then(room, "counts", minute)[0]
        return row["due_today"], row["due_today_done"]

    assert [done(minute) for minute in (-3000, 0.1, 0.3)] == [(0, 0), (1, 0), (1, 1)]


PACK = """
SELECT compress_chunk(chunk)
FROM unnest(ARRAY['ping', 'device_event']) AS relation, show_chunks(relation::regclass) AS chunk
"""


def test_packed_in_columns_the_past_is_the_same(room):
    for minute in range(0, 40, 3):
        room.ping(minute, lon=118.001 + minute / 10_000)
        room.hear("worker/W2/gps", minute - 45, {"lon": 118.004, "lat": 24.605}, came=minute)
    room.duty(2, on=True, worker="W1")
    room.duty(5, on=False, worker="W3")
    room.duty(-60 * 40, on=False, worker="W4")
    room.hear("bodycam/B1/gps", 4, {"lon": 118.006, "lat": 24.605})
    day = {"day": NOW.astimezone(SHANGHAI).date(), "ids": ["W1", "W2"]}
    asked = [(name, minute) for name in PAST_OF_PACKED for minute in (1, 6.5, 39)]
    before = {one: then(room, *one, **day) for one in asked}
    assert [name for (name, _), rows in before.items() if not rows] == []
    room.conn.execute("SET LOCAL ROLE NONE")
    if room.conn.execute("SELECT FROM pg_extension WHERE extname = 'timescaledb'").fetchall():
        room.conn.execute(PACK)
    room.conn.execute("SET LOCAL ROLE gw_ingest")
    assert {one: then(room, *one, **day) for one in asked} == before


PAST_OF_PACKED = (
    "workers_on_map",
    "workers_by_unit",
    "devices_on_map",
    "devices_by_kind",
    "counts",
    "trails",
    "shift",
)


def test_it_is_said_since_when_positions_are_kept(room):
    assert then(room, "district", 0)[0]["kept"] is True
    (row,) = then(room, "district", 0, at=datetime(2020, 1, 1, tzinfo=UTC))
    assert row["kept"] is False
    assert row["kept_since"] is not None


def test_a_replay_of_the_room_is_one_look_at_everybody_on_that_day(room):
    assert room.order(LookAtTrack("room", "2026-02-28"), 5) == ("done", None)
    assert room.rows("SELECT about, id, worker_id, until - since FROM track_look") == [
        ("room", "2026-02-28", "*", timedelta(days=1))
    ]
    assert room.order(LookAtTrack("room", "2026-02-30")) == ("refused", "nothing_to_see")


def test_instants_of_the_past_are_whole_steps():
    assert whole(datetime(2026, 11, 27, 2, 0, 19, 5, tzinfo=UTC)) == datetime(
        2026, 11, 27, 2, 0, 10, tzinfo=UTC
    )
