"""Orders that came down to a phone: carried out on the tour or by a detour, filled in by their menus."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from ingest.contract.messages import (
    InspectionLog,
    InspectOrder,
    MenuAnswer,
    MenuItem,
    Reply,
    Result,
    Severity,
    Words,
)
from ingest.domain import print_job
from ingest.domain.geo import distance_m, to_wgs84
from simulators import town as town_module
from simulators.devices.phone import Phone
from simulators.devices.printer import Printer
from simulators.faults import NO_FAULTS, Rates
from simulators.files import read_world
from simulators.tour import RIDE_MPS, ROUND_S
from simulators.town import Town
from simulators.trades import OTHER_FAILING
from simulators.walk import Walk
from tests import tiny

START = 1_795_312_800.0  # 2026-11-22 10:00 in Xiamen
PROMPT = dataclasses.replace(NO_FAULTS, accept_s=(10, 20))
HOUR = 3600
MENU = (
    MenuItem(
        "lift_mark",
        Words("检验标志有效", "Inspection mark valid"),
        (
            MenuAnswer("valid", Words("有效", "Valid"), Result.NORMAL),
            MenuAnswer("expired", Words("已过期", "Expired"), Result.ABNORMAL, Severity.SERIOUS),
        ),
    ),
    MenuItem("lift_phone", Words("应急电话", "Phone"), (MenuAnswer("ok", Words("畅通"), Result.NORMAL),)),
)
FAR = InspectOrder("o1", "T9", "P4", "lift_validity", ["lift_mark", "lift_phone"], 0, menu=MENU)
"""Of premises that lie in no grid, 50 km off: nobody's tour leads there."""
NEW = msgspec.structs.replace(
    FAR, premises_id="P99", name="新开张", address="甲村九号", lon=118.008, lat=24.606
)
"""Of premises that were registered after the run had begun."""


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(read_world(tiny.write(tmp_path)), START)


def phone_of(town: Town, worker_id: str = "W1", rates: Rates = PROMPT) -> Phone:
    return Phone(town, worker_id, rates=rates)


def take(phone: Phone, order: InspectOrder, at: float = START) -> None:
    phone.receive(msgspec.json.encode(order), at)


def told(
    phone: Phone, stream: str, kind: type, hours: float, step: float = 60
) -> Iterator[tuple[float, object]]:
    """What the phone says on a stream in so many hours from the start: (true time, data)."""
    for number in range(1, round(hours * HOUR / step) + 1):
        for message in phone.due(START + number * step):
            if message.stream == stream:
                body = msgspec.json.decode(message.payload)
                yield body["ts"] / 1000, msgspec.convert(body["data"], kind)


def visits(phone: Phone, task_id: str, hours: float) -> list[InspectionLog]:
    return [log for _, log in told(phone, "inspection", InspectionLog, hours) if log.task_id == task_id]


