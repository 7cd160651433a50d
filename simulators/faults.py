"""What goes wrong on the way, at stated rates: pure functions of a source of chance and a message."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple

import msgspec

from simulators.chance import turns
from simulators.device import Message

BURST = 100
"""At most so many messages in one array after a time offline."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A device loses its connection every `every_s` seconds for a time between `lasts_s`.

    It keeps its messages and sends them later, unless it was `dark` (no power, nothing to send). A share of
    these times, `long`, is between `long_s`.
    """

    every_s: float
    lasts_s: tuple[float, float]
    dark: bool = False
    long: float = 0.0
    long_s: tuple[float, float] = (0.0, 0.0)

    @property
    def longest_s(self) -> float:
        return max(self.lasts_s[1], self.long_s[1] if self.long else 0.0)


@dataclass(frozen=True, slots=True)
class Rates:
    """How much goes wrong. Shares are of messages (state messages never suffer) or of devices."""

    duplicate: float = 0.01
    """of messages are sent twice."""
    late: float = 0.01
    """of messages are sent `late_s` seconds later and say so in `sent`."""
    late_s: tuple[float, float] = (5.0, 90.0)
    missing: float = 0.005
    """of messages are never sent."""
    malformed: float = 0.003
    """of messages are cut, lack a field or have a wrong type."""
    in_1970: float = 0.0005
    """of messages come from a clock that has just started."""
    wrong_clock: float = 0.02
    """of devices have a clock off by `clock_off_s` seconds, fast or slow, for good."""
    clock_off_s: tuple[float, float] = (120.0, 900.0)
    ill: float = 0.02
    """of workers are off duty all day, and what they were to do is left."""
    deaf: float = 0.02
    """of orders are never answered by the phone, or by whatever device."""
    refuses: float = 0.01
    """of orders are refused by a person."""
    jams: float = 0.02
    """of acts fail at a device without a person."""
    heed_s: tuple[float, float] = (2.0, 15.0)
    """So long after it came an act is accepted by a person, `obey_s` by a device without one."""
    obey_s: tuple[float, float] = (0.2, 2.0)
    slow: float = 0.1
    """of orders are accepted only after `slow_s` seconds, the others after `accept_s`."""
    accept_s: tuple[float, float] = (2.0, 60.0)
    slow_s: tuple[float, float] = (600.0, 3600.0)
    silent: float = 0.03
    """of results are never followed up by the department, the others after `follow_up_s`."""
    follow_up_s: tuple[float, float] = (20.0, 180.0)
    not_theirs: float = 0.02
    """of clues are sent back by the department."""
    outages: Mapping[str, Outage] = field(
        default_factory=lambda: {
            "worker": Outage(every_s=3600, lasts_s=(40, 120), long=0.01, long_s=(1200, 2400)),
            "camera": Outage(every_s=36_000, lasts_s=(600, 1200), dark=True),
            "terminal": Outage(every_s=36_000, lasts_s=(300, 900)),
            "scanner": Outage(every_s=3600, lasts_s=(40, 120)),
            "vehicle": Outage(every_s=3600, lasts_s=(20, 60)),
        }
    )
    """By kind: 2.5 % of phones are offline at any time, some of them for long, and 2.5 % of cameras dark.
    Terminals lose their line, scanners are used in cellars, vehicles drive through tunnels."""


NO_FAULTS = Rates(
    0,
    0,
    (0, 0),
    0,
    0,
    0,
    0,
    (0, 0),
    ill=0,
    deaf=0,
    refuses=0,
    jams=0,
    slow=0,
    silent=0,
    not_theirs=0,
    outages={},
)


class Delayed(NamedTuple):
    """A message, and how many seconds from now it is sent."""

    after_s: float
    message: Message


def suffer(rates: Rates, random: Random, message: Message) -> list[Delayed]:
    """What becomes of a message that is about to be sent: nothing, itself, something else, or two."""
    luck = random.random()
    if message.retain:
        return [Delayed(0, message)]
    if luck < (edge := rates.missing):
        return []
    if luck < (edge := edge + rates.duplicate):
        return [Delayed(0, message), Delayed(random.uniform(0, 5), message)]
    if not message.payload.startswith(b"{"):  # bytes of no envelope of ours
        return [Delayed(0, message)]
    if luck < (edge := edge + rates.late):
        return [late(rates, random, message)]
    if luck < (edge := edge + rates.malformed):
        return [Delayed(0, malformed(random, message))]
    if luck < edge + rates.in_1970:
        return [Delayed(0, _changed(message, ts=random.randrange(3_600_000)))]
    return [Delayed(0, message)]


def late(rates: Rates, random: Random, message: Message) -> Delayed:
    """The message `late_s` seconds later, with `sent` after `ts` by the device's clock."""
    after_s = random.uniform(*rates.late_s)
    ts = msgspec.json.decode(message.payload)["ts"]
    return Delayed(after_s, _changed(message, sent=ts + round(after_s * 1000)))


def malformed(random: Random, message: Message) -> Message:
    """The message cut short, without a required field, or with text where a number belongs."""
    damage = random.choice(("cut", "field", "type"))
    if damage == "cut":
        return message._replace(payload=message.payload[: random.randrange(1, len(message.payload))])
    if damage == "type":
        return _changed(message, ts="soon")
    body = msgspec.json.decode(message.payload)
    del body["data"]
    return message._replace(payload=msgspec.json.encode(body))


def clock_ms(rates: Rates, random: Random) -> int:
    """How many milliseconds a device's clock is ahead; 0 for most."""
    if random.random() >= rates.wrong_clock:
        return 0
    return round(random.choice((-1, 1)) * random.uniform(*rates.clock_off_s) * 1000)


def is_out(outage: Outage, key: str, rank: int, crew: int, now: float) -> bool:
    """Whether a device is cut off at `now`; the outages of a crew come one after the other."""
    starts = turns((key, "outage"), rank / crew, crew, outage.every_s, now - outage.longest_s, now)
    return any(now < start + _lasts(outage, Random(f"{key}{start}")) for start in starts)


def is_ill(rates: Rates, rank: int) -> bool:
    """Whether the worker of that place among the colleagues is: they are far apart."""
    every = round(1 / rates.ill) if rates.ill else 0
    return every > 0 and rank % every == every // 2


def _lasts(outage: Outage, dice: Random) -> float:
    lasts_s = dice.uniform(*outage.lasts_s)
    return dice.uniform(*outage.long_s) if dice.random() < outage.long else lasts_s


def replay(messages: Iterable[Message]) -> list[Message]:
    """What was kept while offline, as arrays by topic with ``hist`` set; raw bytes go singly."""
    bursts: dict[str, list[Any]] = {}
    raw = []
    for message in messages:
        if message.payload.startswith(b"{"):
            body = msgspec.json.decode(message.payload)
            bursts.setdefault(message.topic, []).append({**body, "hist": True})
        else:
            raw.append(message)
    return raw + [
        Message(topic, msgspec.json.encode(bodies[i : i + BURST]))
        for topic, bodies in bursts.items()
        for i in range(0, len(bodies), BURST)
    ]


def _changed(message: Message, **fields: object) -> Message:
    body = msgspec.json.decode(message.payload)
    return message._replace(payload=msgspec.json.encode({**body, **fields}))
