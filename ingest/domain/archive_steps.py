"""From messages to the archive: what a visit, or a report of premises found, says of them."""

from datetime import datetime
from hashlib import sha256
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ingest.domain.archive import Latest, Seen, Spot, Standing, changes
from ingest.domain.facts import Inspection, PremisesFound
from ingest.domain.roster import Roster

WORST_M = 100.0
"""A position that claims to be worse moves no premises."""
GONE = ("moved", "not_found")
"""Of premises that are not there, no visit can say where they stand."""


class ArchiveEvent(Struct, frozen=True):
    """One thing that was said of premises: when it was so, who said it, in which message, with what proof."""

    district: int
    premises_id: str
    at: datetime
    event: str
    actor: str
    cause: str
    said: dict[str, Any]
    evidence: dict[str, Any]
    changes: dict[str, Any] = {}
    """What it changed, as it was known when it was stored: name -> (before, after)."""
    irregular: str | None = None
    """A code: what of it did not count, and why."""


def found_id(fact: PremisesFound) -> str:
    """The id of premises that the register does not have, from the message that told of them."""
    key = f"{fact.device_id}|{round(fact.ts.timestamp() * 1000)}|{fact.id}"
    return "X" + sha256(key.encode()).hexdigest()[:15]


def visited(fact: Inspection, roster: Roster) -> tuple[Seen, ArchiveEvent]:
    """What the archive part of a visit, which it must have, says."""
    part = fact.archive
    assert part is not None
    spot, irregular = _spot(fact, roster) if part.here and part.status not in GONE else (None, None)
    if part.here and part.status in GONE:
        irregular = "not_there"
    when = min(fact.ended, fact.received_at)  # nothing is newer than the message that tells of it
    at = (when, fact.device_id, fact.id)
    seen = Seen(
        status=Latest(str(part.status), *at) if part.status else None,
        spot=Latest(spot, *at) if spot else None,
        sign=Latest(part.sign, *at) if part.sign else None,
        phone=Latest(part.phone, *at) if part.phone else None,
        tags={tag: Latest(True, *at) for tag in part.tags_added}
        | {tag: Latest(False, *at) for tag in part.tags_removed},
    )
    said = {
        "status": part.status,
        "here": part.here or None,
        "tags_added": part.tags_added or None,
        "tags_removed": part.tags_removed or None,
        "sign": part.sign,
        "phone": part.phone,
    }
    return seen, _event(fact, fact.premises_id, when, "visited", said, irregular)


def found(fact: PremisesFound, premises_id: str, roster: Roster) -> tuple[Seen, ArchiveEvent]:
    """What a report of premises found says of them, be they new (`found_id`) or on record all the same."""
    when = min(fact.at, fact.received_at)
    at = (when, fact.device_id, fact.id)
    spot, irregular = _spot(fact, roster)
    new = premises_id == found_id(fact)
    if spot is None and new:  # somewhere they must be
        spot = Spot(*_where(fact), fact.grid_id, roster.paths.get(fact.grid_id or "", str(roster.district)))
    seen = Seen(
        status=Latest(fact.status, *at),
        spot=Latest(spot, *at) if spot else None,
        sign=None if new else Latest(fact.name, *at),
        phone=Latest(fact.phone, *at) if fact.phone else None,
        tags={tag: Latest(True, *at) for tag in fact.tags},
    )
    said = {
        "name": fact.name,
        "category": fact.category,
        "status": fact.status,
        "licence_no": fact.licence_no,
        "address": fact.address,
        "phone": fact.phone,
        "tags_added": fact.tags or None,
    }
    return seen, _event(fact, premises_id, when, "found", said, irregular)


def judged(event: ArchiveEvent, before: Standing | None, after: Standing) -> ArchiveEvent:
    """The event with what it changed; one that said something and changed nothing may have come too late."""
    changed: dict[str, Any] = changes(before, after) if before else {}
    late = before is not None and after.verified_at is not None and event.at < after.verified_at
    overtaken = "overtaken" if late and not changed else None
    return replace(event, changes=changed, irregular=event.irregular or overtaken)


def _spot(fact: Inspection | PremisesFound, roster: Roster) -> tuple[Spot | None, str | None]:
    """Where the message was sent from, unless that proves nothing: then why, as a code."""
    if fact.mock:
        return None, "mock_place"
    if fact.accuracy_m is not None and fact.accuracy_m > WORST_M:
        return None, "vague_place"
    if fact.grid_id is None:
        return None, "outside_place"
    return Spot(*_where(fact), fact.grid_id, roster.paths.get(fact.grid_id, str(roster.district))), None


def _where(fact: Inspection | PremisesFound) -> tuple[float, float]:
    assert fact.lon is not None
    assert fact.lat is not None
    return fact.lon, fact.lat


def _event(
    fact: Inspection | PremisesFound,
    premises_id: str,
    at: datetime,
    event: str,
    said: dict[str, Any],
    irregular: str | None,
) -> ArchiveEvent:
    evidence = {
        "lon": fact.lon,
        "lat": fact.lat,
        "accuracy_m": fact.accuracy_m,
        "mock": fact.mock or None,
        "photos": [photo.sha256 for photo in fact.photos] or None,
        "task_id": fact.task_id if isinstance(fact, Inspection) else None,
    }
    return ArchiveEvent(
        fact.district,
        premises_id,
        at,
        event,
        fact.device_id,
        fact.id,
        _told(said),
        _told(evidence),
        irregular=irregular,
    )


def _told(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value is not None}
