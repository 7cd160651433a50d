"""Thresholds on a real database: set by an order, imported, declared by rules; previews played beside the
lane.
"""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from db.connect import INGEST, connect, fetch
from ingest.alerts import rules
from ingest.contract.errors import ConfigError
from ingest.contract.orders import PreviewThreshold, SetThreshold
from ingest.domain.threshold import Parameter
from ingest.previewer import Previewer
from ingest.registry import import_world
from ingest.snapshots import load_roster, load_thresholds
from ingest.threshold_orders import declare, parameters
from tests import tiny
from tests.conftest import wait_until
from tests.room import NOW, Room, minutes

TZ = ZoneInfo("Asia/Shanghai")
MINUTES = parameters()["left_grid.minutes"]


@pytest.fixture
def world(database_url, tmp_path):
    import_world(database_url, tiny.write(tmp_path / "world"))
    yield database_url
    with connect(database_url) as conn:
        conn.execute("DELETE FROM threshold; DELETE FROM preview; DELETE FROM command; DELETE FROM ping")


@pytest.fixture
def room(world, ingest_conn, tmp_path):
    return Room(ingest_conn, tmp_path)


def value(room: Room, at: datetime = NOW, parameter: Parameter = MINUTES) -> float:
    return load_thresholds(room.conn, tiny.DISTRICT).value(parameter, at)


def test_an_order_sets_a_value_from_when_it_was_placed_and_the_row_says_who(room):
    assert room.order(SetThreshold("left_grid.minutes", 12)) == ("done", None)
    assert [value(room, NOW + minutes(at)) for at in (-1, 0)] == [5, 12]
    assert room.rows("SELECT district, name, value, unit, valid_from, actor FROM threshold") == [
        (tiny.DISTRICT, "left_grid.minutes", 12, "minutes", NOW, "operator")
    ]
    assert room.order(SetThreshold("left_grid.minutes", 7), minute=3) == ("done", None)
    assert [value(room, NOW + minutes(at)) for at in (2, 3)] == [12, 7]


def test_an_order_may_be_for_a_day_to_come(room):
    later = NOW + timedelta(days=3)
    assert room.order(SetThreshold("left_grid.minutes", 12, later)) == ("done", None)
    assert [value(room, at) for at in (later - minutes(1), later)] == [5, 12]
    assert room.order(SetThreshold("left_grid.minutes", 13, later)) == ("done", None)
    assert room.rows("SELECT value FROM threshold") == [(13,)], "the same instant again"


@pytest.mark.parametrize(
    ("order", "why"),
    [
        (SetThreshold("left_grid.metres", 5), "unknown_threshold"),
        (SetThreshold("left_grid.minutes", 0), "threshold_bounds"),
        (SetThreshold("many_hazards.count", 7.5), "threshold_bounds"),
        (SetThreshold("left_grid.minutes", 5, NOW - minutes(1)), "threshold_past"),
        (PreviewThreshold("left_grid.minutes", 500), "threshold_bounds"),
        (PreviewThreshold("device_silent.minutes", 20), "no_preview"),
        (PreviewThreshold("left_grid.metres", 5), "unknown_threshold"),
    ],
)
def test_what_cannot_be_is_refused_with_a_code_and_changes_nothing(room, order, why):
    assert room.order(order) == ("refused", why)
    assert room.rows("SELECT FROM threshold UNION ALL SELECT FROM preview") == []


def test_a_changed_value_is_judged_by_at_once(room):
    room.ping(0, lon=118.015)
    room.ping(6, lon=118.015)
    room.order(SetThreshold("left_grid.minutes", 10))
    room.refresh()
    room.tick(6)
    assert room.open("left_grid") == []
    room.ping(10, lon=118.015)
    room.tick(10)
    assert room.open("left_grid") == ["worker:W1"]
    assert room.rows("SELECT params FROM alert") == [({"worker_id": "W1", "minutes": 10},)]


def test_everybodys_value_holds_where_a_district_has_none_of_its_own(room):
    room.conn.execute(
        "INSERT INTO threshold (district, name, value, unit, valid_from, actor) "
        "VALUES (0, 'left_grid.minutes', 20, 'minutes', '2020-01-01', 'operator')"
    )
    assert value(room) == 20
    room.order(SetThreshold("left_grid.minutes", 6))
    assert value(room) == 6


def csv(*lines: str) -> str:
    return "\n".join(["name,value,valid_from", *lines]) + "\n"


