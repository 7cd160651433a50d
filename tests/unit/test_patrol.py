"""漏报: whether a patrol had found what the public reported, at the premises or near by, not long before."""

import math
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.domain.geo import distance_m
from ingest.domain.patrol import NEAR_M, WITHIN, Finding, Report, found_before

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LON, LAT = 118.03, 24.64
METRE_LAT = 1 / 111_195
METRE_LON = METRE_LAT / math.cos(math.radians(LAT))


def report(premises_id: str | None = None) -> Report:
    return Report("R1", AT, LON, LAT, premises_id)


def finding(days: float, east_m: float = 0, north_m: float = 0, premises_id: str | None = None) -> Finding:
    """Something found so many days before the report, so many metres away from it."""
    place = (LON + east_m * METRE_LON, LAT + north_m * METRE_LAT)
    return Finding("clue", f"K{days}", AT - timedelta(days=days), *place, premises_id)


@pytest.mark.parametrize(
    ("found", "missed"),
    [
        (finding(1), False),
        (finding(0), False),
        (finding(30), False),
        (finding(30.01), True),
        (finding(-0.01), True),  # the patrol came after the report
        (finding(1, east_m=99), False),
        (finding(1, north_m=-99), False),
        (finding(1, east_m=101), True),
        (finding(1, east_m=75, north_m=75), True),  # in the box around, not in the circle
        (finding(1, east_m=70, north_m=70), False),
        (finding(1, east_m=5_000, premises_id="P1"), False),
        (finding(31, premises_id="P1"), True),
        (finding(1, east_m=5_000, premises_id="P2"), True),
        (finding(1, east_m=5_000), True),
        (finding(1, east_m=50, premises_id="P2"), False),
    ],
)
def test_a_finding_counts_at_the_premises_or_near_by_and_not_too_long_before(
    found: Finding, missed: bool
) -> None:
    assert (found_before([report("P1")], [found]) == {}) == missed


def test_premises_that_nobody_named_are_not_the_same() -> None:
    assert found_before([report()], [finding(1, east_m=5_000)]) == {}


def test_of_several_findings_the_last_before_the_report_is_told() -> None:
    some = [finding(5), finding(2, east_m=60), finding(-1), finding(3, premises_id="P1")]
    assert found_before([report("P1")], some)["R1"].id == "K2"


def test_without_reports_or_findings_there_is_nothing_to_tell() -> None:
    assert found_before([], [finding(1)]) == {}
    assert found_before([report()], []) == {}


@settings(deadline=None)
@given(st.integers(0, 10_000))
def test_it_is_what_comparing_each_with_each_says_in_whatever_order(seed: int) -> None:
    chance = random.Random(seed)

    def place() -> tuple[float, float]:
        return LON + chance.uniform(-3, 3) * 100 * METRE_LON, LAT + chance.uniform(-3, 3) * 100 * METRE_LAT

    def premises() -> str | None:
        return chance.choice(("P1", "P2", "P3", None))

    def when() -> datetime:
        return AT + timedelta(hours=chance.randrange(-2_000, 500))

    reports = [Report(f"R{n}", when(), *place(), premises()) for n in range(12)]
    findings = [
        Finding(chance.choice(("clue", "inspection")), f"F{n}", when(), *place(), premises())
        for n in range(25)
    ]
    wanted = {}
    for one in reports:
        fitting = [
            each
            for each in findings
            if one.reported_at - WITHIN <= each.at <= one.reported_at
            and (
                (each.premises_id is not None and each.premises_id == one.premises_id)
                or distance_m(one.lon, one.lat, each.lon, each.lat) <= NEAR_M
            )
        ]
        if fitting:
            wanted[one.report_id] = max(fitting, key=lambda each: (each.at, each.id))
    chance.shuffle(findings)
    assert found_before(reports, findings) == wanted
