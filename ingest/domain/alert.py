"""Alerts: what a rule sees, and what it says, as codes and parameters in no language."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from msgspec import Struct, field

from ingest.contract.messages import Severity
from ingest.domain.clue import ClueCase
from ingest.domain.roster import Premises, Roster


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


class WorkerState(Struct, frozen=True):
    """A worker's last known position (degrees, WGS-84) and since when it is outside their grids."""

    worker_id: str
    at: datetime | None
    lon: float | None
    lat: float | None
    grid_id: str | None
    outside_since: datetime | None
    on_duty: bool


class DeviceState(Struct, frozen=True):
    """When a device was last heard, by our clock."""

    device_id: str
    last_seen: datetime
    online: bool | None


class UnansweredOrder(Struct, frozen=True):
    """An order that was given up, and is still to be answered by the ``worker`` or ``department``."""

    kind: str
    device_id: str
    expired_at: datetime
    task_id: str | None = None
    clue_id: str | None = None
    clue_kind: str | None = None
    premises_id: str | None = None


class Snapshot(Struct, frozen=True):
    """What stands in the database beside the facts at hand; what no rule needs now is left empty."""

    roster: Roster
    listening_since: datetime
    """Since when ingest has been hearing the broker: silence before that is ours."""
    premises: Mapping[str, Premises] = {}
    workers: tuple[WorkerState, ...] = ()
    devices: tuple[DeviceState, ...] = ()
    clues: tuple[ClueCase, ...] = ()
    """Major ones that have just changed, or that are open."""
    unanswered: tuple[UnansweredOrder, ...] = ()
    open_alerts: frozenset[tuple[str, str]] = frozenset()
    """(rule, subject) of the open alerts that a rule may clear by time."""
