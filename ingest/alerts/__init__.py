"""The alert rules: one per file, found by listing this folder, pure functions of facts and state.

A rule is ``(snapshot, facts, now) -> alerts raised and cleared``. It is called with every batch of new
facts and, without facts, when its turn comes; its file's name is its code, named for the danger.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import overload

from msgspec import Struct

from ingest.contract.errors import ConfigError
from ingest.domain.alert import Alert, Cleared, Snapshot, in_rounds
from ingest.domain.facts import Fact
from ingest.domain.threshold import Parameter

Judgement = Callable[[Snapshot, Sequence[Fact], datetime], Iterable[Alert | Cleared]]


class Watch(Struct, frozen=True):
    """What a rule of time looks at: rows of the query ``watch/{query}``, as frozen types.

    The query gives candidates only: those of whom the rule has to say something new. It is given the
    district, now, `listening_since`, the number of its turn, the rule's name, and its parameters by their
    short names.
    """

    row: type[Struct]
    every_s: int = 1
    query: str = ""
    """Left out: the rule's name."""
    once: bool = False
    """Each fact is looked at once: the query is also given `since` and `until`, by our clock at its arrival.
    """
    behind: Parameter | None = None
    """Of those: how old a fact is by then."""
    reach: timedelta = timedelta(hours=1)
    """Of those: how far back the first look goes, and the first after a threshold has changed."""


class Rule(Struct, frozen=True):
    """One rule: its code, the parameters that it declares, and what it looks at by time."""

    name: str
    judgement: Judgement
    parameters: tuple[Parameter, ...] = ()
    watch: Watch | None = None

    def __call__(self, snapshot: Snapshot, facts: Sequence[Fact], now: datetime) -> Iterable[Alert | Cleared]:
        return self.judgement(snapshot, facts, now)


_RULES: dict[str, Rule] = {}


@overload
def rule(function: Judgement, /) -> Judgement: ...
@overload
def rule(*parameters: Parameter, watch: Watch | None = None) -> Callable[[Judgement], Judgement]: ...
def rule(*given, watch=None):  # type: ignore[no-untyped-def]
    """Register a rule under its module's name: ``@rule``, or with what it declares: ``@rule(MINUTES)``."""
    if len(given) == 1 and not isinstance(given[0], Parameter):
        return _register(given[0], (), None)
    return lambda function: _register(function, given, watch)


def _register(function: Judgement, parameters: tuple[Parameter, ...], watch: Watch | None) -> Judgement:
    name = function.__module__.rpartition(".")[2]
    if name in _RULES:
        raise ConfigError(f"two alert rules in {name}")
    for parameter in parameters:
        if parameter.rule != name or not parameter.takes(parameter.default):
            raise ConfigError(f"ingest/alerts/{name}.py: {parameter.name} is no parameter of this rule")
    _RULES[name] = Rule(name, function, parameters, watch)
    return function


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its code; a broken file, or one without a rule, raises: it is never skipped."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
        if module.name not in _RULES:
            raise ConfigError(f"ingest/alerts/{module.name}.py holds no @rule")
    return _RULES


def judge(
    snapshot: Snapshot, facts: Sequence[Fact], now: datetime, among: Iterable[Rule] | None = None
) -> list[Alert | Cleared]:
    """What all rules, or those `among` them, say; about each subject in the order in which they say it."""
    asked = _RULES.values() if among is None else among
    return in_rounds(said for one in asked for said in one(snapshot, facts, now))
