"""The alert rules: one per file, found by listing this folder, pure functions of facts and state.

A rule is ``(snapshot, facts, now) -> alerts raised and cleared``. It is called with every batch of new
facts and, without facts, about every second; its file's name is its code, named for the danger.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from ingest.contract.errors import ConfigError
from ingest.domain.alert import Alert, Cleared, Snapshot
from ingest.domain.facts import Fact

Rule = Callable[[Snapshot, Sequence[Fact], datetime], Iterable[Alert | Cleared]]

_RULES: dict[str, Rule] = {}


def rule(function: Rule) -> Rule:
    """Register a rule under its module's name."""
    name = function.__module__.rpartition(".")[2]
    if name in _RULES:
        raise ConfigError(f"two alert rules in {name}")
    _RULES[name] = function
    return function


def rules() -> dict[str, Rule]:
    """Every rule by its code; a broken file, or one without a rule, raises: it is never skipped."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
        if module.name not in _RULES:
            raise ConfigError(f"ingest/alerts/{module.name}.py holds no @rule")
    return _RULES


def judge(snapshot: Snapshot, facts: Sequence[Fact], now: datetime) -> list[Alert | Cleared]:
    """What all rules say, in the rules' order."""
    return [said for function in _RULES.values() for said in function(snapshot, facts, now)]
