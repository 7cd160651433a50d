"""From bytes to facts: one file per source, found by listing this folder.

A decoder is a pure function ``(topic, delivery) -> facts and errors``, registered for a topic filter
with ``@decoder("gw/v1/+/worker/+/gps")``. Whatever bytes come, it gives facts or DecodeErrors.
"""

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable, Sequence

from ingest.contract.delivery import Delivery
from ingest.contract.errors import ConfigError, DecodeError
from ingest.contract.topics import ID_PATTERN, ROOT, STREAMS, Topic, is_order, parse
from ingest.domain.facts import Fact

Decoder = Callable[[Topic, Delivery], Iterable[Fact | DecodeError]]
Message = tuple[Delivery, list[Fact | DecodeError]]
"""A message with what its decoder made of it."""

_DECODERS: dict[tuple[str, str], Decoder] = {}


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


def decode_all(deliveries: Sequence[Delivery]) -> list[Message]:
    """Every delivery with its facts and errors, in their order; orders are our own, passing by: none."""
    return [(one, [] if is_order(one.topic) else decode(one)) for one in deliveries]


def decode(delivery: Delivery) -> list[Fact | DecodeError]:
    """The facts of one message in their order, and a DecodeError for each part that holds none."""
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
