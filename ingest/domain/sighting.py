"""What cameras' analytics saw: a danger is there from the first sighting until there has been none for a
while.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from ingest.contract.messages import Severity
from ingest.domain.alert import Alert, Cleared, Snapshot
from ingest.domain.facts import DeviceEvent, Fact
from ingest.domain.threshold import Parameter


class Sighting(Struct, frozen=True):
    """The last time that a camera saw something (`event`), and how sure it was, 0 to 1."""

    event: str
    device_id: str
    at: datetime
    confidence: float | None = None
    severity: Severity | None = None
    is_open: bool = False


class Danger(Struct, frozen=True):
    """An event that is a danger: how bad, unless the camera says, how sure a camera must be in percent, and
    after how long without one it is over."""

    event: str
    severity: Severity
    sure: Parameter
    quiet: Parameter


def seen(
    danger: Danger, snapshot: Snapshot, facts: Sequence[Fact], now: datetime
) -> Iterator[Alert | Cleared]:
    """Raise what has just been seen, clear what has not been seen again. The rule bears the event's name."""
    district, quiet = snapshot.roster.district, snapshot.span(danger.quiet, now)
    for sighting in [*_told(danger, facts), *snapshot.rows(Sighting)]:
        subject, camera = f"device:{sighting.device_id}", snapshot.roster.devices.get(sighting.device_id)
        if sighting.event != danger.event:
            continue
        if now - sighting.at >= quiet:
            if sighting.is_open:
                yield Cleared(district, danger.event, subject, sighting.at + quiet)
        elif camera and not sighting.is_open and _is_sure(sighting, snapshot.limit(danger.sure, now)):
            yield Alert(
                district=district,
                rule=danger.event,
                subject=subject,
                severity=sighting.severity or danger.severity,
                raised_at=sighting.at,
                path=camera.path,
                grid_id=camera.grid_id,
                lon=camera.lon,
                lat=camera.lat,
                params={"device_id": sighting.device_id, "confidence": sighting.confidence},
            )


def _told(danger: Danger, facts: Sequence[Fact]) -> Iterator[Sighting]:
    for fact in facts:
        if isinstance(fact, DeviceEvent) and fact.kind == "camera" and fact.event == danger.event:
            yield Sighting(fact.event, fact.device_id, fact.at, fact.confidence, fact.severity)


def _is_sure(sighting: Sighting, percent: float) -> bool:
    return sighting.confidence is None or sighting.confidence * 100 >= percent
