"""A clue's life as a timeline, and in every other order in which its events may arrive."""

import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ingest.contract.messages import Datum, Severity
from ingest.domain.calendar import WorkCalendar
from ingest.domain.clue import (
    BUREAU,
    ClueCase,
    ClueDetails,
    ClueEvent,
    ClueHappened,
    ClueState,
    Level,
    clue_id_of,
)
from ingest.domain.clue_replay import replay_clue
from ingest.domain.clue_route import Chosen, ClueRoute, ClueRoutes
from ingest.domain.clue_steps import (
    addressed,
    escalated,
    is_clue,
    located,
    opened,
    replied,
    routed,
    settlement,
)
from ingest.domain.deadline import Deadline, DeadlineRule, Deadlines, Step
from ingest.domain.facts import Clue, PublicSaid
from ingest.domain.roster import Device, Premises
from tests import tiny
from tests.tiny import DISTRICT, PATH_1

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # a Monday, 16:00 there
MINUTE = timedelta(minutes=1)
LONG_AGO = date(2000, 1, 1)
RULES = [
    DeadlineRule(Step.CLUE, LONG_AGO, working_days=15),
    DeadlineRule(Step.DISPATCH, LONG_AGO, hours=0.5),
]
ROUTES = ClueRoutes(
    [ClueRoute("food", LONG_AGO, kind="食品安全"), ClueRoute("fire", LONG_AGO, kind="消防隐患")],
    {"food", "fire"},
)


def roster(holidays=None):
    plain = tiny.roster()
    deadlines = Deadlines(RULES, WorkCalendar(holidays or {}), plain.tz)
    return dataclasses.replace(plain, deadlines=deadlines, clue_routes=ROUTES, paths={"G1": PATH_1})


HERE = roster()


def report(severity="general", kind="食品安全", at=NOW, grid_id="G1", **said):
    fact = Clue(
        district=DISTRICT,
        kind="worker",
        device_id="W1",
        id="c1",
        ts=at,
        at=at,
        received_at=at,
        raw_lon=118.005,
        raw_lat=24.605,
        lon=118.005,
        lat=24.605,
        grid_id=grid_id,
        clue_kind=kind,
        severity=Severity(severity),
        text="生熟混放",
        **said,
    )
    return opened(fact, HERE)


class Life:
    """A clue and what happens to it, as ingest lets it happen."""

    def __init__(self, severity="general", at=HERE, **said):
        self.roster = at
        self.case, first = report(severity, **said)
        self.events = [first]
        self.address()

    @property
    def now(self) -> ClueCase:
        return replay_clue(self.case, self.events).case

    def address(self, minute=0):
        after = replay_clue(self.case, self.events)
        event = addressed(after.case, after.steps, "", self.roster, NOW + minute * MINUTE)
        self.events += [event] if event else []
        return self

    def reply(self, stage, minute, department="food", text="已处理"):
        at = NOW + minute * MINUTE
        said = (at, department, f"r{minute}", stage, text, department)
        self.events.append(replied(self.now, *said))
        return self.address(minute)

    def wait(self, minute):
        event = escalated(self.now, self.roster, NOW + minute * MINUTE)
        self.events += [event] if event else []
        return self

    def happen(self, kind, minute, **details):
        at = NOW + minute * MINUTE
        self.events.append(
            ClueEvent(DISTRICT, self.case.clue_id, at, kind, "operator", f"o{minute}", ClueDetails(**details))
        )
        return self

    @property
    def irregular(self):
        return [step.irregular for step in replay_clue(self.case, self.events).steps if step.irregular]


def test_an_ordinary_clue_goes_to_its_department_with_its_deadline():
    clue = Life().now
    assert (clue.state, clue.department_id, clue.routed_by) == (ClueState.ROUTED, "food", ["kind"])
    assert clue.due_at == datetime(2026, 3, 23, 15, 59, 59, tzinfo=UTC)  # 15 working days
    assert clue.level is None


def test_what_the_department_says_moves_it_to_its_end():
    life = Life().reply("delivered", 1)
    assert life.now.state is ClueState.ROUTED, "a machine's word is no answer"
    assert life.reply("read", 2).now.state is ClueState.RECEIVED
    assert life.reply("on_the_way", 3).now.received_at == NOW + 2 * MINUTE
    done = life.reply("done", 4, text="已责令整改").now
    assert (done.state, done.disposed_at, done.disposed_by) == (
        ClueState.DISPOSED,
        NOW + 4 * MINUTE,
        "food",
    )
    assert done.outcome == "已责令整改"
    assert not life.irregular


def test_what_is_not_theirs_goes_to_another_and_at_last_to_the_bureau_which_keeps_it():
    life = Life().reply("refused", 1)
    assert (life.now.department_id, life.now.routed_by) == (BUREAU, ["bureau"])
    assert life.now.returned_by == ["food"]
    assert life.now.due_at == datetime(2026, 3, 23, 15, 59, 59, tzinfo=UTC)
    life.reply("refused", 2, department=BUREAU)
    assert (life.now.state, life.irregular) == (ClueState.ROUTED, ["nobody_else"])
    assert life.reply("done", 3, department=BUREAU).now.state is ClueState.DISPOSED


