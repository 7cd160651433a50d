"""The closed loop on a real database: orders, messages and time, and each step is an event."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

from db.connect import Row, fetch
from ingest.alerts import rules
from ingest.contract.delivery import Delivery
from ingest.contract.orders import (
    AssignTask,
    CancelTask,
    LaunchTask,
    Order,
    RecordReply,
    ResumeTask,
    SuspendTask,
)
from ingest.courier import carry_out
from ingest.decoders import decode_all, decoders
from ingest.pipeline import Pipeline
from ingest.registry import import_world
from ingest.silence import TRIES
from ingest.snapshots import load_roster
from ingest.store import prepare
from ingest.tick import settle, tick
from tests import tiny

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)
PATH = str(tiny.DISTRICT)
NO_TASKS = tiny.FILES["tasks.csv"].splitlines()[0] + "\n"

decoders()
rules()


@pytest.fixture(scope="module")
def world(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world"), tasks_csv=NO_TASKS))
    return database_url


@pytest.fixture
def room(world: str, ingest_conn: psycopg.Connection[Row], tmp_path: Path) -> "Room":
    return Room(ingest_conn, tmp_path)


class Room:
    """All of ingest but its threads, on a connection whose work is undone after the test."""

    def __init__(self, conn: psycopg.Connection[Row], data: Path) -> None:
        self.conn = conn
        prepare(conn)
        self.roster = load_roster(conn, tiny.DISTRICT)
        self.category, self.department = sorted(self.roster.departments.items())[0]
        rosters = {tiny.DISTRICT: self.roster}
        self.pipeline = Pipeline(conn, data, rosters, NOW - DAY, lambda: rosters)
        self.orders = self.messages = 0

    def order(self, order: Order, at: datetime = NOW) -> tuple[str, str | None]:
        """Place and carry out; how it ended, and why it was refused."""
        self.orders += 1
        row = {"id": f"c{self.orders}", "payload": msgspec.json.encode(order).decode(), "at": at}
        self.conn.execute(
            "INSERT INTO command (district, command_id, kind, payload, actor, queued_at) VALUES "
            f"({tiny.DISTRICT}, %(id)s, 'x', %(payload)s, 'operator', %(at)s)",
            row,
        )
        carry_out(self.conn, self.roster, at)
        return self.rows(f"SELECT state, reason FROM command WHERE command_id = 'c{self.orders}'")[0]

    def launch(self, task_id: str = "T1", at: datetime = NOW, **changed: Any) -> None:
        assert self.order(LaunchTask(task_id, "P1", self.category, **changed), at) == ("done", None)

    def hear(self, topic: str, data: dict[str, Any], at: datetime = NOW, id: str | None = None) -> None:  # noqa: A002
        self.messages += 1
        body = {"id": id or f"m{self.messages}", "ts": ms(at), "sent": ms(NOW), "data": data}
        payload, name = msgspec.json.encode(body), f"gw/v1/{tiny.DISTRICT}/{topic}"
        self.pipeline.take(decode_all([Delivery(name, payload, 1, False, False, 1, 1, NOW, True)]))

    def visit(self, result: str = "normal", at: datetime = NOW, worker: str = "W1", **changed: Any) -> None:
        data = {"premises_id": "P1", "started": ms(at), "ended": ms(at), "lon": 118.005, "lat": 24.605}
        data |= {"result": result, "items": [], "task_id": "T1", **changed}
        self.hear(f"worker/{worker}/inspection", data, at)

    def tick(self, now: datetime = NOW) -> None:
        tick(self.conn, self.roster, self.pipeline.listening_since, now)

    def rows(self, sql: str) -> list[Any]:
        return [tuple(row.values()) for row in self.conn.execute(sql.encode())]

    def state(self) -> str:
        return str(self.rows("SELECT state FROM task WHERE task_id = 'T1'")[0][0])

    def events(self) -> list[Any]:
        return self.rows(
            "SELECT event, state, irregular FROM task_event WHERE task_id = 'T1' ORDER BY at, event"
        )


def ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def test_a_task_goes_round_the_whole_loop_and_every_step_is_an_event(room: Room) -> None:
    begun = NOW - 20 * DAY
    room.launch(at=begun)
    room.visit("abnormal", begun + DAY)
    room.tick()
    assert room.state() == "recheck_due"
    room.visit("normal", begun + 12 * DAY)
    assert room.rows("SELECT state, closed_at FROM task") == [("done", None)]
    room.hear(f"department/{room.department}/reply", {"task_id": "T1", "stage": "done", "text": "已核实"})
    assert room.rows("SELECT state, closed_at, rework FROM task") == [("done", NOW, 0)]
    assert room.rows("SELECT department_id, replied_at, reply FROM obligation") == [
        (room.department, NOW, "已核实")
    ]
    assert room.events() == [
        ("assigned", "assigned", None),
        ("launched", "launched", None),
        ("inspected", "rectifying", None),
        ("recheck_due", "recheck_due", None),
        ("inspected", "done", None),
        ("replied", "done", None),
    ]


def test_deadlines_are_given_by_the_rules_and_a_changed_rule_moves_none(room: Room) -> None:
    room.launch()
    room.visit("abnormal", NOW + timedelta(seconds=1))
    said = (
        "SELECT t.due_at, t.rectify_due_at, t.recheck_due_at, o.due_at AS owed "
        "FROM task t JOIN obligation o USING (task_id)"
    )
    before = room.rows(said)
    assert all(before[0])
    room.conn.execute(
        "UPDATE deadline_rule SET working_days = working_days + 7 WHERE working_days IS NOT NULL"
    )
    room.roster = room.pipeline.rosters[tiny.DISTRICT] = load_roster(room.conn, tiny.DISTRICT)  # type: ignore[index]
    settle(room.conn, room.roster, NOW)
    room.visit("normal", NOW + timedelta(minutes=1), worker="W3", id="x")
    assert room.rows(said) == before


def test_the_modules_days_for_its_department_stand_before_everybodys_rule(room: Room) -> None:
    room.conn.execute("UPDATE task_category SET department_working_days = 3")
    room.roster = load_roster(room.conn, tiny.DISTRICT)
    room.pipeline.rosters = {tiny.DISTRICT: room.roster}
    room.launch()
    room.visit()
    assert room.rows(
        "SELECT params->'department'->>'working_days' FROM task_event WHERE event = 'inspected'"
    ) == [("3",)]


def test_a_task_that_is_suspended_waits_and_goes_on_where_it_stood(room: Room) -> None:
    room.launch(at=NOW - DAY)
    assert room.order(SuspendTask("T1", "店主住院"), NOW - timedelta(hours=3)) == ("done", None)
    room.visit(at=NOW - timedelta(hours=2))
    assert room.rows("SELECT state, suspended_reason, resumes_to FROM task") == [
        ("suspended", "店主住院", "assigned")
    ]
    assert ("inspected", "suspended", "while_suspended") in room.events()
    assert room.order(ResumeTask("T1"), NOW - timedelta(hours=1)) == ("done", None)
    room.visit()
    assert room.rows("SELECT state, suspended_at, resumes_to FROM task") == [("done", None, None)]


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        (LaunchTask("T2", "P9", "x"), "unknown premises P9"),
        (LaunchTask("T2", "P1", "x", worker_id="W9"), "unknown worker W9"),
        (CancelTask("T9", "重复"), "unknown_task"),
        (AssignTask("T1", "W9"), "unknown worker W9"),
        (ResumeTask("T1"), "not_suspended"),
        (RecordReply("T1", "nobody", "x"), "no_obligation"),
    ],
)
def test_an_order_that_does_not_fit_is_refused_and_leaves_no_event(
    room: Room, order: Order, reason: str
) -> None:
    room.launch()
    assert room.order(order) == ("refused", reason)
    assert len(room.rows("SELECT FROM task_event")) == 2


def test_after_the_end_every_order_about_it_is_refused(room: Room) -> None:
    room.launch(at=NOW - DAY)
    assert room.order(CancelTask("T1", "重复下达")) == ("done", None)
    assert room.state() == "cancelled"
    for order in (SuspendTask("T1", "x"), ResumeTask("T1"), AssignTask("T1", "W2")):
        assert room.order(order, NOW + timedelta(seconds=1)) == ("refused", "after_end")


def test_feedback_on_the_page_closes_as_feedback_over_the_wire_does(room: Room) -> None:
    room.launch(at=NOW - DAY)
    room.visit(at=NOW - timedelta(hours=1))
    assert room.order(RecordReply("T1", "another", "x")) == ("refused", "wrong_department")
    assert room.order(RecordReply("T1", room.department, "已核实")) == ("done", None)
    assert room.rows("SELECT closed_at FROM task") == [(NOW,)]


def test_a_visit_that_does_not_fit_is_kept_as_a_fact_and_as_an_irregular_event(room: Room) -> None:
    room.launch()
    for n, (worker, changed) in enumerate(
        (("W1", {"premises_id": "P2"}), ("W2", {}), ("W1", {}), ("W1", {}))
    ):
        room.visit(at=NOW + timedelta(seconds=n), worker=worker, **changed)
    assert [irregular for event, _, irregular in room.events() if event == "inspected"] == [
        "wrong_premises",
        "wrong_worker",
        None,
        "after_end",
    ]
    assert len(room.rows("SELECT FROM inspection")) == 4


def test_a_visit_for_an_unknown_task_is_evidence_and_counts_once_the_task_is_launched(room: Room) -> None:
    room.visit()
    assert room.rows("SELECT reason FROM rejected_message") == [("unknown_task: T1",)]
    assert len(room.rows("SELECT FROM inspection")) == 1
    room.launch(at=NOW + timedelta(seconds=5))
    assert room.state() == "done"


def test_a_department_that_does_not_exist_or_speaks_of_no_task_is_refused(room: Room) -> None:
    room.hear("department/nobody/reply", {"task_id": "T1", "stage": "done"})
    room.hear(f"department/{room.department}/reply", {"task_id": "T9", "stage": "done"})
    assert [
        reason for (reason,) in room.rows("SELECT reason FROM rejected_message ORDER BY rejected_id")
    ] == [
        "unknown_device: department/nobody",
        "unknown_task: T9",
    ]


def test_whatever_order_the_messages_come_in_the_task_ends_the_same(room: Room) -> None:
    begun = NOW - 20 * DAY
    told = [
        lambda: room.visit("abnormal", begun + DAY),
        lambda: room.visit("abnormal", begun + 9 * DAY),
        lambda: room.visit("normal", begun + 12 * DAY),
        lambda: room.hear(
            f"department/{room.department}/reply", {"task_id": "T1", "stage": "done"}, NOW, "r"
        ),
    ]
    ends = []
    for turn in (told, told[::-1], [told[2], told[0], told[3], told[1]]):
        with room.conn.transaction(force_rollback=True):
            room.launch(at=begun)
            for say in turn:
                say()
                room.tick()
            ends.append(
                room.rows("SELECT state, rework, inspected_at, done_at, rectify_due_at, closed_at FROM task")
                + room.rows("SELECT department_id, replied_at FROM obligation")
            )
    assert ends[0][0][:2] == ("done", 1)
    assert ends[0] == ends[1] == ends[2]


def test_a_device_that_repeats_itself_for_ever_does_not_make_the_history_endless(room: Room) -> None:
    room.launch()
    for n in range(70):
        room.visit(at=NOW + timedelta(seconds=n))
    assert len(room.rows("SELECT FROM task_event")) == 50
    assert len(room.rows("SELECT FROM inspection")) == 70


def test_a_provisional_deadline_is_settled_when_the_district_names_the_years_holidays(room: Room) -> None:
    far = datetime(2089, 12, 20, 8, tzinfo=UTC)
    room.launch(at=far)
    ((due_at, provisional),) = room.rows("SELECT due_at, due_provisional FROM task")
    assert provisional
    assert settle(room.conn, room.roster, far) is None
    assert room.rows("SELECT due_at, due_provisional FROM task") == [(due_at, True)]
    room.conn.execute(
        f"INSERT INTO holiday (district, day, working) VALUES ({tiny.DISTRICT}, '2089-10-01', false), "
        f"({tiny.DISTRICT}, '2090-10-01', false), ({tiny.DISTRICT}, '2090-01-02', false)"
    )
    room.roster = load_roster(room.conn, tiny.DISTRICT)
    for _ in "twice":
        settle(room.conn, room.roster, far)
    assert room.rows("SELECT due_at > %r, due_provisional FROM task".replace("%r", f"'{due_at}'")) == [
        (True, False)
    ]
    assert [event for event, _, _ in room.events()].count("settled") == 1


def test_a_phone_learns_of_its_task_by_an_order_and_its_replies_move_the_task(room: Room) -> None:
    room.launch(at=NOW - DAY)
    ((order_id,),) = room.rows("SELECT order_id FROM order_out WHERE device_id = 'W1' AND state = 'queued'")
    for n, stage in enumerate(("delivered", "accepted", "read", "arrived")):
        told = {"order_id": order_id, "stage": stage}
        room.hear("worker/W1/reply", told, NOW + timedelta(seconds=n), f"r{n}")
    assert room.rows("SELECT state FROM order_out") == [("arrived",)]
    assert [event[:2] for event in room.events()[2:]] == [
        ("received", "received"),
        ("received", "received"),
        ("started", "inspecting"),
    ]


def test_a_department_learns_of_the_first_result_by_an_order_until_it_replies(room: Room) -> None:
    room.launch(at=NOW - DAY)
    room.visit("abnormal", NOW - timedelta(hours=2))
    room.visit("normal", NOW - timedelta(hours=1))
    key = {"district": tiny.DISTRICT, "limit": 9}
    (down,) = fetch(room.conn, "write/next_orders", key)
    assert (down["kind"], down["device_id"], down["task_id"]) == ("department", room.department, "T1")
    assert room.rows("SELECT due_at FROM obligation") == [(datetime.fromtimestamp(down["due"] / 1000, UTC),)]
    room.hear(f"department/{room.department}/reply", {"task_id": "T1", "stage": "done"})
    assert room.rows("SELECT state FROM order_out WHERE kind = 'department'") == [("done",)]


def test_a_reply_from_the_wrong_phone_is_irregular_and_one_to_no_order_is_evidence(room: Room) -> None:
    room.launch(at=NOW - DAY)
    ((order_id,),) = room.rows("SELECT order_id FROM order_out")
    room.hear("worker/W2/reply", {"order_id": order_id, "stage": "accepted"})
    room.hear("worker/W1/reply", {"order_id": "none", "stage": "accepted"})
    assert room.events()[2:] == [("received", "assigned", "wrong_worker")]
    assert room.rows("SELECT state FROM order_out") == [("queued",)]
    assert room.rows("SELECT reason FROM rejected_message") == [("unknown_order: none",)]


def test_orders_go_down_once_and_not_at_all_for_what_is_over_or_anothers(room: Room) -> None:
    for task_id in ("T1", "T2", "T3"):
        room.launch(task_id, NOW - DAY)
    room.order(CancelTask("T2", "重复"))
    room.order(AssignTask("T3", "W2"))
    key = {"district": tiny.DISTRICT, "limit": 9}
    down = {(row["task_id"], row["device_id"]) for row in fetch(room.conn, "write/next_orders", key)}
    assert down == {("T1", "W1"), ("T3", "W2")}
    assert sorted(room.rows("SELECT task_id, device_id FROM order_out WHERE state = 'withdrawn'")) == [
        ("T2", "W1"),
        ("T3", "W1"),
    ]


@pytest.mark.parametrize(("ago_s", "tries", "heard_s", "again"), [
    (70, 1, 5, True), (50, 1, 5, False), (70, 2, 5, False), (70, 1, 300, False), (9000, 5, 5, False),
])  # fmt: skip
def test_an_order_that_was_never_answered_goes_down_again_when_the_phone_is_there(
    room: Room, ago_s: int, tries: int, heard_s: int, again: bool
) -> None:
    room.launch(at=NOW - DAY)
    room.conn.execute(
        "UPDATE order_out SET state = 'sent', tries = %s, sent_at = now() - %s * interval '1 s'",
        (tries, ago_s),
    )
    room.conn.execute(
        f"INSERT INTO worker_state (district, worker_id, online, last_seen) "
        f"VALUES ({tiny.DISTRICT}, 'W1', true, now() - %s * interval '1 s')",
        (heard_s,),
    )
    key = {"district": tiny.DISTRICT, "limit": 9}
    fetch(room.conn, "write/retry_orders", {**key, "tries": TRIES})
    assert bool(fetch(room.conn, "write/next_orders", key)) is again


def test_a_viewer_sees_the_events_and_obligations_of_the_own_station_only(world: str, room: Room) -> None:
    room.launch()
    room.visit()
    room.conn.execute("SET LOCAL ROLE gw_dashboard")
    for path, seen in ((f"{PATH}/01", True), (f"{PATH}/02", False)):
        room.conn.execute(
            "SELECT set_config('gridward.district', %s, true), set_config('gridward.path', %s, true)",
            (PATH, path),
        )
        for view in ("task", "task_event", "obligation"):
            assert bool(room.rows(f"SELECT FROM scoped.{view}")) is seen, (path, view)
