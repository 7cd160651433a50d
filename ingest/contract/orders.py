"""Orders: what a page or an import asks ingest to carry out, one row of `command` each.

An order that does not fit how its task stands is refused, with a code that says why.
"""

from datetime import date, datetime
from typing import Annotated, Literal, get_args

from msgspec import Meta, Struct, field

from ingest.contract.acts import Act
from ingest.contract.messages import Datum, Heading, Id, Label, Lat, Lon, Text
from ingest.contract.roles import Grade, Role

Reason = Annotated[str, Meta(min_length=1, max_length=2000, pattern=r"^[^\x00]*$")]


Source = Literal["order", "import", "licence", "season", "survey"]
"""What makes somebody ask for a task."""

SOURCES: tuple[Source, ...] = get_args(Source)

RiskGrade = Literal["A", "B", "C", "D"]
"""风险等级 of premises, in rising order."""

RISK_GRADES: tuple[RiskGrade, ...] = get_args(RiskGrade)


class LaunchTask(Struct, frozen=True, tag_field="kind", tag="launch_task"):
    """Inspect these premises against this checklist by the end of this day (district time)."""

    task_id: Id
    premises_id: Id
    category: Text
    due: date | None = None
    """Left out: as the district's rule for the category has it."""
    items: Annotated[list[Text], Meta(max_length=100)] = []
    """Left out: all items of the category, as the district's module has them."""
    worker_id: Id | None = None
    """Left out: a worker of the premises' grid is chosen."""
    source: Source | None = None
    """Left out: somebody's order."""


class AssignTask(Struct, frozen=True, tag_field="kind", tag="assign_task"):
    """Give an open task to this worker, of whatever grid."""

    task_id: Id
    worker_id: Id


class SuspendTask(Struct, frozen=True, tag_field="kind", tag="suspend_task"):
    """挂账: take an open task out of what has to be done, until it is resumed."""

    task_id: Id
    reason: Reason


class ResumeTask(Struct, frozen=True, tag_field="kind", tag="resume_task"):
    """Let a suspended task go on where it stood."""

    task_id: Id


class CancelTask(Struct, frozen=True, tag_field="kind", tag="cancel_task"):
    """Call an open task off, for good."""

    task_id: Id
    reason: Reason


class RecordReply(Struct, frozen=True, tag_field="kind", tag="record_reply"):
    """Write down the feedback that a department gave about a task otherwise than over the wire."""

    task_id: Id
    department_id: Id
    text: Reason


class RouteClue(Struct, frozen=True, tag_field="kind", tag="route_clue"):
    """Give an open clue to this department, whatever the table says."""

    clue_id: Id
    department_id: Id


class AnswerClue(Struct, frozen=True, tag_field="kind", tag="answer_clue"):
    """The command centre that was called about a major clue answers: nobody else needs to be called."""

    clue_id: Id


class ReplyClue(Struct, frozen=True, tag_field="kind", tag="reply_clue"):
    """Write down what a department said about its clue: received, disposed of, or not theirs."""

    clue_id: Id
    department_id: Id
    stage: Literal["accepted", "done", "refused"]
    text: Reason


class VoidClue(Struct, frozen=True, tag_field="kind", tag="void_clue"):
    """Call an open clue invalid, for good."""

    clue_id: Id
    reason: Reason


class AcknowledgeIncident(Struct, frozen=True, tag_field="kind", tag="acknowledge_incident"):
    """Take an incident up: it is yours now. Whoever comes second is refused, and told by whom."""

    incident_id: Id


class Target(Struct, frozen=True):
    """Who is to go: a person, a department, or a squadron (中队), which is all its officers."""

    kind: Literal["worker", "officer", "department", "squadron"]
    id: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9_/-]*\Z")]
    """Of a squadron its path in the org tree."""


class DispatchIncident(Struct, frozen=True, tag_field="kind", tag="dispatch_incident"):
    """Send somebody to an open incident; whoever is under way already is not sent again."""

    incident_id: Id
    to: Annotated[list[Target], Meta(min_length=1, max_length=100)]
    act: Act = "go_to"
    text: Reason | None = None


class ResolveIncident(Struct, frozen=True, tag_field="kind", tag="resolve_incident"):
    """End an open incident: it was real and is dealt with, or it was a false alarm."""

    incident_id: Id
    outcome: Literal["resolved", "false_alarm"]
    reason: Reason


class ReopenIncident(Struct, frozen=True, tag_field="kind", tag="reopen_incident"):
    """Take up again what had ended; it is yours now."""

    incident_id: Id
    reason: Reason