def test_a_clue_that_no_row_fits_goes_to_the_bureau_and_says_so():
    assert Life(kind="别的").now.routed_by == ["bureau"]


def test_a_major_clue_is_called_up_through_the_levels_while_nobody_answers():
    life = Life("major", kind="消防隐患")
    assert (life.now.state, life.now.level, life.now.department_id) == (
        ClueState.DISPATCHED,
        Level.VILLAGE,
        "fire",
    )
    assert life.wait(29).now.level is Level.VILLAGE
    assert life.wait(31).now.level is Level.TOWN
    assert life.now.answer_due_at == NOW + 61 * MINUTE
    assert life.wait(62).now.level is Level.CITY
    assert life.wait(600).now.called_at == NOW + 62 * MINUTE, "above the city there is nobody"
    assert life.now.due_at == datetime(2026, 3, 23, 15, 59, 59, tzinfo=UTC), "the department's is not moved"


@pytest.mark.parametrize(
    ("grid", "path", "level"),
    [("G1", PATH_1, Level.VILLAGE), ("G1", "350299/01", Level.TOWN), ("G1", "350299", Level.CITY)],
)
def test_the_first_level_called_is_the_nearest_that_there_is(grid, path, level):
    case, first = opened_in(path)
    after = replay_clue(case, [first])
    event = addressed(after.case, after.steps, "", HERE, NOW)
    assert event is not None
    assert event.params.level is level


def opened_in(path):
    case, first = report("major")
    return replace(case, path=path), first


@pytest.mark.parametrize("stage", ["accepted", "done"])
def test_who_answers_ends_the_calling(stage):
    life = Life("major", kind="消防隐患").reply(stage, 5, department="fire")
    assert life.now.answer_due_at is None
    assert life.wait(600).now.level is Level.VILLAGE


def test_a_command_centre_answers_without_being_a_department():
    life = Life("major").happen(ClueHappened.RECEIVED, 5)
    assert (life.now.state, life.now.received_by) == (ClueState.RECEIVED, "operator")
    ordinary = Life().happen(ClueHappened.RECEIVED, 5)
    assert ordinary.irregular == ["not_dispatched"]


def test_an_answer_that_arrives_after_the_next_level_was_called_still_came_first():
    life = Life("major", kind="消防隐患").wait(31).reply("accepted", 10, department="fire")
    assert (life.now.state, life.now.level) == (ClueState.RECEIVED, Level.VILLAGE)


def test_an_operator_gives_it_to_another_department():
    life = Life().reply("accepted", 1)
    at = NOW + 5 * MINUTE
    life.events.append(routed(life.now, Chosen("fire", ["hand"]), HERE, at, "operator", "o5"))
    assert (life.now.state, life.now.department_id, life.now.received_at) == (
        ClueState.ROUTED,
        "fire",
        None,
    )
    life.reply("done", 6)
    assert life.irregular == ["wrong_department"]
    assert life.reply("done", 7, department="fire").now.state is ClueState.DISPOSED


def test_an_invalid_clue_says_why():
    clue = Life().happen(ClueHappened.VOIDED, 3, text="重复上报").now
    assert (clue.state, clue.outcome, clue.ended_at) == (
        ClueState.INVALID,
        "重复上报",
        NOW + 3 * MINUTE,
    )


@pytest.mark.parametrize("end", ["done", "voided"])
def test_what_is_said_after_the_end_is_irregular_and_changes_nothing(end):
    life = Life()
    life.reply("done", 3) if end == "done" else life.happen(ClueHappened.VOIDED, 3, text="误报")
    before = life.now
    life.reply("refused", 4).reply("read", 5).happen(ClueHappened.VOIDED, 6, text="x")
    assert life.now == before
    assert life.irregular == ["after_end"] * 3


def test_a_reply_from_another_department_changes_nothing():
    life = Life().reply("done", 1, department="fire")
    assert (life.now.state, life.irregular) == (ClueState.ROUTED, ["wrong_department"])


def test_a_clock_that_is_slow_makes_no_answer_come_before_the_question():
    life = Life().reply("done", -1)
    assert (life.now.state, life.irregular) == (ClueState.DISPOSED, [])


def test_a_department_whose_clock_is_fast_is_followed_all_the_same():
    life = Life().reply("refused", 2)
    life.events.pop()
    assert life.address(minute=1).now.department_id == BUREAU


def test_without_rules_there_is_no_deadline_and_nobody_is_waited_for():
    life = Life("major", at=dataclasses.replace(HERE, deadlines=None))
    assert (life.now.due_at, life.now.answer_due_at) == (None, None)
    assert life.wait(600).now.level is Level.VILLAGE


