"""What happened, as frozen types: the decoders' output and the rules' input.

`ts` is the device's own clock and part of every key; `at` is the corrected instant that queries
use. Longitude and latitude are degrees, WGS-84 once placed; the raw pair and its datum are kept.
Facts never refer back to what holds them (``gc=False``): tens of thousands at a time are nothing to
the garbage collector.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from msgspec import Struct

from ingest.contract.messages import ArchivePart, Datum, Finding, PhotoRef, Result, Severity


class Fact(Struct, frozen=True, kw_only=True, gc=False):
    """What every fact knows of its message."""

    district: int
    kind: str
    device_id: str
    id: str
    ts: datetime
    at: datetime
    received_at: datetime
    clock_off_s: float | None = None
    """Seconds that the device's clock was behind ours, when `at` had to be shifted; else None."""
    hist: bool = False


class Located(Fact, frozen=True, kw_only=True, gc=False):
    """A fact with a place. The decoder fills the raw pair; `place` the rest."""

    raw_lon: float | None
    raw_lat: float | None
    datum: Datum | None = None
    lon: float | None = None
    lat: float | None = None
    grid_id: str | None = None


class Ping(Located, frozen=True, kw_only=True, gc=False):
    """A worker was here."""

    accuracy_m: float | None = None
    speed_kmh: float | None = None
    heading_deg: float | None = None
    altitude_m: float | None = None
    battery: float | None = None
    mock: bool = False
    provider: str | None = None
    in_own_grid: bool | None = None
    """Whether the place lies in a grid assigned to the worker; None for a worker without a grid."""


class Inspection(Located, frozen=True, kw_only=True, gc=False):
    """A worker inspected premises."""

    premises_id: str
    started: datetime
    ended: datetime
    result: Result
    items: list[Finding]
    severity: Severity | None
    """The worst finding's; of an abnormal visit without one, its category's hazard grade, or general; a
    normal one has none."""
    outcome: Result | None = None
    """What it comes to, where that is worse than `result`, which stays as the phone said it."""
    task_id: str | None = None
    photos: list[PhotoRef] = []
    receipt_no: str | None = None
    accuracy_m: float | None = None
    mock: bool = False
    archive: ArchivePart | None = None

    @property
    def comes_to(self) -> Result:
        """What decisions go by."""
        return self.outcome or self.result


class PremisesFound(Located, frozen=True, kw_only=True, gc=False):
    """A worker found premises that nobody has on record."""

    name: str
    category: str
    status: str
    licence_no: str | None = None
    address: str | None = None
    phone: str | None = None
    tags: list[str] = []
    photos: list[PhotoRef] = []
    accuracy_m: float | None = None
    mock: bool = False


class Clue(Located, frozen=True, kw_only=True, gc=False):
    """A worker reported a problem."""

    clue_kind: str
    severity: Severity
    text: str
    industry: str | None = None
    premises_id: str | None = None
    photos: list[PhotoRef] = []


class DeviceEvent(Located, frozen=True, kw_only=True, gc=False):
    """A device saw or felt something, or said where it was (event ``position``); of kind ``worker`` it is
    their phone."""

    event: str
    severity: Severity | None = None
    confidence: float | None = None
    began: datetime | None = None
    ended: datetime | None = None
    snapshot: str | None = None
    text: str | None = None
    battery: float | None = None


class PublicSaid(DeviceEvent, frozen=True, kw_only=True, gc=False):
    """Somebody of the public said something at a terminal; `event` is with what they came. The place is that
    of what they spoke of."""

    about: str | None = None
    premises_id: str | None = None


class ProductScanned(DeviceEvent, frozen=True, kw_only=True, gc=False):
    """A scanner read a product's code; `event` is the verdict, `text` what the product is."""

    batch: str
    premises_id: str | None = None


class ReceiptPrinted(Fact, frozen=True, kw_only=True, gc=False):
    """A printer gave a trader a paper; `body` is its readable text. Of one that came as a print job there are
    its bytes and what they are written in, and no clock but ours."""

    number: str | None
    body: str
    inspection_id: str | None = None
    language: str | None = None
    job: bytes | None = None


class DutyChanged(Fact, frozen=True, kw_only=True, gc=False):
    """A worker went on or off duty."""

    on: bool


class PhotoTaken(Fact, frozen=True, kw_only=True, gc=False):
    """A photo's bytes arrived; `id` is their sha256."""

    content: bytes


class StateReported(Fact, frozen=True, kw_only=True, gc=False):
    """A device said that it is there, or the broker that it is gone."""

    online: bool
    retained: bool
    battery: float | None = None
    firmware: str | None = None
    storage: float | None = None
    """How full, in percent."""


class VisitAppealed(Fact, frozen=True, kw_only=True, gc=False):
    """A worker said something about a visit of theirs, named by the id of its message."""

    visit_id: str
    text: str


class OrderReplied(Fact, frozen=True, kw_only=True, gc=False):
    """A device said how far it is with an order."""

    order_id: str
    stage: str
    text: str | None = None


class DepartmentReplied(Fact, frozen=True, kw_only=True, gc=False):
    """A department said how far it is with what it was told of a task, a clue or an incident."""

    task_id: str | None
    clue_id: str | None
    stage: str
    incident_id: str | None = None
    text: str | None = None


Some = TypeVar("Some", bound=Fact)


def of_kind(kind: type[Some], facts: Iterable[Fact]) -> list[Some]:
    """Those of the facts that are just of this kind, in their order: a few among tens of thousands."""
    return [fact for fact in facts if type(fact) is kind]


def worst(result: Result, items: list[Finding]) -> Severity | None:
    """The severity of a visit with this result and these findings."""
    if result is Result.NORMAL:
        return None
    found = [item.severity for item in items if item.severity is not None]
    return max(found, key=lambda severity: severity.rank, default=Severity.GENERAL)
