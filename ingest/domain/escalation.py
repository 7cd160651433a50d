"""How long an incident may wait for its next step, by dated rules, and who is called when it waits longer.

An instant once given is not looked up again: what the rules say later changes nothing about it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum

from msgspec import Struct

from ingest.contract.messages import Severity

BUREAU_LEVEL = 1
SECTION_LEVEL = 4
"""A level is a depth of the org tree: the section (段区) is called first, then the squadron above it, the
station, the bureau."""


class Awaited(StrEnum):
    """The step that an incident waits for."""

    ACKNOWLEDGE = "acknowledge"  # raised -> somebody has taken it up
    DISPATCH = "dispatch"  # taken up -> somebody is sent
    ARRIVE = "arrive"  # sent -> on the spot


class EscalationRule(Struct, frozen=True):
    """How many minutes a step may take from `valid_from` on (a day of the district)."""

    severity: Severity
    step: Awaited
    minutes: float
    valid_from: date
    own: bool = False
    """Whether it is the district's own; the others are everybody's."""


@dataclass(frozen=True)
class Escalation:
    """A district's rules as they are now; without any, nothing is ever late."""

    rules: Sequence[EscalationRule] = ()
    tz: tzinfo = field(default=UTC)

    def due(self, step: Awaited | None, severity: Severity, started: datetime) -> datetime | None:
        """Until when `step`, whose time begins at `started`, must have happened; None: no rule says so.

        Of the rules in force on the day the district's own comes before everybody's, then the newest.
        """
        day = started.astimezone(self.tz).date()
        fitting = [
            rule
            for rule in self.rules
            if rule.step is step and rule.severity is severity and rule.valid_from <= day
        ]
        if not fitting:
            return None
        best = max(fitting, key=lambda rule: (rule.own, rule.valid_from))
        return started + timedelta(minutes=best.minutes)


def unit_at(path: str, level: int) -> str:
    """The org unit of `level` that holds `path`; what lies higher is its own."""
    return "/".join(path.split("/")[:level])


def first_level(path: str) -> int:
    """Who is called first: the section, or the unit itself where it stands higher."""
    return min(SECTION_LEVEL, path.count("/") + 1)
