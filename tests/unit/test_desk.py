"""What simulated phones and departments do with their orders: answered at the stated rates, once."""

import dataclasses
from collections import Counter
from types import SimpleNamespace

import msgspec
import pytest

from ingest.contract.messages import (
    DepartmentReply,
    Envelope,
    FollowUpOrder,
    HandleOrder,
    InspectOrder,
    Result,
    Severity,
    WithdrawOrder,
)
from ingest.module_files import shipped
from simulators.desk import Desk
from simulators.devices.department import Department
from simulators.faults import NO_FAULTS, Rates
from simulators.pace import BRISK
from simulators.trades import DEPARTMENTS

PROMPT = dataclasses.replace(NO_FAULTS, accept_s=(10, 20))


def order(number: int = 1, task: int | None = None) -> bytes:
    task_id, premises_id = f"T{task or number}", f"P{task or number}"
    return msgspec.json.encode(InspectOrder(f"o{number}", task_id, premises_id, "x", [], 0))


def test_an_order_is_answered_once_however_often_it_comes():
    desk = Desk(PROMPT, 1, "W1")
    for now in (100.0, 101.0):
        desk.take(order(), now)
    assert [reply.stage for _, reply in desk.answers(105)] == ["delivered"]
    assert [reply.stage for _, reply in desk.answers(125)] == ["accepted"]
    assert desk.answers(10_000) == []


def test_noise_on_the_topic_is_no_order():
    desk = Desk(PROMPT, 1, "W1")
    desk.take(b"\xff{", 1)
    assert desk.answers(10_000) == []


def test_phones_are_deaf_slow_or_unwilling_at_the_stated_rates():
    rates, desk, count = Rates(), Desk(Rates(), 1, "W1"), 5_000
    accepted = [desk.take(order(number), 0) for number in range(count)]
    soon = [reply for _, reply in desk.answers(rates.accept_s[1]) if reply.stage != "delivered"]
    later = [reply for _, reply in desk.answers(rates.slow_s[1])]
    assert 1 - (len(soon) + len(later)) / count == pytest.approx(rates.deaf, rel=0.35)
    assert len(later) / count == pytest.approx(rates.slow, rel=0.35)
    refused = [reply for reply in soon + later if reply.stage == "refused"]
    assert len(refused) / count == pytest.approx(rates.refuses, rel=0.35)
    assert all(reply.text for reply in refused)
    willing = {reply.order_id for reply in soon + later if reply.stage == "accepted"}
    assert {one.order.order_id for one in accepted if one} == willing


def test_a_task_found_abnormal_is_checked_again_at_the_next_visit_until_nothing_is_wrong():
    desk = Desk(PROMPT, 1, "W1")
    assert desk.task_at("P1", "T1") == "T1"
    for _ in "twice":
        desk.carried_out("P1", "T1", Result.ABNORMAL)
        assert desk.task_at("P1", None) == "T1"
    desk.carried_out("P1", "T1", Result.NORMAL)
    assert desk.task_at("P1", None) is None
    assert desk.task_at("P1", "T1") is None


def test_an_ordered_task_is_carried_out_when_the_worker_comes_by_and_says_so_on_arrival():
    desk = Desk(PROMPT, 1, "W1")
    assert desk.replies(desk.task_at("P1", None), "arrived") == []
    desk.take(order(), 0)
    assert [one.order_id for one in desk.replies(desk.task_at("P1", None), "arrived")] == ["o1"]
    desk.carried_out("P1", "T1", Result.NORMAL)
    assert desk.task_at("P1", None) is None
    desk.take(order(), 5)
    assert desk.task_at("P1", None) is None


def test_of_two_tasks_at_the_same_premises_the_second_waits_for_the_next_visit():
    desk = Desk(PROMPT, 1, "W1")
    for number in (1, 2):
        desk.take(msgspec.json.encode(InspectOrder(f"o{number}", f"T{number}", "P1", "x", [], 0)), 0)
    assert desk.task_at("P1", None) == "T1"
    desk.carried_out("P1", "T1", Result.NORMAL)
    assert desk.task_at("P1", None) == "T2"


