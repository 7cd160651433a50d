"""When a channel may be called: at once, then seldom, so that a storm is a few messages."""

from collections.abc import Mapping
from datetime import timedelta

from ingest.contract.messages import Severity

GATHER = timedelta(seconds=30)
"""After a message a channel has this long a rest; what comes meanwhile is told together."""
GATHER_MAJOR = timedelta(seconds=10)
"""So long, if something major is waiting."""
WAITS: Mapping[int, timedelta] = {
    1: timedelta(seconds=5),
    2: timedelta(seconds=15),
    3: timedelta(seconds=60),
}
"""How long a channel is left alone after so many failures in a row."""
LONGEST_WAIT = timedelta(minutes=5)
TRIES = 12
"""A notification that has been tried so often is given up: after some 40 minutes."""


def rest(failures: int, worst: Severity) -> timedelta:
    """How long a channel is left alone after it was last tried: `failures` in a row, `worst` waits for it."""
    if failures:
        return WAITS.get(failures, LONGEST_WAIT)
    return GATHER_MAJOR if worst is Severity.MAJOR else GATHER
