"""Incidents on a real database: alerts, orders, phones, positions and time, and each step is an event."""

import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

from db.connect import INGEST, Reader, Row, Scope, connect, fetch
from ingest.contract.errors import ConfigError
from ingest.contract.orders import (
    AcknowledgeIncident,
    CommentIncident,
    ConfirmHandover,
    DispatchIncident,
    MergeIncidents,
    Order,
    ReopenIncident,
    ResolveIncident,
    Target,
)
from ingest.courier import carry_out
from ingest.domain.alert import Alert, Cleared
from ingest.domain.incident import Incident, IncidentEvent
from ingest.domain.incident_replay import replay_incident
from ingest.incidents import mind_incidents
from ingest.registry import import_world
from ingest.snapshots import load_roster
from tests import tiny
from tests.conftest import wait_until
from tests.sql.incident_room import MINUTE, NOW, WORKERS, Room, alert

UNIT_1 = f"{tiny.DISTRICT}/01/01"


@pytest.fixture(scope="module")
def world(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world"), workers_csv=WORKERS))
    return database_url


@pytest.fixture
def room(world: str, ingest_conn: psycopg.Connection[Row], tmp_path: Path) -> Iterator[Room]:
    room = Room(ingest_conn, tmp_path)
    yield room
    assert_rows_are_what_their_events_say(room.conn)


def assert_rows_are_what_their_events_say(conn: psycopg.Connection[Row]) -> None:
    """Every row is the fold of its events and the count of its alerts; no alert is without an incident."""
    events: dict[str, list[IncidentEvent]] = {}
    for row in conn.execute("SELECT *, alert_id AS incident_id FROM alert_event WHERE state IS NOT NULL"):
        events.setdefault(row["incident_id"], []).append(msgspec.convert(row, IncidentEvent))
    for row in conn.execute("SELECT * FROM incident").fetchall():
        stored = msgspec.convert(row, Incident)
        assert replay_incident(stored, events[stored.incident_id]).incident == stored
    apart = conn.execute(
        "SELECT FROM incident i FULL JOIN (SELECT incident_id, count(*) AS n, count(*) FILTER (WHERE "
        "cleared_at IS NULL) AS open FROM alert GROUP BY 1) a USING (incident_id) "
        "WHERE i.incident_id IS NULL OR (i.alerts, i.open_alerts) IS DISTINCT FROM "
        "(coalesce(a.n, 0), coalesce(a.open, 0))"
    )
    assert apart.fetchall() == []


def test_an_sos_goes_the_whole_way_to_its_end(room: Room) -> None:
    sos = room.sos()
    assert room.one(sos, "rule, state, severity::text, level, alerts") == (
        "bodycam_sos",
        "raised",
        "major",
        4,
        1,
    )
    assert room.order(AcknowledgeIncident(sos)) == ("done", None)
    assert room.send(sos, "worker:W1", minute=2) == ("done", None)
    order = room.rows(
        "SELECT order_id, kind, device_id, act, params, state FROM order_out WHERE incident_id IS NOT NULL"
    )
    assert order == [
        (
            *(room.order_id("W1"), "worker", "W1", "go_to"),
            *({"lon": 118.005, "lat": 24.605, "place": "甲村网格"}, "queued"),
        )
    ]
    room.reply("W1", "read", 2.5)
    assert room.one(sos, "state") == "dispatched"
    room.reply("W1", "on_the_way", 3)
    assert room.one(sos, "state") == "on_the_way"
    room.ping("W1", 4, lon=118.0085)
    assert room.one(sos, "state") == "on_the_way"
    room.ping("W1", 5)
    assert room.one(sos, "state, on_the_spot_by, proved_at = on_the_spot_at") == ("on_the_spot", "W1", True)
    room.ping("W1", 6)  # whoever is there goes on reporting, which is no step
    assert room.order(ResolveIncident(sos, "resolved", "已到场处置"), 9) == ("done", None)
    assert room.one(sos, "state, reason, ended_by, due_at") == ("resolved", "已到场处置", "li", None)
    assert room.steps(sos) == [
        *(("opened", "rules", None), ("acknowledged", "li", None), ("dispatched", "li", None)),
        *(("on_the_way", "W1", None), ("on_the_spot", "W1", None), ("resolved", "li", None)),
    ]
    assert room.rejected() == []


def test_the_same_messages_again_change_nothing(room: Room) -> None:
    for _ in range(2):
        room.hear("bodycam/B1/event", {"event": "sos", "lon": 118.005, "lat": 24.605}, 0, id="once")
    ((sos,),) = room.rows("SELECT incident_id FROM incident")
    room.send(sos, "worker:W1")
    order_id = room.order_id("W1")
    for _ in range(3):
        room.reply("W1", "arrived", 3, order_id, id="r1")
        room.hear("worker/W1/gps", {"lon": 118.005, "lat": 24.605}, 4, id="g1")
    before = room.steps(sos)
    assert [event for event, *_ in before] == ["opened", "dispatched", "on_the_spot", "on_the_spot"]
    room.reply("W1", "arrived", 3, order_id, id="r1")
    assert room.steps(sos) == before


def test_of_two_who_acknowledge_the_second_is_told_who_was_first(room: Room) -> None:
    sos = room.sos()
    first, second = (room.place(AcknowledgeIncident(sos), 1, actor) for actor in ("li", "wang"))
    carry_out(room.conn, room.roster, NOW + MINUTE)
    found = dict(room.rows(f"SELECT actor, reason FROM command WHERE command_id IN ('{first}', '{second}')"))
    winner = room.one(sos, "acknowledged_by")
    (loser,) = {"li", "wang"} - {winner}
    assert found == {winner: None, loser: f"already_acknowledged: {winner}"}
    assert len(room.steps(sos)) == 2


def test_who_acknowledges_once_more_what_is_theirs_is_not_refused_and_nothing_happens(room: Room) -> None:
    sos = room.sos()
    for minute in (1, 2):
        assert room.order(AcknowledgeIncident(sos), minute, "li") == ("done", None)
    assert [step[0] for step in room.steps(sos)].count("acknowledged") == 1


def test_an_order_placed_before_another_but_carried_out_after_it_does_not_come_first(room: Room) -> None:
    sos = room.sos()
    assert room.order(AcknowledgeIncident(sos), 2, "li") == ("done", None)
    assert room.order(AcknowledgeIncident(sos), 1, "wang") == ("refused", "already_acknowledged: li")
    assert room.order(ResolveIncident(sos, "resolved", "x"), 1, "wang") == ("done", None)
    assert room.one(sos, "ended_at > acknowledged_at") is True


def test_a_squadron_is_its_officers_and_a_department_is_told_too(room: Room) -> None:
    sos = room.sos()
    assert room.send(sos, f"squadron:{UNIT_1}", "department:fire", "officer:F3") == ("done", None)
    sent = [(one["kind"], one["id"], one.get("via")) for one in room.one(sos, "sent")]
    assert sent == [("worker", "F2", UNIT_1), ("worker", "F3", UNIT_1), ("department", "fire", None)]
    queued = room.rows("SELECT kind, device_id FROM order_out WHERE incident_id IS NOT NULL ORDER BY 2")
    assert queued == [("worker", "F2"), ("worker", "F3"), ("department", "fire")]
    room.hear("department/fire/reply", {"incident_id": sos, "stage": "on_the_way", "text": "出警"}, 2)
    assert room.one(sos, "state") == "on_the_way"
    assert room.rows("SELECT state, reply FROM order_out WHERE kind = 'department' AND act IS NOT NULL") == [
        ("on_the_way", "出警")
    ]
    assert room.send(sos, "department:fire", minute=3) == ("refused", "already_dispatched")


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("worker:W9", "unknown_worker: W9"),
        ("officer:W1", "unknown_officer: W1"),
        ("department:nobody", "unknown_department: nobody"),
        (f"squadron:{tiny.DISTRICT}/02", f"no_officers: {tiny.DISTRICT}/02"),
    ],
)
def test_whoever_is_not_there_cannot_be_sent_and_nobody_is(room: Room, to: str, reason: str) -> None:
    sos = room.sos()
    assert room.send(sos, "worker:W1", to) == ("refused", reason)
    assert room.one(sos, "state, sent") == ("raised", [])
    assert room.rows("SELECT FROM order_out WHERE act IS NOT NULL") == []


