"""Who may order what: by their roles, by their grade's lists, in their own place."""

from datetime import UTC, date, datetime
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.orders import why as why_in_words
from dashboard.ui.i18n import LANGUAGES
from ingest.contract.messages import Severity
from ingest.contract.orders import (
    AcknowledgeIncident,
    AddAccount,
    AnswerClue,
    AssignTask,
    CancelTask,
    ChangeAccount,
    CommentIncident,
    ConfirmHandover,
    DisableAccount,
    DispatchIncident,
    EnableAccount,
    EndSessions,
    ExportList,
    LaunchTask,
    LookAtTrack,
    MergeIncidents,
    NoteDeed,
    NoteLogin,
    Order,
    PreviewThreshold,
    PutAsideStranger,
    RatePremises,
    RecordReply,
    RegisterDevice,
    ReleaseName,
    ReopenIncident,
    ReplyClue,
    ResetAccount,
    ResolveIncident,
    ResumeTask,
    RouteClue,
    SendOrder,
    SetThreshold,
    SuspendTask,
    Target,
    VoidClue,
)
from ingest.domain.account import Account, Grade, Role
from ingest.domain.concerns import concerns
from ingest.domain.duty_list import DutyLists, DutyRule, Listed
from ingest.domain.rights import ACTS, NEEDS, NOTED, is_anothers, kind_of, may, refusal
from tests import tiny

NOW = datetime(2026, 11, 28, 8, tzinfo=UTC)
TO = [
    Target("worker", "W1"),
    Target("officer", "F1"),
    Target("squadron", "350299/01/01"),
    Target("department", "D"),
]

# Every order there is, in full, and what of it has a place.
ABOUT: list[tuple[Order, set[str]]] = [
    (LaunchTask("T", "P", "c", worker_id="W"), {"task:T", "premises:P", "worker:W"}),
    (AssignTask("T", "W"), {"task:T", "worker:W"}),
    (SuspendTask("T", "r"), {"task:T"}),
    (ResumeTask("T"), {"task:T"}),
    (CancelTask("T", "r"), {"task:T"}),
    (RecordReply("T", "D", "t"), {"task:T"}),
    (RouteClue("C", "D"), {"clue:C"}),
    (AnswerClue("C"), {"clue:C"}),
    (ReplyClue("C", "D", "done", "t"), {"clue:C"}),
    (VoidClue("C", "r"), {"clue:C"}),
    (AcknowledgeIncident("I"), {"incident:I"}),
    (DispatchIncident("I", TO), {"incident:I", "worker:W1", "worker:F1", "unit:350299/01/01"}),
    (ResolveIncident("I", "resolved", "r"), {"incident:I"}),
    (ReopenIncident("I", "r"), {"incident:I"}),
    (CommentIncident("I", "t"), {"incident:I"}),
    (MergeIncidents("I", ["J", "K"]), {"incident:I", "incident:J", "incident:K"}),
    (ConfirmHandover("350299/01", ["I", "J"]), {"unit:350299/01", "incident:I", "incident:J"}),
    (SendOrder("camera", "C1", "speak", premises_id="P"), {"device:C1", "premises:P"}),
    (SendOrder("worker", "W1", "go_to"), {"worker:W1"}),
    (SendOrder("department", "D", "speak"), set()),
    (RatePremises("P", "C", "B", "r"), {"premises:P"}),
    (LookAtTrack("visit", "W1:m7"), {"worker:W1"}),
    (LookAtTrack("day", "W1:2026-11-28"), {"worker:W1"}),
    (LookAtTrack("task", "T"), {"task:T"}),
    (LookAtTrack("room", "2026-11-28"), set()),
    (ExportList("tasks", "csv"), set()),
    (NoteLogin("in", "li"), set()),
    (NoteDeed("import", "district:350299"), set()),
    (SetThreshold("left_grid.minutes", 5), {"unit:350299"}),
    (PreviewThreshold("left_grid.minutes", 5), set()),
    (RegisterDevice("axis", "n", "worker", "W1", worker_id="W1"), {"unit:350299", "worker:W1"}),
    (ReleaseName("axis", "n"), {"unit:350299"}),
    (PutAsideStranger("axis", "n"), {"unit:350299"}),
    (AddAccount("chen", "$argon2id$", "350299/01"), {"unit:350299/01"}),
    (AddAccount("jia", "$argon2id$", worker_id="W1"), {"worker:W1"}),
    (ChangeAccount("chen", "350299/02"), {"unit:350299/02"}),
    (DisableAccount("chen"), set()),
    (EnableAccount("chen"), set()),
    (ResetAccount("chen", "$argon2id$"), set()),
    (EndSessions("chen"), set()),
]
JUDGED = [order for order, _ in ABOUT if kind_of(order) not in NOTED]
KINDS = {kind_of(kind) for kind in get_args(Order)}