def test_a_provisional_deadline_is_settled_once_the_year_is_known():
    far = datetime(2100, 12, 25, 2, 0, tzinfo=UTC)
    case, first = report(at=far)
    events = [first, routed(case, Chosen("food", ["kind"]), HERE, far, "rules", "c1")]
    after = replay_clue(case, events)
    assert after.case.due_provisional
    assert settlement(after.case, after.steps, HERE, far) is None, "the years are not known yet"
    free = {date(year, 10, 1): False for year in (2100, 2101)} | {date(2101, 1, 3): False}
    event = settlement(after.case, after.steps, roster(free), far)
    assert event is not None
    settled = replay_clue(case, [*events, event])
    assert not settled.case.due_provisional
    assert after.case.due_at is not None and settled.case.due_at is not None
    assert settled.case.due_at - after.case.due_at == timedelta(days=3), "a weekend lies behind it"
    assert settlement(settled.case, settled.steps, roster(free), far) is None


def test_an_id_is_made_of_the_messages_key():
    assert clue_id_of("W1", NOW, "c1") == report()[0].clue_id
    assert len({clue_id_of(w, at, i) for w in "AB" for at in (NOW, NOW + MINUTE) for i in "xy"}) == 8


DEPARTMENTS = st.sampled_from(["food", "fire", BUREAU, None])
EVENTS = st.builds(
    ClueEvent,
    district=st.just(DISTRICT),
    clue_id=st.just(report()[0].clue_id),
    at=st.integers(-3, 8).map(lambda minute: NOW + minute * MINUTE),
    event=st.sampled_from(ClueHappened),
    actor=st.sampled_from(["food", "operator"]),
    cause=st.sampled_from(["a", "b"]),
    params=st.builds(
        ClueDetails,
        department_id=DEPARTMENTS,
        due=st.sampled_from([None, Deadline(NOW + 60 * MINUTE, True, 15)]),
        level=st.sampled_from([None, *Level]),
        answer_due=st.sampled_from([None, NOW + 30 * MINUTE]),
        stage=st.sampled_from(["delivered", "accepted", None]),
        text=st.sampled_from([None, "x"]),
    ),
)


@given(st.data(), st.lists(EVENTS, max_size=10))
def test_any_order_of_arrival_doubled_and_in_parts_gives_the_same(data, events):
    case = report("major")[0]
    whole = replay_clue(case, events)
    shuffled = data.draw(st.permutations([*events, *events[:3]]))
    assert replay_clue(case, shuffled) == whole
    assert replay_clue(whole.case, shuffled) == whole, "how it stood before does not matter"
    if whole.case.state in (ClueState.DISPOSED, ClueState.INVALID):
        assert whole.case.ended_at is not None
    assert (whole.case.received_at is None) or whole.case.state not in (ClueState.ROUTED, ClueState.RETURNED)


TERMINAL = Device("terminal", PATH_1, Datum.WGS84, None, 118.002, 24.602, "G1")
THERE = dataclasses.replace(HERE, devices={**HERE.devices, "X1": TERMINAL, "X2": replace(TERMINAL, lon=None)})


def spoken(event="complaint", device_id="X1", **said):
    when = {"ts": NOW, "at": NOW, "received_at": NOW}
    header = {"district": DISTRICT, "kind": "terminal", "device_id": device_id, "id": "c1", **when}
    place = {"raw_lon": None, "raw_lat": None}
    return PublicSaid(**header, **{**place, **said}, event=event, severity=Severity.GENERAL, text="退货被拒")


def test_complaints_and_reports_are_clues_and_the_rest_is_said_only():
    events = ("complaint", "report", "consultation", "suggestion", "praise")
    assert [event for event in events if is_clue(spoken(event))] == ["complaint", "report"]


def test_what_the_public_says_lies_where_it_says_else_at_the_premises_else_at_the_terminal():
    shop = Premises(name="乙便利店", path="x", grid_id="G2", lon=118.015, lat=24.605, registered_on=None)
    said = spoken(raw_lon=118.021, raw_lat=24.601, lon=118.021, lat=24.601, grid_id="G3")
    for fact, premises, expected in (
        (said, shop, (118.021, 24.601, "G3")),
        (spoken(), shop, (118.015, 24.605, "G2")),
        (spoken(), None, (118.002, 24.602, "G1")),
        (spoken(device_id="X2"), shop, (118.015, 24.605, "G2")),
    ):
        placed = located(fact, THERE, premises)
        assert (placed.lon, placed.lat, placed.grid_id) == expected
    assert located(spoken(device_id="X2"), THERE, None) is None


def test_the_clue_of_a_terminal_is_nobodys_and_no_workers_of_the_same_id():
    case, first = opened(located(spoken(about="食品安全"), THERE, None), THERE)
    assert (case.worker_id, case.device_id, case.kind, case.path) == (None, "X1", "食品安全", PATH_1)
    assert (first.actor, case.industry) == ("X1", None)
    assert case.clue_id == clue_id_of("terminal:X1", NOW, "c1") != clue_id_of("X1", NOW, "c1")
    plain, _ = opened(located(spoken("report"), THERE, None), THERE)
    assert plain.kind == "report"
