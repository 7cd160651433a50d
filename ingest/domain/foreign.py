"""Reading what devices wrote that know nothing of our wire: payloads, names, instants and quantities in the
forms that they have. Whatever cannot be read is a DecodeError, never another exception.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import wraps
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from ingest.contract.delivery import Delivery
from ingest.contract.errors import DecodeError
from ingest.domain.clock import EARLIEST, instant
from ingest.domain.envelope import decode_json, require_size
from ingest.domain.heard import Heard

T = TypeVar("T")

Word = Annotated[str, Meta(pattern=r"^[^\x00\s][^\x00]*\Z", max_length=80)]
"""A name or a code in a payload: what is counted by it, or looked up, must not grow for ever."""
Line = Annotated[str, Meta(pattern=r"^[^\x00]*\Z", max_length=1000)]
"""A text for people, that a database can keep."""
_LONGEST_NAME = 200
_MOST_SECONDS = 1e11
"""Far beyond any clock, and no trouble to count with."""


def refusing(
    listen: Callable[[Delivery], Iterable[Heard | DecodeError]],
) -> Callable[[Delivery], list[Heard | DecodeError]]:
    """What `listen` hears; a DecodeError that it raises ends the list and is the last of it."""

    @wraps(listen)
    def heard(delivery: Delivery) -> list[Heard | DecodeError]:
        found: list[Heard | DecodeError] = []
        try:
            for one in listen(delivery):
                found.append(one)  # one by one: what came before an error stays
        except DecodeError as error:
            found.append(error)
        return found

    return heard


def read(decoder: "msgspec.json.Decoder[T]", payload: bytes | msgspec.Raw) -> T:
    """The JSON document of the payload: DecodeError ``empty_payload``, ``too_large``, ``not_json`` or
    ``wrong_shape``."""
    if isinstance(payload, bytes):
        require_size(payload)
    return decode_json(decoder, payload)


def name_in(topic: str, name: str) -> str:
    """A device's name that was cut out of its topic: DecodeError ``bad_topic`` if there is none, or no end of
    it."""
    if not 0 < len(name) <= _LONGEST_NAME or "\0" in topic:
        raise DecodeError("bad_topic", topic[:200])
    return name


def before(topic: str, suffix: str, protocol: str) -> str:
    """What stands in front of `suffix` in the topic, without the protocol's own name at the beginning."""
    return name_in(topic, topic.removesuffix(suffix).removeprefix(f"{protocol}/"))


def epoch(seconds: float, received_at: datetime) -> datetime:
    """Seconds since 1970 as UTC, to the millisecond: DecodeError ``impossible_clock``."""
    if not abs(seconds) < _MOST_SECONDS:
        raise DecodeError("impossible_clock", f"{seconds} s")
    return instant(round(seconds * 1000), received_at)


def iso(text: str, received_at: datetime) -> datetime:
    """A date and time as ISO 8601 writes them (`+0000`, `+00:00` and `Z` alike) as UTC; without a zone as it
    stands. DecodeError ``wrong_shape`` or ``impossible_clock``."""
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        raise DecodeError("wrong_shape", f"no date and time: {text[:60]!r}") from None
    if said.tzinfo is not None:
        return epoch(said.timestamp(), received_at)
    if not EARLIEST.year <= said.year <= received_at.year + 1:  # to the second only once its zone is known
        raise DecodeError("impossible_clock", text[:60])
    return said


def utc(text: str, received_at: datetime) -> datetime:
    """As `iso`, of a field that promises UTC: so it is UTC without a zone too."""
    said = iso(text, received_at)
    return said if said.tzinfo else epoch(said.replace(tzinfo=UTC).timestamp(), received_at)


def within(value: float | None, low: float, high: float) -> float | None:
    """A quantity that a device may leave out, or say nonsense about (-1: unknown); nonsense is left out."""
    return value if value is not None and low <= value <= high else None


def accuracy_m(value: float | None) -> float | None:
    """Nought is what a receiver says that does not know."""
    return within(value, 1e-3, 1e6)


def speed_kmh(value: float | None) -> float | None:
    return within(value, 0, 1e6)


def heading_deg(value: float | None) -> float | None:
    return within(value, 0, 360)


def altitude_m(value: float | None) -> float | None:
    return within(value, -12_000, 1e6)


def percent(value: float | None) -> float | None:
    return within(value, 0, 100)
