"""Seasons: when somebody is reminded, and of what."""

from datetime import date

import pytest

from ingest.domain.season import Reporter, Season, has_to_file, overlaid, running

SPRING = Season("annual_report", "report_filed", "03-01", "06-30", date(2000, 1, 1))
WINTER = Season("audit", "audited", "11-15", "02-10", date(2000, 1, 1))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 2, 28), []),
        (date(2026, 3, 1), [("annual_report", 2025)]),
        (date(2026, 6, 30), [("annual_report", 2025)]),
        (date(2026, 7, 1), []),
        (date(2026, 11, 15), [("audit", 2025)]),
        (date(2027, 2, 10), [("audit", 2025)]),
        (date(2027, 2, 11), []),
    ],
)
def test_a_season_runs_from_its_first_to_its_last_day_and_is_about_the_year_before(day, expected) -> None:
    assert [(season.category, year) for season, year in running([SPRING, WINTER], day)] == expected


def test_the_districts_own_season_stands_before_everybodys_and_the_newest_in_force_counts() -> None:
    own = Season("annual_report", "report_filed", "04-01", "05-31", date(2026, 1, 1), own=True)
    none = Season("annual_report", "report_filed", "", "", date(2027, 1, 1), own=True)
    rules = [none, SPRING, own]
    assert list(running(rules, date(2025, 3, 10))) == [(SPRING, 2024)]
    assert list(running(rules, date(2026, 3, 10))) == []
    assert list(running(rules, date(2026, 4, 10))) == [(own, 2025)]
    assert list(running(rules, date(2027, 4, 10))) == []


def test_who_has_filed_or_was_registered_later_owes_nothing() -> None:
    assert has_to_file(Reporter(), 2025)
    assert has_to_file(Reporter(filed=(2024,), registered_on=date(2025, 12, 31)), 2025)
    assert not has_to_file(Reporter(filed=(2025,)), 2025)
    assert not has_to_file(Reporter(registered_on=date(2026, 1, 1)), 2025)


def test_a_checklist_reminds_in_the_season_and_not_before_nor_after_nor_who_has_filed() -> None:
    def list_of(day: date, items: list[str], **known) -> list[str]:
        return overlaid(items, "food_daily", Reporter(**known), [SPRING], day)

    in_season, out = date(2026, 5, 4), date(2026, 7, 4)
    assert list_of(in_season, ["a"]) == ["a", "report_filed"]
    assert list_of(in_season, ["a", "report_filed"]) == ["a", "report_filed"]
    assert list_of(in_season, ["a", "report_filed"], filed=(2025,)) == ["a"]
    assert list_of(out, ["a", "report_filed"]) == ["a"]


def test_tasks_that_are_about_the_reports_keep_their_checklist() -> None:
    items = ["report_filed", "report_contact"]
    for day in (date(2026, 5, 4), date(2026, 7, 4)):
        assert overlaid(items, "annual_report", Reporter(filed=(2025,)), [SPRING], day) == items
