"""Reading names, instants and quantities as foreign devices write them."""

import math
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.contract.delivery import Delivery
from ingest.contract.errors import DecodeError
from ingest.domain import foreign as said
from ingest.domain.heard import Presence

NOW = datetime(2026, 3, 2, 8, 0, 0, tzinfo=UTC)


@given(st.datetimes(datetime(2020, 1, 2), datetime(2026, 3, 2)), st.integers(-720, 840))  # noqa: DTZ001
def test_an_instant_is_the_same_in_whatever_zone_it_is_written(local, minutes):
    written = local.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    read = said.iso(written.isoformat(), NOW)
    assert (read, read.utcoffset()) == (written, timedelta())


@pytest.mark.parametrize("text", ["2026-03-02 15:59:59", "2026-03-02T15:59:59", "2026-03-02T15:59:59.000"])
def test_a_wall_clock_stays_one_unless_utc_was_promised(text):
    wall = datetime(2026, 3, 2, 15, 59, 59)  # noqa: DTZ001
    assert said.iso(text, NOW) == wall
    assert said.utc(text, NOW) == wall.replace(tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "now", "2026-13-01T00:00:00Z", "2026-03-02T25:00:00Z", "1772438399"])
def test_what_is_no_date_and_time_is_refused(text):
    with pytest.raises(DecodeError, match="wrong_shape"):
        said.iso(text, NOW)


@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "1970-01-01T00:00:00Z",
        "0001-01-01 00:00:00",
        "9999-12-31 23:59:59",
    ],
)
def test_an_instant_that_cannot_be_is_refused(text):
    with pytest.raises(DecodeError, match="impossible_clock"):
        said.iso(text, NOW)


@given(st.floats() | st.sampled_from([math.nan, math.inf, -math.inf, 1e300]))
def test_any_number_of_seconds_is_an_instant_or_refused(seconds):
    try:
        assert said.epoch(seconds, NOW) <= NOW + timedelta(days=1)
    except DecodeError as error:
        assert error.reason == "impossible_clock"


@pytest.mark.parametrize(
    ("read", "taken", "dropped"),
    [
        (said.accuracy_m, [0.5, 8, 1e6], [0, -1, 1e7]),
        (said.speed_kmh, [0, 5, 300], [-1, 1e7]),
        (said.heading_deg, [0, 90.5, 360], [-1, 361]),
        (said.altitude_m, [-100, 0, 8848], [-1e5, 1e7]),
        (said.percent, [0, 50, 100], [-1, 101]),
    ],
)
def test_a_quantity_that_cannot_be_is_left_out(read, taken, dropped):
    assert [read(value) for value in taken] == taken
    assert [read(value) for value in [*dropped, None, math.nan, math.inf]] == [None] * (len(dropped) + 3)


def test_what_was_heard_before_an_error_stays():
    @said.refusing
    def listen(_delivery):
        yield Presence(name="a")
        raise DecodeError("wrong_shape", "b")

    first, error = listen(Delivery("t", b"", 1, False, False, 1, 1, NOW, True))
    assert (first, error.reason) == (Presence(name="a"), "wrong_shape")


@pytest.mark.parametrize("topic", ["hikvision/nvr1/event", "nvr1/event", "nvr1"])
def test_a_name_is_what_stands_in_front(topic):
    assert said.before(topic, "/event", "hikvision") == "nvr1"


@pytest.mark.parametrize("topic", ["", "hikvision/", "x" * 201, "a\0b/event"])
def test_a_topic_without_a_name_or_without_end_is_refused(topic):
    with pytest.raises(DecodeError, match="bad_topic"):
        said.before(topic, "/event", "hikvision")
