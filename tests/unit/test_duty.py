"""Who was on duty when, in whatever order it is learned."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ingest.domain.duty import KEPT, Duty

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
CHANGES = [("W1", NOON, False), ("W1", NOON + HOUR, True), ("W1", NOON + 4 * HOUR, False)]


def test_of_whom_nothing_is_known_was_on_duty():
    duty = Duty(CHANGES)
    assert duty.is_on("W2", NOON)
    assert duty.is_on("W1", NOON - HOUR)


@given(st.permutations(CHANGES + CHANGES[:1]))
def test_the_last_change_before_an_instant_counts(changes):
    duty = Duty(changes)
    at = [NOON - HOUR / 2, NOON, NOON + HOUR / 2, NOON + HOUR, NOON + 3 * HOUR, NOON + 5 * HOUR]
    assert [duty.is_on("W1", one) for one in at] == [True, False, False, True, True, False]
    assert duty.off_until("W1", NOON) == NOON + HOUR
    assert duty.off_until("W1", NOON + 4 * HOUR) is None


def test_old_changes_are_forgotten_but_not_the_last_before_what_is_kept():
    duty = Duty([("W1", NOON - 9 * KEPT, True), ("W1", NOON - 2 * KEPT, False), ("W1", NOON, True)])
    assert not duty.is_on("W1", NOON - HOUR)
    duty.note("W1", NOON + 3 * KEPT, False)
    assert duty.is_on("W1", NOON + HOUR)
