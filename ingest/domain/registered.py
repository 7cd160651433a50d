"""Whose a foreign device's messages are: to which decoder its topic goes, for whom its name stands."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct

from ingest.contract.delivery import Delivery
from ingest.contract.messages import Datum
from ingest.contract.topics import matches
from ingest.domain.clock import correct
from ingest.domain.facts import DeviceEvent, Fact, Ping, StateReported
from ingest.domain.heard import Happened, Heard, Position, Presence

_KEPT = 100_000


class Route(NamedTuple):
    """Messages on topics that the filter lets through go to the decoder."""

    district: int
    """Whose route it is; 0: everybody's."""
    filter: str
    decoder: str


class Routes:
    """Routes by their topics: a district's own before everybody's, a longer filter before a shorter."""

    def __init__(self, routes: Iterable[Route] = ()) -> None:
        self.all = sorted(routes, key=lambda route: (route.district == 0, -len(route.filter), route))
        self._found: dict[str, Route | None] = {}

    def find(self, topic: str) -> Route | None:
        """The route of this topic."""
        if topic not in self._found:
            if len(self._found) >= _KEPT:
                self._found.clear()
            self._found[topic] = next((one for one in self.all if matches(one.filter, topic)), None)
        return self._found[topic]


class Registered(Struct, frozen=True):
    """A device of a foreign protocol that is ours: its name there, the device or worker that it is here."""

    decoder: str
    name: str
    district: int
    kind: str
    device_id: str
    tz: ZoneInfo
    """Of its clock, where it names no zone."""
    datum: Datum | None = None
    """Of its places, where the protocol names none; None: as the device has it."""
    key: str | None = None
    reply_to: str | None = None


def fact_of(heard: Heard, whose: Registered, delivery: Delivery, number: int) -> Fact:
    """The fact that was heard; `number` is its place in the message. What has no words is a sign of life.

    Raises DecodeError ``impossible_clock``.
    """
    header = _header(heard, whose, delivery, number)
    if isinstance(heard, Position):
        place: dict[str, Any] = {
            "raw_lon": heard.lon,
            "raw_lat": heard.lat,
            "datum": heard.datum or whose.datum,
        }
        if whose.kind != "worker":
            return DeviceEvent(**header, **place, event="position", battery=heard.battery)
        return Ping(
            **header,
            **place,
            accuracy_m=heard.accuracy_m,
            speed_kmh=heard.speed_kmh,
            heading_deg=heard.heading_deg,
            altitude_m=heard.altitude_m,
            battery=heard.battery,
            mock=heard.mock,
        )
    if isinstance(heard, Happened):
        return DeviceEvent(
            **header,
            raw_lon=heard.lon,
            raw_lat=heard.lat,
            datum=None if heard.lon is None else heard.datum or whose.datum,
            event=heard.event,
            severity=heard.severity,
            confidence=heard.confidence,
            began=header["at"] if heard.ended else None,
            ended=_at(heard.ended, whose) if heard.ended else None,
            text=heard.text,
            battery=heard.battery,
        )
    return _presence(heard, header, delivery)


def _presence(heard: Heard, header: dict[str, Any], delivery: Delivery) -> StateReported:
    header |= {"ts": delivery.received_at, "at": delivery.received_at, "received_at": delivery.received_at}
    if not isinstance(heard, Presence):
        return StateReported(**header, online=True, retained=delivery.retain)
    return StateReported(
        **header,
        online=heard.online is not False,
        retained=delivery.retain,
        battery=heard.battery,
        firmware=heard.firmware,
        storage=heard.storage,
    )


def _at(when: datetime, whose: Registered) -> datetime:
    return (when if when.tzinfo else when.replace(tzinfo=whose.tz)).astimezone(UTC)


def _header(heard: Heard, whose: Registered, delivery: Delivery, number: int) -> dict[str, Any]:
    came = delivery.received_at
    ts = at = came
    shift_s = None
    if heard.when is not None:
        when = _at(heard.when, whose)
        # Many wait until they have a network, and do not say so: of a prompt one lateness proves something.
        instant = correct(round(when.timestamp() * 1000), None, came, delivery.live and heard.prompt)
        ts, at, shift_s = instant.ts, instant.at, instant.shift.total_seconds() or None
    return {
        "district": whose.district,
        "kind": whose.kind,
        "device_id": whose.device_id,
        "id": heard.id or message_id(delivery, number),
        "ts": ts,
        "at": at,
        # A retained copy is no sign of life: it was received when it was sent, for all we know.
        "received_at": min(came, at) if delivery.retain else came,
        "clock_off_s": shift_s,
        "hist": heard.hist,
    }


def message_id(delivery: Delivery, number: int = 0) -> str:
    """What a message without an id is known by: its topic and its bytes, and the place in it."""
    content = f"{delivery.topic}\n{number}\n".encode() + delivery.payload
    return hashlib.sha256(content).hexdigest()[:32]
