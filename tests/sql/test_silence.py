"""Orders that nobody answers: given up after their time, told as an alert, and still accepted late."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from db.connect import fetch
from ingest.contract.orders import AssignTask, CancelTask, RecordReply
from ingest.silence import AWAY, EVERY_S, PATIENCE, TRIES, give_up
from ingest.tick import tick
from ingest.watch import Rounds
from tests import tiny
from tests.sql.test_closed_loop import DAY, NOW, Room, room, world  # noqa: F401  fixtures

KEY = {"district": tiny.DISTRICT, "limit": 9}
MINUTE = timedelta(minutes=1)


def send(room: Room, tries: int, ago: timedelta) -> None:  # noqa: F811
    """As if all orders that wait had gone down for the `tries`th time that long ago."""
    room.conn.execute(
        "UPDATE order_out SET state = 'sent', tries = %s, sent_at = %s WHERE state = 'queued'",
        (tries, datetime.now(UTC) - ago),
    )


def give_up_now(room: Room) -> None:  # noqa: F811
    room.tick(datetime.now(UTC))


def states(room: Room) -> list[Any]:  # noqa: F811
    return room.rows("SELECT kind, device_id, state FROM order_out ORDER BY kind DESC, device_id")


def open_alerts(room: Room) -> list[Any]:  # noqa: F811
    return room.rows(
        "SELECT subject, severity, params ->> 'task_id' FROM alert "
        "WHERE rule = 'order_unanswered' AND cleared_at IS NULL ORDER BY 1"
    )


@pytest.mark.parametrize(
    ("tries", "ago", "expired"),
    [
        (TRIES, PATIENCE + MINUTE, True),
        (TRIES, PATIENCE - MINUTE, False),
        (1, PATIENCE + MINUTE, False),  # the phone was not there: it goes down again when it is
        (1, AWAY - MINUTE, False),
        (1, AWAY + MINUTE, True),
    ],
)
def test_an_order_is_given_up_after_its_tries_or_a_day_away(
    room: Room,  # noqa: F811
    tries: int,
    ago: timedelta,
    expired: bool,
) -> None:
    room.launch(at=NOW - 2 * DAY)
    send(room, tries, ago)
    give_up_now(room)
    assert states(room) == [("worker", "W1", "expired" if expired else "sent")]
    assert open_alerts(room) == ([("worker:W1", "general", "T1")] if expired else [])
    assert room.events()[2:] == ([("unanswered", "assigned", None)] if expired else [])


def test_one_silence_rings_once_and_a_late_answer_to_all_of_it_is_accepted_and_clears(room: Room) -> None:  # noqa: F811
    for task_id in ("T1", "T2"):
        room.launch(task_id, NOW - DAY)
    send(room, TRIES, PATIENCE + MINUTE)
    for _ in "twice":
        give_up_now(room)
    assert open_alerts(room) == [("worker:W1", "general", "T1")]
    assert [event for event, _, _ in room.events()].count("unanswered") == 1
    ids = dict(room.rows("SELECT task_id, order_id FROM order_out"))
    room.hear("worker/W1/reply", {"order_id": ids["T1"], "stage": "accepted"})
    give_up_now(room)
    assert len(open_alerts(room)) == 1, "the other is still unanswered"
    room.hear("worker/W1/reply", {"order_id": ids["T2"], "stage": "delivered"})
    give_up_now(room)
    assert open_alerts(room) == []
    assert room.state() == "received"
    assert {state for _, _, state in states(room)} == {"accepted", "delivered"}


def test_a_phone_that_was_away_for_days_is_told_when_it_is_back(room: Room) -> None:  # noqa: F811
    room.launch(at=NOW - 3 * DAY)
    send(room, 1, 2 * DAY)
    give_up_now(room)
    key = {**KEY, "tries": TRIES}
    fetch(room.conn, "write/retry_orders", key)
    assert fetch(room.conn, "write/next_orders", KEY) == []
    room.conn.execute(
        "INSERT INTO worker_state (district, worker_id, online, last_seen) VALUES (%s, 'W1', true, now())",
        (tiny.DISTRICT,),
    )
    fetch(room.conn, "write/retry_orders", key)
    (again,) = fetch(room.conn, "write/next_orders", KEY)
    assert again["task_id"] == "T1"
    give_up_now(room)
    assert len(open_alerts(room)) == 1, "sent again is not answered"
    room.hear("worker/W1/reply", {"order_id": again["order_id"], "stage": "accepted"})
    give_up_now(room)
    assert open_alerts(room) == []


def test_silence_is_looked_for_every_ten_seconds_and_whoever_is_there_is_asked_again(room: Room) -> None:  # noqa: F811
    room.launch(at=NOW - DAY)
    send(room, 1, 2 * MINUTE)
    room.conn.execute(
        "INSERT INTO worker_state (district, worker_id, online, last_seen) VALUES (%s, 'W1', true, now())",
        (tiny.DISTRICT,),
    )
    rounds, found = Rounds(), []
    for second in (0, 1, EVERY_S - 1, EVERY_S):
        tick(room.conn, room.roster, NOW, datetime.now(UTC) + timedelta(seconds=second), rounds)
        found += [state for _, _, state in states(room)]
        send(room, 1, 2 * MINUTE)
    assert found == ["queued", "sent", "sent", "queued"]


@pytest.mark.parametrize("before", [True, False], ids=["before it expires", "after"])
@pytest.mark.parametrize("how", ["visited", "cancelled", "given to another"])
def test_what_need_not_be_answered_any_more_rings_no_more(room: Room, how: str, before: bool) -> None:  # noqa: F811
    room.launch(at=NOW - DAY)
    send(room, TRIES, PATIENCE + MINUTE)
    if not before:
        give_up_now(room)
        assert len(open_alerts(room)) == 1
    match how:
        case "visited":
            room.visit("abnormal", NOW - timedelta(hours=1))
        case "cancelled":
            room.order(CancelTask("T1", "重复"))
        case _:
            room.order(AssignTask("T1", "W2"))
    give_up_now(room)
    assert open_alerts(room) == []
    assert ("worker", "W1", "withdrawn") in states(room)
    assert [event for event, _, _ in room.events()].count("unanswered") == (not before)


def test_a_departments_silence_is_told_and_ends_with_its_feedback_on_the_page(room: Room) -> None:  # noqa: F811
    room.launch(at=NOW - DAY)
    room.visit("normal", NOW - timedelta(hours=2))
    room.conn.execute("UPDATE order_out SET state = 'withdrawn' WHERE kind = 'worker'")
    send(room, TRIES, PATIENCE + MINUTE)
    give_up_now(room)
    assert open_alerts(room) == [(f"department:{room.department}", "general", "T1")]
    assert ("unanswered", "done", None) in room.events()
    assert room.order(RecordReply("T1", room.department, "电话反馈：已核实"))[0] == "done"
    give_up_now(room)
    assert open_alerts(room) == []


def test_a_department_that_never_answers_about_a_clue_is_told_of_with_the_clue(room: Room) -> None:  # noqa: F811
    report = {"kind": "消防隐患", "severity": "general", "text": "x", "lon": 118.005, "lat": 24.605}
    room.hear("worker/W1/clue", {**report, "premises_id": "P1"}, NOW - DAY)
    send(room, TRIES, PATIENCE + MINUTE)
    give_up_now(room)
    said = room.rows(
        "SELECT params - 'clue_id' FROM alert WHERE rule = 'order_unanswered' AND cleared_at IS NULL"
    )
    about = {"department_id": "fire", "task_id": None, "clue_kind": "消防隐患", "premises_id": "P1"}
    assert said == [(about,)]


def test_a_phone_is_told_what_is_its_task_no_longer_and_acknowledges_it(room: Room) -> None:  # noqa: F811
    for task_id in ("T1", "T2"):
        room.launch(task_id, NOW - DAY)
    send(room, 1, MINUTE)
    room.order(AssignTask("T1", "W2"))
    room.order(CancelTask("T2", "重复"))
    down = fetch(room.conn, "write/next_withdrawals", KEY)
    assert [(row["device_id"], row["task_id"], row["reason"]) for row in down] == [
        ("W1", "T1", "reassigned"),
        ("W1", "T2", "cancelled"),
    ]
    before = room.events()
    room.hear("worker/W1/reply", {"order_id": down[0]["order_id"], "stage": "accepted"})
    assert room.events() == before, "it says nothing of the task"
    told = "SELECT state FROM order_out WHERE kind = 'withdraw' ORDER BY task_id"
    assert room.rows(told) == [("accepted",), ("queued",)]
    assert room.rows("SELECT FROM rejected_message") == []


def test_what_was_given_back_is_not_withdrawn(room: Room) -> None:  # noqa: F811
    room.launch(at=NOW - DAY)
    for number, worker in enumerate(("W2", "W1"), 1):
        room.order(AssignTask("T1", worker), NOW - DAY + number * MINUTE)
    down = fetch(room.conn, "write/next_withdrawals", KEY)
    assert [(row["device_id"], row["task_id"]) for row in down] == [("W2", "T1")]
    assert ("withdraw", "W1", "withdrawn") in states(room)


def test_a_withdrawal_that_is_never_heard_of_ends_without_an_alarm(room: Room) -> None:  # noqa: F811
    room.launch(at=NOW - DAY)
    room.order(AssignTask("T1", "W2"))
    room.conn.execute("UPDATE order_out SET state = 'accepted' WHERE kind = 'worker'")
    send(room, TRIES, PATIENCE + MINUTE)
    give_up_now(room)
    assert ("withdraw", "W1", "expired") in states(room)
    assert open_alerts(room) == []


def test_a_refusal_is_an_event_with_its_words_and_the_task_goes_to_another(room: Room) -> None:  # noqa: F811
    room.launch(at=NOW - DAY)
    ((order_id,),) = room.rows("SELECT order_id FROM order_out")
    refused = {"order_id": order_id, "stage": "refused", "text": "休假"}
    room.hear("worker/W1/reply", refused, NOW - timedelta(hours=1))
    room.hear("worker/W2/reply", refused, NOW - timedelta(hours=1))
    found = room.rows("SELECT actor, params ->> 'text', irregular FROM task_event WHERE event = 'refused'")
    assert sorted(found, key=str) == [("W1", "休假", None), ("W2", "休假", "wrong_worker")]
    assert states(room) == [("worker", "W1", "refused")]
    assert room.state() == "assigned"
    assert room.order(AssignTask("T1", "W2")) == ("done", None)
    assert ("worker", "W2", "queued") in states(room)


def test_no_more_are_given_up_at_once_than_fit_into_a_batch(
    room: Room,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ingest.silence.AT_ONCE", 2)
    for number in range(3):
        room.launch(f"T{number}", NOW - DAY)
    send(room, TRIES, PATIENCE + MINUTE)
    for expected in (2, 3):
        give_up(room.conn, room.roster, datetime.now(UTC))
        assert [state for _, _, state in states(room)].count("expired") == expected
