"""What a foreign device said, before anybody knows whose it is: its name in its own protocol, and what of it
we have words for.

Instants are by the device's clock. One without a zone is in the zone with which the device is registered, or
the district's. Places are degrees, in the `datum` that the protocol promises; None: the registered one.
"""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from ingest.contract.acts import Act
from ingest.contract.messages import Datum, Severity, Stage

Phase = Literal["once", "began", "again", "over", "off"]
"""``once`` stands for itself. ``began`` goes on until ``over``. ``again`` is said over and over while it goes
on: what comes within half a minute is the same, and lasts so long. ``off`` is said over and over while it
does not: the first of them is the end."""


class Heard(Struct, frozen=True, kw_only=True, gc=False):
    """What all of it says."""

    name: str
    """The device in its own protocol; one and the same for ever, and no other device's."""
    when: datetime | None = None
    """None: it has no clock, and is as old as its arrival."""
    id: str = ""
    """The message's own; empty: it is known by its bytes."""
    hist: bool = False
    """Told late, by the device's own word."""
    prompt: bool = False
    """The device sends at once or never: if it comes late, its clock is wrong."""
    reply_to: str = ""
    """The topic, or what stands in front of the topics, on which the device listens; empty: on none."""


class Position(Heard, frozen=True, kw_only=True, gc=False):
    """The device was here."""

    lon: float
    lat: float
    datum: Datum | None = None
    accuracy_m: float | None = None
    speed_kmh: float | None = None
    heading_deg: float | None = None
    altitude_m: float | None = None
    battery: float | None = None
    mock: bool = False


class Happened(Heard, frozen=True, kw_only=True, gc=False):
    """The device saw or felt something; `event` is a word of the wire's."""

    event: str
    phase: Phase = "once"
    key: str = ""
    """Which of the things that may go on side by side: a rule, a zone; empty: there is one of each event."""
    ended: datetime | None = None
    """Of what has its own `id`: until when, as far as is known. The last word counts."""
    severity: Severity | None = None
    confidence: float | None = None
    """0 to 1."""
    text: str | None = None
    lon: float | None = None
    lat: float | None = None
    datum: Datum | None = None
    battery: float | None = None


class Presence(Heard, frozen=True, kw_only=True, gc=False):
    """The device is there, or gone; `online` None: it only gave a sign of life."""

    online: bool | None = None
    battery: float | None = None
    firmware: str | None = None
    storage: float | None = None
    """How full, in percent."""
    of_all: bool = False
    """Of every device whose name begins with this one and a slash."""


class Answered(Heard, frozen=True, kw_only=True, gc=False):
    """The device has carried out, or refused, the latest order of this kind that it was given."""

    act: Act
    stage: Stage = "done"
    text: str | None = None


class Other(Heard, frozen=True, kw_only=True, gc=False):
    """A message of a type that the decoder has no word for; counted by type, and the latest is kept."""

    type: str


class Sealed(Heard, frozen=True, kw_only=True, gc=False):
    """A message that the key with which the device is registered opens: 24 bytes of nonce, and a secret box.
    What is in it is decoded as if it had come in its stead."""

    box: bytes