def rule(act: str, which: str = "negative", **rest: Any) -> DutyRule:
    said = {"grade": Grade.ASSISTANT, "act": act, "list": Listed(which), "valid_from": date(2026, 1, 1)}
    return DutyRule(**(said | rest))


def with_roles(*roles: Role, **rest: Any) -> Account:
    return Account("li", roles=frozenset(roles), **rest)


ASSISTANT = with_roles(*Role, grade=Grade.ASSISTANT)


def why(
    order: Order, account: Account | None, *rules: DutyRule, severity: str = "", outside: bool = False
) -> str | None:
    return refusal(account, DutyLists(rules), order, Severity(severity) if severity else None, outside, NOW)


def test_every_kind_of_order_has_its_role_and_what_it_is_about_is_known():
    assert set(NEEDS) == KINDS - NOTED
    assert {kind_of(order) for order, _ in ABOUT} == KINDS


@pytest.mark.parametrize(("order", "about"), ABOUT)
def test_an_order_is_about_all_that_it_names(order, about):
    assert {f"{what}:{name}" for what, name in concerns(order, tiny.DISTRICT)} == about


@pytest.mark.parametrize("order", JUDGED)
def test_an_order_needs_its_role_and_no_other(order):
    needed = NEEDS[kind_of(order)]
    others = with_roles(*(role for role in Role if role is not needed))
    assert why(order, others) == "role_lacks"
    if needed:
        assert why(order, with_roles(needed)) is None


def test_what_commands_note_no_screen_may_order():
    assert why(NoteDeed("import", "district:350299"), with_roles(*Role)) == "role_lacks"


def test_without_an_account_nothing_is_ordered():
    assert {why(order, None) for order in JUDGED} == {"no_account"}


def test_who_logged_in_is_noted_whoever_it_was():
    for account in (None, with_roles(), with_roles(kiosk=True)):
        assert why(NoteLogin("in", "li"), account, rule("note_login"), outside=True) is None


@pytest.mark.parametrize(
    "account", [with_roles(*Role, kiosk=True), with_roles(*Role, district=1, worker_id="W1")]
)
def test_a_wall_and_a_workers_own_account_look_and_do_nothing_else(account):
    assert {kind for kind in NEEDS if may(account, kind)} == {"look_at_track"}
    assert not may(with_roles(kiosk=True), "look_at_track"), "without the role not even that"


def test_what_is_outside_of_ones_place_is_not_ones_own():
    assert why(CancelTask("T", "r"), with_roles(Role.MANAGE), outside=True) == "not_yours"


@pytest.mark.parametrize(
    ("order", "with_it", "anothers"),
    [
        (ReplyClue("C", "food", "done", "t"), True, False),
        (ReplyClue("C", "food", "done", "t"), False, True),
        (ReplyClue("C", "fire", "done", "t"), True, True),
        (RecordReply("T", "food", "t"), True, False),
        (RecordReply("T", "fire", "t"), True, True),
        (CommentIncident("I", "t"), True, False),
        (CommentIncident("I", "t"), False, True),
        (VoidClue("C", "r"), False, False),
    ],
)
def test_a_department_answers_for_itself_about_what_is_with_it(order, with_it, anothers):
    food = with_roles(*Role, grade=Grade.DEPARTMENT, department_id="food", district=350299)
    assert is_anothers(food, order, with_it) is anothers
    assert not is_anothers(with_roles(*Role), order, with_it), "officers write down what any department says"
    if not isinstance(order, VoidClue):
        assert is_anothers(with_roles(*Role, grade=Grade.DEPARTMENT), order, with_it), "of no department"


def test_what_is_on_the_negative_list_is_refused_to_its_grade_and_no_other():
    rules = (rule("void_clue"), rule("reply_clue", grade=Grade.DEPARTMENT))
    assert why(VoidClue("C", "r"), ASSISTANT, *rules) == "on_negative_list"
    assert why(ReplyClue("C", "D", "done", "t"), ASSISTANT, *rules) is None
    assert why(VoidClue("C", "r"), with_roles(Role.OPERATE), *rules) is None


