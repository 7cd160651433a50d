"""Orders to devices on a real database: ordered or refused, sent, answered in stages, given up, withdrawn."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

from db.connect import Row, Scope, enter, fetch
from ingest.contract.acts import Acting, GoTo, StandDown
from ingest.contract.errors import ConfigError
from ingest.contract.orders import (
    AcknowledgeIncident,
    DispatchIncident,
    MergeIncidents,
    ReopenIncident,
    ResolveIncident,
    SendOrder,
    Target,
)
from ingest.dispatch import act_going
from ingest.registry import import_world
from ingest.silence import AGAIN, give_up_acts, withdraw_acts
from ingest.tick import tick
from tests import tiny
from tests.sql.incident_room import MINUTE, NOW, WORKERS, Room
from tests.sql.incident_room import alert as an_alert

CENTRE = f"""district,name,phone,meeting_url
{tiny.DISTRICT},试验区,0592-12345,https://meet.example.org/gw-{{room}}
"""


@pytest.fixture(scope="module")
def world(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    files = tiny.write(tmp_path_factory.mktemp("world"), workers_csv=WORKERS, district_csv=CENTRE)
    import_world(database_url, files)
    return database_url


@pytest.fixture
def room(world: str, ingest_conn: psycopg.Connection[Row], tmp_path: Path) -> Iterator[Room]:
    return Room(ingest_conn, tmp_path)


def waiting(room: Room, minute: float) -> list[Row]:
    withdraw_acts(room.conn, room.roster, NOW + minute * MINUTE)
    key = {"district": tiny.DISTRICT, "now": NOW + minute * MINUTE, "sending": [], "limit": 9}
    return fetch(room.conn, "write/next_acts", key)


def send_all(room: Room, minute: float) -> list[Acting | StandDown]:
    """As if the broker had taken all that waits; what went down."""
    rows = waiting(room, minute)
    key = {"district": tiny.DISTRICT, "ids": [row["order_id"] for row in rows]}
    fetch(room.conn, "write/orders_sent", key | {"at": NOW + minute * MINUTE})
    return [msgspec.json.decode(act_going(tiny.DISTRICT, row)[1], type=Acting | StandDown) for row in rows]


def pass_time(room: Room, minute: float) -> None:
    tick(room.conn, room.roster, NOW - timedelta(days=1), NOW + minute * MINUTE)


def stages(room: Room, order_id: str) -> list[Any]:
    """Which, and in which minute."""
    rows = room.rows(f"SELECT stage, at FROM order_event WHERE order_id = '{order_id}' ORDER BY at, stage")
    return [(stage, round((at - NOW) / MINUTE, 1)) for stage, at in rows]


def state(room: Room, order_id: str) -> str:
    return str(room.rows(f"SELECT state FROM order_out WHERE order_id = '{order_id}'")[0][0])


def rings(room: Room) -> list[Any]:
    return room.rows(
        "SELECT subject, severity::text FROM alert WHERE rule = 'order_unanswered' AND cleared_at IS NULL "
        "AND subject LIKE '%:act' ORDER BY 1"
    )


def test_whoever_is_sent_to_an_sos_is_told_where_and_every_stage_has_its_time(room: Room) -> None:
    sos = room.sos()
    assert room.send(sos, "worker:W1") == ("done", None)
    (down,) = send_all(room, 1.1)
    order_id = room.order_id("W1")
    expires = round((NOW + 3 * MINUTE).timestamp() * 1000)
    assert down == GoTo(
        order_id=order_id, expires=expires, incident_id=sos, lon=118.005, lat=24.605, place="甲村网格"
    )
    for minute, stage in enumerate(("delivered", "read", "accepted", "on_the_way", "arrived", "done"), 2):
        room.reply("W1", stage, minute)
    assert stages(room, order_id) == [
        *(("queued", 1.0), ("sent", 1.1), ("delivered", 2.0), ("read", 3.0), ("accepted", 4.0)),
        *(("on_the_way", 5.0), ("arrived", 6.0), ("done", 7.0)),
    ]
    assert room.one(sos, "state") == "on_the_spot"
    assert waiting(room, 8) == []


def test_stages_in_whatever_order_and_however_often_come_to_the_same(room: Room) -> None:
    said = {"delivered": 2.0, "on_the_way": 3.0, "done": 4.0}
    for number, order in enumerate(permutations([*said, "delivered"])):
        room.order(SendOrder("worker", "W2", "report_position"), number / 1000)
        order_id = room.order_id("W2")
        send_all(room, 1)
        for stage in order:
            room.reply("W2", stage, said[stage], order_id)
        assert stages(room, order_id) == [("queued", 0.0), ("sent", 1.0), *said.items()]
        assert state(room, order_id) == "done"


def test_of_a_stage_that_is_told_twice_the_earlier_counts(room: Room) -> None:
    room.order(SendOrder("bodycam", "B1", "speak", "请注意安全"), 0)
    order_id = room.order_id("B1")
    for minute in (3, 2, 4):
        room.hear("bodycam/B1/reply", {"order_id": order_id, "stage": "done"}, minute)
    assert stages(room, order_id) == [("queued", 0.0), ("done", 2.0)]


def test_whoever_answers_before_we_know_that_the_broker_has_it_was_sent_it_all_the_same(room: Room) -> None:
    room.order(SendOrder("camera", "C1", "start_recording"), 0)
    order_id = room.order_id("C1")
    going = waiting(room, 0.1)
    room.hear("camera/C1/reply", {"order_id": order_id, "stage": "done"}, 0.2)
    key = {"district": tiny.DISTRICT, "ids": [row["order_id"] for row in going], "at": NOW + 0.1 * MINUTE}
    fetch(room.conn, "write/orders_sent", key)
    assert [stage for stage, _ in stages(room, order_id)] == ["queued", "sent", "done"]
    assert state(room, order_id) == "done"


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        (SendOrder("printer", "R1", "go_to"), "act_not_taken: printer"),
        (SendOrder("drone", "D1", "take_photo", "x"), "unknown_device: D1"),
        (SendOrder("bodycam", "C1", "take_photo", "x"), "unknown_device: C1"),
        (SendOrder("worker", "W1", "call_back"), "text_needed"),
        (SendOrder("worker", "W1", "go_to"), "no_place"),
        (SendOrder("worker", "W1", "go_to", premises_id="P404"), "unknown_premises: P404"),
        (SendOrder("worker", "W1", "inspect_now"), "no_premises"),
    ],
)
def test_what_cannot_be_ordered_is_refused_with_a_code_and_nothing_goes_down(
    room: Room, order: SendOrder, reason: str
) -> None:
    assert room.order(order) == ("refused", reason)
    assert room.rows("SELECT FROM order_out WHERE act IS NOT NULL") == []


def test_an_order_without_an_incident_goes_to_each_kind_of_device(room: Room) -> None:
    orders = [
        SendOrder("worker", "W1", "inspect_now", premises_id="P1"),
        SendOrder("worker", "W2", "go_to", "有人求助", lon=118.0, lat=24.6),
        SendOrder("worker", "W3", "join_meeting", "会商"),
        SendOrder("printer", "R1", "print_notice", "责令改正通知书"),
        SendOrder("department", "fire", "call_back", "请回电"),
    ]
    for order in orders:
        assert room.order(order) == ("done", None)
    by_kind = {str(one.__struct_config__.tag): one for one in send_all(room, 1)}
    assert by_kind["inspect_now"].items == ["亮照经营", "许可证有效"]  # type: ignore[union-attr]
    assert by_kind["join_meeting"].url == (  # type: ignore[union-attr]
        f"https://meet.example.org/gw-{room.order_id('W3')}"
    )
    assert by_kind["call_back"].number == "0592-12345"  # type: ignore[union-attr]
    assert by_kind["go_to"].place == "118.00000, 24.60000"  # type: ignore[union-attr]
    assert by_kind["print_notice"].text == "责令改正通知书"
    room.hear("department/fire/reply", {"order_id": room.order_id("fire"), "stage": "accepted"}, 2)
    room.hear("printer/R1/reply", {"order_id": room.order_id("R1"), "stage": "failed", "text": "缺纸"}, 2)
    room.hear("bodycam/B1/reply", {"order_id": room.order_id("R1"), "stage": "done"}, 2)
    assert state(room, room.order_id("fire")) == "accepted"
    assert state(room, room.order_id("R1")) == "failed"
    assert room.rows("SELECT text FROM order_event WHERE stage = 'failed'") == [("缺纸",)]


def test_a_dispatch_with_an_act_that_one_of_them_cannot_take_sends_nobody(room: Room) -> None:
    sos = room.sos()
    to = [Target("worker", "W1"), Target("department", "fire")]
    told = room.order(DispatchIncident(sos, to, "inspect_now"))
    assert told == ("refused", "no_premises")
    assert room.order(DispatchIncident(sos, to, "report_position")) == (
        "refused",
        "act_not_taken: department",
    )
    assert room.one(sos, "state") == "raised"
    assert room.order(DispatchIncident(sos, to, "join_meeting", "会商")) == ("done", None)
    assert {one.url for one in send_all(room, 2)} == {  # type: ignore[union-attr]
        f"https://meet.example.org/gw-{sos}"
    }


def test_an_act_that_nobody_answers_goes_down_again_and_again_then_expires_and_rings(room: Room) -> None:
    sos = room.sos()
    room.send(sos, "worker:W1")
    again = AGAIN / MINUTE + 0.01
    for minute in (1, 1 + again, 1 + 2 * again):
        assert [one.order_id for one in send_all(room, minute)] == [room.order_id("W1")]
        assert send_all(room, minute + 0.1) == []
        give_up_acts(room.conn, room.roster, NOW + (minute + again) * MINUTE)
    pass_time(room, 2.9)
    assert rings(room) == []
    pass_time(room, 3)
    assert state(room, room.order_id("W1")) == "expired"
    assert rings(room) == [("worker:W1:act", "serious")]
    assert send_all(room, 3.1) == [], "it is too late to begin"
    pass_time(room, 4)
    assert [stage for stage, _ in stages(room, room.order_id("W1"))] == ["queued", "sent", "expired"]
    room.reply("W1", "on_the_way", 5)
    pass_time(room, 5.1)
    assert rings(room) == []
    assert room.one(sos, "state") == "on_the_way"


def test_how_long_an_act_may_wait_is_a_threshold_of_the_district(room: Room) -> None:
    room.conn.execute(
        "INSERT INTO threshold (district, name, value, unit, valid_from, actor) "
        "VALUES (%s, 'order_unanswered.act_minutes', 5, 'minutes', '2000-01-01', 'li')",
        (tiny.DISTRICT,),
    )
    roomy = Room(room.conn, Path())
    roomy.order(SendOrder("camera", "C1", "start_recording"), 0, "li")
    ((expires_at,),) = room.rows("SELECT expires_at FROM order_out WHERE act IS NOT NULL")
    assert expires_at == NOW + 5 * MINUTE


def test_an_order_for_no_incident_rings_for_an_hour_of_silence(room: Room) -> None:
    room.order(SendOrder("camera", "C1", "start_recording"), 0)
    pass_time(room, 2.1)
    assert rings(room) == [("device:C1:act", "general")]
    ((path,),) = room.rows("SELECT path FROM alert WHERE subject = 'device:C1:act'")
    assert path == tiny.PATH_1
    pass_time(room, 63)
    assert rings(room) == []


@pytest.mark.parametrize("how", ["resolved", "false_alarm"])
def test_when_the_incident_ends_those_who_were_sent_are_told_to_stand_down(room: Room, how: Any) -> None:
    sos = room.sos()
    room.send(sos, "worker:W1", "worker:W2", "department:fire")
    send_all(room, 1)
    for worker, stage in (("W1", "on_the_way"), ("W2", "done")):
        room.reply(worker, stage, 2)
    first = room.order_id("W1")
    room.order(ResolveIncident(sos, how, "x"), 3)
    down = {one.withdrawn: one for one in send_all(room, 3.1) if isinstance(one, StandDown)}
    assert down.keys() == {first, *(i for (i,) in room.rows(_ORDERS_OF.format("fire", "go_to")))}
    assert down[first].reason == "ended"
    assert state(room, first) == "withdrawn"
    assert stages(room, first)[-1] == ("withdrawn", 3.1)
    room.reply("W1", "done", 4, first)
    assert state(room, first) == "withdrawn", "what is said later is kept, and changes nothing"
    assert ("done", 4.0) in stages(room, first)
    assert send_all(room, 5) == []
    stand_down = down[first].order_id
    room.reply("W1", "accepted", 5, stand_down)
    assert state(room, stand_down) == "accepted"
    assert room.rejected() == []


_ORDERS_OF = "SELECT order_id FROM order_out WHERE device_id = '{}' AND act = '{}'"


def test_what_never_went_down_is_withdrawn_too(room: Room) -> None:
    sos = room.sos()
    room.send(sos, "worker:W1")
    order_id = room.order_id("W1")
    room.order(ResolveIncident(sos, "resolved", "x"), 2)
    (down,) = send_all(room, 2.1)
    assert isinstance(down, StandDown)
    assert [stage for stage, _ in stages(room, order_id)] == ["queued", "withdrawn"]
    pass_time(room, 10)
    assert rings(room) == []


def test_whoever_is_sent_anew_after_a_reopening_has_a_new_order(room: Room) -> None:
    sos = room.sos()
    room.send(sos, "worker:W1")
    send_all(room, 1)
    first = room.order_id("W1")
    room.order(ResolveIncident(sos, "resolved", "x"), 2)
    room.order(ReopenIncident(sos, "又求助"), 3)
    room.send(sos, "worker:W1", minute=4)
    down = send_all(room, 4.1)
    assert sorted(type(one).__name__ for one in down) == ["GoTo", "StandDown"]
    assert [one.reason for one in down if isinstance(one, StandDown)] == ["released"]
    assert state(room, first) == "withdrawn"


def test_whoever_was_sent_to_an_incident_that_is_merged_goes_on(room: Room) -> None:
    sos, other = room.sos(), room.sos(1, "B2")
    room.send(other, "worker:W1", minute=2)
    send_all(room, 2)
    order_id = room.order_id("W1")
    assert room.order(MergeIncidents(sos, [other]), 3) == ("done", None)
    assert send_all(room, 4) == []
    room.reply("W1", "arrived", 5, order_id)
    assert room.one(sos, "state") == "on_the_spot"


def test_an_incident_without_a_place_cannot_be_gone_to_but_called_about(room: Room) -> None:
    placeless = msgspec.structs.replace(an_alert(), lon=None, lat=None)
    room.ring(placeless)
    ((incident_id,),) = room.rows("SELECT incident_id FROM incident")
    assert room.order(AcknowledgeIncident(incident_id)) == ("done", None)
    assert room.send(incident_id, "worker:W1", minute=2) == ("refused", "no_place")
    called = DispatchIncident(incident_id, [Target("worker", "W1")], "call_back", "请回电")
    assert room.order(called, 3) == ("done", None)


def test_what_the_page_reads_is_each_order_with_its_stages_newest_first_within_the_scope(room: Room) -> None:
    sos = room.sos()
    room.send(sos, "worker:W1")
    send_all(room, 1)
    room.reply("W1", "refused", 2)
    room.order(SendOrder("worker", "W1", "call_back", "请回电"), 3)
    asked: dict[str, Any] = {"incident_id": None, "kind": "worker", "device_id": "W1", "limit": 9}
    found = look(room, asked, str(tiny.DISTRICT))
    assert [(row["act"], row["state"]) for row in found] == [("call_back", "queued"), ("go_to", "refused")]
    assert [one["stage"] for one in found[1]["stages"]] == ["queued", "sent", "refused"]
    assert datetime.fromisoformat(found[1]["stages"][2]["at"])
    of_incident = {"incident_id": sos, "kind": None, "device_id": None, "limit": 9}
    assert [row["device_name"] for row in look(room, of_incident, str(tiny.DISTRICT))] == ["甲一"]
    assert look(room, asked, f"{tiny.DISTRICT}/02") == []


def look(room: Room, asked: dict[str, Any], path: str) -> list[Row]:
    """As the dashboard does."""
    room.conn.execute("SAVEPOINT looking; SET LOCAL ROLE gw_dashboard")
    enter(room.conn, Scope(tiny.DISTRICT, path))
    found = fetch(room.conn, "read/orders_down", asked)
    room.conn.execute("ROLLBACK TO SAVEPOINT looking")
    return found


@pytest.mark.parametrize("cells", ["0592-x,", ",ftp://meet", ",https://a b"])
def test_a_districts_number_and_address_are_looked_at_when_they_are_imported(
    world: str, tmp_path: Path, cells: str
) -> None:
    text = f"district,name,phone,meeting_url\n{tiny.DISTRICT},x,{cells}\n"
    with pytest.raises(ConfigError, match=r"district\.csv:2: (phone|meeting_url)"):
        import_world(world, tiny.write(tmp_path / "world", district_csv=text))