def test_a_file_sets_values_from_the_beginning_of_days_of_the_district(world, tmp_path):
    written = tiny.write(
        tmp_path / "again", thresholds_csv=csv("left_grid.minutes,7,2026-01-01", "fire.quiet,3,2026-02-01")
    )
    report = import_world(world, written)
    assert report.rows["threshold"] == 2
    with connect(world, INGEST) as conn:
        held = load_thresholds(conn, tiny.DISTRICT)
        first = datetime(2026, 1, 1, tzinfo=TZ)
        assert [held.value(MINUTES, first - minutes(1)), held.value(MINUTES, first)] == [5, 7]
        conn.execute(
            "INSERT INTO threshold (district, name, value, unit, valid_from, actor) "
            f"VALUES ({tiny.DISTRICT}, 'smoke.quiet', 5, 'minutes', now(), 'screen')".encode()
        )
    report = import_world(world, tiny.write(written, thresholds_csv=csv("left_grid.minutes,9,2026-01-01")))
    assert report.closed["threshold"] == 1
    with connect(world, INGEST) as conn:
        held = load_thresholds(conn, tiny.DISTRICT)
        now = datetime.now(UTC)
        known = parameters()
        assert held.value(MINUTES, now) == 9
        assert held.value(known["fire.quiet"], now) == 10, "closed: no longer in the file"
        assert held.value(known["smoke.quiet"], now) == 5, "not set by a file"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("left_grid.metres,5,2026-01-01", "name: 'left_grid.metres' is no threshold"),
        ("left_grid.minutes,0,2026-01-01", "value: 0 is not between 1 and 240"),
        ("many_hazards.count,7.5,2026-01-01", "value: 7.5 is no whole number"),
        ("left_grid.minutes,x,2026-01-01", "value: 'x' is not a number"),
        ("left_grid.minutes,5,yesterday", "valid_from: 'yesterday' is no day"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_stored(world, tmp_path, line, complaint):
    with pytest.raises(ConfigError, match=rf"thresholds\.csv:2: {complaint}"):
        import_world(world, tiny.write(tmp_path / "bad", thresholds_csv=csv(line)))


def test_a_unit_that_is_given_must_be_the_rules(world, tmp_path):
    text = "name,value,unit,valid_from\nleft_grid.minutes,5,hours,2026-01-01\n"
    with pytest.raises(ConfigError, match=r"thresholds\.csv:2: unit: 'hours' is none of minutes"):
        import_world(world, tiny.write(tmp_path / "bad", thresholds_csv=text))


def test_what_the_rules_declare_is_written_down_and_what_they_no_longer_do_is_closed(room):
    room.conn.execute("INSERT INTO alert_rule (rule, place, previewed) VALUES ('old', 0, false)")
    room.conn.execute("INSERT INTO alert_parameter VALUES ('old.minutes', 'old', 0, 1, 'minutes', 0, 9)")
    for _ in "twice":
        declare(room.conn)
    names = {name for (name,) in room.rows("SELECT rule FROM alert_rule WHERE closed_at IS NULL")}
    assert names == {*rules(), "incident"}
    rows = room.rows("SELECT name, value, unit FROM alert_parameter WHERE closed_at IS NULL")
    assert sorted(rows) == sorted((one.name, one.default, one.unit) for one in parameters().values())
    previewed = "SELECT previewed FROM alert_rule WHERE rule = '{}'"
    assert [room.rows(previewed.format(rule)) for rule in ("fire", "device_silent")] == [
        [(True,)],
        [(False,)],
    ]


def preview(conn, preview_id="V1"):
    columns = "state, done, alerts, alerts_now, value_now, share"
    return conn.execute(
        f"SELECT {columns} FROM preview WHERE preview_id = %s".encode(), (preview_id,)
    ).fetchone()


def ask(conn, name="left_grid.minutes", preview_id="V1"):
    asked = {"district": tiny.DISTRICT, "preview_id": preview_id, "name": name, "value": 10.0, "days": 1}
    fetch(conn, "write/ask_preview", asked | {"actor": "operator"})
    conn.commit()


def test_previews_are_played_beside_the_lane_one_after_the_other(world, tmp_path):
    with connect(world, INGEST) as conn:
        room = Room(conn, tmp_path)
        for minute in (-30, -23):
            room.ping(minute, lon=118.015)
        conn.commit()
        rosters = {tiny.DISTRICT: load_roster(conn, tiny.DISTRICT)}
        ask(conn)
        with closing(Previewer(world, lambda: rosters)) as previewer:
            previewer.wake()
            wait_until(lambda: (conn.commit(), preview(conn)["state"] == "done")[1], what="the preview")
            assert list(preview(conn).values()) == ["done", 1, 0, 1, 5, 1]
            ask(conn, preview_id="V2")
            ask(conn, "no_such.thing", "V3")
            ask(conn, preview_id="V4")
            previewer.wake()
            wait_until(
                lambda: (conn.commit(), preview(conn, "V4")["state"] == "done")[1], what="the last one"
            )
            assert preview(conn, "V2")["alerts_now"] == 1
            assert preview(conn, "V3")["state"] == "failed", "and it does not stand in the way"


def test_a_preview_that_was_interrupted_is_played_in_the_next_life(world, tmp_path):
    with connect(world, INGEST) as conn:
        rosters = {tiny.DISTRICT: load_roster(conn, tiny.DISTRICT)}
        ask(conn)
        conn.execute("UPDATE preview SET state = 'running', done = 0.5")
        conn.commit()
        with closing(Previewer(world, lambda: rosters)) as previewer:
            previewer.wake()
            wait_until(lambda: (conn.commit(), preview(conn)["state"] == "done")[1], what="the preview")


def test_one_that_is_closed_while_it_plays_leaves_the_preview_for_later(world, tmp_path):
    held = connect(world)
    with connect(world, INGEST) as conn:
        rosters = {tiny.DISTRICT: replace(load_roster(conn, tiny.DISTRICT))}
        ask(conn)
        held.execute("LOCK TABLE ping IN ACCESS EXCLUSIVE MODE")
        previewer = Previewer(world, lambda: rosters)
        previewer.wake()
        wait_until(lambda: (conn.commit(), preview(conn)["state"] == "running")[1], what="the beginning")
        previewer.close()
        held.rollback()
        assert preview(conn)["state"] == "running"
    held.close()
