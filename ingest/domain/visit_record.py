"""What a visit's record is hashed by: its own words, in a form that the phone knows before anybody else does.

The phone prints the hash on the trader's receipt; ingest works out the same from the message, and whoever
checks the receipt from what is stored.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from ingest.contract.messages import InspectionLog
from ingest.domain.canonical import filled, sha256
from ingest.domain.facts import Inspection

FIELDS = (
    *("premises_id", "started", "ended", "lon", "lat", "result", "items", "task_id", "photos", "receipt_no"),
    *("mock", "archive"),
)
"""What of the message's `data` counts: all that is said of the visit, but how exact the position is."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ID = "[A-Za-z0-9_-]{1,64}"
_LINK = re.compile(rf"[?&]d=([1-9][0-9]{{5}})&id=({_ID})(?::|%3[Aa])({_ID})&h=([0-9a-f]{{64}})\Z")


class Mark(NamedTuple):
    """What a receipt's QR code says: of which visit it is, and the hash of the visit's record."""

    district: int
    worker_id: str
    id: str
    sha256: str

    def link(self, address: str) -> str:
        """The content of the QR code: the page that checks it, below the address of the screen."""
        asked = f"d={self.district}&id={self.worker_id}:{self.id}&h={self.sha256}"
        return f"{address.rstrip('/')}/verify?{asked}"


def read_mark(link: str) -> Mark | None:
    """The mark in a QR code's content, whatever the address before it; None: it is something else."""
    found = _LINK.search(link)
    return Mark(int(found[1]), found[2], found[3], found[4]) if found else None


def mark_of(district: str, visit: str, digest: str) -> Mark | None:
    """The mark that these make, as they stand in a link; None: no link of ours has them."""
    return read_mark(f"?d={district}&id={visit}&h={digest}")


def hash_of(district: int, worker_id: str, id: str, ts: int, data: dict[str, Any]) -> str:
    """The hash of the visit with this `data` in an envelope of that `id` and `ts`."""
    said = filled({field: data[field] for field in FIELDS if field in data})
    return sha256({"district": district, "worker": worker_id, "id": id, "ts": ts, "data": said})


def hash_of_log(district: int, worker_id: str, id: str, ts: int, log: InspectionLog) -> str:
    """The same, of what is about to be sent."""
    return hash_of(district, worker_id, id, ts, msgspec.to_builtins(log))


def hash_of_fact(visit: Inspection) -> str:
    """The same, of what came."""
    said = {
        field: msgspec.to_builtins(getattr(visit, field))
        for field in ("result", "items", "photos", "archive")
    }
    said |= {field: getattr(visit, field) for field in ("premises_id", "task_id", "receipt_no", "mock")}
    said |= {"lon": visit.raw_lon, "lat": visit.raw_lat}
    times = (visit.ts, visit.at, visit.started, visit.ended)
    return _as_said(visit.district, visit.device_id, visit.id, said, *times)


def hash_of_row(row: dict[str, Any]) -> str:
    """The same, of a row of `inspection`."""
    said = {field: row[field] for field in FIELDS if field not in ("started", "ended", "lon", "lat")}
    said |= {"lon": row["raw_lon"], "lat": row["raw_lat"]}
    times = (row["ts"], row["at"], row["started"], row["ended"])
    return _as_said(row["district"], row["worker_id"], row["id"], said, *times)


def _as_said(
    district: int,
    worker_id: str,
    id: str,
    said: dict[str, Any],
    ts: datetime,
    at: datetime,
    started: datetime,
    ended: datetime,
) -> str:
    """Where the clock was wrong the stored times are ours; the phone hashed its own."""
    shift = at - ts
    said |= {"started": millis(started - shift), "ended": millis(ended - shift)}
    return hash_of(district, worker_id, id, millis(ts), said)


def millis(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(milliseconds=1)
