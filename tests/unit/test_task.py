"""A task's life as a timeline, and in every other order in which its events may arrive."""

import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ingest.contract.errors import InvalidTransition
from ingest.contract.messages import Result, Severity
from ingest.contract.orders import LaunchTask
from ingest.domain.calendar import WorkCalendar
from ingest.domain.catalogue import Catalogue, Checked
from ingest.domain.deadline import Deadline, DeadlineRule, Deadlines, Step, Whose
from ingest.domain.replay import replay
from ingest.domain.roster import Premises, Worker
from ingest.domain.steps import Visit, launch, launched, recheck_due, replied, settlements, visited
from ingest.domain.task import Details, Happened, State, TaskEvent
from tests import tiny
from tests.tiny import DISTRICT, PATH_1

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # a Monday, 16:00 there
DAY = timedelta(days=1)
PREMISES = Premises("甲味馆", PATH_1, "G1", 118.005, 24.605)
ORDER = LaunchTask("T1", "P1", "日常检查", date(2026, 3, 2), ["亮照经营"])
RULES = [
    DeadlineRule(Step(step), date(2000, 1, 1), working_days=days)
    for step, days in (("inspect", 10), ("rectify", 5), ("recheck", 10), ("department", 15))
]


def roster(department: str | None = None, **overrides):
    """The tiny district with rules, a colleague in the first grid, and the category's department."""
    plain = tiny.roster()
    workers = {**plain.workers, "W4": Worker("worker", PATH_1, frozenset({"G1"}))}
    calendar = WorkCalendar(overrides.pop("holidays", {}))
    return dataclasses.replace(
        plain,
        workers=workers,
        deadlines=Deadlines(RULES, calendar, plain.tz),
        departments={"日常检查": department} if department else {},
    )


HERE = roster()
TASK, BEGUN = launched(replace(ORDER, worker_id="W1"), PREMISES, HERE, NOW, "operator", "c1")


def event(
    kind: Happened, minute: int = 0, actor: str = "W1", cause: str | None = None, **details
) -> TaskEvent:
    at = NOW + timedelta(minutes=minute)
    return TaskEvent(DISTRICT, "T1", at, kind, actor, cause or f"{kind}{minute}", Details(**details))


def visit(
    result: str = "normal", minute: int = 0, worker: str = "W1", premises: str = "P1", at=HERE
) -> TaskEvent:
    ended = NOW + timedelta(minutes=minute)
    return visited(Visit(worker, f"i{minute}", premises, ended, Result(result), ended), TASK, at)


def stand(*events: TaskEvent):
    return replay(TASK, [*BEGUN, *events]).task


def irregular(*events: TaskEvent) -> list[str | None]:
    return [step.event.irregular for step in replay(TASK, [*BEGUN, *events]).steps][len(BEGUN) :]


def test_an_order_names_the_day_in_the_district_by_whose_end_it_is_due():
    assert stand().due_at == datetime(2026, 3, 2, 15, 59, 59, tzinfo=UTC)  # 23:59:59 at +8


def test_an_order_without_a_day_is_due_by_the_rule_and_one_without_a_rule_is_refused():
    task, details = launch(replace(ORDER, due=None), PREMISES, HERE, NOW)
    assert task.due_at == datetime(2026, 3, 16, 15, 59, 59, tzinfo=UTC)
    assert details.due == Deadline(task.due_at, False, 10)
    with pytest.raises(InvalidTransition, match="no deadline"):
        launch(replace(ORDER, due=None), PREMISES, tiny.roster(), NOW)


@pytest.mark.parametrize(
    ("named", "grid", "worker"),
    [(None, "G2", "W2"), ("W3", "G2", "W3"), (None, None, None), ("W3", None, "W3")],
)
def test_a_task_goes_to_the_named_worker_or_to_one_of_the_grid_if_there_is_one(named, grid, worker):
    order, premises = replace(ORDER, worker_id=named), replace(PREMISES, grid_id=grid)
    task = replay(*launched(order, premises, HERE, NOW, "operator", "c1")).task
    assert (task.worker_id, task.state) == (worker, State.ASSIGNED if worker else State.LAUNCHED)


