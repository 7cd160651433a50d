"""Messages of a simulated shift without waiting for it: what every device says, and when it would arrive."""

import heapq
from collections.abc import Callable, Iterator
from typing import NamedTuple

from simulators.device import Device, Message
from simulators.faults import Rates
from simulators.run import Member


class Heard(NamedTuple):
    """A message as it arrives, in seconds since the epoch."""

    at: float
    topic: str
    payload: bytes


class _Line:
    """Where a device's messages go: onto the tape, at the moment that it is."""

    def __init__(self, keep: Callable[[Message], None]) -> None:
        self.up = self.wanted = True
        self.publish = keep

    def listen(self, topic: str, hear: Callable[[bytes], None]) -> None:
        """Nothing comes down."""

    def drop(self) -> None:
        """The tape stands still for nobody."""


def play(devices: list[Device], rates: Rates, start: float, seconds: float, seed: int) -> Iterator[Heard]:
    """What arrives of `devices` in so many seconds after `start`, with the faults of `rates`, in order."""
    now = start
    found: list[Message] = []
    later: list[tuple[float, int, Member, Message]] = []
    line = _Line(found.append)
    members = [Member(device, line, False, rates, seed) for device in devices]  # type: ignore[arg-type]
    queue = [(start, number) for number in range(len(members))]
    heapq.heapify(queue)

    def send_later(when: float, member: Member, message: Message) -> None:
        heapq.heappush(later, (when, len(later), member, message))

    while queue:
        if later and later[0][0] <= queue[0][0]:
            now, _, member, message = heapq.heappop(later)
            member.deliver(message)
        else:
            now, number = heapq.heappop(queue)
            members[number].step(now, send_later)
            if (next_at := members[number].device.next_at(now)) < start + seconds:
                heapq.heappush(queue, (next_at, number))
        for one in found:
            yield Heard(now, one.topic, one.payload)
        found.clear()
