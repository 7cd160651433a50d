"""The payloads of the wire: one JSON envelope, or an array of them after a time offline.

Units stand in names: ``_m`` metres, ``_kmh``, ``_deg`` clockwise from north, battery percent,
``ts``/``sent``/``started``/``ended``/``taken`` milliseconds since the epoch, UTC. Unknown fields
are ignored. Coordinates are in the envelope's ``datum``.
"""

from enum import StrEnum
from typing import Annotated, Generic, Literal, TypeVar, get_args

from msgspec import Meta, Struct

from ingest.contract.topics import ID_PATTERN

MAX_MESSAGE_BYTES = 2 * 1024 * 1024
MAX_PHOTO_BYTES = 1024 * 1024

Id = Annotated[str, Meta(pattern=ID_PATTERN)]
# NUL is valid in JSON and impossible in a database's text.
Text = Annotated[str, Meta(pattern=r"^[^\x00]*$", max_length=8000)]
Millis = Annotated[int, Meta(ge=-(2**53), le=2**53)]
Lon = Annotated[float, Meta(ge=-180, le=180)]
Lat = Annotated[float, Meta(ge=-90, le=90)]
Percent = Annotated[float, Meta(ge=0, le=100)]
NotNegative = Annotated[float, Meta(ge=0, le=1e6)]
Altitude = Annotated[float, Meta(ge=-12_000, le=1e6)]
Heading = Annotated[float, Meta(ge=0, le=360)]
Fraction = Annotated[float, Meta(ge=0, le=1)]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
# A short text that begins with something to read. A tag has no `;`, which parts those of an import file.
Label = Annotated[str, Meta(pattern=r"^[^\x00\s][^\x00]*\Z", max_length=200)]
Tag = Annotated[str, Meta(pattern=r"^[^\x00;\s][^\x00;]*\Z", max_length=40)]
Tags = Annotated[list[Tag], Meta(max_length=30)]
Batch = Annotated[str, Meta(pattern=r"^[^\x00\s][^\x00]*\Z", max_length=64)]


class Datum(StrEnum):
    """The reference frame of a coordinate pair."""

    WGS84 = "WGS84"
    GCJ02 = "GCJ02"
    BD09 = "BD09"


class Severity(StrEnum):
    """How dangerous, in rising order."""

    GENERAL = "general"
    SERIOUS = "serious"
    MAJOR = "major"

    @property
    def rank(self) -> int:
        """0 for general, 2 for major."""
        return list(Severity).index(self)


class Result(StrEnum):
    """What an inspection came to."""

    NORMAL = "normal"
    ABNORMAL = "abnormal"


CameraEventKind = Literal[
    "motion", "person", "crowd", "intrusion", "fire", "smoke", "tamper", "plate", "line_crossing",
    "loitering", "vehicle", "object", "video_loss",
]  # fmt: skip

TrackerEventKind = Literal[
    "entered", "left", "overspeed", "ignition_on", "ignition_off", "moving", "stopped", "accident",
]  # fmt: skip
"""What vehicles tell, and phones in protocols that are not ours."""

BodycamEventKind = Literal[
    "online", "offline", "position", "sos", "sos_cleared", "rec_start", "rec_stop", "photo", "bookmark",
    "low_battery", "charging", "storage_low", "storage_full", "camera_fault", "gnss_fault", "power_off",
    "fall", "not_worn", "docked", "media_uploaded",
]  # fmt: skip

VehicleEventKind = TrackerEventKind | Literal[
    "online", "offline", "position", "sos", "sos_cleared", "rec_start", "rec_stop", "photo", "low_battery",
    "storage_low", "storage_full", "media_uploaded", "camera_fault", "gnss_fault", "power_off",
]  # fmt: skip

Saying = Literal["complaint", "report", "consultation", "suggestion", "praise"]
"""What the public comes to a terminal with: 投诉, 举报, 咨询, 建议, 表扬."""

Verdict = Literal["genuine", "counterfeit", "expired", "recalled", "unknown"]
"""What the code on a product says of it; ``unknown``: nobody has issued it."""


