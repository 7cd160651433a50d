"""Frigate, a network video recorder that looks for people, vehicles and things in the pictures of cameras.

The name is `PREFIX/CAMERA`, PREFIX being Frigate's `topic_prefix`.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec import Struct

from ingest.contract.acts import Act, Acting
from ingest.contract.delivery import Delivery
from ingest.contract.errors import DecodeError
from ingest.decoders import foreign, tells
from ingest.domain import foreign as said
from ingest.domain.envelope import require_size
from ingest.domain.heard import Answered, Happened, Heard, Presence

LABELS = {
    "person": "person",
    "face": "person",
    "license_plate": "plate",
    "fire": "fire",
    "smoke": "smoke",
    **dict.fromkeys(("car", "truck", "bus", "motorcycle", "bicycle", "van"), "vehicle"),
}
"""What Frigate calls a thing -> our word; all others are an ``object``."""
_NOT_OF_AN_ID = re.compile(r"[^A-Za-z0-9_-]")
_UP = re.compile(r"(?P<prefix>.+)/(?P<camera>[^/]+)/(?:recordings/state|status/detect)\Z")


class _Thing(Struct):
    """A tracked thing; times are seconds since 1970, `sub_label` is a text, or a text and how sure."""

    id: said.Word
    camera: said.Word
    label: said.Word
    start_time: float
    end_time: float | None = None
    top_score: float | None = None
    score: float | None = None
    false_positive: bool = False
    sub_label: Any = None
    recognized_license_plate: said.Line | None = None


class _Data(Struct, frozen=True):
    zones: list[said.Word] = []
    objects: list[said.Word] = []


class _Review(Struct):
    id: said.Word
    camera: said.Word
    start_time: float
    severity: said.Word
    end_time: float | None = None
    data: _Data = _Data()


class _EventMessage(Struct):
    type: Literal["new", "update", "end"]
    after: _Thing


class _ReviewMessage(Struct):
    type: said.Word
    after: _Review


_EVENT = msgspec.json.Decoder(_EventMessage)
_REVIEW = msgspec.json.Decoder(_ReviewMessage)


@foreign(
    "frigate",
    *("frigate/events", "frigate/reviews", "frigate/available"),
    *("frigate/+/recordings/state", "frigate/+/status/detect"),
    kinds=("camera",),
    own=("{front}/#",),
    told=("{name}/recordings/set",),
)
@said.refusing
def frigate(delivery: Delivery) -> Iterator[Heard | DecodeError]:
    prefix, _, what = delivery.topic.rpartition("/")
    said.name_in(delivery.topic, prefix)
    if what == "events":
        yield from _event(prefix, delivery)
    elif what == "reviews":
        yield _review(prefix, delivery)
    elif what == "available":
        yield Presence(name=prefix, online=_plain(delivery) == "online", of_all=True)
    else:
        yield from _of_camera(delivery)


def _event(prefix: str, delivery: Delivery) -> Iterator[Heard]:
    told = said.read(_EVENT, delivery.payload)
    thing = told.after
    if thing.false_positive:
        return
    word = LABELS.get(thing.label, "object")
    sure = thing.top_score if thing.top_score is not None else thing.score
    yield Happened(
        name=f"{prefix}/{thing.camera}",
        reply_to=f"{prefix}/{thing.camera}",
        id=_id(thing.id),
        when=said.epoch(thing.start_time, delivery.received_at),
        ended=_ended(thing.end_time, delivery),
        event=word,
        confidence=said.within(sure, 0, 1),
        text=_sub_label(thing.sub_label) or thing.recognized_license_plate or _label(thing.label, word),
    )


def _review(prefix: str, delivery: Delivery) -> Heard:
    """What is seen comes as events, and a review would double them. It adds that this is an alert in a zone
    that somebody marked: then somebody is where nobody should be."""
    review = said.read(_REVIEW, delivery.payload).after
    name = f"{prefix}/{review.camera}"
    if review.severity != "alert" or not review.data.zones:
        return Presence(name=name, reply_to=name)
    return Happened(
        name=name,
        reply_to=name,
        id=_id(review.id),
        when=said.epoch(review.start_time, delivery.received_at),
        ended=_ended(review.end_time, delivery),
        event="intrusion",
        text=", ".join([*review.data.objects, *review.data.zones])[:1000],
    )


def _of_camera(delivery: Delivery) -> Iterator[Heard]:
    """A switch that was turned, and whether there are pictures."""
    found = _UP.match(delivery.topic)
    if found is None:
        raise DecodeError("bad_topic", delivery.topic[:200])
    name = f"{found['prefix']}/{found['camera']}"
    state = _plain(delivery)
    if state in ("ON", "OFF"):
        act: Act = "start_recording" if state == "ON" else "stop_recording"
        if not delivery.retain:  # a retained copy may be older than the order
            yield Answered(name=name, reply_to=name, act=act)
    else:
        yield Presence(name=name, reply_to=name, online={"online": True, "offline": False}.get(state))


def _plain(delivery: Delivery) -> str:
    require_size(delivery.payload)
    word = delivery.payload.strip()
    if word not in (b"online", b"offline", b"stopped", b"disabled", b"ON", b"OFF"):
        raise DecodeError("wrong_shape", f"{word[:40]!r}")
    return word.decode()


def _ended(seconds: float | None, delivery: Delivery) -> datetime | None:
    return None if seconds is None else said.epoch(seconds, delivery.received_at)


def _id(own: str) -> str:
    return _NOT_OF_AN_ID.sub("-", own)[:64]


def _sub_label(said_so: Any) -> str | None:
    text = said_so[0] if isinstance(said_so, list) and said_so else said_so
    return text[:1000].replace("\0", "") or None if isinstance(text, str) else None


def _label(label: str, word: str) -> str | None:
    """What kind of thing it is, where our word says less."""
    return label if word in ("object", "vehicle") else None


@tells("frigate", "start_recording")
def start_recording(_order: Acting, reply_to: str) -> tuple[str, bytes]:
    return f"{reply_to}/recordings/set", b"ON"


@tells("frigate", "stop_recording")
def stop_recording(_order: Acting, reply_to: str) -> tuple[str, bytes]:
    return f"{reply_to}/recordings/set", b"OFF"