def test_orders_about_tasks_go_down_past_those_about_incidents(room: Room) -> None:
    room.send(room.sos(), "worker:W1", "department:fire")
    key = {"district": tiny.DISTRICT, "limit": 9}
    going = fetch(room.conn, "write/next_orders", key)
    assert {row["task_id"] for row in going} == {"T1", "T2", "T3"}
    assert room.rows("SELECT DISTINCT state FROM order_out WHERE act IS NOT NULL") == [("queued",)]


def test_orders_that_do_not_fit_are_refused_with_a_code_and_leave_no_trace(room: Room) -> None:
    sos = room.sos()
    for order in (AcknowledgeIncident("nowhere"), CommentIncident("nowhere", "x")):
        assert room.order(order) == ("refused", "unknown_incident: nowhere")
    assert room.order(ReopenIncident(sos, "x")) == ("refused", "not_ended")
    assert room.order(ResolveIncident(sos, "false_alarm", "误触"), 2) == ("done", None)
    for order in (AcknowledgeIncident(sos), ResolveIncident(sos, "resolved", "x")):
        assert room.order(order, 3) == ("refused", "after_end")
    assert room.send(sos, "worker:W1", minute=3) == ("refused", "after_end")
    assert room.order(CommentIncident(sos, "已回访"), 4) == ("done", None)
    assert room.order(ReopenIncident(sos, "再次求助"), 5, "wang") == ("done", None)
    assert room.one(sos, "state, acknowledged_by, reopened") == ("acknowledged", "wang", 1)
    assert [(event, irregular) for event, _, irregular in room.steps(sos)] == [
        *(("opened", None), ("false_alarm", None), ("commented", None), ("reopened", None)),
    ]