class CommentIncident(Struct, frozen=True, tag_field="kind", tag="comment_incident"):
    """Write something down about an incident, also after its end."""

    incident_id: Id
    text: Reason


class MergeIncidents(Struct, frozen=True, tag_field="kind", tag="merge_incidents"):
    """Let one open incident have the alerts, and the people, of other open ones, which end thereby."""

    into: Id
    ids: Annotated[list[Id], Meta(min_length=1, max_length=100)]


class ConfirmHandover(Struct, frozen=True, tag_field="kind", tag="confirm_handover"):
    """Take over the shift of an org unit, having seen these open incidents."""

    unit: Annotated[str, Meta(max_length=200, pattern=r"^[A-Za-z0-9_/-]+\Z")]
    ids: Annotated[list[Id], Meta(max_length=20_000)] = []
    note: Text = ""


class SendOrder(Struct, frozen=True, tag_field="kind", tag="send_order"):
    """Tell a device, a worker's phone or a department to do something, for no incident."""

    to: Id
    """The kind of device: worker, camera, bodycam, printer, terminal, scanner, vehicle, department."""
    device_id: Id
    act: Act
    text: Reason | None = None
    premises_id: Id | None = None
    """Where to go, or what to inspect."""
    lon: Lon | None = None
    lat: Lat | None = None
    """Where to go, if not to premises; degrees, WGS-84."""


class LookAtTrack(Struct, frozen=True, tag_field="kind", tag="look_at_track"):
    """Write down that somebody is shown where people were, around their visits, for a whole day, or all of
    them as the room is replayed."""

    about: Literal["visit", "task", "day", "room"]
    id: Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[^\x00]*\Z")]
    """Of the task, ``worker:message`` of the visit, ``worker:day`` (``W1:2026-11-28``, the district's), or
    the day of the room."""


Plain = str | Annotated[int, Meta(ge=-(2**53), le=2**53)] | float | bool | list[str] | None
"""What is written down about a deed: nothing nested, so that it can always be read."""

Deed = Literal[
    "import", "load_modules", "set_retention", "add_channel", "route_channel", "close_channel", "issue_key",
    "revoke_key", "add_account", "change_account", "disable_account", "enable_account", "reset_account",
    "end_sessions",
]  # fmt: skip
"""What commands do themselves."""


class ExportList(Struct, frozen=True, tag_field="kind", tag="export_list"):
    """Write down that somebody takes a list away as a file."""

    list: Id
    file: Literal["csv", "xlsx", "pdf"]
    rows: Annotated[int, Meta(ge=0, le=10_000_000)] | None = None
    """How many; None: it is no table."""
    filters: dict[str, Plain] = {}
    """What the list was narrowed by, as its query takes it."""


class NoteLogin(Struct, frozen=True, tag_field="kind", tag="note_login"):
    """Write down that somebody logged in or out of the screen, gave a wrong password, or has another one."""

    what: Literal["in", "out", "refused", "password"]
    account: Text


class NoteDeed(Struct, frozen=True, tag_field="kind", tag="note_deed"):
    """Write down what a command did itself, and is no order."""

    act: Deed
    subject: Text
    about: dict[str, Plain] = {}


class RatePremises(Struct, frozen=True, tag_field="kind", tag="rate_premises"):
    """Give premises another risk grade from now on; whoever has not seen the one that counts is refused."""

    premises_id: Id
    risk_grade: RiskGrade
    was: RiskGrade | None
    """The grade that is replaced; None: they had none."""
    reason: Reason


class SetThreshold(Struct, frozen=True, tag_field="kind", tag="set_threshold"):
    """Let a parameter of an alert rule (``left_grid.minutes``) have this value from an instant on."""

    name: Text
    value: float
    valid_from: Annotated[datetime, Meta(tz=True)] | None = None
    """Left out: from now on."""


class PreviewThreshold(Struct, frozen=True, tag_field="kind", tag="preview_threshold"):
    """Tell how many alerts there would have been with this value, over the last days."""

    name: Text
    value: float
    days: Annotated[int, Meta(ge=1, le=180)] = 30


ForeignName = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[^\x00]*\Z")]


