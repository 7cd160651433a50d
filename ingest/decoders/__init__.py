"""From bytes to facts: one file per source, found by listing this folder.

A decoder is a pure function ``(topic, delivery) -> facts and errors``, registered for a topic filter
with ``@decoder("gw/v1/+/worker/+/gps")``. Whatever bytes come, it gives facts or DecodeErrors.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable

from ingest.contract.delivery import Delivery
from ingest.contract.errors import ConfigError, DecodeError
from ingest.contract.topics import ROOT, STREAMS, Topic, parse
from ingest.domain.facts import Fact

Decoder = Callable[[Topic, Delivery], Iterable[Fact | DecodeError]]

_DECODERS: dict[tuple[str, str], Decoder] = {}


def decoder(topic_filter: str) -> Callable[[Decoder], Decoder]:
    """Register a decoder for ``gw/v1/+/{kind}/+/{stream}``; kind ``+`` means every kind with that stream."""
    parts = topic_filter.split("/")
    if len(parts) != 6 or "/".join(parts[:2]) != ROOT or (parts[2], parts[4]) != ("+", "+"):
        raise ConfigError(f"decoder filter {topic_filter!r} is not {ROOT}/+/KIND/+/STREAM")
    kinds = [kind for kind in STREAMS if parts[3] in ("+", kind) and parts[5] in STREAMS[kind]]
    if not kinds:
        raise ConfigError(f"decoder filter {topic_filter!r} matches no stream of the wire")

    def register(function: Decoder) -> Decoder:
        for kind in kinds:
            if (kind, parts[5]) in _DECODERS:
                raise ConfigError(f"two decoders for {kind}/{parts[5]}")
            _DECODERS[kind, parts[5]] = function
        return function

    return register


def decoders() -> dict[tuple[str, str], Decoder]:
    """Every decoder by (kind, stream); a broken file raises, it is never skipped."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    missing = {(kind, stream) for kind, streams in STREAMS.items() for stream in streams} - set(_DECODERS)
    if missing:
        raise ConfigError(f"no decoder for {sorted(missing)}")
    return _DECODERS


def decode(delivery: Delivery) -> list[Fact | DecodeError]:
    """The facts of one message in their order, and a DecodeError for each part that holds none."""
    try:
        topic = parse(delivery.topic)
    except DecodeError as error:
        return [error]
    return list(_DECODERS[topic.kind, topic.stream](topic, delivery))
