"""Dated thresholds: the district's own before everybody's, the newest that holds, else the declared one."""

from datetime import UTC, datetime, timedelta

import pytest

from ingest.domain.threshold import Parameter, ThresholdRow, Thresholds, Unit

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
MINUTES = Parameter("left_grid.minutes", 5, Unit.MINUTES, 1, 240)
COUNT = Parameter("many_hazards.count", 20, Unit.COUNT, 2, 100)


def row(value: float, days: float = -1, own: bool = True, unit: str = "minutes", name: str = MINUTES.name):
    return ThresholdRow(name, value, unit, NOW + days * DAY, own)


@pytest.mark.parametrize(
    ("rows", "value"),
    [
        ([], 5),
        ([row(7)], 7),
        ([row(7), row(9, days=0)], 9),
        ([row(9, days=0), row(7)], 9),
        ([row(7), row(9, days=1)], 7),
        ([row(7, own=False)], 7),
        ([row(7, own=False, days=-0.5), row(9)], 9),
        ([row(8, name="right_grid.minutes")], 5),
        ([row(7, unit="hours")], 5),  # of a rule that has changed since
        ([row(241)], 5),
        ([row(7.5)], 7.5),
    ],
)
def test_a_value_holds_from_its_instant_on_the_districts_own_first(rows, value):
    thresholds = Thresholds(rows)
    assert thresholds.value(MINUTES, NOW) == value
    assert thresholds.span(MINUTES, NOW) == timedelta(minutes=value)


def test_a_changed_value_holds_by_itself_when_its_time_has_come():
    thresholds = Thresholds([row(7), row(9, days=1)])
    assert [thresholds.value(MINUTES, NOW + days * DAY) for days in (0, 0.99, 1)] == [7, 7, 9]
    assert not thresholds.changed("left_grid", NOW, NOW + 0.9 * DAY)
    assert thresholds.changed("left_grid", NOW, NOW + DAY)
    assert not thresholds.changed("right_grid", NOW, NOW + DAY)


def test_a_whole_number_is_said_as_one():
    assert repr(Thresholds([row(7.0)]).value(MINUTES, NOW)) == "7"


def test_a_parameter_takes_what_lies_within_its_bounds_and_counts_whole_things():
    assert [COUNT.takes(value) for value in (1, 2, 2.5, 100, 101)] == [False, True, False, True, False]
    assert MINUTES.takes(2.5)
    assert not MINUTES.takes(float("nan"))
