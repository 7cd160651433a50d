"""Alerts: what a rule sees, and what it says, as codes and parameters in no language."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, TypeVar

from msgspec import Struct, field

from ingest.contract.messages import Severity
from ingest.domain.clue import ClueCase
from ingest.domain.roster import Premises, Roster
from ingest.domain.threshold import Parameter

Watched = TypeVar("Watched", bound=Struct)


class Alert(Struct, frozen=True):
    """Something dangerous has become true of a subject. While it is open it is not raised again."""

    district: int
    rule: str
    subject: str
    """``worker:W001``, ``device:C012``, ``premises:P0001``, ``clue:3f...:town``"""
    severity: Severity
    raised_at: datetime
    path: str
    grid_id: str | None = None
    lon: float | None = None
    lat: float | None = None
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def alert_id(self) -> str:
        """The same danger judged twice has one id: made from rule, subject and the instant it arose."""
        key = f"{self.district}|{self.rule}|{self.subject}|{self.raised_at.timestamp():.3f}"
        return sha256(key.encode()).hexdigest()[:32]


class Cleared(Struct, frozen=True):
    """What a rule warned of is over; says nothing if no such alert is open."""

    district: int
    rule: str
    subject: str
    at: datetime


def in_rounds(said: Iterable[Alert | Cleared]) -> list[Alert | Cleared]:
    """What was said, in an order that is the same for each rule and subject, and of few pieces of one kind:
    first everybody's first alerts, then everybody's first clearings, and so on. A thousand subjects are two
    pieces.
    """
    rounds: dict[tuple[int, bool], list[Alert | Cleared]] = {}
    turns: dict[tuple[str, str], tuple[int, bool]] = {}
    for one in said:
        ends = isinstance(one, Cleared)
        turn, was_end = turns.get((one.rule, one.subject), (0, ends))
        turns[one.rule, one.subject] = turn, ends = turn + (was_end is not ends), ends
        rounds.setdefault((turn, ends), []).append(one)
    return [one for key in sorted(rounds) for one in rounds[key]]


class Snapshot(Struct, frozen=True):
    """What stands in the database beside the facts at hand; what no rule needs now is left empty."""

    roster: Roster
    listening_since: datetime
    """Since when ingest has been hearing the broker: silence before that is ours."""
    premises: Mapping[str, Premises] = {}
    clues: tuple[ClueCase, ...] = ()
    """Major ones that have just changed."""
    watched: Mapping[type[Struct], tuple[Any, ...]] = {}
    """Rows of the rules' own queries, by type."""

    def rows(self, of: type[Watched]) -> tuple[Watched, ...]:
        """What the rule's query found; nothing when it is asked about facts."""
        return self.watched.get(of, ())

    def limit(self, parameter: Parameter, now: datetime) -> float:
        """The value of a rule's parameter that holds now."""
        return self.roster.thresholds.value(parameter, now)

    def span(self, parameter: Parameter, now: datetime) -> timedelta:
        """The same of a parameter that is a time."""
        return self.roster.thresholds.span(parameter, now)
