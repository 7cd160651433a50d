"""Instants: from a device's milliseconds to UTC, corrected where the device's clock is wrong."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from ingest.contract.errors import DecodeError

EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)
TOLERANCE = timedelta(seconds=60)

# Every message passes here, so its instants are compared as the milliseconds that they are.
_MS = timedelta(milliseconds=1)
_EARLIEST_MS = EARLIEST.timestamp() * 1000
_AHEAD_MS, _TOLERANCE_MS = AHEAD / _MS, TOLERANCE / _MS
_NO_SHIFT = timedelta()


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
    if not _EARLIEST_MS <= ms <= received_at.timestamp() * 1000 + _AHEAD_MS:
        raise DecodeError("impossible_clock", f"{ms} ms")
    return datetime.fromtimestamp(ms / 1000, UTC)


def correct(ts_ms: int, sent_ms: int | None, received_at: datetime, live: bool) -> Instant:
    """Read `ts_ms`, shifted when the clock that wrote it is more than 60 s off.

    The clock is compared with ours at the moment of sending (`sent_ms`, else `ts_ms`). A message
    from the future proves a clock ahead; one from the past proves a clock behind only when it was
    live, since otherwise it may just have waited. Raises DecodeError ``impossible_clock``.
    """
    received_ms = received_at.timestamp() * 1000
    latest_ms = received_ms + _AHEAD_MS
    if sent_ms is None:
        sent_ms = ts_ms
    if not (_EARLIEST_MS <= ts_ms <= latest_ms and _EARLIEST_MS <= sent_ms <= latest_ms):
        raise DecodeError("impossible_clock", f"{ts_ms} ms, sent {sent_ms} ms")
    ts = datetime.fromtimestamp(ts_ms / 1000, UTC)
    behind_ms = received_ms - sent_ms
    if behind_ms >= -_TOLERANCE_MS and not (live and behind_ms > _TOLERANCE_MS):
        return Instant(ts, ts, _NO_SHIFT)
    shift = received_at - datetime.fromtimestamp(sent_ms / 1000, UTC)
    return Instant(ts, ts + shift, shift)
