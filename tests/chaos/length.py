"""How long and how hard: short in `make test`, at full length in `make chaos`; and from which seed."""

import os
import random
from typing import TypeVar

T = TypeVar("T")

FULL = os.environ.get("GRIDWARD_CHAOS") == "full"
SEED = int(os.environ.setdefault("GRIDWARD_CHAOS_SEED", str(random.randrange(1_000_000))))
"""Of all that is random here; printed with every ledger, so that a run can be had again."""


def pick(short: T, full: T) -> T:
    """The one for the length that was asked for."""
    return full if FULL else short
