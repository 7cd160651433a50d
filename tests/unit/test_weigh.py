"""What a visit comes to: the phone's word, the meaning of its answers, and the worse of the two."""

from dataclasses import replace as with_roster
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.alerts.hazard_found import hazard_found
from ingest.contract.messages import Finding, Result, Severity
from ingest.domain.alert import Alert, Cleared, Snapshot
from ingest.domain.catalogue import Catalogue
from ingest.domain.facts import Inspection
from ingest.domain.weigh import failings, weigh
from ingest.module_files import shipped
from tests import tiny

NOW = datetime(2026, 11, 27, 8, tzinfo=UTC)
BOOK = Catalogue.of(shipped())
NORMAL, ABNORMAL = Result.NORMAL, Result.ABNORMAL
POISON, EXPIRED, FINE = (Finding("shelf_life", answer) for answer in ("poisonous", "expired", "none"))
GENERAL, SERIOUS, MAJOR = Severity


def log(result: Result, *items: Finding, task_id: str | None = "T1") -> Inspection:
    return Inspection(
        district=tiny.DISTRICT,
        kind="worker",
        device_id="W1",
        id="i1",
        ts=NOW,
        at=NOW,
        received_at=NOW,
        raw_lon=118.005,
        raw_lat=24.605,
        premises_id="P1",
        started=NOW,
        ended=NOW,
        result=result,
        items=list(items),
        severity=None if result is NORMAL else GENERAL,
        task_id=task_id,
    )


def weighed(fact: Inspection, category: str = "food_daily", book: Catalogue = BOOK) -> Inspection:
    (found,) = weigh([fact], book, {"T1": category})
    assert isinstance(found, Inspection)
    return found


@pytest.mark.parametrize(
    ("said", "items", "comes_to", "severity"),
    [
        (NORMAL, [FINE], NORMAL, None),
        (NORMAL, [Finding("消防通道", "畅通")], NORMAL, None),
        (ABNORMAL, [EXPIRED], ABNORMAL, SERIOUS),
        (ABNORMAL, [FINE, EXPIRED, POISON], ABNORMAL, MAJOR),
        (ABNORMAL, [Finding("无过期及“三无”食品", "过期食品")], ABNORMAL, SERIOUS),  # an old phone, by words
        (ABNORMAL, [Finding("shelf_life", "expired", GENERAL)], ABNORMAL, GENERAL),  # it says so itself
        (ABNORMAL, [Finding("消防通道", "堵塞", MAJOR), EXPIRED], ABNORMAL, MAJOR),
        (ABNORMAL, [Finding("消防通道", "堵塞")], ABNORMAL, SERIOUS),  # the category's hazard grade
        (ABNORMAL, [FINE], ABNORMAL, SERIOUS),  # something that no item asks for
        (NORMAL, [EXPIRED], ABNORMAL, SERIOUS),
        (NORMAL, [Finding("消防通道", "堵塞", GENERAL)], ABNORMAL, GENERAL),
    ],
)
def test_the_phones_word_and_the_meaning_of_its_answers_come_to_the_worse_of_the_two(
    said: Result, items: list[Finding], comes_to: Result, severity: Severity | None
) -> None:
    found = weighed(log(said, *items))
    assert (found.comes_to, found.severity) == (comes_to, severity)
    assert (found.result, found.items) == (said, items), "what was said stays"
    assert (found.outcome is not None) == (found.comes_to is not said)


def test_an_ungraded_finding_has_the_hazard_grade_of_its_category_and_is_general_without_one() -> None:
    bad = log(ABNORMAL)
    assert [weighed(bad, category).severity for category in ("pyramid_patrol", "打击传销排查")] == [
        MAJOR,
        MAJOR,
    ]
    assert weighed(bad, "日常检查").severity is GENERAL
    assert weighed(log(ABNORMAL, task_id=None), "pyramid_patrol").severity is GENERAL


def test_without_modules_only_the_phones_word_counts() -> None:
    found = weighed(log(NORMAL, POISON), book=Catalogue())
    assert (found.comes_to, found.severity) == (NORMAL, None)


ANSWERS = st.sampled_from(
    [POISON, EXPIRED, FINE, Finding("消防通道", "堵塞"), Finding("lift_mark", "banned", GENERAL)]
)


@given(st.sampled_from(Result), st.lists(ANSWERS, max_size=4), ANSWERS)
def test_another_finding_never_makes_it_better_and_weighing_twice_changes_nothing(
    said: Result, items: list[Finding], more: Finding
) -> None:
    before, after = weighed(log(said, *items)), weighed(log(said, *items, more))
    assert weighed(before) == before
    assert (before.comes_to is ABNORMAL) <= (after.comes_to is ABNORMAL)
    if items and failings(items, BOOK):
        assert before.severity and after.severity
        assert before.severity.rank <= after.severity.rank


def test_a_hazard_rings_by_what_the_visit_comes_to_and_names_what_was_found() -> None:
    snapshot = Snapshot(with_roster(tiny.roster(), catalogue=BOOK), NOW)
    (alert,) = hazard_found(snapshot, [weighed(log(NORMAL, FINE, POISON))], NOW)
    assert isinstance(alert, Alert)
    assert (alert.severity, alert.params["findings"]) == (MAJOR, [["shelf_life", "poisonous"]])
    (cleared,) = hazard_found(snapshot, [weighed(log(NORMAL, FINE))], NOW)
    assert isinstance(cleared, Cleared)
