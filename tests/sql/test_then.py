"""The room as it was known at an instant: what was stored later is not there yet."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from dashboard.replay import whole
from db.connect import Row, Scope, enter, fetch
from ingest.contract.orders import LookAtTrack
from ingest.registry import import_world
from tests import tiny
from tests.room import NOW, Room, minutes

WHOLE = Scope(tiny.DISTRICT, str(tiny.DISTRICT))
STATION_2 = Scope(tiny.DISTRICT, f"{tiny.DISTRICT}/02")
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
