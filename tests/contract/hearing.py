"""What a foreign protocol's decoder makes of one message, as at a fixed moment."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from ingest.contract.delivery import Delivery
from ingest.contract.errors import DecodeError
from ingest.decoders import protocols
from ingest.domain.heard import Heard

NOW = datetime(2026, 3, 2, 8, 0, 0, tzinfo=UTC)
AT = NOW - timedelta(seconds=1)
TS = 1772438399
"""A second before NOW, in seconds since 1970."""


def delivery(topic: str, said: Any, *, retain: bool = False) -> Delivery:
    """`said`: bytes as they are, or what becomes JSON."""
    payload = said if isinstance(said, bytes) else json.dumps(said, ensure_ascii=False).encode()
    return Delivery(topic, payload, 1, retain, False, 7, 1, NOW, not retain)


def hear(protocol: str, topic: str, said: Any, *, retain: bool = False) -> list[Heard | DecodeError]:
    return list(protocols()[protocol].decode(delivery(topic, said, retain=retain)))


def one(protocol: str, topic: str, said: Any, *, retain: bool = False) -> Heard:
    """The only thing heard."""
    (heard,) = hear(protocol, topic, said, retain=retain)
    assert isinstance(heard, Heard), heard
    return heard


def reasons(protocol: str, topic: str, said: Any) -> list[str]:
    """Why it is refused, whatever else is heard."""
    return [error.reason for error in hear(protocol, topic, said) if isinstance(error, DecodeError)]