def test_what_is_no_order_is_refused_before_it_comes_near_an_incident(room: Room) -> None:
    room.conn.execute(
        "INSERT INTO command (district, command_id, kind, payload, actor) VALUES "
        '(%s, \'odd\', \'x\', \'{"kind": "dispatch_incident", "incident_id": "a", "to": []}\', \'li\')',
        (tiny.DISTRICT,),
    )
    carry_out(room.conn, room.roster, NOW)
    ((reason,),) = room.rows("SELECT reason FROM command WHERE command_id = 'odd'")
    assert reason.startswith("not an order: ")


def test_those_who_decline_are_not_waited_for(room: Room) -> None:
    sos = room.sos()
    room.send(sos, "worker:W1", "worker:W2")
    room.reply("W1", "refused", 2)
    assert room.one(sos, "state") == "dispatched"
    room.reply("W2", "refused", 3)
    assert room.one(sos, "state, due_at") == ("acknowledged", NOW + 5 * MINUTE)
    room.ping("W1", 4)
    assert room.one(sos, "state") == "acknowledged"
    assert room.send(sos, "worker:W1", minute=5) == ("done", None)
    assert len(room.rows("SELECT FROM order_out WHERE device_id = 'W1' AND act IS NOT NULL")) == 2
    room.ping("W1", 6)
    assert room.one(sos, "state") == "on_the_spot"