class RegisterDevice(Struct, frozen=True, tag_field="kind", tag="register_device"):
    """Let this name of a foreign protocol be this device, which is registered with it, or a worker's."""

    decoder: Id
    name: ForeignName
    as_kind: Id
    """``worker``, or the device's."""
    device_id: Id
    """Or the worker's."""
    title: Label | None = None
    """What a device that is new is called; left out: as its id."""
    worker_id: Id | None = None
    """Who carries it."""
    lon: Lon | None = None
    lat: Lat | None = None
    """Where it is fixed, degrees in `datum`."""
    heading_deg: Heading | None = None
    """Where a camera looks, clockwise from north."""
    datum: Datum | None = None
    """Of its messages that name none; left out: WGS84."""
    tz: Annotated[str, Meta(max_length=100, pattern=r"^[A-Za-z0-9_+/-]+\Z")] | None = None
    """Of its clock, where it names no zone; left out: the district's."""
    key: Annotated[str, Meta(min_length=1, max_length=32, pattern=r"^[^\x00]*\Z")] | None = None
    """What it seals its messages with."""


class ReleaseName(Struct, frozen=True, tag_field="kind", tag="release_name"):
    """Let this name of a foreign protocol be nobody's; the device stays, and so does what it has said."""

    decoder: Id
    name: ForeignName


class PutAsideStranger(Struct, frozen=True, tag_field="kind", tag="put_aside_stranger"):
    """Let this name of a foreign protocol, which is registered nowhere, be none that the district wants to
    register; or, without `aside`, one that it may."""

    decoder: Id
    name: ForeignName
    aside: bool = True


AccountName = Annotated[str, Meta(min_length=2, max_length=64, pattern=r"^[^\x00]*\Z")]
Place = Annotated[str, Meta(max_length=200, pattern=r"^[A-Za-z0-9_/-]+\Z")]
"""An org path; the district's own code is the whole of it."""
Roles = Annotated[list[Role], Meta(min_length=1, max_length=len(Role))]
Hash = Annotated[
    str, Meta(pattern=r"^\$argon2id\$v=19\$m=65536,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}\Z")
]
"""Of a first password, which is nowhere else than on the screen where it was made up."""


class AddAccount(Struct, frozen=True, tag_field="kind", tag="add_account"):
    """Let somebody log in to the screen."""

    account: AccountName
    password: Hash
    place: Place | None = None
    """Left out with a worker's, which stands where the worker does."""
    roles: Roles = field(default_factory=lambda: [Role.LOOK])
    grade: Grade = Grade.OFFICER
    department_id: Id | None = None
    """With grade ``department``: for which one they answer."""
    worker_id: Id | None = None
    """They see this worker's own page, and nothing else."""
    kiosk: bool = False
    """A wall: only looks, and keeps its password."""


class ChangeAccount(Struct, frozen=True, tag_field="kind", tag="change_account"):
    """Let an account have this place, these roles and this grade instead of those that it has; it is logged
    out everywhere."""

    account: AccountName
    place: Place | None = None
    """Left out with a worker's."""
    roles: Roles = field(default_factory=lambda: [Role.LOOK])
    grade: Grade = Grade.OFFICER
    department_id: Id | None = None


class DisableAccount(Struct, frozen=True, tag_field="kind", tag="disable_account"):
    """Let nobody in by the account any more; its sessions end at once."""

    account: AccountName


class EnableAccount(Struct, frozen=True, tag_field="kind", tag="enable_account"):
    """Let them in again, with the password that they had."""

    account: AccountName


class ResetAccount(Struct, frozen=True, tag_field="kind", tag="reset_account"):
    """Give the account another first password, unlock it, end its sessions."""

    account: AccountName
    password: Hash


class EndSessions(Struct, frozen=True, tag_field="kind", tag="end_sessions"):
    """Log the account out of every browser; it may log in again."""

    account: AccountName


AccountOrder = AddAccount | ChangeAccount | DisableAccount | EnableAccount | ResetAccount | EndSessions
RegistrationOrder = RegisterDevice | ReleaseName | PutAsideStranger
ThresholdOrder = SetThreshold | PreviewThreshold
ClueOrder = RouteClue | AnswerClue | ReplyClue | VoidClue
TaskOrder = LaunchTask | AssignTask | SuspendTask | ResumeTask | CancelTask | RecordReply
IncidentStep = AcknowledgeIncident | DispatchIncident | ResolveIncident | ReopenIncident | CommentIncident
IncidentOrder = IncidentStep | MergeIncidents | ConfirmHandover
Notice = LookAtTrack | ExportList | NoteLogin | NoteDeed
DistrictOrder = ThresholdOrder | RegistrationOrder | AccountOrder
Order = TaskOrder | ClueOrder | IncidentOrder | SendOrder | RatePremises | Notice | DistrictOrder
"""Every order there is; the tag ``kind`` tells them apart."""
