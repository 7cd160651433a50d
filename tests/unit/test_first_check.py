"""What new premises are visited for: as the modules name their categories."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from msgspec import structs

from ingest.contract.errors import InvalidTransition
from ingest.contract.orders import AssignTask, LaunchTask
from ingest.domain.calendar import WorkCalendar
from ingest.domain.deadline import DeadlineRule, Deadlines, Step
from ingest.domain.first_check import NewPremises, first_checks, launched_by
from ingest.domain.replay import replay
from ingest.domain.roster import Premises
from ingest.domain.season import Season
from ingest.domain.steps import assigned, launched, settlements
from ingest.domain.task import Happened, TaskEvent
from ingest.module_files import shipped
from tests import tiny

MODULES = shipped()


def new(status: str = "in_business", **changed) -> NewPremises:
    return NewPremises(**{"premises_id": "P9", "category": "餐饮服务", "tags": [], "risk_grade": None,
                          "status": status, **changed})  # fmt: skip


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("in_business", [("licence", "address_verification")]),
        ("recorded", [("survey", "opening_verification")]),
        ("closed", []),
    ],
)
def test_premises_are_checked_for_what_their_status_asks(status: str, expected: list[object]) -> None:
    orders = list(first_checks(tiny.DISTRICT, [new(status)], MODULES))
    assert [(order.source, order.category) for order in orders] == expected
    assert all(order.items for order in orders)


def test_the_same_premises_give_the_same_tasks_and_others_others() -> None:
    ids = [
        order.task_id
        for premises in (new(), new(), new(premises_id="P8"))
        for order in first_checks(tiny.DISTRICT, [premises], MODULES)
    ]
    assert ids[0] == ids[1] != ids[2]


def test_what_a_category_does_not_target_is_not_checked_for_it() -> None:
    (module,) = [one for one in MODULES if one.code == "food_safety"]
    food = replace_category(module, launched_by=("licence",))
    assert launched_by([food], "licence")
    assert not list(first_checks(tiny.DISTRICT, [new(category="五金建材")], [food]))
    assert list(first_checks(tiny.DISTRICT, [new()], [food]))


def replace_category(module, **changed):
    first, *rest = module.categories
    return structs.replace(module, categories=(structs.replace(first, **changed), *rest))


MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # 16:00 there
ORDER = LaunchTask("N1", "P9", "address_verification", items=["address_match"], source="licence")


def roster(calendar: WorkCalendar | None = None):
    plain = tiny.roster()
    rules = [
        DeadlineRule(Step(s), date(2000, 1, 1), working_days=n) for s, n in (("push", 5), ("inspect", 10))
    ]
    return replace(plain, deadlines=Deadlines(rules, calendar or WorkCalendar({}), plain.tz))


def days(*of_march: int) -> list[date]:
    return [date(2026, 3, day) for day in of_march]


def day_of(at: datetime | None) -> date | None:
    return at and at.astimezone(tiny.roster().tz).date()


def test_new_licence_data_in_a_workers_grid_is_on_the_list_at_once_and_due_after_ten_working_days() -> None:
    premises = Premises("新店", tiny.PATH_1, "G1", 118.005, 24.605)
    task = replay(*launched(ORDER, premises, roster(), MONDAY, "import", "c")).task
    assert (task.worker_id, task.source) == ("W1", "licence")
    assert [day_of(task.push_due_at), day_of(task.due_at)] == days(9, 16)


def test_what_nobody_has_is_due_by_the_push_and_its_visit_from_when_somebody_gets_it() -> None:
    premises = Premises("界外店", str(tiny.DISTRICT), None, 118.5, 24.9)
    here = roster()
    task, events = launched(ORDER, premises, here, MONDAY, "import", "c")
    assert [day_of(replay(task, events).task.due_at)] == days(9)
    given = [
        TaskEvent(
            tiny.DISTRICT, "N1", at, Happened.ASSIGNED, "screen", cause,
            assigned(AssignTask("N1", worker), task, here, at),
        )
        for at, cause, worker in ((MONDAY.replace(day=6), "a", "W2"), (MONDAY.replace(day=9), "b", "W3"))
    ]  # fmt: skip
    assert [day_of(replay(task, [*events, given[0]]).task.due_at)] == days(20)
    after = replay(task, [*events, *given]).task
    assert (after.worker_id, [day_of(after.due_at)]) == ("W3", days(20)), "given on, it is due as it was"
    with pytest.raises(InvalidTransition):
        assigned(AssignTask("N1", "nobody"), task, here, MONDAY)


def test_a_push_that_waited_for_us_counts_from_when_it_was_asked_for() -> None:
    premises = Premises("新店", tiny.PATH_1, "G1", 118.005, 24.605)
    asked = datetime(2026, 2, 27, 8, 0, tzinfo=UTC)  # the Saturday after it is worked
    task = replay(*launched(ORDER, premises, roster(), MONDAY, "import", "c", asked)).task
    assert [day_of(task.push_due_at), day_of(task.due_at)] == days(5, 16)


def test_a_provisional_push_is_settled_with_the_rest() -> None:
    premises = Premises("界外店", str(tiny.DISTRICT), None, 118.5, 24.9)
    far = datetime(2089, 12, 28, 8, tzinfo=UTC)
    task, events = launched(ORDER, premises, roster(), far, "import", "c")
    before = replay(task, events).task
    free = {date(2089, 10, 1): False, date(2090, 10, 1): False, date(2090, 1, 2): False}
    settled = list(settlements(events, roster(WorkCalendar(free)), far))
    assert [event.cause for event in settled] == ["push c", "inspect c"]
    after = replay(task, [*events, *settled]).task
    assert before.push_due_at is not None
    assert after.push_due_at == after.due_at
    assert after.due_at > before.due_at


def test_a_task_launched_in_the_season_reminds_premises_that_have_not_filed() -> None:
    season = Season("annual_report", "report_filed", "03-01", "06-30", date(2000, 1, 1))
    here = replace(roster(), seasons=[season])
    for filed, items in (((), ["address_match", "report_filed"]), ((2025,), ["address_match"])):
        premises = Premises("店", tiny.PATH_1, "G1", 118.005, 24.605, filed=filed)
        task, _ = launched(ORDER, premises, here, MONDAY, "import", "c")
        assert task.items == items
