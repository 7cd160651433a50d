"""Which instant a replay shows at a tick: pure, so that all who draw in the same tick show the same."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from dashboard.rest import TICK_S

SPEEDS = (1, 10, 60, 600)
"""Seconds of the past a second, of which a viewer may choose."""
MINUTE_S = 60
"""So long a day, or a shift, takes that is played as a whole."""
STEP = timedelta(seconds=10)
"""Pictures are of whole steps, so that what was read once serves all who look at the same."""
_FIRST = datetime(2020, 1, 1, tzinfo=UTC)
"""What is dated before was refused when it came."""


class Replay(NamedTuple):
    """A way through the past that began at instant `since` (UTC) in a tick."""

    since: datetime
    tick: int
    speed: int = 0
    """Seconds of the past a second; 0: it stands still."""
    until: datetime | None = None
    """Where it comes to a stand."""

    def clock(self, tick: int, now: datetime) -> datetime:
        """What time it is in the past at `tick`: `until` or `now` at the latest."""
        gone = self.speed * max(0, tick - self.tick) * TICK_S
        return min(self.since + timedelta(seconds=gone), self.until or now, now)

    def plays(self, tick: int, now: datetime) -> bool:
        """Whether it goes on after `tick`, at the end of the time to which it plays no more."""
        return self.speed > 0 and (self.until is None or self.clock(tick, now) < self.until)

    def shown(self, tick: int, now: datetime) -> datetime:
        """The instant of which the room is shown then, a whole step."""
        return whole(self.clock(tick, now))


def in_a_minute(since: datetime, until: datetime, tick: int) -> Replay:
    """All between two instants within a minute, and no further: one picture a tick."""
    speed = -int((since - until).total_seconds() // MINUTE_S)  # rounded up
    return Replay(since, tick, max(1, speed), until)


def whole(at: datetime) -> datetime:
    """The step that `at` is in."""
    return at - (at - _FIRST) % STEP


def read(text: str, now: datetime) -> datetime | None:
    """The instant that an address tells, as the step that it is in; None for what is no instant of the past
    with its time zone (``2026-11-27T02:00:00Z``)."""
    try:
        at = datetime.fromisoformat(text)
        return whole(at.astimezone(UTC)) if at.tzinfo and _FIRST <= at < now else None
    except (ValueError, OverflowError):
        return None


def told(at: datetime) -> str:
    """An instant as an address tells it."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