@pytest.fixture(params=[0.0, 1.0], ids=["in order", "wanting"])
def abnormal(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.setattr(town_module, "ABNORMAL", request.param)
    return bool(request.param)


@pytest.mark.parametrize("order", [NEW, FAR], ids=["nearby", "far"])
def test_an_accepted_order_off_the_tour_is_carried_out_soon_and_answered_by_its_menu(
    town: Town, order: InspectOrder, abnormal: bool
) -> None:
    phone = phone_of(town)
    take(phone, order)
    first = visits(phone, "T9", hours=9)[0]
    there = town._premises[order.premises_id]
    assert first.premises_id == order.premises_id
    lon, lat = to_wgs84(first.lon, first.lat, phone._datum)
    assert distance_m(lon, lat, there.lon, there.lat) < 60
    way_s = float(distance_m(118.005, 24.605, there.lon, there.lat)) / RIDE_MPS
    assert first.started / 1000 < START + way_s + 3 * ROUND_S
    assert [item.item for item in first.items] == ["lift_mark", "lift_phone"]
    assert first.items[0].answer == ("expired" if abnormal else "valid")
    assert first.items[0].severity is None, "what it means is the module's to say"
    assert first.result is (Result.ABNORMAL if abnormal else Result.NORMAL)


def test_the_way_to_a_detour_is_ridden_and_said_step_by_step(town: Town) -> None:
    phone = phone_of(town)
    take(phone, NEW)
    stages = [(at, reply.stage) for at, reply in told(phone, "reply", Reply, hours=1)]
    assert [stage for _, stage in stages] == ["delivered", "accepted", "on_the_way", "arrived"]
    walk = town.walks["W1"]
    left, there = stages[2][0], stages[3][0]
    track = [walk.position(left + second) for second in range(int(there - left) + 1)]
    steps = [float(distance_m(a.lon, a.lat, b.lon, b.lat)) for a, b in zip(track, track[1:], strict=False)]
    assert max(steps) < 4.1
    assert float(distance_m(track[-1].lon, track[-1].lat, 118.008, 24.606)) < 5


def test_what_a_detour_found_wrong_is_checked_again_by_another_until_nothing_is(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(town_module, "ABNORMAL", 1.0)
    phone = phone_of(town)
    take(phone, NEW)
    found: list[Result] = []
    for _, log in told(phone, "inspection", InspectionLog, hours=12):
        if log.task_id == "T9":
            found.append(log.result)
            if len(found) == 2:
                monkeypatch.setattr(town_module, "ABNORMAL", 0.0)
    assert found == [Result.ABNORMAL, Result.ABNORMAL, Result.NORMAL]


def test_an_order_on_the_tour_is_carried_out_there_by_its_menu(town: Town) -> None:
    phone = phone_of(town)
    take(phone, msgspec.structs.replace(FAR, task_id="T1", premises_id="P1"))
    assert not any(one.place is None for one in town.walks["W1"].rounds(START, START + 12 * HOUR))
    (log,) = visits(phone, "T1", hours=6)
    assert [item.item for item in log.items] == ["lift_mark", "lift_phone"]


def test_a_task_of_the_file_is_answered_in_words_while_no_order_has_come(town: Town, abnormal: bool) -> None:
    log = next(log for log in visits(phone_of(town), "T1", hours=6))
    assert [item.item for item in log.items] == ["亮照经营", "许可证有效"]
    assert {item.answer for item in log.items} > ({"正常"} if abnormal else set())
    assert OTHER_FAILING not in {item.answer for item in log.items}
    assert log.result is (Result.ABNORMAL if abnormal else Result.NORMAL)


@pytest.mark.parametrize("fault", ["refuses", "deaf"])
def test_nobody_makes_a_detour_for_what_is_refused_or_never_heard(town: Town, fault: str) -> None:
    phone = phone_of(town, rates=dataclasses.replace(PROMPT, **{fault: 1.0}))
    take(phone, NEW)
    stages = [reply.stage for _, reply in told(phone, "reply", Reply, hours=1)]
    assert stages == (["delivered", "refused"] if fault == "refuses" else [])
    assert not any(one.place is None for one in town.walks["W1"].rounds(START, START + 12 * HOUR))


@pytest.mark.parametrize(("fault", "times"), [("refuses", 0), ("deaf", 1)])
def test_on_the_tour_what_is_refused_is_passed_by_and_what_is_not_answered_is_done_all_the_same(
    town: Town, fault: str, times: int
) -> None:
    phone = phone_of(town, rates=dataclasses.replace(PROMPT, **{fault: 1.0}))
    take(phone, msgspec.structs.replace(FAR, task_id="T1", premises_id="P1"))
    assert len(visits(phone, "T1", hours=6)) == times


def printed_on(payload: bytes) -> tuple[str, str]:
    """A paper's number and text, whichever way the printer speaks."""
    if print_job.language(payload) == "escpos":
        paper = print_job.read(payload, "escpos")
        return print_job.number(paper) or "", paper.text()
    data = msgspec.json.decode(payload)["data"]
    return data["number"], data["text"]


def test_the_printer_says_in_words_what_the_phone_says_by_code(town: Town, abnormal: bool) -> None:
    phone = phone_of(town)
    printer = Printer(town, next(one for one in town.world.fittings if one.kind == "printer"), "W1")
    take(phone, NEW)
    papers: dict[str, str] = {}
    numbers: set[str | None] = set()
    for step in range(60, HOUR, 60):
        for message in [*phone.due(START + step), *printer.due(START + step)]:
            if message.stream == "receipt":
                number, text = printed_on(message.payload)
                papers[number] = text
                continue
            data = msgspec.json.decode(message.payload).get("data", {}) if message.stream != "photo" else {}
            if data.get("task_id") == "T9":
                numbers.add(data.get("receipt_no"))
    printed = [text for number, text in papers.items() if number in numbers]
    if abnormal:
        assert printed
    for text in printed:
        assert ("× 检验标志有效:已过期" if abnormal else "√ 检验标志有效:有效") in text
        assert "√ 应急电话:畅通" in text
        assert "当事人:新开张" in text


def test_an_order_to_premises_that_nobody_can_find_is_accepted_and_waits(town: Town) -> None:
    phone = phone_of(town)
    take(phone, msgspec.structs.replace(NEW, lon=None, lat=None))
    assert visits(phone, "T9", hours=3) == []


def test_a_colleague_keeps_to_the_own_tour(town: Town) -> None:
    take(phone_of(town), NEW)
    assert isinstance(town.walks["W2"], Walk)
    assert not any(one.place is None for one in town.walks["W2"].rounds(START, START + 12 * HOUR))
