"""Acts: what a device, a person's phone or a department can be told to do, and which of them takes which.

They go down on ``{kind}/{device}/order`` beside the orders about tasks; the tag ``kind`` tells all apart.
"""

from collections.abc import Mapping
from typing import Annotated, Literal, get_args

from msgspec import Meta, Struct

from ingest.contract.messages import Id, Lat, Lon, Millis, Text

Act = Literal[
    "go_to", "inspect_now", "call_back", "report_position", "take_photo", "start_recording", "stop_recording",
    "speak", "print_notice", "join_meeting",
]  # fmt: skip
"""What a device can be told to do."""

ACTS: tuple[Act, ...] = get_args(Act)

TAKES: Mapping[str, tuple[Act, ...]] = {
    "worker": ("go_to", "inspect_now", "call_back", "report_position", "take_photo", "speak", "join_meeting"),
    "bodycam": ("report_position", "take_photo", "start_recording", "stop_recording", "speak"),
    "camera": ("take_photo", "start_recording", "stop_recording", "speak"),
    "printer": ("print_notice",),
    "terminal": ("speak",),
    "scanner": ("speak",),
    "vehicle": ("go_to", "report_position", "speak"),
    "department": ("go_to", "call_back", "join_meeting"),
}
"""A kind of device -> the acts that it takes; a kind that is not here takes none."""

Url = Annotated[str, Meta(pattern=r"^https?://[^\s\x00]+\Z", max_length=1000)]
Phone = Annotated[str, Meta(pattern=r"^[0-9+*#() -]+\Z", max_length=40)]


class ActOrder(Struct, frozen=True, omit_defaults=True, tag_field="kind", kw_only=True):
    """What all of them say. The same `order_id` is the same order; after `expires` it is not begun."""

    order_id: Id
    expires: Millis
    incident_id: Id | None = None
    text: Text | None = None


class GoTo(ActOrder, frozen=True, tag="go_to", kw_only=True):
    """Go to this place; degrees, WGS-84."""

    lon: Lon
    lat: Lat
    place: Text


class InspectNow(ActOrder, frozen=True, tag="inspect_now", kw_only=True):
    """Inspect these premises at once."""

    premises_id: Id
    name: Text
    lon: Lon
    lat: Lat
    items: list[Text] = []
    """What open tasks ask there. Left out: what a patrol asks."""


class CallBack(ActOrder, frozen=True, tag="call_back", kw_only=True):
    """Call the centre, about `text`."""

    text: Text
    number: Phone | None = None


class ReportPosition(ActOrder, frozen=True, tag="report_position", kw_only=True):
    """Send a position now."""


class TakePhoto(ActOrder, frozen=True, tag="take_photo", kw_only=True):
    """Take a photo, of what `text` says."""

    text: Text


class StartRecording(ActOrder, frozen=True, tag="start_recording", kw_only=True):
    """Record from now on."""


class StopRecording(ActOrder, frozen=True, tag="stop_recording", kw_only=True):
    """Record no longer."""


class Speak(ActOrder, frozen=True, tag="speak", kw_only=True):
    """Say this aloud."""

    text: Text


class PrintNotice(ActOrder, frozen=True, tag="print_notice", kw_only=True):
    """Print this."""

    text: Text


class JoinMeeting(ActOrder, frozen=True, tag="join_meeting", kw_only=True):
    """Join this meeting of the district's own conference system (会议), about `text`."""

    url: Url
    text: Text


class StandDown(Struct, frozen=True, tag_field="kind", tag="stand_down"):
    """The act of order `withdrawn` is not wanted any more: stop, or never begin."""

    order_id: Id
    withdrawn: Id
    reason: Literal["ended", "released"]
    """The incident is over; or it goes on, without this one."""


Acting = (
    GoTo | InspectNow | CallBack | ReportPosition | TakePhoto | StartRecording | StopRecording | Speak
    | PrintNotice | JoinMeeting
)  # fmt: skip
"""Every act as it goes down."""
