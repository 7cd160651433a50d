"""What goes on is one event: however often, and in whatever order, it is said."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ingest.domain.lasting import GAP, Episode, go_on

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)
SAID = st.lists(
    st.tuples(st.integers(0, 300), st.sampled_from(["began", "again", "over", "off"])),
    min_size=1,
    max_size=30,
)


def at(second: float) -> datetime:
    return NOON + timedelta(seconds=second)


def played(*said: tuple[float, str]) -> list[tuple[float, float | None]]:
    """The episodes that it comes to, in seconds."""
    episodes: list[Episode] = []
    for second, phase in said:
        go_on(episodes, at(second), phase)  # type: ignore[arg-type]
    return sorted(
        ((one.began - NOON).total_seconds(), one.ended and (one.ended - NOON).total_seconds())
        for one in episodes
    )


def test_what_is_said_every_second_lasts_from_the_first_to_the_last():
    assert played(*((second, "again") for second in range(60))) == [(0, 59)]


def test_a_pause_longer_than_the_gap_ends_it():
    gap = GAP.total_seconds()
    assert played((0, "again"), (gap, "again")) == [(0, gap)]
    assert played((0, "again"), (gap + 1, "again")) == [(0, 0), (gap + 1, gap + 1)]


def test_its_end_may_be_said():
    assert played((0, "again"), (1, "again"), (2, "over")) == [(0, 2)]
    assert played((0, "began"), (900, "over")) == [(0, 900)]
    assert played((0, "began")) == [(0, None)]


def test_the_end_of_what_never_began_is_nothing():
    assert played((5, "over")) == []
    assert played((0, "again"), (500, "over")) == [(0, 0)]


def test_what_is_off_in_every_report_ended_with_the_first():
    on, off = (
        [(second, "began") for second in (0, 10, 20)],
        [(second, "off") for second in range(30, 300, 10)],
    )
    assert played((-10, "off"), *on, *off) == [(0, 30)]
    assert played((-10, "off"), *on, *off, (300, "began"), (310, "off")) == [(0, 30), (300, 310)]
    assert played((5, "off")) == []


def test_a_beginning_that_is_said_again_is_the_same():
    assert played((0, "began"), (60, "began"), (90, "over")) == [(0, 90)]
    assert played((0, "began"), (90, "over"), (100, "began"), (110, "over")) == [(0, 90), (100, 110)]


def test_what_began_days_ago_and_never_ended_is_another_one():
    day = 86_400
    assert played((0, "began"), (day + 1, "began")) == [(0, None), (day + 1, None)]


def test_a_repeat_that_comes_late_makes_no_second_event():
    assert played((10, "again"), (5, "again"), (12, "again")) == [(10, 12)]


@given(SAID, st.integers(1, 30))
def test_what_is_delivered_again_changes_nothing(said, many):
    in_time = sorted(said)
    assert played(*in_time, *in_time[-many:]) == played(*in_time)
