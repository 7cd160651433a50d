"""How far a visit can be believed: independent tests of what its log claims, and what they come to.

Each test says what it found, how much that weighs, and which facts it used. A weight is a logarithm of odds:
how many times likelier the facts are for a visit that took place than for one that was made up. The truth is
the odds that they come to together, in percent. Nothing here accuses anybody: a low truth is looked into.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from math import exp
from typing import Any

from msgspec import Struct

from ingest.domain.claim import Claim

PRIOR = 3.0
"""Before anything is known: of twenty-one visits, one is made up."""

MOST = 4.0
"""No test alone weighs more: each may be wrong."""

DECISIVE = -3.5
"""A test that weighs so much against a visit explains away what speaks for it: where a photo is an old one,
or a phone is in somebody else's pocket, it is no use that the phone was there."""


class Says(StrEnum):
    """What a test found."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    NO_DATA = "no_data"


class Verdict(Struct, frozen=True):
    """What one test says: below 0 its `weight` speaks against the visit, above 0 for it."""

    test: str
    code: str
    """What was found, in a word; `facts` are its parameters."""
    weight: float
    facts: Mapping[str, Any] = {}

    @property
    def says(self) -> Says:
        if not self.weight:
            return Says.NO_DATA
        return Says.SUPPORTS if self.weight > 0 else Says.CONTRADICTS


class Truth(Struct, frozen=True):
    """What the tests come to: percent, and what each says, the weightiest first."""

    percent: int
    verdicts: tuple[Verdict, ...]


Test = Callable[[Claim], Verdict]


def truth(visit: Claim, tests: Iterable[Test]) -> Truth:
    """Ask every test of the visit, and weigh what they say."""
    verdicts = sorted((test(visit) for test in tests), key=lambda one: (-abs(one.weight), one.test))
    weights = [max(-MOST, min(MOST, one.weight)) for one in verdicts]
    if min(weights, default=0) <= DECISIVE:
        weights = [weight for weight in weights if weight < 0]
    return Truth(round(100 / (1 + exp(-PRIOR - sum(weights)))), tuple(verdicts))
