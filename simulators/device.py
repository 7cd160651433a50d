"""What every simulated device is: an address on the wire, a clock, and messages that fall due."""

from abc import ABC, abstractmethod
from typing import NamedTuple

import msgspec

from ingest.contract.messages import Datum, Envelope, State
from ingest.contract.topics import Topic
from simulators.chance import draw
from simulators.pace import BRISK, Pace

FIRMWARE = "sim-1"

DRAINED = 0.03
"""The share of a battery's eight hours that end nearly empty, since it was not charged in time."""


def message_id(name: str, at: float) -> str:
    """The id of the message about `name` at that instant (seconds): unique per device."""
    return f"{name}-{round(at * 1000)}"


class Message(NamedTuple):
    """One message as it goes to the broker, at QoS 1."""

    topic: str
    payload: bytes
    retain: bool = False

    @property
    def stream(self) -> str:
        return self.topic.rpartition("/")[2]


class Device(ABC):
    """A device of `kind`; `rank` of `crew` is its place among its like, 0 first.

    `start` is when the run began; `clock_ms` is what its clock is ahead of the true one. Subclasses
    say in `_happened` what they send; times are seconds since the epoch, UTC, by the true clock.
    """

    kind: str

    def __init__(
        self,
        district: int,
        device_id: str,
        rank: int,
        crew: int,
        start: float,
        clock_ms: int = 0,
        pace: Pace = BRISK,
    ) -> None:
        self.device_id = device_id
        self.rank = rank
        self.crew = crew
        self.clock_ms = clock_ms
        self.start = start
        self.pace = pace
        self._district = district
        self._seen = start
        self._phase = draw(self.kind, device_id, "phase").random()
        self._charge = (-1.0, 0.0)  # the number of the last eight hours, and how much they take

    def due(self, now: float) -> list[Message]:
        """What has fallen due since the last call, oldest first."""
        after, self._seen = self._seen, max(self._seen, now)
        messages = self._happened(after, self._seen)
        if self._ticks(self.pace.heartbeat_s, after, self._seen):
            messages.append(self.state(now))
        return messages

    @property
    def every_s(self) -> float:
        """How often it looks whether something is due."""
        return self.pace.look_s

    def next_at(self, now: float) -> float:
        """When it is worth asking again."""
        return self._ticks(self.every_s, now, now + 2 * self.every_s)[0]

    def state(self, now: float) -> Message:
        """Its sign of life, retained."""
        known = {"battery": self._battery(now), "storage": self._storage(now)}
        state = State(True, boot=int(self.start), firmware=FIRMWARE, **known)
        return Message(self._topic("state"), msgspec.json.encode(state), True)

    def will(self) -> Message:
        """What the broker is to say when it is gone."""
        return Message(self._topic("state"), msgspec.json.encode(State(False)), True)

    @property
    def listens_to(self) -> str | None:
        """The topic on which orders come down to it."""
        return None

    def receive(self, payload: bytes, now: float) -> None:
        """Take an order that came down at `now`."""
        raise NotImplementedError(f"a {self.kind} listens to nothing")

    @abstractmethod
    def _happened(self, after: float, until: float) -> list[Message]:
        """What it sends about the time in (after, until], oldest first."""

    def _battery(self, at: float) -> float | None:
        """Percent: eight hours from full to a fifth, seldom to nearly nothing, then charged."""
        number, part = divmod(at / 28_800 + self._phase, 1)
        if number != self._charge[0]:
            drained = draw(self.kind, self.device_id, "charge", number).random() < DRAINED
            self._charge = (number, 96.0 if drained else 80.0)
        return round(100 - self._charge[1] * part)

    def _storage(self, at: float) -> float | None:
        """How full it is of recordings, in percent; None: it records nothing."""
        return None

    def _filling(self, at: float) -> float:
        """Percent, of what records all day and is emptied at night: from a tenth to nearly full."""
        return round(10 + 85 * ((at / 86_400 + self._phase) % 1))

    def _topic(self, stream: str) -> str:
        return str(Topic(self._district, self.kind, self.device_id, stream))

    def _clock(self, at: float) -> int:
        """Milliseconds since the epoch, by the device's own clock."""
        return round(at * 1000) + self.clock_ms

    def _tell(
        self, stream: str, at: float, data: msgspec.Struct, *, datum: Datum | None = None, name: str = ""
    ) -> Message:
        """An envelope of what happened at `at`; its id is made of `name` (or `stream`) and the true time."""
        envelope = Envelope(message_id(name or stream, at), self._clock(at), data, datum=datum)
        return Message(self._topic(stream), msgspec.json.encode(envelope))

    def _ticks(self, every_s: float, after: float, until: float) -> list[float]:
        """The instants in (after, until], one every `every_s`, at the device's own phase."""
        first, last = int(after // every_s) - 1, int(until // every_s)
        # Multiplied, not added up: the same instant must be the same float whoever asks.
        instants = ((number + self._phase) * every_s for number in range(first, last + 1))
        return [at for at in instants if after < at <= until]