def test_a_reply_of_somebody_else_or_about_nothing_is_kept_as_evidence(room: Room) -> None:
    sos = room.sos()
    room.send(sos, "worker:W1")
    room.reply("W2", "arrived", 2, room.order_id("W1"))
    room.hear("department/fire/reply", {"incident_id": "nowhere", "stage": "done"}, 2)
    room.hear("department/fire/reply", {"incident_id": sos, "stage": "done"}, 2)
    room.hear("department/fire/reply", {"incident_id": sos, "task_id": "T1", "stage": "done"}, 2)
    assert room.one(sos, "state") == "dispatched"
    assert room.rejected() == [
        "unknown_incident: nowhere",
        f"unknown_order: {sos}",
        f"unknown_order: {sos}",
        "wrong_shape: a department replies about a task, a clue, an incident or an order",
    ]


def test_a_phone_that_repeats_itself_is_stopped_and_orders_still_count(room: Room) -> None:
    sos = room.sos()
    room.send(sos, "worker:W1")
    order_id = room.order_id("W1")
    for number in range(210):
        room.reply("W1", "on_the_way", 2 + number / 100, order_id)
    assert set(room.rejected()) == {f"too_many_events: {sos}"}
    room.wait(10_000)
    assert room.one(sos, "level") == 3, "time goes on"
    assert room.order(ResolveIncident(sos, "resolved", "x"), 10_001) == ("done", None)
    assert len(room.steps(sos)) == 202


def test_late_steps_call_level_after_level_by_the_clock_and_each_is_an_event(room: Room) -> None:
    sos = room.sos()
    (opened_at,) = (room.one(sos, "opened_at"),)
    start = (opened_at - NOW) / MINUTE
    for late, level in ((1.9, 4), (2.1, 3), (4.3, 2), (6.5, 1), (99, 1)):
        room.wait(start + late)
        assert room.one(sos, "level") == level
    said = room.rows(
        "SELECT params ->> 'step' AS step, params -> 'level' AS level, actor FROM alert_event "
        "WHERE event = 'escalated' ORDER BY at"
    )
    assert said == [("acknowledge", 3, "time"), ("acknowledge", 2, "time"), ("acknowledge", 1, "time")]
    room.order(AcknowledgeIncident(sos), 100)
    assert room.one(sos, "level, due_at") == (1, NOW + 102 * MINUTE), "there is nobody above, but it is late"


def test_a_step_in_time_that_is_heard_of_late_takes_the_escalation_back(room: Room) -> None:
    sos = room.sos()
    room.order(AcknowledgeIncident(sos))
    room.send(sos, "worker:W1", minute=2)
    room.wait(5)
    assert room.one(sos, "level") == 3
    room.ping("W1", 3)
    assert room.one(sos, "level, state") == (4, "on_the_spot")


def test_a_districts_own_minutes_stand_before_everybodys_until_the_file_holds_them_no_longer(
    world: str, tmp_path: Path
) -> None:
    files, head = tiny.write(tmp_path / "own", workers_csv=WORKERS), "severity,step,minutes,valid_from\n"

    def due(rows: str) -> Any:
        (files / "escalation_rules.csv").write_text(head + rows, "utf-8")
        import_world(world, files)
        with connect(world, INGEST) as conn:
            room = Room(conn, tmp_path)
            found = room.one(room.sos(), "due_at - opened_at")
            conn.rollback()
        return found

    assert due("major,acknowledge,20,2026-01-01\nmajor,dispatch,9,2026-01-01\n") == 20 * MINUTE
    assert due("major,acknowledge,15,2026-01-01\nmajor,acknowledge,7,2099-01-01\n") == 15 * MINUTE
    assert due("") == 2 * MINUTE


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("big,arrive,2,2026-01-01", "severity: 'big' is none of general, serious, major"),
        ("major,leave,2,2026-01-01", "step: 'leave' is none of acknowledge, dispatch, arrive"),
        ("major,arrive,0,2026-01-01", "minutes: 0 is not between 0.1 and 10080"),
        ("major,arrive,2,soon", "valid_from: 'soon'"),
    ],
)
def test_a_bad_escalation_rule_is_named_by_line_and_column(
    world: str, tmp_path: Path, row: str, message: str
) -> None:
    files = tiny.write(tmp_path / "own", workers_csv=WORKERS)
    (files / "escalation_rules.csv").write_text(f"severity,step,minutes,valid_from\n{row}\n", "utf-8")
    with pytest.raises(ConfigError, match=re.escape(f"escalation_rules.csv:2: {message}")):
        import_world(world, files)


