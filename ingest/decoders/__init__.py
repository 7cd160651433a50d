"""From bytes to facts: one file per source, found by listing this folder.

A decoder is a pure function ``(topic, delivery) -> facts and errors``, registered for a topic filter
with ``@decoder("gw/v1/+/worker/+/gps")``. Whatever bytes come, it gives facts or DecodeErrors.

A protocol that is not ours has a pure function ``(delivery) -> what was heard, and errors``, registered with
``@foreign("owntracks", "owntracks/+/+", kinds=("worker",))``. Which topics it is given is a table, which
begins with these filters; whose the message is, is the registry's. ``own`` and ``told`` are what a
device's login at the broker may write and read. What its devices can be told to do is one function an act,
registered with ``@tells("owntracks", "report_position")``.
"""

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ingest.contract.acts import Act, Acting
from ingest.contract.delivery import Delivery
from ingest.contract.errors import ConfigError, DecodeError
from ingest.contract.topics import ID_PATTERN, ROOT, STREAMS, Topic, is_filter, is_order, is_ours, parse
from ingest.domain.facts import Fact
from ingest.domain.heard import Heard
from ingest.domain.registered import Route, Routes

Decoder = Callable[[Topic, Delivery], Iterable[Fact | DecodeError]]
ForeignDecoder = Callable[[Delivery], Iterable[Heard | DecodeError]]
Teller = Callable[[Acting, str], tuple[str, bytes]]
"""An order, and the `reply_to` of what was heard last -> the topic and the payload that tell the device."""


class Told(NamedTuple):
    """What was heard on a foreign topic; whose it is, is still to be found."""

    route: Route
    heard: Heard


Message = tuple[Delivery, list[Fact | Told | DecodeError]]
"""A message with what its decoder made of it."""


@dataclass(frozen=True)
class Protocol:
    """A protocol that is not ours."""

    name: str
    filters: tuple[str, ...]
    """Its topics, where nobody has said otherwise."""
    kinds: tuple[str, ...]
    """What its devices may be registered as, the likeliest first."""
    decode: ForeignDecoder
    own: tuple[str, ...] = ()
    """The filters of the topics that are one device's alone, in terms of its ``{name}``, or of what stands in
    front of its last part, ``{front}``; none: a server speaks for all of them on the same ones."""
    told: tuple[str, ...] = ()
    """Of the topics on which it is told what to do, likewise."""
    tellers: dict[Act, Teller] = field(default_factory=dict)

    def rights(self, name: str) -> tuple[list[str], list[str]]:
        """The filters that the device of this name may write, and those that it may read."""
        front = name.rpartition("/")[0] or name
        plain = not set(name) & {"+", "#"} and name.isprintable()
        own, told = ([one.format(name=name, front=front) for one in form] for form in (self.own, self.told))
        return [one for one in own if plain and is_filter(one)], [
            one for one in told if plain and is_filter(one)
        ]


_DECODERS: dict[tuple[str, str], Decoder] = {}
_PROTOCOLS: dict[str, Protocol] = {}


def decoder(topic_filter: str) -> Callable[[Decoder], Decoder]:
    """Register a decoder for ``gw/v1/+/{kind}/+/{stream}``; kind ``+`` means whatever kind."""
    parts = topic_filter.split("/")
    if len(parts) != 6 or "/".join(parts[:2]) != ROOT or (parts[2], parts[4]) != ("+", "+"):
        raise ConfigError(f"decoder filter {topic_filter!r} is not {ROOT}/+/KIND/+/STREAM")
    kind, stream = parts[3], parts[5]
    if not ((kind == "+" or re.match(ID_PATTERN, kind)) and re.match(ID_PATTERN, stream)):
        raise ConfigError(f"decoder filter {topic_filter!r} is not {ROOT}/+/KIND/+/STREAM")

    def register(function: Decoder) -> Decoder:
        if (kind, stream) in _DECODERS:
            raise ConfigError(f"two decoders for {kind}/{stream}")
        _DECODERS[kind, stream] = function
        return function

    return register


def foreign(
    name: str, *filters: str, kinds: tuple[str, ...], own: tuple[str, ...] = (), told: tuple[str, ...] = ()
) -> Callable[[ForeignDecoder], ForeignDecoder]:
    """Register the decoder of a protocol that is not ours, with the topics that it has by default."""

    def register(function: ForeignDecoder) -> ForeignDecoder:
        if name in _PROTOCOLS or not re.match(ID_PATTERN, name):
            raise ConfigError(f"two decoders for {name}, or it is no name")
        _PROTOCOLS[name] = Protocol(name, filters, kinds, function, own, told)
        return function

    return register


def tells(name: str, act: Act) -> Callable[[Teller], Teller]:
    """Register how a device of that protocol, which is registered before, is told to do something."""

    def register(function: Teller) -> Teller:
        _PROTOCOLS[name].tellers[act] = function
        return function

    return register


def protocols() -> dict[str, Protocol]:
    """Every protocol that is not ours, by name; as `decoders`."""
    decoders()
    return _PROTOCOLS


def decoders() -> dict[tuple[str, str], Decoder]:
    """Every decoder by (kind, stream); a broken file raises, it is never skipped."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    for kind, streams in STREAMS.items():
        for stream in streams:
            if _find(kind, stream) is None:
                raise ConfigError(f"no decoder for {kind}/{stream}")
    return _DECODERS


def kinds() -> set[str]:
    """The kinds of device that can be registered: those that some decoder names, but for departments."""
    return {kind for kind, _ in decoders()} - {"+", "department"}


def decode_all(deliveries: Sequence[Delivery], routes: Routes = Routes()) -> list[Message]:  # noqa: B008  it has none
    """Every delivery with its facts and errors, in their order, those on foreign topics by the `routes`;
    orders are our own, passing by: none."""
    return [(one, _decode(one, routes)) for one in deliveries]


def _decode(delivery: Delivery, routes: Routes) -> list[Fact | Told | DecodeError]:
    if is_ours(delivery.topic):
        return [] if is_order(delivery.topic) else decode(delivery)
    route = routes.find(delivery.topic)
    return decode_foreign(delivery, route) if route else [DecodeError("bad_topic", delivery.topic[:200])]


def decode_foreign(delivery: Delivery, route: Route) -> list[Fact | Told | DecodeError]:
    """What the route's decoder hears in the message."""
    protocol = _PROTOCOLS.get(route.decoder)
    if protocol is None:
        return [DecodeError("unknown_decoder", route.decoder)]
    return [
        heard if isinstance(heard, DecodeError) else Told(route, heard) for heard in protocol.decode(delivery)
    ]


def decode(delivery: Delivery) -> list[Fact | Told | DecodeError]:
    """Of our own wire: the facts of one message in their order, and a DecodeError for each part without."""
    try:
        topic = parse(delivery.topic)
    except DecodeError as error:
        return [error]
    function = _find(topic.kind, topic.stream)
    if function is None:
        known = any(kind == topic.kind for kind, _ in _DECODERS)
        return [DecodeError("unknown_stream" if known else "unknown_kind", f"{topic.kind}/{topic.stream}")]
    return list(function(topic, delivery))


def _find(kind: str, stream: str) -> Decoder | None:
    return _DECODERS.get((kind, stream)) or _DECODERS.get(("+", stream))