class Gps(Struct, frozen=True, omit_defaults=True, gc=False):
    """worker/gps, bodycam/gps and vehicle/gps: one fix."""

    lon: Lon
    lat: Lat
    accuracy_m: NotNegative | None = None
    speed_kmh: NotNegative | None = None
    heading_deg: Heading | None = None
    altitude_m: Altitude | None = None
    battery: Percent | None = None
    mock: bool = False
    provider: Literal["gps", "network", "fused"] | None = None


class Finding(Struct, frozen=True, omit_defaults=True):
    """One answered item of a checklist; an abnormal one carries a severity."""

    item: Text
    answer: Text
    severity: Severity | None = None
    note: Text | None = None


class PhotoRef(Struct, frozen=True, omit_defaults=True):
    """A photo by its content; the bytes come on worker/photo."""

    sha256: Sha256
    taken: Millis
    lon: Lon | None = None
    lat: Lat | None = None


FoundStatus = Literal["in_business", "moved", "closed", "not_found"]
"""What a worker finds of premises that somebody has on record."""


class ArchivePart(Struct, frozen=True, omit_defaults=True):
    """What a visit found of the premises themselves; what is left out was not looked at."""

    status: FoundStatus | None = None
    here: bool = False
    """Whether the premises stand where the visit was made: its coordinates are theirs."""
    tags_added: Tags = []
    tags_removed: Tags = []
    sign: Label | None = None
    """The name on the signboard."""
    phone: Label | None = None


class InspectionLog(Struct, frozen=True, omit_defaults=True):
    """worker/inspection: 监管日志, one visit."""

    premises_id: Id
    started: Millis
    ended: Millis
    lon: Lon
    lat: Lat
    result: Result
    items: list[Finding]
    task_id: Id | None = None
    photos: list[PhotoRef] = []
    receipt_no: Text | None = None
    accuracy_m: NotNegative | None = None
    mock: bool = False
    archive: ArchivePart | None = None


class PremisesReport(Struct, frozen=True, omit_defaults=True):
    """worker/premises: premises that nobody has on record, found at these coordinates."""

    name: Label
    category: Label
    lon: Lon
    lat: Lat
    status: Literal["in_business", "closed"] = "in_business"
    licence_no: Label | None = None
    address: Label | None = None
    phone: Label | None = None
    tags: Tags = []
    photos: list[PhotoRef] = []
    accuracy_m: NotNegative | None = None
    mock: bool = False


class ClueReport(Struct, frozen=True, omit_defaults=True):
    """worker/clue: 线索, a problem that a worker reports."""

    kind: Text
    severity: Severity
    text: Text
    lon: Lon
    lat: Lat
    industry: Text | None = None
    premises_id: Id | None = None
    photos: list[PhotoRef] = []


class Duty(Struct, frozen=True):
    """worker/duty: on or off. A worker who never said so counts as on duty."""

    on: bool


class Appeal(Struct, frozen=True):
    """worker/appeal: what a worker says about a visit of theirs that is doubted."""

    visit: Id
    """The id of the visit's envelope."""
    text: Annotated[str, Meta(min_length=1, max_length=2000, pattern=r"^[^\x00]*\Z")]


class CameraEvent(Struct, frozen=True, omit_defaults=True):
    """camera/event: what a camera's analytics saw."""

    event: CameraEventKind
    confidence: Fraction | None = None
    severity: Severity | None = None
    began: Millis | None = None
    ended: Millis | None = None
    snapshot: Sha256 | None = None
    text: Text | None = None


class BodycamEvent(Struct, frozen=True, omit_defaults=True):
    """bodycam/event: 执法记录仪."""

    event: BodycamEventKind
    lon: Lon | None = None
    lat: Lat | None = None
    text: Text | None = None


class VehicleEvent(Struct, frozen=True, omit_defaults=True):
    """vehicle/event: 巡查车."""

    event: VehicleEventKind
    lon: Lon | None = None
    lat: Lat | None = None
    text: Text | None = None


class TerminalEvent(Struct, frozen=True, omit_defaults=True):
    """terminal/event: 社区服务终端, what somebody of the public says there, without a name or a number."""

    kind: Saying
    text: Text
    about: Text | None = None
    """What it is about, as a worker's clue has its kind."""
    severity: Severity = Severity.GENERAL
    premises_id: Id | None = None
    lon: Lon | None = None
    lat: Lat | None = None
    """Of the place that it is about. Left out: where the premises stand, else where the terminal does."""