def test_what_the_facts_clear_and_nobody_touched_passes_after_a_while(room: Room) -> None:
    room.ring(alert())
    room.ring(Cleared(tiny.DISTRICT, "device_silent", "device:C1", NOW + 2 * MINUTE), minute=2)
    assert room.rows("SELECT state, open_alerts, facts_cleared_at FROM incident") == [
        ("raised", 0, NOW + 2 * MINUTE)
    ]
    room.wait(11)
    assert room.rows("SELECT state FROM incident") == [("raised",)]
    room.wait(13)
    assert room.rows("SELECT state, ended_by, reason FROM incident") == [("passed", "facts", None)]


def test_what_will_pass_by_itself_is_not_escalated(room: Room) -> None:
    room.ring(alert(severity="serious"))
    room.ring(Cleared(tiny.DISTRICT, "device_silent", "device:C1", NOW + 9 * MINUTE), minute=9)
    room.wait(11)
    assert room.rows("SELECT state, level FROM incident") == [("raised", 4)]
    room.wait(20)
    assert room.rows("SELECT state, level FROM incident") == [("passed", 4)]


def test_a_major_one_or_one_in_hand_stays_until_somebody_says_so(room: Room) -> None:
    sos = room.sos()
    room.sos(1, event="sos_cleared")
    room.ring(alert("device:C1"))
    ((other,),) = room.rows("SELECT incident_id FROM incident WHERE rule = 'device_silent'")
    room.order(AcknowledgeIncident(other))
    room.ring(Cleared(tiny.DISTRICT, "device_silent", "device:C1", NOW + 2 * MINUTE), minute=2)
    room.wait(10_000)
    assert (room.one(sos, "state, open_alerts"), room.one(other, "state, open_alerts")) == (
        ("raised", 0),
        ("acknowledged", 0),
    )


def test_a_repeat_joins_what_is_open_and_makes_it_worse(room: Room) -> None:
    room.ring(alert())
    room.ring(Cleared(tiny.DISTRICT, "device_silent", "device:C1", NOW + MINUTE), minute=1)
    room.ring(alert(minute=3, severity="serious"), minute=3)
    found = room.rows(
        "SELECT alerts, open_alerts, subjects, severity::text, facts_cleared_at, due_at FROM incident"
    )
    assert found == [(2, 1, 1, "serious", None, NOW + 13 * MINUTE)]
    assert [
        event for event, *_ in room.rows("SELECT event FROM alert_event WHERE state IS NOT NULL ORDER BY at")
    ] == [
        *("opened", "aggravated"),
    ]


def test_what_was_quiet_for_a_short_time_only_is_the_same_however_long_it_had_rung(room: Room) -> None:
    room.ring(alert())
    room.ring(Cleared(tiny.DISTRICT, "device_silent", "device:C1", NOW + 90 * MINUTE), minute=90)
    room.ring(alert(minute=95), minute=95)
    room.ring(Cleared(tiny.DISTRICT, "device_silent", "device:C1", NOW + 96 * MINUTE), minute=96)
    room.ring(alert(minute=107), minute=107)
    assert room.rows("SELECT alerts FROM incident ORDER BY opened_at") == [(2,), (1,)]