@pytest.mark.parametrize(
    ("severity", "of_major", "of_all"),
    [
        ("major", "on_negative_list", "on_negative_list"),
        ("serious", None, "on_negative_list"),
        ("", None, "on_negative_list"),
    ],
)
def test_a_rule_may_be_about_one_severity_and_without_one_is_about_all(severity, of_major, of_all):
    order = ResolveIncident("I", "resolved", "r")
    assert why(order, ASSISTANT, rule("resolve_incident:major"), severity=severity) == of_major
    assert why(order, ASSISTANT, rule("resolve_incident"), severity=severity) == of_all


def test_a_grade_with_a_duty_list_may_do_nothing_else():
    rules = (rule("comment_incident", "duty"), rule("void_clue:general", "duty"))
    assert why(CommentIncident("I", "t"), ASSISTANT, *rules, severity="major") is None
    assert why(VoidClue("C", "r"), ASSISTANT, *rules, severity="general") is None
    assert why(VoidClue("C", "r"), ASSISTANT, *rules, severity="major") == "not_on_duty_list"
    assert why(AcknowledgeIncident("I"), ASSISTANT, *rules) == "not_on_duty_list"


def test_the_negative_list_stands_before_the_duty_list():
    rules = (rule("void_clue", "duty"), rule("void_clue:major"))
    assert why(VoidClue("C", "r"), ASSISTANT, *rules, severity="major") == "on_negative_list"
    assert why(VoidClue("C", "r"), ASSISTANT, *rules, severity="serious") is None


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "holds"),
    [
        (date(2026, 11, 28), None, True),
        (date(2026, 11, 29), None, False),
        (date(2026, 1, 1), date(2026, 11, 28), False),
        (date(2026, 1, 1), date(2026, 11, 29), True),
    ],
)
def test_a_rule_holds_from_its_first_day_until_before_its_last(valid_from, valid_to, holds):
    found = why(AnswerClue("C"), ASSISTANT, rule("answer_clue", valid_from=valid_from, valid_to=valid_to))
    assert (found == "on_negative_list") is holds


def test_the_day_is_the_districts():
    lists = DutyLists([rule("answer_clue", valid_from=date(2026, 11, 29))], ZoneInfo("Asia/Shanghai"))
    at = datetime(2026, 11, 28, 16, tzinfo=UTC)
    assert lists.refusal(Grade.ASSISTANT, "answer_clue", None, at) == "on_negative_list"
    assert lists.refusal(Grade.ASSISTANT, "answer_clue", None, at.replace(hour=15)) is None


def test_a_districts_own_list_of_a_grade_takes_the_place_of_everybodys():
    everybodys, own = rule("void_clue"), rule("answer_clue", own=True)
    assert why(VoidClue("C", "r"), ASSISTANT, everybodys, own) is None
    assert why(AnswerClue("C"), ASSISTANT, everybodys, own) == "on_negative_list"
    others = rule("answer_clue", own=True, grade=Grade.OFFICER)
    assert why(VoidClue("C", "r"), ASSISTANT, everybodys, others) == "on_negative_list"
    later = rule("answer_clue", own=True, valid_from=date(2027, 1, 1))
    assert why(VoidClue("C", "r"), ASSISTANT, everybodys, later) == "on_negative_list"


@given(st.permutations([(6, "negative"), (3, "duty"), (1, "negative")]))
def test_of_rules_on_the_same_act_the_newest_counts_in_whatever_sequence_they_come(rows):
    rules = [rule("void_clue", which, valid_from=date(2026, month, 1)) for month, which in rows]
    assert why(VoidClue("C", "r"), ASSISTANT, *rules) == "on_negative_list"
    assert why(VoidClue("C", "r"), ASSISTANT, *(one for one in rules if one.valid_from.month < 6)) is None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_why_an_order_is_refused_is_said_in_each_language(lang):
    codes = {"no_account", "role_lacks", "on_negative_list", "not_on_duty_list", "not_yours"}
    assert not {code for code in codes if why_in_words(lang, code) == code}


def test_what_can_be_on_a_list_is_what_screens_order_and_only_clues_and_incidents_are_graded():
    assert {"void_clue", "void_clue:major", "resolve_incident:general", "look_at_track"} <= ACTS
    assert not {"note_deed", "cancel_task:major", "confirm_handover:major", "void_clue:huge"} & ACTS
