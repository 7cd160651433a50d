"""A message as the broker handed it over, before anybody has looked inside."""

from datetime import datetime
from typing import NamedTuple


class Delivery(NamedTuple):
    """One PUBLISH; `mid` means something only within its connection's `epoch`."""

    topic: str
    payload: bytes
    qos: int
    retain: bool
    dup: bool
    mid: int
    epoch: int
    received_at: datetime
    live: bool
    """False for a redelivery, a retained copy, and what the broker had kept while we were away: its
    age says nothing about the device's clock."""