def test_a_clue_is_one_incident_whatever_level_is_called_about_it(room: Room) -> None:
    room.ring(alert("clue:k1:village", rule="major_clue", severity="major"))
    gone = Cleared(tiny.DISTRICT, "major_clue", "clue:k1:village", NOW + 30 * MINUTE)
    room.ring(gone, alert("clue:k1:town", 30, "major_clue", "major"), minute=30)  # type: ignore[arg-type]
    room.ring(alert("clue:k2:village", 31, "major_clue", "major"), minute=31)
    assert room.rows("SELECT alerts, open_alerts, subjects FROM incident ORDER BY opened_at") == [
        (2, 1, 1),
        (1, 1, 1),
    ]


def test_an_alert_that_becomes_worse_makes_its_incident_worse(room: Room) -> None:
    room.ring(alert(), alert("device:C2"))
    room.ring(alert(minute=2, severity="major"), minute=2)
    assert room.rows("SELECT severity::text, due_at FROM incident ORDER BY severity") == [
        ("general", NOW + 30 * MINUTE),
        ("major", NOW + 4 * MINUTE),
    ]


def test_raised_and_cleared_in_one_batch_is_an_incident_that_the_facts_have_cleared(room: Room) -> None:
    said: list[Alert | Cleared] = [
        alert(),
        Cleared(tiny.DISTRICT, "device_silent", "device:C1", NOW + MINUTE),
        alert(minute=2),
        Cleared(tiny.DISTRICT, "device_silent", "device:C1", NOW + 3 * MINUTE),
    ]
    room.ring(*said, minute=3)  # type: ignore[arg-type]
    assert room.rows("SELECT alerts, open_alerts, facts_cleared_at FROM incident") == [
        (2, 0, NOW + 3 * MINUTE)
    ]
    room.ring(*said, minute=4)  # type: ignore[arg-type]
    assert room.rows("SELECT alerts FROM incident") == [(2,)]


def test_incidents_are_merged_with_their_alerts_and_their_people(room: Room) -> None:
    room.ring(alert(severity="serious"), alert("device:C2"), alert("device:C3"))
    one, two, three = (key for (key,) in room.rows("SELECT incident_id FROM incident ORDER BY incident_id"))
    room.send(two, "worker:W1")
    order_id = room.order_id("W1")
    assert room.order(MergeIncidents(one, [two, three]), 2) == ("done", None)
    assert room.one(one, "alerts, subjects, state, severity::text") == (3, 3, "dispatched", "serious")
    for merged in (two, three):
        assert room.one(merged, "state, merged_into, alerts") == ("merged", one, 0)
    room.reply("W1", "arrived", 3, order_id)
    assert room.one(one, "state") == "on_the_spot"
    assert room.rejected() == []
    assert room.order(AcknowledgeIncident(two), 4) == ("refused", "after_end")
    assert room.order(ReopenIncident(two, "x"), 4) == ("refused", f"merged: {one}")


def test_a_merger_is_carried_out_whole_or_not_at_all(room: Room) -> None:
    room.ring(alert(), alert("device:C2"))
    one, two = (key for (key,) in room.rows("SELECT incident_id FROM incident ORDER BY incident_id"))
    assert room.order(MergeIncidents(one, [two, "nowhere"])) == ("refused", "unknown_incident: nowhere")
    assert room.order(MergeIncidents(one, [two, one])) == ("refused", f"same_incident: {one}")
    assert room.rows("SELECT DISTINCT state, alerts FROM incident") == [("raised", 1)]
    room.order(ResolveIncident(two, "resolved", "x"))
    assert room.order(MergeIncidents(one, [two]), 2) == ("refused", f"after_end: {two}")