def test_an_officer_of_the_grid_is_not_sent_on_the_workers_round():
    everyone = {**tiny.roster().workers, "F1": Worker("officer", PATH_1, frozenset({"G1"}))}
    staffed = dataclasses.replace(tiny.roster(), workers=everyone)
    orders = [replace(ORDER, premises_id=f"P{n}") for n in range(40)]
    given = {launched(order, PREMISES, staffed, NOW, "x", "c")[1][1].params.worker_id for order in orders}
    assert given == {"W1"}


def test_a_worker_who_is_not_registered_is_refused():
    with pytest.raises(InvalidTransition, match="unknown worker W9"):
        launch(replace(ORDER, worker_id="W9"), PREMISES, HERE, NOW)


R, S, I = Happened.RECEIVED, Happened.STARTED, Happened.INSPECTED  # noqa: E741
LIFE = [
    (event(Happened.RECEIVED, 1), State.RECEIVED),
    (event(Happened.STARTED, 2), State.INSPECTING),
    (visit("abnormal", 3), State.RECTIFYING),
    (recheck_due(stand(visit("abnormal", 3))), State.RECHECK_DUE),
    (visit("abnormal", 8 * 1440), State.RECTIFYING),
    (event(Happened.SUSPENDED, 9 * 1440, "centre", reason="店主住院"), State.SUSPENDED),
    (event(Happened.RESUMED, 10 * 1440, "centre"), State.RECTIFYING),
    (visit("normal", 11 * 1440), State.DONE),
]


def test_each_step_of_the_loop_leads_to_the_next():
    steps = replay(TASK, [*BEGUN, *(one for one, _ in LIFE)]).steps
    assert [step.event.state for step in steps] == [
        State.LAUNCHED,
        State.ASSIGNED,
        *(state for _, state in LIFE),
    ]
    assert all(step.moved and step.event.irregular is None for step in steps[1:])
    task = stand(*(one for one, _ in LIFE))
    assert (task.rework, task.done_by, task.done_at) == (1, "W1", NOW + 11 * DAY)
    assert (task.inspected_at, task.received_at) == (LIFE[2][0].at, LIFE[0][0].at)
    assert task.closed_at == task.done_at  # no department is concerned


def test_findings_give_time_to_put_it_right_and_a_deadline_for_the_recheck():
    task = stand(visit("abnormal", 3))
    assert task.rectify_due_at == datetime(2026, 3, 9, 15, 59, 59, tzinfo=UTC)
    assert task.recheck_due_at == datetime(2026, 3, 16, 15, 59, 59, tzinfo=UTC)


def by_module(hours: float | None = None, working_days: int | None = None):
    """The district with a module that gives this time for the first handling of a finding."""
    rule = DeadlineRule(
        Step.RECTIFY,
        date(2000, 1, 1),
        "日常检查",
        working_days=working_days,
        hours=hours,
        whose=Whose.MODULES,
    )
    return dataclasses.replace(HERE, deadlines=Deadlines([*RULES, rule], WorkCalendar(), HERE.tz))


def test_the_time_for_the_first_handling_is_the_modules_and_what_was_given_stays_when_it_changes():
    before = visit("abnormal", 3, at=by_module(hours=24))
    assert stand(before).rectify_due_at == before.at + DAY
    after = visit("abnormal", 1440, at=by_module(working_days=2))
    assert stand(before, after).rectify_due_at == datetime(2026, 3, 5, 15, 59, 59, tzinfo=UTC)
    assert before.params.rectify == Deadline(before.at + DAY)
    assert stand(before).rectify_due_at == before.at + DAY


def test_the_time_to_put_it_right_is_over_when_the_time_to_look_again_is_however_long_a_module_has_it():
    task = stand(visit("abnormal", 3, at=by_module(working_days=30)))
    assert task.rectify_due_at == task.recheck_due_at == datetime(2026, 3, 16, 15, 59, 59, tzinfo=UTC)


def hushed(minute: int = 0, worker: str = "W1") -> TaskEvent:
    """Reported as normal, though an answer means something else."""
    ended = NOW + timedelta(minutes=minute)
    seen = Visit(worker, f"i{minute}", "P1", ended, Result.NORMAL, ended, outcome=Result.ABNORMAL)
    return visited(seen, TASK, HERE)