def test_what_is_refused_is_left_and_taken_when_it_is_ordered_anew():
    desk = Desk(dataclasses.replace(PROMPT, refuses=1), 1, "W1")
    assert desk.take(order(), 0) is None
    assert desk.task_at("P1", "T1") is None
    desk._rates = PROMPT
    taken = desk.take(order(2, task=1), 100)
    assert taken
    assert 110 <= taken.at <= 120
    assert desk.task_at("P1", None) == "T1"
    assert [one.order_id for one in desk.replies("T1", "arrived")] == ["o1", "o2"]


def withdrawn(task: str) -> bytes:
    return msgspec.json.encode(WithdrawOrder("w1", task, "reassigned"))


def test_a_task_that_is_taken_back_is_dropped_acknowledged_and_may_be_given_again():
    desk = Desk(PROMPT, 1, "W1")
    desk.take(order(), 0)
    assert [desk.take(withdrawn("T1"), now) for now in (5.0, 6.0)] == [None, None]
    said = [(reply.order_id, reply.stage) for _, reply in desk.answers(10_000)]
    assert said == [("w1", "delivered"), ("w1", "accepted")], "what was not said yet of the other is not said"
    assert desk.replies("T1", "arrived") == []
    assert (desk.task_at("P1", None), desk.task_at("P1", "T1")) == (None, None)
    desk.take(order(), 7)
    assert desk.task_at("P1", None) is None, "an old order that comes again gives nothing back"
    desk.take(order(2, task=1), 8)
    assert desk.task_at("P1", "T1") == desk.task_at("P1", None) == "T1"
    assert [reply.order_id for reply in desk.replies("T1", "arrived")] == ["o2"]


def test_a_task_of_the_day_that_was_taken_back_is_not_carried_out():
    desk = Desk(PROMPT, 1, "W1")
    desk.take(withdrawn("T1"), 0)
    assert desk.task_at("P1", "T1") is None


def test_nobody_refuses_to_give_a_task_back():
    desk = Desk(dataclasses.replace(PROMPT, refuses=1), 1, "W1")
    desk.take(withdrawn("T1"), 0)
    assert [reply.stage for _, reply in desk.answers(10_000)] == ["delivered", "accepted"]


def test_the_simulated_departments_are_those_of_the_shipped_modules():
    assert set(DEPARTMENTS) == {module.department.code for module in shipped()}


def test_a_department_says_what_it_did_once_and_sometimes_never():
    rates = Rates()
    town = SimpleNamespace(world=SimpleNamespace(district=350211), start=0.0, seed=1, pace=BRISK)
    desk = Department(town, "food", 0, rates)  # type: ignore[arg-type]
    count = 2_000
    for number in range(count):
        order = FollowUpOrder(f"o{number}", f"T{number}", "P1", "x", 0)
        for _ in "twice":
            desk.receive(msgspec.json.encode(order), 100)
    desk.receive(b"noise", 100)
    said = [m.payload for m in desk.due(100 + rates.follow_up_s[1]) if m.stream == "reply"]
    told = [msgspec.json.decode(payload, type=Envelope[DepartmentReply]) for payload in said]
    stages = Counter(one.data.stage for one in told)
    assert stages["accepted"] == count
    assert 1 - stages["done"] / count == pytest.approx(rates.silent, rel=0.35)
    assert len({one.id for one in told}) == len(told)


def test_a_department_handles_its_clues_or_sends_them_back_at_the_stated_rate():
    rates = Rates()
    town = SimpleNamespace(world=SimpleNamespace(district=350211), start=0.0, seed=1, pace=BRISK)
    desk, bureau = (Department(town, name, 0, rates) for name in ("food", "bureau"))  # type: ignore[arg-type]
    count = 2_000
    for number in range(count):
        order = HandleOrder(f"o{number}", f"K{number}", "食品安全", Severity.GENERAL, "x", 118.0, 24.6)
        for one in (desk, bureau):
            one.receive(msgspec.json.encode(order), 1.0)
    said, kept = (
        [
            msgspec.json.decode(m.payload, type=Envelope[DepartmentReply]).data
            for m in one.due(10_000)
            if m.stream == "reply"
        ]
        for one in (desk, bureau)
    )
    stages = Counter(reply.stage for reply in said)
    assert stages["refused"] / count == pytest.approx(rates.not_theirs, rel=0.5)
    assert stages["accepted"] == count - stages["refused"]
    assert 0 < stages["done"] < stages["accepted"]
    assert all(reply.clue_id and reply.text for reply in said if reply.stage in ("done", "refused"))
    assert "refused" not in {reply.stage for reply in kept}, "there is nobody else"
