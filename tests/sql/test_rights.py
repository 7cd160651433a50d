"""What a screen's account may not order is refused and in the log; a district has lists of its own."""

import re
from pathlib import Path
from typing import Any

import psycopg
import pytest

from db.connect import DASHBOARD, INGEST, Row, Scope, connect, enter
from ingest.contract.errors import ConfigError
from ingest.contract.orders import (
    AcknowledgeIncident,
    AssignTask,
    CancelTask,
    CommentIncident,
    ConfirmHandover,
    DispatchIncident,
    ExportList,
    LaunchTask,
    LookAtTrack,
    MergeIncidents,
    Order,
    PreviewThreshold,
    RatePremises,
    RecordReply,
    RegisterDevice,
    ReleaseName,
    ReplyClue,
    ResolveIncident,
    SendOrder,
    SetThreshold,
    SuspendTask,
    Target,
    VoidClue,
)
from ingest.courier import carry_out
from ingest.domain.account import Grade
from ingest.domain.clue import clue_id_of
from ingest.domain.rights import ACTS
from ingest.registry import import_world
from ingest.snapshots import load_roster
from tests import accounts, tiny
from tests.sql.incident_room import MINUTE, NOW, WORKERS, Room, alert

BUREAU, STATION_1, SECTION_1 = str(tiny.DISTRICT), f"{tiny.DISTRICT}/01", f"{tiny.DISTRICT}/01/01/01"
HEAD = "grade,act,list,valid_from,valid_to\n"