class ScannerEvent(Struct, frozen=True, omit_defaults=True):
    """scanner/event: 产品追溯, one product whose code was read."""

    batch: Batch
    product: Label
    verdict: Verdict
    premises_id: Id | None = None
    lon: Lon | None = None
    lat: Lat | None = None


class Receipt(Struct, frozen=True, omit_defaults=True):
    """printer/receipt: 打印文书, as JSON."""

    number: Text
    text: Text
    inspection_id: Id | None = None
    qr: Text | None = None
    """What the QR code on the paper holds."""


class State(Struct, frozen=True, omit_defaults=True):
    """any/state: retained, without an envelope; also the will, ``{"online":false}``."""

    online: bool
    boot: int | None = None
    battery: Percent | None = None
    firmware: Text | None = None
    storage: Percent | None = None
    """How full."""


Stage = Literal["delivered", "read", "accepted", "refused", "on_the_way", "arrived", "done", "failed"]
"""How far somebody is with an order, in the usual sequence; ``refused`` and ``failed`` end it too."""


class Reply(Struct, frozen=True, omit_defaults=True):
    """any/reply: what became of an order."""

    order_id: Id
    stage: Stage
    text: Text | None = None


STAGES: tuple[str, ...] = get_args(Stage)
"""The stages by rank: what is known of an order moves only forward in them."""


class Words(Struct, frozen=True):
    """Words in Chinese and, where there are any, English."""

    zh: Text
    en: Text | None = None


class MenuAnswer(Struct, frozen=True, omit_defaults=True):
    """One line of a menu: `code` is what a phone sends, `follow_up` what the worker does next."""

    code: Id
    text: Words
    means: Result
    severity: Severity | None = None
    follow_up: Words | None = None


class MenuItem(Struct, frozen=True, omit_defaults=True):
    """A check item with all the answers that there are to it."""

    item: Id
    text: Words
    answers: tuple[MenuAnswer, ...]


class InspectOrder(Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="inspect"):
    """worker/order, down to the phone: a task that is yours now. The same `order_id` is the same order.

    It says all that a phone needs which knows neither the registry nor the modules; coordinates in WGS-84.
    """

    order_id: Id
    task_id: Id
    premises_id: Id
    category: Text
    items: list[Text]
    due: Millis
    name: Text | None = None
    address: Text | None = None
    lon: Lon | None = None
    lat: Lat | None = None
    """Of the premises."""
    title: Words | None = None
    """What the category is called."""
    menu: tuple[MenuItem, ...] = ()
    """Those of `items` that a supervision module has; the others are answered in free words."""
    first_handling: Words | None = None
    """前置处置: what to do on the spot about a finding."""


class WithdrawOrder(Struct, frozen=True, tag_field="kind", tag="withdraw"):
    """worker/order, down to the phone: a task is yours no longer; drop it unless a later order gives it."""

    order_id: Id
    task_id: Id
    reason: Literal["cancelled", "reassigned"]


class FollowUpOrder(Struct, frozen=True, tag_field="kind", tag="follow_up"):
    """department/order: the result of a task that concerns you; its feedback is due."""

    order_id: Id
    task_id: Id
    premises_id: Id
    category: Text
    due: Millis | None = None


class HandleOrder(Struct, frozen=True, tag_field="kind", tag="handle"):
    """department/order: a clue that is yours now; coordinates in WGS-84."""

    order_id: Id
    clue_id: Id
    clue_kind: Text
    severity: Severity
    text: Text
    lon: Lon
    lat: Lat
    industry: Text | None = None
    premises_id: Id | None = None
    due: Millis | None = None


class DepartmentReply(Struct, frozen=True, omit_defaults=True):
    """department/reply: 部门反馈 about a task, a clue, an incident or the order of an act, one of
    them; ``done`` is the feedback itself."""

    stage: Stage
    task_id: Id | None = None
    clue_id: Id | None = None
    incident_id: Id | None = None
    order_id: Id | None = None
    text: Text | None = None


T = TypeVar("T")


class Envelope(Struct, Generic[T], frozen=True, omit_defaults=True, gc=False):
    """What stands around every `data`: who numbered it, when by the device's clock."""

    id: Id
    ts: Millis
    data: T
    sent: Millis | None = None
    seq: int | None = None
    boot: int | None = None
    hist: bool = False
    datum: Datum | None = None
