"""Opening envelopes: a payload is one of them, or an array of which one may be bad and the rest good."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import msgspec

from ingest.contract.delivery import Delivery
from ingest.contract.errors import DecodeError
from ingest.contract.messages import MAX_MESSAGE_BYTES, Datum, Envelope
from ingest.contract.topics import Topic
from ingest.domain.clock import Instant, correct
from ingest.domain.facts import Fact

T = TypeVar("T")


class Opened(msgspec.Struct, Generic[T], frozen=True, gc=False):
    """One envelope with its instant and what every fact takes over from it."""

    data: T
    when: Instant
    header: dict[str, Any]
    datum: Datum | None


class EnvelopeReader(Generic[T]):
    """Reads envelopes around one type of `data`."""

    def __init__(self, data_type: type[T]) -> None:
        self._one = msgspec.json.Decoder(Envelope[data_type])  # type: ignore[valid-type]
        self._many = msgspec.json.Decoder(list[msgspec.Raw])

    def facts(
        self, topic: Topic, delivery: Delivery, build: Callable[[Opened[T]], Fact]
    ) -> list[Fact | DecodeError]:
        """`build`'s fact for every envelope of the payload in its order, or why there is none."""
        try:
            parts = self._parts(delivery.payload)
        except DecodeError as error:
            return [error]
        found: list[Fact | DecodeError] = []
        for part in parts:
            try:
                found.append(build(self._open(part, topic, delivery)))
            except DecodeError as error:
                found.append(error)
        return found

    def _parts(self, payload: bytes) -> list[bytes | msgspec.Raw]:
        require_size(payload)
        if payload.lstrip()[:1] != b"[":
            return [payload]
        parts = decode_json(self._many, payload)
        if not parts:
            raise DecodeError("empty_payload", "an array of none")
        return [*parts]

    def _open(self, part: bytes | msgspec.Raw, topic: Topic, delivery: Delivery) -> Opened[T]:
        envelope: Envelope[T] = decode_json(self._one, part)
        live = delivery.live and not envelope.hist
        when = correct(envelope.ts, envelope.sent, delivery.received_at, live)
        header = {
            "district": topic.district,
            "kind": topic.kind,
            "device_id": topic.device,
            "id": envelope.id,
            "ts": when.ts,
            "at": when.at,
            "received_at": delivery.received_at,
            "clock_off_s": when.shift.total_seconds() or None,
            "hist": envelope.hist,
        }
        return Opened(envelope.data, when, header, envelope.datum)


def require_size(payload: bytes) -> None:
    """Refuse nothing at all, and more than fits: DecodeError ``empty_payload`` or ``too_large``."""
    if not payload:
        raise DecodeError("empty_payload")
    if len(payload) > MAX_MESSAGE_BYTES:
        raise DecodeError("too_large", f"{len(payload)} bytes")


def decode_json(decoder: "msgspec.json.Decoder[T]", payload: bytes | msgspec.Raw) -> T:
    """Decode, with the library's errors told apart: DecodeError ``not_json`` or ``wrong_shape``."""
    try:
        return decoder.decode(payload)
    except msgspec.ValidationError as error:
        raise DecodeError("wrong_shape", str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DecodeError("not_json", str(error)) from None


def require_place(lon: float, lat: float) -> None:
    """Refuse 0 N 0 E, which is what a receiver without a fix reports: DecodeError ``impossible_place``."""
    if lon == 0 and lat == 0:
        raise DecodeError("impossible_place", "0, 0")


def require_pair(lon: float | None, lat: float | None) -> None:
    """Refuse half a place, DecodeError ``wrong_shape``; none at all is allowed."""
    if (lon is None) != (lat is None):
        raise DecodeError("wrong_shape", "lon and lat come together")
