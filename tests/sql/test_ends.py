"""Terminals, scanners and vehicles on a real database: what the public says, what codes say, who is where."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import psycopg
import pytest

from db.connect import Row, fetch
from ingest.contract.delivery import Delivery
from ingest.domain.clue import clue_id_of
from ingest.domain.facts import DeviceEvent
from ingest.registry import import_world
from ingest.watch import Rounds
from tests import tiny
from tests.room import NOW, Room, minutes

DEVICES = tiny.FILES["devices.csv"] + (
    "X1,terminal,甲村服务终端,,118.002,24.602,,\nX2,terminal,流动终端,,,,,\n"
    "S1,scanner,甲一扫码器,W1,,,,\nV1,vehicle,一中队巡查车,,118.003,24.603,,\n"
)


@pytest.fixture(scope="module")
def world(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world"), devices_csv=DEVICES))
    return database_url


@pytest.fixture
def room(world: str, ingest_conn: psycopg.Connection[Row], tmp_path: Path) -> Iterator[Room]:
    yield Room(ingest_conn, tmp_path)


def say(room: Room, kind: str = "complaint", minute: float = 0, device: str = "X1", **said: Any) -> str:
    """What somebody says at a terminal; the id of the clue that it would be."""
    told = {"kind": kind, "text": "退货被拒", **said}
    return clue_id_of(
        f"terminal:{device}", NOW + minutes(minute), room.hear(f"terminal/{device}/event", minute, told)
    )


def scan(room: Room, verdict: str, minute: float = 0, **said: Any) -> None:
    told = {"batch": "B1", "product": "白酒", "verdict": verdict, "premises_id": "P1", **said}
    room.hear("scanner/S1/event", minute, told)


def cases(room: Room, columns: str) -> list[Any]:
    return room.rows(f"SELECT {columns} FROM clue_case ORDER BY clue_id")


def test_a_complaint_at_a_terminal_goes_the_way_of_a_workers_clue(room: Room) -> None:
    clue_id = say(room, about="食品安全")
    assert cases(room, "clue_id, worker_id, device_id, state, department_id, kind, path") == [
        (clue_id, None, "X1", "routed", "food", "食品安全", tiny.PATH_1)
    ]
    assert cases(room, "lon, lat, grid_id, due_at IS NOT NULL") == [(118.002, 24.602, "G1", True)]
    room.hear("department/food/reply", 5, {"clue_id": clue_id, "stage": "done", "text": "已退款"})
    assert cases(room, "state, outcome") == [("disposed", "已退款")]
    assert room.rows("SELECT actor FROM clue_event WHERE event = 'reported'") == [("X1",)]
    assert room.rows("SELECT count(*) FROM clue") == [(0,)], "no worker has reported anything"


def test_what_says_nothing_of_its_subject_goes_by_the_premises_else_by_what_it_is(room: Room) -> None:
    for kind, named, department in (
        ("complaint", {}, "consumer"),
        ("report", {}, "enforcement"),
        ("report", {"premises_id": "P2"}, "food"),
    ):
        clue_id = say(room, kind, **named)
        found = room.rows(f"SELECT department_id, kind FROM clue_case WHERE clue_id = '{clue_id}'")
        assert found == [(department, kind)]
    assert room.rows("SELECT path, grid_id FROM clue_case WHERE premises_id = 'P2'") == [(tiny.PATH_2, "G2")]


def test_the_rest_that_people_say_is_an_event_only(room: Room) -> None:
    for number, kind in enumerate(("consultation", "suggestion", "praise", "report")):
        say(room, kind, number)
    assert room.rows("SELECT event, text FROM device_event ORDER BY at") == [
        (kind, "退货被拒") for kind in ("consultation", "suggestion", "praise", "report")
    ]
    assert cases(room, "kind") == [("report",)]


def test_a_message_that_comes_again_is_one_clue(room: Room) -> None:
    body = {"kind": "complaint", "text": "x"}
    for came in (0, 1, 90):
        room.hear("terminal/X1/event", 0, body, came=came, id="same")
    assert room.rows("SELECT count(*) FROM clue_case") == [(1,)]
    assert room.rows("SELECT count(*) FROM clue_event") == [(2,)]
    assert room.rows("SELECT count(*) FROM device_event") == [(1,)]


@pytest.mark.parametrize("order", list(permutations(("read", "accepted", "done"))))
def test_in_whatever_order_a_department_is_heard_the_clue_comes_to_the_same(
    room: Room, order: tuple[str, ...]
) -> None:
    clue_id = say(room, about="食品安全")
    at = {"read": 1, "accepted": 2, "done": 3}
    for stage in (*order, *order):
        room.hear(
            "department/food/reply",
            at[stage],
            {"clue_id": clue_id, "stage": stage},
            came=9,
            id=stage,
            hist=True,
        )
    assert cases(room, "state, extract(epoch FROM disposed_at - received_at)::integer") == [("disposed", 120)]


def test_the_place_that_is_spoken_of_is_not_the_terminals(room: Room) -> None:
    clue_id = say(room, lon=118.0151, lat=24.6051)
    assert cases(room, "clue_id, grid_id") == [(clue_id, "G2")]
    assert room.rows("SELECT lon, last_event FROM device_state WHERE device_id = 'X1'") == [
        (None, "complaint")
    ]


def test_what_has_no_place_is_kept_as_an_event_and_said_to_be_no_clue(room: Room) -> None:
    say(room, device="X2")
    assert cases(room, "clue_id") == []
    assert room.rows("SELECT reason FROM rejected_message") == [("no_place: terminal/X2",)]
    assert room.rows("SELECT event FROM device_event") == [("complaint",)]
    say(room, device="X2", premises_id="P1", minute=1)
    assert cases(room, "grid_id, premises_id") == [("G1", "P1")]


def test_a_major_report_calls_the_command_centre_at_once(room: Room) -> None:
    clue_id = say(room, "report", about="燃气安全", severity="major")
    assert cases(room, "state, level") == [("dispatched", "village")]
    assert room.open("major_clue") == [f"clue:{clue_id}:village"]
    assert room.rows("SELECT params ->> 'worker_id' AS w, params ->> 'device_id' AS d FROM alert") == [
        (None, "X1")
    ]


def test_what_the_public_says_is_no_find_of_a_patrols(room: Room) -> None:
    say(room)
    key = {"district": tiny.DISTRICT, "since": NOW - timedelta(days=1), "until": NOW + timedelta(days=1)}
    assert fetch(room.conn, "write/load_findings", key) == []


def test_a_counterfeit_rings_once_for_the_premises_and_each_batch(room: Room) -> None:
    for came in (0, 1):
        room.hear(
            "scanner/S1/event",
            0,
            {"batch": "B1", "product": "白酒", "verdict": "counterfeit", "premises_id": "P1"},
            came=came,
            id="same",
        )
    scan(room, "recalled", 1, batch="B2")
    assert room.open("unsafe_product") == ["premises:P1:B1", "premises:P1:B2"]
    assert room.raised("unsafe_product") == 2
    assert room.rows("SELECT DISTINCT path, lon FROM alert") == [(tiny.PATH_1, 118.005)]
    assert room.rows("SELECT event, text, batch, premises_id FROM device_event ORDER BY at") == [
        ("counterfeit", "白酒", "B1", "P1"),
        ("recalled", "白酒", "B2", "P1"),
    ]


def test_a_genuine_one_of_the_batch_ends_it_whichever_comes_first(room: Room) -> None:
    scan(room, "counterfeit", 0)
    scan(room, "genuine", 1)
    assert room.open("unsafe_product") == []
    scan(room, "genuine", 9, batch="B2")
    room.hear(
        "scanner/S1/event",
        5,
        {"batch": "B2", "product": "白酒", "verdict": "expired", "premises_id": "P1"},
        came=10,
        hist=True,
    )
    assert room.open("unsafe_product") == ["premises:P1:B2"]
    room.tick(11, Rounds())
    assert room.open("unsafe_product") == []


def test_a_visit_that_began_later_and_found_nothing_ends_it(room: Room) -> None:
    scan(room, "counterfeit", 0)
    room.visit(0.5, "normal")  # during which it was scanned
    room.tick(1, Rounds())
    assert room.open("unsafe_product") == ["premises:P1:B1"]
    room.visit(60, "abnormal")
    room.tick(61, Rounds())
    assert room.open("unsafe_product") == ["premises:P1:B1"]
    room.visit(120, "normal")
    room.tick(121, Rounds())
    assert room.open("unsafe_product") == []


def test_a_scan_without_premises_rings_for_its_scanner_until_the_same_reads_it_as_genuine(room: Room) -> None:
    scan(room, "expired", 0, premises_id=None, lon=118.004, lat=24.604)
    assert room.open("unsafe_product") == ["device:S1:B1"]
    assert room.rows("SELECT lon FROM device_state WHERE device_id = 'S1'") == [(118.004,)], "it was there"
    room.hear("scanner/S1/event", 9, {"batch": "B1", "product": "白酒", "verdict": "genuine"}, came=9)
    assert room.open("unsafe_product") == []


def test_a_vehicle_is_where_it_last_was_and_its_sos_rings_until_it_is_over(room: Room) -> None:
    for minute, lon in ((1, 118.006), (0, 118.001)):  # the older one came late
        room.hear("vehicle/V1/gps", minute, {"lon": lon, "lat": 24.606}, came=2, hist=True)
    assert room.rows("SELECT lon FROM device_state WHERE device_id = 'V1'") == [(118.006,)]
    room.hear("vehicle/V1/event", 3, {"event": "sos"})
    assert room.open("bodycam_sos") == ["device:V1"]
    room.hear("vehicle/V1/event", 4, {"event": "sos_cleared"})
    assert room.open("bodycam_sos") == []


def phone_says(room: Room, event: str, minute: float, **place: float) -> None:
    """A word of a worker's phone that came by another protocol."""
    at = NOW + minutes(minute)
    delivery = Delivery("owntracks/w1", b"{}", 1, False, False, 1, 1, at, True)
    when = {"ts": at, "at": at, "received_at": at, "raw_lon": place.get("lon"), "raw_lat": place.get("lat")}
    header = {"district": tiny.DISTRICT, "kind": "worker", "device_id": "W1", "id": f"{event}{minute}"}
    room.pipeline.take([(delivery, [DeviceEvent(**header, **when, event=event)])])


def test_a_phones_sos_rings_also_off_duty_and_its_words_make_it_no_device(room: Room) -> None:
    room.duty(0, False)
    phone_says(room, "position", 1, lon=118.005, lat=24.605)
    phone_says(room, "sos", 2, lon=118.005, lat=24.605)
    for event in ("low_battery", "fall", "storage_full"):
        phone_says(room, event, 3)
    assert room.open("bodycam_sos") == ["worker:W1"]
    assert room.rows("SELECT path, params ->> 'worker_id' AS w FROM alert") == [(tiny.PATH_1, "W1")]
    assert room.rows("SELECT count(*) FROM device_state WHERE device_id = 'W1'") == [(0,)]
    assert room.rows("SELECT count(*) FROM device_event WHERE event = 'position'") == [(0,)]
    phone_says(room, "sos_cleared", 5)
    assert room.open("bodycam_sos") == []
