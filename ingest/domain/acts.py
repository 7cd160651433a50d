"""What goes down with an act, made of what it is about; what cannot be ordered is refused with its code."""

import msgspec
from msgspec import Struct

from ingest.contract.acts import TAKES, Act, Acting
from ingest.contract.errors import InvalidTransition
from ingest.domain.threshold import Parameter, Unit

PATIENCE = Parameter("order_unanswered.act_minutes", 2, Unit.MINUTES, 0.5, 60)
"""How long an act may stay unanswered before it is given up, and so until when it may be begun."""

_NEEDS_TEXT = frozenset({"call_back", "take_photo", "speak", "print_notice", "join_meeting"})


class Centre(Struct, frozen=True):
    """The command centre, as those who are told to call it or to meet it need it."""

    phone: str | None = None
    meeting_url: str | None = None
    """Of the district's conference system, with ``{room}`` for the name of the room."""


class About(Struct, frozen=True):
    """A place, with what is there; degrees, WGS-84."""

    lon: float | None = None
    lat: float | None = None
    place: str | None = None
    """In words; None: its coordinates have to do."""
    premises_id: str | None = None
    name: str | None = None
    items: list[str] = []
    """What open tasks ask of the premises."""


def params(
    act: Act, kind: str, text: str | None, about: About, centre: Centre, room: str
) -> dict[str, object]:
    """What an act says to a device of that `kind` beside the order's own fields; those who are to meet about
    the same thing are given the same `room`.

    Raises InvalidTransition: ``act_not_taken: KIND``, ``text_needed``, ``no_place``, ``no_premises``,
    ``no_meeting_url``, ``not_an_act: WHY`` for what the contract does not allow.
    """
    if act not in TAKES.get(kind, ()):
        raise InvalidTransition(f"act_not_taken: {kind}")
    if act in _NEEDS_TEXT and not text:
        raise InvalidTransition("text_needed")
    said: dict[str, object] = {"text": text} if text else {}
    match act:
        case "go_to":
            if about.lon is None or about.lat is None:
                raise InvalidTransition("no_place")
            place = about.place or f"{about.lon:.5f}, {about.lat:.5f}"
            said |= {"lon": about.lon, "lat": about.lat, "place": place}
        case "inspect_now":
            if about.premises_id is None:
                raise InvalidTransition("no_premises")
            said |= {"premises_id": about.premises_id, "name": about.name or about.premises_id}
            said |= {"lon": about.lon, "lat": about.lat}
            said |= {"items": about.items} if about.items else {}
        case "call_back":
            said |= {"number": centre.phone} if centre.phone else {}
        case "join_meeting":
            if not centre.meeting_url:
                raise InvalidTransition("no_meeting_url")
            said["url"] = centre.meeting_url.replace("{room}", room)
    try:
        msgspec.convert({"kind": act, "order_id": room, "expires": 0, **said}, Acting)
    except msgspec.ValidationError as error:
        raise InvalidTransition(f"not_an_act: {error}") from error
    return said