def test_an_incoming_operator_confirms_what_is_open_and_what_came_meanwhile_is_kept_too(room: Room) -> None:
    room.ring(alert(), alert("device:C2", path=tiny.PATH_3), alert("device:C4"))
    seen, elsewhere, late = (
        key
        for subject in ("C1", "C2", "C4")
        for (key,) in room.rows(f"SELECT incident_id FROM alert WHERE subject = 'device:{subject}'")
    )
    assert room.order(ConfirmHandover(UNIT_1, [seen], "夜班无异常"), 2, "wang") == ("done", None)
    assert room.rows("SELECT path, actor, at, note, confirmed, open FROM handover") == [
        (UNIT_1, "wang", NOW + 2 * MINUTE, "夜班无异常", [seen], sorted([seen, late]))
    ]
    assert room.order(ConfirmHandover(f"{tiny.DISTRICT}/09")) == (
        "refused",
        f"unknown_unit: {tiny.DISTRICT}/09",
    )
    assert room.order(ConfirmHandover(str(tiny.DISTRICT)), 3) == ("done", None)
    assert elsewhere in room.rows("SELECT open FROM handover ORDER BY at DESC")[0][0]


def test_the_figures_of_positions_that_prove_are_kept_with_the_step(room: Room) -> None:
    sos = room.sos()
    room.send(sos, "worker:W1")
    room.ping("W1", 2, mock=True)
    room.ping("W1", 2.5, accuracy_m=900)
    assert room.one(sos, "state") == "dispatched"
    room.ping("W1", 3, lon=118.0055)
    ((said,),) = room.rows("SELECT params FROM alert_event WHERE event = 'on_the_spot'")
    assert said["proved"] is True
    assert 45 < said["distance_m"] < 55


def test_what_a_district_has_set_decides_what_is_one_incident_and_who_is_there(room: Room) -> None:
    for name, value, unit in (("storm_subjects", 2, "count"), ("arrive_metres", 20, "metres")):
        room.conn.execute(
            "INSERT INTO threshold (district, name, value, unit, valid_from, actor) "
            "VALUES (%s, %s, %s, %s, %s, 'li')",
            (tiny.DISTRICT, f"incident.{name}", value, unit, NOW + 10 * MINUTE),
        )
    room.roster = load_roster(room.conn, tiny.DISTRICT)
    room.pipeline.rosters = {tiny.DISTRICT: room.roster}
    room.ring(alert(), alert("device:C2"))
    assert room.rows("SELECT count(*) FROM incident") == [(2,)]
    room.ring(alert("device:C3", 20), alert("device:C4", 20), minute=20)
    assert room.rows(
        "SELECT alerts FROM incident WHERE opened_at > raised_at - interval '1 s' ORDER BY 1"
    ) == [
        *((1,), (1,), (2,)),
    ]
    sos = room.sos(30)
    room.send(sos, "worker:W1", minute=31)
    room.ping("W1", 32, lon=118.0055)
    assert room.one(sos, "state") == "dispatched"
    room.ping("W1", 33, lon=118.0051)
    assert room.one(sos, "state") == "on_the_spot"


def test_a_viewer_sees_an_incident_through_any_of_its_alerts(room: Room, world: str) -> None:
    storm = [alert(f"device:D{n}", path=(tiny.PATH_1, tiny.PATH_2)[n % 2]) for n in range(6)]
    room.ring(*storm)
    room.ring(alert("device:E1", path=tiny.PATH_3))
    room.conn.commit()
    reader = Reader(world)
    try:

        def seen(path: str) -> int:
            with reader._pool.connection() as conn, conn.transaction():
                conn.execute(
                    "SELECT set_config('search_path', 'scoped', true), set_config('gridward.district', "
                    "%s, true), set_config('gridward.path', %s, true)",
                    (str(tiny.DISTRICT), path),
                )
                row = conn.execute(
                    "SELECT count(*) AS n, (SELECT count(*) FROM alert_event WHERE event = 'opened') AS e "
                    "FROM incident"
                ).fetchone()
                assert row and row["n"] == row["e"]
                return int(row["n"])

        paths = (str(tiny.DISTRICT), tiny.PATH_1, tiny.PATH_2, f"{tiny.DISTRICT}/02", f"{tiny.DISTRICT}/09")
        assert [seen(path) for path in paths] == [2, 1, 1, 1, 0]
    finally:
        reader.close()
        with psycopg.connect(world, autocommit=True) as owner:
            owner.execute("TRUNCATE alert, alert_event, incident")