def test_what_was_reported_as_normal_but_means_abnormal_counts_as_that_and_is_flagged():
    task = stand(hushed(3))
    assert (task.state, task.recheck_due_at is not None) == (State.RECTIFYING, True)
    assert irregular(hushed(3)) == ["answers_abnormal"]
    assert irregular(hushed(3, worker="W4")) == ["answers_abnormal"]  # the graver of the two
    assert stand(hushed(3), visit(minute=9)).state is State.DONE


def test_an_order_without_items_asks_all_that_the_category_has():
    book = Catalogue([Checked("日常检查", "x", Severity.GENERAL, ("a", "b"))])
    told = dataclasses.replace(HERE, catalogue=book)
    assert launch(replace(ORDER, items=[]), PREMISES, told, NOW)[0].items == ["a", "b"]
    assert launch(ORDER, PREMISES, told, NOW)[0].items == ["亮照经营"]
    assert launch(replace(ORDER, items=[]), PREMISES, HERE, NOW)[0].items == []


def test_a_recheck_is_not_due_by_the_word_of_an_earlier_deadline():
    early = recheck_due(stand(visit("abnormal", 3)))
    assert stand(visit("abnormal", 3), visit("abnormal", 3 * 1440), early).state is State.RECTIFYING


@pytest.mark.parametrize(
    ("events", "codes", "state"),
    [
        ([visit(premises="P2")], ["wrong_premises"], State.ASSIGNED),
        ([visit(worker="W2")], ["wrong_worker"], State.ASSIGNED),
        ([visit(worker="W4")], ["by_colleague"], State.DONE),
        ([visit(worker="F1")], ["by_colleague"], State.DONE),  # whose district it is
        ([visit(), visit(minute=1)], [None, "after_end"], State.DONE),
        ([event(S, 1, "W2")], ["wrong_worker"], State.ASSIGNED),
        ([visit(), event(R, 1)], [None, None], State.DONE),  # late, and true
        ([event(Happened.RESUMED, 1)], ["not_suspended"], State.ASSIGNED),
        ([event(Happened.SUSPENDED, 1), visit(minute=2)], [None, "while_suspended"], State.SUSPENDED),
        ([event(Happened.SUSPENDED, 1), event(R, 2)], [None, None], State.SUSPENDED),
        ([event(Happened.CANCELLED, 1), visit(minute=2)], [None, "after_end"], State.CANCELLED),
        ([visit(), event(Happened.CANCELLED, 1)], [None, "after_end"], State.DONE),
        ([visit(), event(Happened.REPLIED, 1)], [None, "no_obligation"], State.DONE),
        ([visit("abnormal"), event(Happened.ASSIGNED, 1, worker_id="W2")], [None, None], State.RECTIFYING),
    ],
)
def test_what_does_not_fit_is_irregular_and_says_why(events, codes, state):
    assert irregular(*events) == codes
    assert stand(*events).state is state


def test_a_task_given_to_another_waits_for_that_ones_word():
    given = [event(R, 1), event(Happened.ASSIGNED, 2, "centre", worker_id="W2")]
    assert stand(*given).state is State.ASSIGNED
    assert irregular(*given, event(R, 3)) == [None, None, "wrong_worker"]
    assert stand(*given, event(R, 3, "W2")).state is State.RECEIVED


def test_a_visit_before_the_launch_by_a_slow_clock_counts_after_it():
    assert stand(visit(minute=-1)).state is State.DONE
    assert irregular(visit(minute=-1)) == [None]


def test_the_first_result_is_pushed_to_the_department_and_its_feedback_closes_the_task():
    at = roster(department="MR")
    bad, good = visit("abnormal", at=at), visit("normal", 1440, at=at)
    task = stand(bad, good)
    assert (task.state, task.closed_at) == (State.DONE, None)
    assert task.obligation and (task.obligation.department_id, task.obligation.pushed_at) == ("MR", NOW)
    assert task.obligation.due_at == datetime(2026, 3, 23, 15, 59, 59, tzinfo=UTC)
    words = [replied(TASK, NOW + 2 * DAY, "MR", "r1", "accepted", None)]
    assert stand(bad, good, *words).closed_at is None
    words.append(replied(TASK, NOW + 3 * DAY, "MR", "r2", "done", "已立案"))
    closed = stand(bad, good, *words)
    assert closed.closed_at == NOW + 3 * DAY
    assert closed.obligation and closed.obligation.reply == "已立案"


