"""Which screens are open: those that have asked this server for the picture within the last few ticks."""

import time

from dashboard.rest import TICK_S

LATE_TICKS, MOST = 5, 1_000
_seen: dict[str, float] = {}
"""When each last asked, by the name that it gave itself; seconds, monotonic."""


def heard(name: str) -> None:
    """A screen asks for the picture."""
    if name and (name in _seen or how_many() < MOST):
        _seen[name[:32]] = time.monotonic()


def how_many() -> int:
    """How many are open."""
    late = time.monotonic() - LATE_TICKS * TICK_S
    for name in [name for name, at in list(_seen.items()) if at < late]:
        _seen.pop(name, None)
    return len(_seen)