def test_two_operators_at_once_one_wins_and_the_other_is_told(room: Room, world: str) -> None:
    """Both place their orders from threads of their own; a third carries orders out as the lane does."""
    sos = room.sos()
    room.conn.commit()
    stop, ids = threading.Event(), {actor: f"two-{actor}" for actor in ("li", "wang")}
    reader = Reader(world)

    def acknowledge(actor: str) -> None:
        payload = msgspec.json.encode(AcknowledgeIncident(sos)).decode()
        barrier.wait(10)
        scope = Scope(tiny.DISTRICT, str(tiny.DISTRICT))
        reader.place(scope, actor, ids[actor], "acknowledge_incident", payload)

    def lane() -> None:
        with connect(world, INGEST) as conn:
            while not stop.is_set():
                carry_out(conn, room.roster, NOW)
                conn.commit()

    barrier = threading.Barrier(2)
    threads = [threading.Thread(target=acknowledge, args=(actor,)) for actor in ids]
    threads.append(threading.Thread(target=lane))
    for thread in threads:
        thread.start()
    try:

        def outcome() -> dict[str, Any]:
            room.conn.rollback()
            rows = room.rows(
                "SELECT actor, reason FROM command WHERE command_id LIKE 'two-%' AND state <> 'queued'"
            )
            return dict(rows) if len(rows) == 2 else {}

        told = wait_until(outcome, what="both orders carried out")
        winner = room.one(sos, "acknowledged_by")
        (loser,) = ids.keys() - {winner}
        assert told == {winner: None, loser: f"already_acknowledged: {winner}"}
    finally:
        stop.set()
        for thread in threads:
            thread.join(10)
        reader.close()
        room.conn.rollback()
        with psycopg.connect(world, autocommit=True) as owner:
            owner.execute("TRUNCATE alert, alert_event, incident, command, device_event, device_state")


@pytest.mark.parametrize("what", ["orders", "facts"])
def test_a_crash_before_the_commit_loses_nothing_and_doubles_nothing(room: Room, what: str) -> None:
    sos = room.sos()
    order: Order = DispatchIncident(sos, [Target("worker", "W1")])
    if what == "orders":
        command = room.place(order)
        with pytest.raises(RuntimeError), room.conn.transaction():
            carry_out(room.conn, room.roster, NOW + MINUTE)
            raise RuntimeError("killed before the commit")
        assert room.rows("SELECT FROM order_out WHERE act IS NOT NULL") == []
        carry_out(room.conn, room.roster, NOW + MINUTE)
        assert room.rows(f"SELECT state FROM command WHERE command_id = '{command}'") == [("done",)]
    else:
        room.order(order)
        order_id = room.order_id("W1")
        with pytest.raises(RuntimeError), room.conn.transaction():
            room.reply("W1", "arrived", 2, order_id, id="r1")
            raise RuntimeError("killed before the commit")
        for _ in range(2):  # the broker sends again what was not acknowledged, and once too often
            room.reply("W1", "arrived", 2, order_id, id="r1")
    events = [event for event, *_ in room.steps(sos)]
    assert events == ["opened", "dispatched"] + ["on_the_spot"] * (what == "facts")
    assert len(room.rows("SELECT FROM order_out WHERE act IS NOT NULL")) == 1


def test_time_changes_some_hundreds_at_once_and_the_rest_with_the_next_tick(room: Room) -> None:
    room.ring(*(alert(f"device:D{n}", n * 11.0, path=tiny.PATH_3) for n in range(600)), minute=0)
    assert room.rows("SELECT count(*) FROM incident") == [(600,)]
    for left in (100, 0):
        mind_incidents(room.conn, room.roster, NOW + timedelta(minutes=31))
        assert room.rows("SELECT count(*) FROM incident WHERE level = 4") == [(left,)]
