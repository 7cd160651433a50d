"""Visits are weighed: some minutes after each, when its traces have come, and again when more come."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import msgspec
import psycopg
from msgspec.structs import asdict

from db.connect import Row, fetch
from ingest.domain import evidence_log, evidence_others, evidence_place
from ingest.domain.claim import AROUND, Claim
from ingest.domain.evidence import Verdict, truth
from ingest.domain.exif import Taken, taken
from ingest.domain.facts import DeviceEvent, Fact, Inspection, PhotoTaken, Ping, ReceiptPrinted, of_kind
from ingest.domain.roster import Roster

Connection = psycopg.Connection[Row]

TESTS: tuple[Callable[[Claim], Verdict], ...] = (
    evidence_place.position,
    evidence_place.presence,
    evidence_place.dwell,
    evidence_place.spot,
    evidence_place.way,
    evidence_place.jumps,
    evidence_place.made_up,
    evidence_log.pictures,
    evidence_log.tempo,
    evidence_log.receipt,
    evidence_log.clock,
    evidence_others.bodycam,
    evidence_others.camera,
    evidence_others.company,
    evidence_others.second,
)

WAIT = AROUND + timedelta(minutes=2)
"""So long after its end a visit is weighed: what its phone said until then has come, if it was in touch."""

LATE = timedelta(minutes=5)
"""What comes later than this after it happened may have been missed when its visit was weighed."""

_TRACES = (Ping, DeviceEvent, ReceiptPrinted, Inspection)

AT_ONCE = 30
"""Visits that are weighed in one transaction; more wait for the next."""


def note_visits(conn: Connection, roster: Roster, facts: Sequence[Fact], fresh: Sequence[Fact]) -> None:
    """Have the new visits weighed, and again those of whose time something came late."""
    visits = of_kind(Inspection, fresh)
    if visits:
        fetch(conn, "write/note_visits", {"rows": _json(visits), "wait": WAIT})
    photos = [(fact, taken(fact.content, roster.tz)) for fact in of_kind(PhotoTaken, facts)]
    if said := [{"sha256": fact.id, **asdict(one)} for fact, one in photos if one != Taken()]:
        now = max(fact.received_at for fact, _ in photos)
        fetch(conn, "write/note_exif", {"district": roster.district, "now": now, "rows": _json(said)})
    if late := _late(roster, facts):
        rows = [{"worker_id": one, "since": since, "until": until} for one, (since, until) in late.items()]
        now = max(fact.received_at for fact in facts)
        key = {"district": roster.district, "now": now, "around": AROUND}
        fetch(conn, "write/reopen_visits", {"rows": _json(rows), **key})


def weigh_visits(conn: Connection, roster: Roster, now: datetime) -> int:
    """Weigh up to 30 visits of the district that have waited long enough, in the caller's transaction; how
    many they were."""
    key = {"district": roster.district, "now": now, "limit": AT_ONCE, "around": AROUND}
    due = fetch(conn, "write/visits_due", key)
    if due:
        weighed = [
            {
                "worker_id": row["worker_id"],
                "ts": row["ts"],
                "id": row["id"],
                "truth": (found := truth(claim(row), TESTS)).percent,
                "verdicts": [{**asdict(one), "says": one.says} for one in found.verdicts],
            }
            for row in due
        ]
        fetch(conn, "write/store_evidence", {"district": roster.district, "now": now, "rows": _json(weighed)})
    return len(due)


def claim(row: Row) -> Claim:
    """A row of ``visits_due``; what is not known of it is as it is by default."""
    return msgspec.convert({name: value for name, value in row.items() if value is not None}, Claim)


def _late(roster: Roster, facts: Sequence[Fact]) -> dict[str, tuple[datetime, datetime]]:
    """By worker, from when until when what came late happened: the phone's, or a device's on the belt.

    Every position there is passes here, and after an outage all of them are late.
    """
    found: dict[tuple[str, str], list[datetime]] = {}
    for fact in facts:
        if fact.received_at - fact.at > LATE and isinstance(fact, _TRACES):
            found.setdefault((fact.kind, fact.device_id), []).append(fact.at)
    spans: dict[str, tuple[datetime, datetime]] = {}
    for (kind, device_id), times in found.items():
        device = roster.devices.get(device_id) if kind != "worker" else None
        worker_id = device.worker_id if device else device_id
        if worker_id is not None and (device or kind == "worker"):
            times += spans.get(worker_id, ())
            spans[worker_id] = min(times), max(times)
    return spans


def _json(rows: object) -> str:
    return msgspec.json.encode(rows).decode()
