"""A task's life as a timeline of visits."""

import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from ingest.contract.errors import InvalidTransition
from ingest.contract.messages import Finding, Result, Severity
from ingest.contract.orders import LaunchTask
from ingest.domain.facts import Inspection
from ingest.domain.roster import Premises, Worker
from ingest.domain.task import State, inspected, launch
from ingest.pipeline import advance
from tests.tiny import DISTRICT, PATH_1, roster

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PREMISES = Premises("甲味馆", PATH_1, "G1", 118.005, 24.605)
ORDER = LaunchTask("T1", "P1", "日常检查", date(2026, 3, 2), ["亮照经营"])
TASK = launch(ORDER, PREMISES, roster(), NOW)


def visit(result: Result = Result.NORMAL, minute: int = 0, **changed) -> Inspection:
    ended = NOW + timedelta(minutes=minute)
    items = [] if result is Result.NORMAL else [Finding("消防通道", "堵", Severity.SERIOUS)]
    fields = {
        "district": DISTRICT,
        "kind": "worker",
        "device_id": "W1",
        "id": f"i{minute}",
        "ts": ended,
        "at": ended,
        "received_at": ended,
        "raw_lon": 118.005,
        "raw_lat": 24.605,
        "premises_id": "P1",
        "started": ended - timedelta(minutes=5),
        "ended": ended,
        "result": result,
        "items": items,
        "severity": items[0].severity if items else None,
        "task_id": "T1",
    }
    return Inspection(**{**fields, **changed})


def test_a_launched_task_goes_to_the_worker_of_the_grid_and_ends_with_the_due_day_there():
    assert (TASK.state, TASK.worker_id, TASK.grid_id, TASK.path) == (State.LAUNCHED, "W1", "G1", PATH_1)
    assert TASK.due_at.astimezone(UTC) == datetime(2026, 3, 2, 15, 59, 59, tzinfo=UTC)  # 23:59:59 at +8


def test_the_order_may_name_the_worker_but_only_one_who_is_registered():
    assert launch(replace(ORDER, worker_id="W3"), PREMISES, roster(), NOW).worker_id == "W3"
    with pytest.raises(InvalidTransition, match="unknown worker W9"):
        launch(replace(ORDER, worker_id="W9"), PREMISES, roster(), NOW)


def test_an_officer_of_the_grid_is_not_sent_on_the_workers_round():
    everyone = {**roster().workers, "F1": Worker("officer", PATH_1, frozenset({"G1"}))}
    staffed = dataclasses.replace(roster(), workers=everyone)
    given = {launch(replace(ORDER, premises_id=f"P{n}"), PREMISES, staffed, NOW).worker_id for n in range(40)}
    assert given == {"W1"}


def test_premises_outside_every_grid_are_launched_without_a_worker():
    assert launch(ORDER, replace(PREMISES, grid_id=None), roster(), NOW).worker_id is None


def test_a_visit_without_findings_closes():
    done = inspected(TASK, visit())
    assert (done.state, done.done_at, done.done_by) == (State.DONE, NOW, "W1")


def test_findings_lead_to_rectification_then_rework_then_done():
    rectifying = inspected(TASK, visit(Result.ABNORMAL, 1))
    assert (rectifying.state, rectifying.rework, rectifying.done_at) == (State.RECTIFYING, 0, None)
    again = inspected(rectifying, visit(Result.ABNORMAL, 2))
    assert (again.state, again.rework) == (State.RECTIFYING, 1)
    done = inspected(again, visit(minute=3))
    assert (done.state, done.rework, done.inspected_at) == (State.DONE, 1, NOW + timedelta(minutes=1))


def test_a_done_task_and_another_premises_task_are_left_alone():
    with pytest.raises(InvalidTransition, match="was done"):
        inspected(inspected(TASK, visit()), visit(minute=1))
    with pytest.raises(InvalidTransition, match="is about P1, not P2"):
        inspected(TASK, visit(premises_id="P2"))


def test_a_batch_of_visits_is_judged_in_order_and_each_step_is_recorded():
    visits = [visit(Result.ABNORMAL, 1), visit(minute=2), visit(minute=3), visit(minute=4, task_id="T9")]
    tasks, events = advance({"T1": TASK}, visits)
    assert [task.state for task in tasks] == [State.DONE]
    assert [(event.state, event.cause) for event in events] == [
        (State.RECTIFYING, "i1"),
        (State.DONE, "i2"),
    ]
