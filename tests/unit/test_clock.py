"""Which clocks are believed, and which instants are impossible."""

from datetime import UTC, datetime, timedelta

import pytest

from ingest.contract.errors import DecodeError
from ingest.domain.clock import correct, instant

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def ms(**ago: float) -> int:
    return round((NOW - timedelta(**ago)).timestamp() * 1000)


def test_a_good_clock_is_left_alone():
    got = correct(ms(seconds=2), None, NOW, live=True)
    assert got.ts == got.at == NOW - timedelta(seconds=2)
    assert got.shift == timedelta()


def test_milliseconds_survive():
    assert instant(1760000000123, NOW) == datetime(2025, 10, 9, 8, 53, 20, 123000, tzinfo=UTC)


@pytest.mark.parametrize("wrong", [timedelta(minutes=7), timedelta(minutes=-7)])
def test_a_live_message_from_a_wrong_clock_is_shifted_to_our_time_and_keeps_its_key(wrong):
    sent = NOW + wrong
    got = correct(round(sent.timestamp() * 1000), None, NOW, live=True)
    assert (got.ts, got.at, got.shift) == (sent, NOW, -wrong)


def test_what_was_sent_late_is_measured_by_when_it_was_sent():
    got = correct(ms(minutes=20), ms(seconds=1), NOW, live=True)
    assert got.at == got.ts == NOW - timedelta(minutes=20)


def test_a_message_that_may_have_waited_proves_no_slow_clock():
    assert correct(ms(hours=3), None, NOW, live=False).shift == timedelta()


def test_a_message_from_the_future_proves_a_fast_clock_even_so():
    assert correct(ms(hours=-3), None, NOW, live=False).at == NOW


@pytest.mark.parametrize(
    "bad", [0, ms(days=365 * 30), ms(days=-2), ms(days=-365 * 73), 2**53, -(2**53), ms() * 1000]
)
def test_an_impossible_instant_is_refused(bad):
    with pytest.raises(DecodeError, match="impossible_clock"):
        correct(bad, None, NOW, live=True)
    with pytest.raises(DecodeError, match="impossible_clock"):
        correct(ms(), bad, NOW, live=True)