def test_feedback_that_comes_before_the_recheck_waits_for_it():
    at = roster(department="MR")
    told = [visit("abnormal", at=at), replied(TASK, NOW + DAY, "MR", "r1", "done", None)]
    assert stand(*told).closed_at is None
    assert stand(*told, visit("normal", 2 * 1440, at=at)).closed_at == NOW + 2 * DAY


def test_another_departments_feedback_closes_nothing():
    at = roster(department="MR")
    told = [visit(at=at), replied(TASK, NOW + DAY, "TB", "r1", "done", None)]
    assert stand(*told).closed_at is None
    assert irregular(*told) == [None, "wrong_department"]


def test_a_provisional_deadline_is_settled_once_when_the_year_is_known():
    far = datetime(2089, 12, 20, 8, tzinfo=UTC)
    task, begun = launched(replace(ORDER, due=None), PREMISES, HERE, far, "operator", "c1")
    assert replay(task, begun).task.due_provisional
    assert list(settlements(begun, HERE, NOW)) == []
    named = {date(year, 10, 1): False for year in (2089, 2090)} | {date(2089, 12, 30): False}
    known = roster(holidays=named)
    (settled,) = settlements(begun, known, NOW)
    after = replay(task, [settled, *begun]).task
    assert (after.due_provisional, after.due_at - task.due_at >= DAY) == (False, True)
    assert list(settlements([settled, *begun], known, NOW)) == []


KINDS = st.sampled_from([kind for kind in Happened if kind not in (Happened.LAUNCHED, Happened.SETTLED)])
PEOPLE = st.sampled_from(["W1", "W2", "W4", "MR", "TB", "centre"])
DEADLINES = st.none() | st.integers(0, 60).map(lambda m: Deadline(NOW + timedelta(minutes=m), m % 2 == 0))


@st.composite
def histories(draw):
    """Anything that could be said of a task, sense or nonsense, within an hour of its launch."""
    actor, kind = draw(PEOPLE), draw(KINDS)
    return TaskEvent(
        DISTRICT,
        "T1",
        NOW + timedelta(minutes=draw(st.integers(-5, 60))),
        kind,
        actor,
        f"{actor}-{draw(st.integers(0, 3))}",
        Details(
            result=draw(st.none() | st.sampled_from(Result)) if kind is I else None,
            said=draw(st.none() | st.sampled_from(Result)) if kind is I else None,
            premises_id=draw(st.sampled_from([None, None, "P1", "P2"])),
            stranger=draw(st.booleans()),
            worker_id=draw(PEOPLE),
            rectify=draw(DEADLINES),
            recheck=draw(DEADLINES),
            department_id=draw(st.sampled_from([None, "MR", "TB"])),
            department=draw(DEADLINES),
            stage=draw(st.sampled_from(["done", "accepted", None])),
        ),
    )


@given(st.lists(histories(), max_size=12), st.randoms(use_true_random=False), st.integers(1, 4))
def test_any_order_any_doubling_and_any_batches_give_the_same_task(events, dice, parts):
    expected = replay(TASK, [*BEGUN, *events])
    arriving = [*BEGUN, *events, *dice.sample(events, dice.randint(0, len(events)))]
    dice.shuffle(arriving)
    task, known = TASK, []
    for part in range(parts):
        known += arriving[part::parts]
        task = replay(task, known).task  # as it was stored after each batch
    assert task == expected.task
    assert replay(task, known).steps == expected.steps


COUNTS = (None, "by_colleague", "answers_abnormal")


@given(st.lists(histories(), max_size=12))
def test_whatever_happened_a_task_stands_somewhere_and_says_so_consistently(events):
    task, steps = replay(TASK, [*BEGUN, *events])
    assert (task.state is State.DONE) == (task.done_at is not None)
    assert (task.state is State.CANCELLED) == (task.cancelled_at is not None)
    assert (task.state is State.SUSPENDED) == (task.suspended_at is not None)
    assert (task.closed_at is not None) <= (task.done_at is not None)
    assert task.state is steps[-1].event.state or steps[-1].event.event is Happened.REPLIED
    counted = [one for one, _ in steps if one.event is I and one.irregular in COUNTS]
    assert (task.inspected_at is not None) == bool(counted)