@pytest.fixture(scope="module")
def world(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world"), workers_csv=WORKERS))
    return database_url


@pytest.fixture
def room(world: str, ingest_conn: psycopg.Connection[Row], tmp_path: Path) -> Room:
    return Room(ingest_conn, tmp_path)


def account(room: Room, name: str = "li", path: str = "", **fields: Any) -> str:
    """The actor of an account of the district's that is there for the length of the test."""
    room.conn.execute("SET ROLE NONE")
    actor = accounts.add(room.conn, name, **({"district": tiny.DISTRICT, "path": path} | fields))
    room.conn.execute("SET ROLE gw_ingest")
    return actor


def incident(room: Room, path: str = tiny.PATH_1, severity: str = "general") -> str:
    """A new one."""
    before = {one for (one,) in room.rows("SELECT incident_id FROM incident")}
    room.ring(alert(subject=f"device:{path}{severity}{len(before)}", path=path, severity=severity))
    ((new,),) = [row for row in room.rows("SELECT incident_id FROM incident") if row[0] not in before]
    return str(new)


def clue(room: Room, severity: str = "general", premises: str = "P1") -> str:
    said = {"kind": "hygiene", "severity": severity, "text": "脏", "lon": 118.005, "lat": 24.605}
    name = room.hear("worker/W1/clue", said | {"premises_id": premises})
    return clue_id_of("W1", NOW, name)


# To an account of one village (甲村): what is there, and the same beyond it.
WITHIN_AND_BEYOND: list[tuple[Order, Order]] = [
    (LaunchTask("N1", "P1", "日常检查"), LaunchTask("N1", "P2", "日常检查")),
    (LaunchTask("N1", "P1", "日常检查"), LaunchTask("N1", "P1", "日常检查", worker_id="W2")),
    (SuspendTask("T1", "停业"), SuspendTask("T2", "停业")),
    (AssignTask("T1", "W1"), AssignTask("T1", "W2")),
    (AssignTask("T1", "W1"), AssignTask("T3", "W1")),
    (SendOrder("camera", "C1", "speak", "请离开"), SendOrder("bodycam", "B2", "speak", "请离开")),
    (SendOrder("worker", "W1", "speak", "请回"), SendOrder("worker", "W2", "speak", "请回")),
    (
        SendOrder("worker", "W1", "go_to", premises_id="P1"),
        SendOrder("worker", "W1", "go_to", premises_id="P4"),
    ),
    (RatePremises("P1", "C", "A", "复发"), RatePremises("P2", "C", "B", "复发")),
    (LookAtTrack("day", "W1:2026-11-28"), LookAtTrack("day", "W2:2026-11-28")),
    (ConfirmHandover(tiny.PATH_1), ConfirmHandover(STATION_1)),
]


@pytest.mark.parametrize(("within", "beyond"), WITHIN_AND_BEYOND)
def test_an_account_orders_in_its_own_place_and_nowhere_else(
    room: Room, within: Order, beyond: Order
) -> None:
    li = account(room, path=tiny.PATH_1)
    assert room.order(beyond, actor=li) == ("refused", "not_yours")
    assert room.order(within, actor=li) == ("done", None)
    assert room.order(beyond, actor=account(room, "wang")) == ("done", None), "of the whole district"


def test_incidents_and_who_is_sent_to_them_are_of_ones_own_place(room: Room) -> None:
    li, here, there = account(room, path=tiny.PATH_1), incident(room), incident(room, tiny.PATH_2, "major")
    refused = ("refused", "not_yours")
    assert room.order(AcknowledgeIncident(there), actor=li) == refused
    assert room.order(MergeIncidents(here, [there]), actor=li) == refused
    assert room.order(MergeIncidents(there, [here]), actor=li) == refused
    assert room.order(ConfirmHandover(tiny.PATH_1, [here, there]), actor=li) == refused
    for stranger in (Target("worker", "W2"), Target("officer", "F3"), Target("squadron", STATION_1)):
        assert room.order(DispatchIncident(here, [Target("worker", "W1"), stranger]), actor=li) == refused
    assert room.order(
        DispatchIncident(here, [Target("worker", "W1"), Target("department", "food")]), actor=li
    ) == (
        "done",
        None,
    )
    assert room.one(there, "state") == "raised"


def test_clues_are_of_ones_own_place(room: Room) -> None:
    found = clue(room)
    assert room.order(VoidClue(found, "重复"), actor=account(room, path=tiny.PATH_2)) == (
        "refused",
        "not_yours",
    )
    assert room.order(VoidClue(found, "重复"), actor=account(room, path=tiny.PATH_1)) == ("done", None)


def test_a_place_whose_name_begins_alike_is_another(room: Room) -> None:
    li = account(room, path=tiny.PATH_1[:-1])
    assert room.order(CancelTask("T1", "x"), actor=li) == ("refused", "not_yours")
    assert room.order(ConfirmHandover(tiny.PATH_1), actor=li) == ("refused", "not_yours")


def test_what_does_not_exist_is_refused_by_what_it_lacks(room: Room) -> None:
    li = account(room, path=tiny.PATH_1)
    assert room.order(CancelTask("T404", "x"), actor=li) == ("refused", "unknown_task")
    assert room.order(VoidClue("C404", "x"), actor=li) == ("refused", "unknown_clue")
    assert room.order(AcknowledgeIncident("I404"), actor=li) == ("refused", "unknown_incident: I404")


@pytest.mark.parametrize(
    "order",
    [
        SetThreshold("left_grid.minutes", 7),
        RegisterDevice("owntracks", "li/phone", "worker", "W1"),
        ReleaseName("owntracks", "li/phone"),
    ],
)
def test_what_is_the_whole_districts_is_not_a_stations(room: Room, order: Order) -> None:
    assert room.order(order, actor=account(room, path=STATION_1)) == ("refused", "not_yours")
    for whole in (account(room, path=BUREAU), account(room), account(room, district=None)):
        assert room.order(order, actor=whole) != ("refused", "not_yours")


@pytest.mark.parametrize(
    "order",
    [
        CancelTask("T1", "x"),
        ExportList("tasks", "csv"),
        PreviewThreshold("left_grid.minutes", 7),
        LookAtTrack("room", "2026-11-28"),
    ],
)
def test_an_account_of_another_district_orders_nothing_here(room: Room, order: Order) -> None:
    assert room.order(order, actor=account(room, district=441900)) == ("refused", "not_yours")
    assert room.order(order, actor=account(room, district=None)) == ("done", None)


def test_a_worker_looks_at_their_own_track_only(room: Room) -> None:
    w1 = account(room, worker_id="W1", path=tiny.PATH_1)
    looks = [LookAtTrack("day", f"{one}:2026-11-28") for one in ("W1", "W2")]
    assert [room.order(look, actor=w1) for look in looks] == [("done", None), ("refused", "not_yours")]
    tasks = [room.order(LookAtTrack("task", one), actor=w1)[1] for one in ("T1", "T2", "T3", "T404")]
    assert tasks == ["nothing_to_see", "not_yours", "not_yours", "not_yours"]
    assert room.order(LookAtTrack("room", "2026-11-28"), actor=w1) == ("refused", "not_yours")
    assert room.order(CancelTask("T1", "x"), actor=w1) == ("refused", "role_lacks")


def test_whoever_has_no_account_or_a_disabled_one_or_lacks_the_role_is_refused(room: Room) -> None:
    order = CancelTask("T1", "x")
    assert room.order(order, actor="screen:nobody") == ("refused", "no_account")
    assert room.order(order, actor="screen:") == ("refused", "no_account")
    assert room.order(order, actor=account(room, disabled_at=NOW)) == ("refused", "no_account")
    assert room.order(order, actor=account(room, roles=["look", "operate"])) == ("refused", "role_lacks")
    assert room.rows("SELECT state FROM task WHERE task_id = 'T1'") == [("assigned",)]
    assert room.order(order, actor=account(room, roles=["manage"])) == ("done", None)


def test_whoever_is_no_screen_is_not_asked_for_an_account(room: Room) -> None:
    assert room.order(CancelTask("T1", "x"), actor="cli:root") == ("done", None)


def test_a_refusal_is_in_the_log_with_who_what_and_why(room: Room) -> None:
    room.order(SuspendTask("T2", "停业"), actor=account(room, path=tiny.PATH_1))
    (link,) = room.conn.execute("SELECT * FROM audit WHERE act = 'suspend_task'").fetchall()
    assert (link["actor"], link["subject"]) == ("screen:li", "task:T2")
    told = {key: link["params"][key] for key in ("state", "reason", "said")}
    assert told == {"state": "refused", "reason": "not_yours", "said": {"task_id": "T2", "reason": "停业"}}


def test_of_many_orders_each_is_judged_by_its_own_account(room: Room) -> None:
    one, other = account(room, "one", tiny.PATH_1), account(room, "other", tiny.PATH_2)
    for actor in (one, other, "screen:nobody", "cli:root"):
        for task in ("T1", "T2", "T3"):
            room.place(CommentIncident("I404", task), actor=actor)
            room.place(RecordReply(task, "food", "x"), actor=actor)
    carry_out(room.conn, room.roster, NOW + MINUTE)
    refused = room.rows(
        "SELECT actor, payload->>'task_id' FROM command WHERE reason IN ('not_yours', 'no_account') "
        "AND payload ? 'task_id' ORDER BY 1, 2"
    )
    assert refused == [
        *[("screen:nobody", f"T{n}") for n in (1, 2, 3)],
        *[("screen:one", f"T{n}") for n in (2, 3)],
        *[("screen:other", f"T{n}") for n in (1, 3)],
    ]


def test_everybodys_lists_are_of_acts_that_there_are_and_stand_on_the_page(room: Room) -> None:
    rules = room.rows("SELECT grade, list, act FROM duty_rule WHERE district = 0")
    assert {act for *_, act in rules} <= ACTS
    page = (Path(__file__).parents[2] / "docs" / "accounts.md").read_text("utf-8")
    for grade in Grade:
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `{grade}` |")]
        *_, which, acts, _ = row.split("|")
        said = {(grade, which.strip(), act) for act in re.findall(r"`([\w:]+)`", acts)}
        assert said == {rule for rule in rules if rule[0] == grade}


def test_an_assistant_by_the_general_list_ends_nothing_major_suspends_and_rates_nothing(room: Room) -> None:
    li, rating = account(room, grade="assistant"), RatePremises("P1", "C", "A", "x")
    forbidden = (SuspendTask("T1", "x"), CancelTask("T1", "x"), SetThreshold("left_grid.minutes", 7), rating)
    for order in forbidden:
        assert room.order(order, actor=li) == ("refused", "on_negative_list")
    for severity, ended in (("major", ("refused", "on_negative_list")), ("serious", ("done", None))):
        assert room.order(VoidClue(clue(room, severity), "x"), actor=li) == ended
        resolved = ResolveIncident(incident(room, severity=severity), "resolved", "x")
        assert room.order(resolved, actor=li) == ended


def test_a_department_by_the_general_list_answers_and_comments_for_itself_alone(room: Room) -> None:
    found, sos = clue(room), incident(room)
    ((name,),) = room.rows(f"SELECT department_id FROM clue_case WHERE clue_id = '{found}'")
    room.send(sos, f"department:{name}")
    own, other, nobodys = (
        account(room, who, grade="department", department_id=of)
        for who, of in (("own", name), ("other", "sport"), ("nobodys", None))
    )
    for order in (ReplyClue(found, name, "accepted", "收到"), CommentIncident(sos, "在路上")):
        assert {room.order(order, actor=one) for one in (other, nobodys)} == {("refused", "not_yours")}
        assert room.order(order, actor=own) == ("done", None)
    assert room.order(ReplyClue(found, "sport", "done", "x"), actor=other) == ("refused", "not_yours")
    assert room.order(CommentIncident(incident(room), "x"), actor=own) == ("refused", "not_yours")
    for order in (VoidClue(found, "x"), AcknowledgeIncident(sos), LaunchTask("N1", "P1", "日常检查")):
        assert room.order(order, actor=own) == ("refused", "not_on_duty_list")


def test_a_department_that_has_declined_an_incident_has_it_no_longer(room: Room) -> None:
    food, sos = account(room, grade="department", department_id="food"), incident(room)
    room.send(sos, "department:food")
    assert room.order(CommentIncident(sos, "在路上"), actor=food) == ("done", None)
    room.hear("department/food/reply", {"incident_id": sos, "stage": "refused"}, 2)
    assert room.order(CommentIncident(sos, "x"), 3, actor=food) == ("refused", "not_yours")


def test_a_department_records_its_own_feedback_about_a_task_that_is_with_it(room: Room) -> None:
    food, fire = (account(room, name, grade="department", department_id=name) for name in ("food", "fire"))
    room.conn.execute(
        "INSERT INTO obligation (district, task_id, department_id, path, category, pushed_at) "
        f"VALUES ({tiny.DISTRICT}, 'T1', 'food', '{tiny.PATH_1}', '日常检查', '{NOW.isoformat()}')".encode()
    )
    assert room.order(RecordReply("T1", "food", "已核实"), actor=fire) == ("refused", "not_yours")
    assert room.order(RecordReply("T1", "fire", "已核实"), actor=fire) == ("refused", "not_yours")
    assert room.order(RecordReply("T2", "food", "已核实"), actor=food) == ("refused", "not_yours")
    assert room.order(RecordReply("T404", "food", "已核实"), actor=food) == ("refused", "unknown_task")
    assert room.order(RecordReply("T1", "food", "已核实"), actor=food)[1] != "not_yours"


def test_what_has_become_major_by_an_order_before_it_is_major_to_the_next(room: Room) -> None:
    li = account(room, grade="assistant")
    small, large = incident(room), incident(room, severity="major")
    room.place(MergeIncidents(small, [large]), actor=li)
    room.place(ResolveIncident(small, "resolved", "x"), 2, actor=li)
    carry_out(room.conn, room.roster, NOW + 2 * MINUTE)
    assert room.one(small, "state, severity::text") == ("raised", "major")


def lists(world: str, directory: Path, rows: str) -> Any:
    """Import the rows as the district's lists; its rules and everybody's as ingest has them."""
    files = tiny.write(directory, workers_csv=WORKERS)
    (files / "duty_list.csv").write_text(HEAD + rows, "utf-8")
    import_world(world, files)
    with connect(world, INGEST) as conn:
        return load_roster(conn, tiny.DISTRICT).duty_lists


def test_a_districts_own_list_stands_instead_of_everybodys_until_its_file_holds_it_no_longer(
    world: str, tmp_path: Path
) -> None:
    def why(kind: str, rows: str) -> str | None:
        found: str | None = lists(world, tmp_path / "own", rows).refusal(Grade.ASSISTANT, kind, None, NOW)
        return found

    own = "assistant,answer_clue,negative,2026-01-01,\n"
    assert why("answer_clue", own) == "on_negative_list"
    assert why("suspend_task", own) is None
    assert why("answer_clue", own.replace(",\n", ",2026-02-01\n")) is None
    assert why("suspend_task", own.replace(",\n", ",2026-02-01\n")) == "on_negative_list", "everybody's again"
    assert why("answer_clue", own) == "on_negative_list"
    assert why("answer_clue", "assistant,answer_clue,negative,2099-01-01,\n") is None
    assert why("suspend_task", "") == "on_negative_list"
    with connect(world, DASHBOARD) as conn, conn.transaction():
        enter(conn, Scope(tiny.DISTRICT, BUREAU))
        shown = conn.execute("SELECT DISTINCT district FROM duty_rule ORDER BY 1").fetchall()
    assert [row["district"] for row in shown] == [0, tiny.DISTRICT]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("boss,void_clue,negative,2026-01-01,", "grade: 'boss' is none of assistant, officer, department"),
        ("assistant,dance,negative,2026-01-01,", "act: 'dance' is no act"),
        ("assistant,cancel_task:major,negative,2026-01-01,", "act: 'cancel_task:major' is no act"),
        ("assistant,note_deed,negative,2026-01-01,", "act: 'note_deed' is no act"),
        ("assistant,,negative,2026-01-01,", "act: is empty"),
        ("assistant,void_clue,black,2026-01-01,", "list: 'black' is none of duty, negative"),
        ("assistant,void_clue,duty,soon,", "valid_from: 'soon'"),
        ("assistant,void_clue,duty,2026-01-01,2026-01-01", "valid_to: 2026-01-01 is not after 2026-01-01"),
    ],
)
def test_a_bad_row_of_a_list_is_named_by_line_and_column(
    world: str, tmp_path: Path, row: str, message: str
) -> None:
    files = tiny.write(tmp_path / "own", workers_csv=WORKERS)
    (files / "duty_list.csv").write_text(f"{HEAD}{row}\n", "utf-8")
    with pytest.raises(ConfigError, match=re.escape(f"duty_list.csv:2: {message}")):
        import_world(world, files)


def test_an_account_of_no_known_grade_or_role_there_is_none(room: Room) -> None:
    for wrong in ({"grade": "boss"}, {"roles": ["everything"]}):
        with pytest.raises(psycopg.errors.CheckViolation), room.conn.transaction():
            account(room, **wrong)
