"""What simulated devices do when they are told to: each act once, at the stated rates, as their kind can."""

import dataclasses
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ingest.contract.acts import (
    Acting,
    CallBack,
    GoTo,
    InspectNow,
    PrintNotice,
    ReportPosition,
    Speak,
    StandDown,
    StartRecording,
    StopRecording,
    TakePhoto,
)
from ingest.domain import print_job
from ingest.domain.geo import distance_m
from simulators.__main__ import build
from simulators.devices.bodycam import Bodycam
from simulators.devices.camera import Camera
from simulators.devices.department import Department
from simulators.devices.phone import Phone
from simulators.devices.printer import Printer
from simulators.devices.scanner import Scanner
from simulators.devices.terminal import Terminal
from simulators.devices.vehicle import Vehicle
from simulators.faults import NO_FAULTS, Rates
from simulators.files import read_world
from simulators.inbox import Inbox
from simulators.obedient import Obedient
from simulators.town import Town
from tests import tiny

START = 1_795_312_800.0
LATE = round((START + 9_000) * 1000)
DEVICES = tiny.FILES["devices.csv"] + (
    "X1,terminal,甲村服务终端,,118.002,24.602,,\nS1,scanner,甲一扫码器,W1,,,,\n"
    "V1,vehicle,一中队巡查车,,118.003,24.603,,\n"
)
FINE = {"order_id": "o1", "expires": LATE}


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(read_world(tiny.write(tmp_path, devices_csv=DEVICES)), START)


def fitted(town: Town, kind: type[Any]) -> Any:
    return next(device for device in build(town, NO_FAULTS) if isinstance(device, kind))


def heard(device: Obedient, order: Acting | StandDown, within_s: float = 30) -> list[tuple[str, Any]]:
    """What it says after the order came twice: streams, and the replies to it."""
    device.due(START + 1)
    for _ in "twice":
        device.receive(msgspec.json.encode(order), START + 1)
    return said(device, START + 1 + within_s)


def said(device: Obedient, until: float) -> list[tuple[str, Any]]:
    told = []
    for message in device.due(until):
        if message.stream == "photo" or message.payload.startswith(b"\x1b@"):
            told.append((message.stream, message.payload))
        elif message.stream != "state":
            told.append((message.stream, msgspec.json.decode(message.payload)["data"]))
    return told


def stages(told: list[tuple[str, Any]], order_id: str = "o1") -> list[str]:
    return [data["stage"] for stream, data in told if stream == "reply" and data["order_id"] == order_id]


def test_a_person_reads_first_a_machine_does_it() -> None:
    order = msgspec.json.encode(CallBack(**FINE, text="请回电"))
    for person, expected in ((True, ["delivered", "read", "accepted"]), (False, ["delivered", "accepted"])):
        inbox = Inbox(NO_FAULTS, 1, "W1", person=person)
        for _ in range(3):
            inbox.take(order, START)
        answers = sorted(inbox.answers(START + 60), key=lambda answer: answer[0])
        assert [reply.stage for _, reply in answers] == expected
        assert [one.order.order_id for one in inbox.due(START + 60)] == ["o1"]
        assert inbox.due(START + 60) == []


def test_noise_and_orders_about_tasks_are_no_acts() -> None:
    inbox = Inbox(NO_FAULTS, 1, "W1")
    for payload in (b"\xff{", b'{"kind":"withdraw","order_id":"o1","task_id":"T1","reason":"cancelled"}'):
        assert inbox.take(payload, START) is None
    assert inbox.answers(START + 60) == []


def test_what_is_too_late_is_not_begun() -> None:
    inbox = Inbox(NO_FAULTS, 1, "W1")
    assert inbox.take(msgspec.json.encode(ReportPosition(order_id="o1", expires=0)), START) is None
    assert [reply.stage for _, reply in inbox.answers(START)] == ["delivered", "failed"]


@pytest.mark.parametrize("person", [True, False])
def test_acts_are_unheard_or_declined_at_the_stated_rates(person: bool) -> None:
    rates, count = Rates(), 8_000
    inbox = Inbox(rates, 1, "W1", person=person)
    for number in range(count):
        inbox.take(msgspec.json.encode(ReportPosition(order_id=f"o{number}", expires=LATE)), START)
    found = Counter(reply.stage for _, reply in inbox.answers(START + 60))
    assert 1 - found["delivered"] / count == pytest.approx(rates.deaf, rel=0.35)
    declined, share = (found["refused"], rates.refuses) if person else (found["failed"], rates.jams)
    assert declined / count == pytest.approx(share, rel=0.35)
    assert len(inbox.due(START + 60)) == found["accepted"]


