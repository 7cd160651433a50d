"""A look at somebody's track is a row, of each whose track it showed, for those who may see them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from db.connect import Scope, enter, fetch
from ingest.contract.orders import LookAtTrack
from ingest.registry import import_world
from tests import tiny
from tests.room import NOW, Room, minutes

WHOLE = Scope(tiny.DISTRICT, str(tiny.DISTRICT))
ANY = {"unit": None, "text": None, "abouts": None, "limit": 10}


@pytest.fixture(scope="module")
def world(database_url, tmp_path_factory):
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world")))
    return database_url


@pytest.fixture
def room(world, ingest_conn, tmp_path):
    return Room(ingest_conn, tmp_path)


def looks(room):
    return room.rows(
        "SELECT at, actor, about, id, worker_id, since, until FROM track_look ORDER BY at, worker_id"
    )


def seen(room, scope, **asked):
    """The workers at whose tracks there were looks, as a viewer of `scope` reads them."""
    with room.conn.transaction(force_rollback=True):
        room.conn.execute("SET LOCAL ROLE gw_dashboard")
        enter(room.conn, scope)
        rows = fetch(room.conn, "read/looks", ANY | asked)
        counted = fetch(room.conn, "read/looks_summary", {"unit": asked.get("unit"), "limit": 10})
    return [row["worker_id"] for row in rows], sum(row["looks"] for row in counted)


def test_a_look_at_a_visit_says_who_when_and_about_which_time(room):
    name = room.visit(0, "normal")
    assert room.order(LookAtTrack("visit", f"W1:{name}"), 5) == ("done", None)
    about = ("visit", f"W1:{name}", "W1", NOW - minutes(1), NOW)
    assert looks(room) == [(NOW + minutes(5), "operator", *about)]
    assert room.order(LookAtTrack("visit", f"W1:{name}"), 9) == ("done", None)
    assert len(looks(room)) == 2


def test_a_look_at_a_task_is_one_at_each_who_visited_for_it(room):
    for minute in (0, 30):
        room.visit(minute, "normal", task_id="T1")
    room.visit(50, "normal")
    assert room.order(LookAtTrack("task", "T1"), 60) == ("done", None)
    assert looks(room) == [
        (NOW + minutes(60), "operator", "task", "T1", "W1", NOW - minutes(1), NOW + minutes(30))
    ]


def test_a_look_at_a_day_is_one_at_the_worker_from_midnight_to_midnight(room):
    room.visit(0, "normal")
    assert room.order(LookAtTrack("day", "W1:2026-02-28"), 5) == ("done", None)
    begins = datetime(2026, 2, 28, tzinfo=ZoneInfo("Asia/Shanghai"))
    day = ("day", "W1:2026-02-28", "W1", begins, begins + timedelta(days=1))
    assert looks(room) == [(NOW + minutes(5), "operator", *day)]
    assert seen(room, WHOLE, abouts=["day"]) == (["W1"], 1)


@pytest.mark.parametrize(
    "look",
    [
        LookAtTrack("visit", "W1:m404"),
        LookAtTrack("task", "T1"),
        LookAtTrack("day", "W404:2026-02-28"),
        LookAtTrack("day", "W1:2026-02-30"),
        LookAtTrack("day", "W1"),
    ],
)
def test_a_look_at_what_there_is_not_is_refused_and_no_row(room, look):
    assert room.order(look) == ("refused", "nothing_to_see")
    assert looks(room) == []


def test_looks_are_read_by_those_who_may_see_whom_they_were_at(room):
    name = room.visit(0, "normal")
    room.order(LookAtTrack("visit", f"W1:{name}"))
    other = Scope(tiny.DISTRICT, f"{tiny.DISTRICT}/02")
    assert [seen(room, scope) for scope in (WHOLE, other)] == [(["W1"], 1), ([], 0)]
    assert seen(room, WHOLE, unit=f"{tiny.DISTRICT}/02") == ([], 0)
    assert [seen(room, WHOLE, **asked)[0] for asked in ({"abouts": ["task"]}, {"text": "operat"})] == [
        [],
        ["W1"],
    ]


def test_a_replay_is_seen_by_those_who_were_looked_at_and_from_above(room):
    station, other = f"{tiny.DISTRICT}/01", f"{tiny.DISTRICT}/02"
    places = (str(tiny.DISTRICT), station, tiny.PATH_1, other, tiny.PATH_3)

    def replayed_from(path):
        room.conn.execute("SELECT set_config('gridward.path', %s, true)", (path,))
        assert room.order(LookAtTrack("room", "2026-02-28")) == ("done", None)
        return [seen(room, Scope(tiny.DISTRICT, place))[1] for place in places]

    assert replayed_from(station) == [1, 1, 1, 0, 0]
    assert replayed_from("") == [2, 2, 2, 1, 1]  # nobody knows from where: at all of the district
