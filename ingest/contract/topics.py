"""Topic names: ``gw/v1/{district}/{kind}/{device}/{stream}``.

District is the 6-digit region code; for kind ``worker`` the device is the worker_id.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from ingest.contract.errors import DecodeError

ROOT = "gw/v1"

STREAMS: dict[str, frozenset[str]] = {
    "worker": frozenset(
        {"appeal", "gps", "inspection", "clue", "duty", "photo", "premises", "reply", "state"}
    ),
    "camera": frozenset({"event", "reply", "state"}),
    "bodycam": frozenset({"gps", "event", "reply", "state"}),
    "printer": frozenset({"receipt", "reply", "state"}),
    "terminal": frozenset({"event", "reply", "state"}),
    "scanner": frozenset({"event", "reply", "state"}),
    "vehicle": frozenset({"gps", "event", "reply", "state"}),
    "department": frozenset({"reply", "state"}),
}
"""The streams that each kind of device publishes. A decoder may add others without being named here."""

ID_PATTERN = r"^[A-Za-z0-9_-]{1,64}\Z"  # \Z, since $ would let a final newline pass
_ID = re.compile(ID_PATTERN)


class Topic(NamedTuple):
    """One address on the wire."""

    district: int
    kind: str
    device: str
    stream: str

    def __str__(self) -> str:
        return f"{ROOT}/{self.district}/{self.kind}/{self.device}/{self.stream}"


def district_filter(district: int) -> str:
    """The subscription that hears everything of a district, misspelt streams included."""
    return f"{ROOT}/{district}/#"


@lru_cache(maxsize=65_536)  # a district's devices, and some that are misspelt
def parse(topic: str) -> Topic:
    """Split a topic name; raises DecodeError ``bad_topic`` if it has not the form."""
    parts = topic.split("/")
    if len(parts) != 6 or parts[0] != "gw" or parts[1] != "v1":
        raise DecodeError("bad_topic", topic[:200])
    district, kind, device, stream = parts[2:]
    named = _ID.match(kind) and _ID.match(device) and _ID.match(stream)
    if not (named and len(district) == 6 and district.isascii() and district.isdigit()):
        raise DecodeError("bad_topic", topic[:200])
    return Topic(int(district), kind, device, stream)


def is_order(topic: str) -> bool:
    """Whether this is one of our own orders, passing by on its way down."""
    return topic.endswith("/order")


def is_ours(topic: str) -> bool:
    """Whether a topic is of our own wire, be it right or wrong; all others are some foreign protocol's."""
    return topic.startswith("gw/")


def is_filter(text: str) -> bool:
    """Whether this is a filter that MQTT knows, and lets nothing of our wire or the broker's through."""
    parts = text.split("/")
    plain = all(part in ("+", "#") or not set(part) & {"+", "#", "\0"} for part in parts)
    if not plain or "#" in parts[:-1] or not 0 < len(text) <= 500:
        return False
    return not (is_ours(text) or text.startswith("$") or matches(text, f"{ROOT}/350211/worker/W1/gps"))


def matches(topic_filter: str, topic: str) -> bool:
    """Whether the filter, which `is_filter`, lets the topic through."""
    wanted, parts = topic_filter.split("/"), topic.split("/")
    if wanted[-1] == "#":
        wanted = wanted[:-1]
        if len(parts) < len(wanted):
            return False
        parts = parts[: len(wanted)]
    return len(wanted) == len(parts) and all(
        one in ("+", part) for one, part in zip(wanted, parts, strict=True)
    )
