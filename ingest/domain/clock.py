"""Instants: from a device's milliseconds to UTC, corrected where the device's clock is wrong."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from ingest.contract.errors import DecodeError

EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)
TOLERANCE = timedelta(seconds=60)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Instant(NamedTuple):
    """When something happened: by the device's clock (`ts`, a key) and by ours (`at`)."""

    ts: datetime
    at: datetime
    shift: timedelta
    """`at` - `ts`; zero for a clock that is believed."""


def instant(ms: int, received_at: datetime) -> datetime:
    """Milliseconds since the epoch as UTC.

    Raises DecodeError ``impossible_clock`` before 2020 or more than a day after `received_at`.
    """
    try:
        when = _EPOCH + timedelta(milliseconds=ms)
    except OverflowError:
        raise DecodeError("impossible_clock", f"{ms} ms") from None
    if not EARLIEST <= when <= received_at + AHEAD:
        raise DecodeError("impossible_clock", when.isoformat())
    return when


def correct(ts_ms: int, sent_ms: int | None, received_at: datetime, live: bool) -> Instant:
    """Read `ts_ms`, shifted when the clock that wrote it is more than 60 s off.

    The clock is compared with ours at the moment of sending (`sent_ms`, else `ts_ms`). A message
    from the future proves a clock ahead; one from the past proves a clock behind only when it was
    live, since otherwise it may just have waited. Raises DecodeError ``impossible_clock``.
    """
    ts = instant(ts_ms, received_at)
    sent = ts if sent_ms is None else instant(sent_ms, received_at)
    behind = received_at - sent
    wrong = behind < -TOLERANCE or (live and behind > TOLERANCE)
    shift = behind if wrong else timedelta()
    return Instant(ts, ts + shift, shift)
