"""The load: positions of every worker in turn, mostly inside their grids, and what must come of them."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import msgspec
import numpy as np

from bench.publisher import Message
from bench.world import District
from ingest.contract.messages import Gps

ELSEWHERE = 0.02
"""The share of positions in another worker's grid."""
NOWHERE = 0.01
"""The share of positions in no grid at all."""
EVERY_MS = 5_000
"""Between two positions of a worker in a backlog."""
_HOUR_MS = 3_600_000
TAIL = 64
"""So many of the last messages are looked for, to see that all are there."""
_PERIOD = 65_536
_ENVELOPE = b'{"id":"%011x-%08x-7b3e-9c41","ts":%d,"sent":%d,"seq":%d,"boot":3,"data":%b}'


@dataclass(frozen=True)
class Load:
    """Messages, and what the database must hold after them."""

    messages: list[Message]
    began: int
    """Device time of the first position, ms."""
    pings: int
    """Positions that differ by worker or time."""
    workers: int
    nowhere: int
    """Of those, the ones outside every grid."""
    last: list[tuple[str, int]]
    """Worker and device time (ms) of the last positions published."""
    rejects: int = 0


class Positions:
    """Position number n of the district: of worker n modulo their number, somewhere that n decides."""

    def __init__(self, district: District) -> None:
        self._workers = district.workers
        self._topics = [f"gw/v1/{district.code}/worker/{worker}/gps".encode() for worker in self._workers]
        # What is drawn comes again after some rounds of all workers; only times and numbers differ then.
        count = max(1, _PERIOD // len(self._workers)) * len(self._workers)
        dice = np.random.default_rng(1)
        spot, chance = dice.integers(district.spots.shape[1], size=count), dice.random(count)
        grid = np.resize(district.grid_of, count)
        stray = (chance >= NOWHERE) & (chance < NOWHERE + ELSEWHERE)
        grid[stray] = (grid[stray] + len(district.spots) // 2) % len(district.spots)
        places = district.spots[grid, spot]
        places[chance < NOWHERE] = district.outside
        self._nowhere = (chance < NOWHERE).tolist()
        self._data = [_fix(n, lon, lat) for n, (lon, lat) in enumerate(places.round(7).tolist())]

    def topic(self, number: int) -> bytes:
        return self._topics[number % len(self._topics)]

    def worker(self, number: int) -> str:
        return self._workers[number % len(self._workers)]

    def is_nowhere(self, number: int) -> bool:
        return bool(self._nowhere[number % len(self._nowhere)])

    def envelope(self, number: int, ts: int, sent: int) -> bytes:
        """The JSON of position `number`, taken at `ts` and sent at `sent` (ms since the epoch)."""
        return _ENVELOPE % (ts, number, ts, sent, number, self._data[number % len(self._data)])


def backlog(district: District, count: int, an_array: int = 1, began: int | None = None) -> Load:
    """`count` positions as they pile up while ingest is away; `an_array` of a worker's in one message.

    A worker's follow one another by 5 s from `began` (ms) on, else from the beginning of an earlier hour, so
    that every run has as many of them by the hour.
    """
    positions, workers, now = Positions(district), len(district.workers), int(time.time() * 1000)
    lasts = EVERY_MS * (count // workers + 1)
    first = (now - lasts) // _HOUR_MS * _HOUR_MS if began is None else began

    def ts(number: int) -> int:
        return first + number // workers * EVERY_MS

    told: list[int] = []
    messages: list[Message] = []
    for numbers in (_numbers(message, an_array, workers) for message in range(count // an_array)):
        parts = [positions.envelope(n, ts(n), now) for n in numbers]
        payload = parts[0] if an_array == 1 else b"[" + b",".join(parts) + b"]"
        messages.append((positions.topic(numbers[0]), payload))
        told += numbers
    return Load(
        messages,
        began=first,
        pings=len(told),
        workers=min(workers, len(messages)),
        nowhere=sum(map(positions.is_nowhere, told)),
        last=[(positions.worker(n), ts(n)) for n in told[-TAIL:]],
    )


def spoilt(load: Load, every: int) -> Load:
    """The same, with each `every`-th message followed by one that is cut off in its middle."""
    return replace(load, messages=list(_spoil(load.messages, every)), rejects=len(load.messages) // every)


def mean_bytes(messages: Sequence[Message]) -> float:
    """The mean size of a payload."""
    return sum(len(payload) for _, payload in messages) / len(messages)


def _fix(number: int, lon: float, lat: float) -> bytes:
    return msgspec.json.encode(
        Gps(
            lon,
            lat,
            accuracy_m=3.5 + number % 50 / 10,
            speed_kmh=number % 61 / 10,
            heading_deg=float(number % 360),
            altitude_m=12.5,
            battery=float(20 + number % 80),
            provider="gps",
        )
    )


def _numbers(message: int, an_array: int, workers: int) -> Sequence[int]:
    """Numbers of the positions in a message: of the same worker, one round after another."""
    rounds, worker = divmod(message, workers)
    return range(rounds * an_array * workers + worker, (rounds + 1) * an_array * workers, workers)


def _spoil(messages: Iterable[Message], every: int) -> Iterator[Message]:
    for n, (topic, payload) in enumerate(messages, 1):
        yield topic, payload
        if n % every == 0:
            yield topic, payload[: len(payload) // 2]