def test_a_phone_that_is_sent_somewhere_goes_there_and_says_so(town: Town) -> None:
    phone = Phone(town, "W1")
    told = heard(phone, GoTo(**FINE, lon=118.0095, lat=24.6095, place="甲村口"), 3_600)
    assert stages(told) == ["delivered", "read", "accepted", "on_the_way", "arrived", "done"]
    walk = town.walks["W1"]
    near = [
        at
        for at in range(3_600)
        if distance_m(118.0095, 24.6095, (p := walk.position(START + at)).lon, p.lat) < 1
    ]
    assert len(near) >= 180, "and stays for three minutes at least"
    assert near[0] < 900


def test_whoever_is_to_inspect_at_once_makes_the_visit(town: Town) -> None:
    phone = Phone(town, "W1")
    order = InspectNow(**FINE, premises_id="P77", name="新店", lon=118.009, lat=24.609)
    told = heard(phone, order, 3_600)
    assert stages(told)[-3:] == ["on_the_way", "arrived", "done"]
    visits = [data["premises_id"] for stream, data in told if stream == "inspection"]
    assert visits.count("P77") == 1


def test_whoever_is_told_to_stand_down_says_no_more_of_it(town: Town) -> None:
    phone = Phone(town, "W1")
    heard(phone, GoTo(**FINE, lon=118.0095, lat=24.6095, place="甲村口"))
    phone.receive(msgspec.json.encode(StandDown("o2", "o1", "ended")), START + 40)
    told = said(phone, START + 3_600)
    assert stages(told) == []
    assert stages(told, "o2") == ["accepted"]


def test_a_stand_down_that_overtakes_its_order_holds() -> None:
    inbox = Inbox(NO_FAULTS, 1, "W1")
    inbox.take(msgspec.json.encode(StandDown("o2", "o1", "released")), START)
    assert inbox.take(msgspec.json.encode(ReportPosition(**FINE)), START + 1) is None
    assert inbox.due(START + 60) == []


def paper_of(data: Any) -> str:
    """What is on a paper, whichever way the printer speaks."""
    return print_job.read(data, "escpos").text() if isinstance(data, bytes) else str(data["text"])


@pytest.mark.parametrize(
    ("kind", "order", "stream", "shows"),
    [
        (Phone, TakePhoto(**FINE, text="门头"), "photo", lambda data: data.startswith(b"\xff\xd8")),
        (Bodycam, ReportPosition(**FINE), "gps", lambda data: "lon" in data),
        (Bodycam, TakePhoto(**FINE, text="现场"), "event", lambda data: data["event"] == "photo"),
        (Bodycam, StartRecording(**FINE), "event", lambda data: data["event"] == "rec_start"),
        (Bodycam, StopRecording(**FINE), "event", lambda data: data["event"] == "rec_stop"),
        (Printer, PrintNotice(**FINE, text="通知"), "receipt", lambda data: "通知" in paper_of(data)),
        (Vehicle, ReportPosition(**FINE), "gps", lambda data: "lon" in data),
    ],
)
def test_each_kind_does_what_it_is_told_once(
    town: Town, kind: type[Any], order: Acting, stream: str, shows: Callable[[Any], bool]
) -> None:
    device = Phone(town, "W1") if kind is Phone else fitted(town, kind)
    told = heard(device, order)
    replies = stages(told)
    assert replies[0] == "delivered" and replies.count("done") == 1
    # A bodycam sends positions and records visits by itself, too.
    shown = [index for index, (name, data) in enumerate(told) if name == stream and shows(data)]
    done = next(i for i, (name, data) in enumerate(told) if name == "reply" and data["stage"] == "done")
    assert done - 1 in shown


def test_a_vehicle_that_is_sent_somewhere_goes_there_stays_and_comes_back(town: Town) -> None:
    vehicle = fitted(town, Vehicle)
    told = heard(vehicle, GoTo(**FINE, lon=118.0295, lat=24.6095, place="丙村口"), 3_600)
    assert stages(told) == ["delivered", "read", "accepted", "on_the_way", "arrived", "done"]
    fixes = [data for stream, data in told if stream == "gps"]
    there = [fix for fix in fixes if distance_m(118.0295, 24.6095, fix["lon"], fix["lat"]) < 30]
    assert 300 / 5 - 2 <= len(there) <= 300 / 5 + 2, "for five minutes"
    assert distance_m(118.0295, 24.6095, fixes[-1]["lon"], fixes[-1]["lat"]) > 500
    for _ in "twice":
        vehicle.receive(msgspec.json.encode(StandDown("o2", "o1", "ended")), START + 3_602)
    assert stages(said(vehicle, START + 3_700), "o2") == ["accepted"]


def test_what_has_no_hands_only_answers(town: Town) -> None:
    assert stages(heard(fitted(town, Camera), StartRecording(**FINE))) == ["delivered", "accepted", "done"]
    for kind in (Scanner, Terminal):
        told = heard(fitted(town, kind), Speak(**FINE, text="请有序排队"))
        assert stages(told) == ["delivered", "accepted", "done"]
    fire = Department(town, "fire", 0, dataclasses.replace(NO_FAULTS))
    told = heard(fire, CallBack(**FINE, text="请回电"))
    assert stages(told) == ["delivered", "read", "accepted", "done"]
