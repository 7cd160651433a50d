"""A run: every device looks when it is due, suffers its faults, and speaks over its line."""

import heapq
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence

from ingest.contract import topics
from simulators.chance import draw
from simulators.device import Device, Message
from simulators.faults import Rates, is_out, replay, suffer
from simulators.network import Line, Network

LINES = 400
"""More devices than this share a pool of `POOL` lines, without wills of the broker's."""
POOL = 64

_KEPT = 2_000  # messages a device without a connection remembers
_BLINK_S = 5.0  # a shorter loss of connection makes no history
_IDLE_S = 0.25
_ENTERING_S = 0.001  # on shared lines, between two devices that begin: a flood would help nobody


class Member:
    """A device on its line, with what it could not send yet."""

    def __init__(self, device: Device, line: Line, own_line: bool, rates: Rates, seed: int) -> None:
        self.device = device
        self.line = line
        self._own_line = own_line
        self._rates = rates
        self._luck = draw(seed, "faults", device.kind, device.device_id)
        self._kept: deque[Message] = deque(maxlen=_KEPT)
        self._out = False
        self._lost_at: float | None = device.start  # None: in touch

    def step(self, now: float, send_later: Callable[[float, "Member", Message], None]) -> None:
        """Send, keep or lose what has fallen due by `now`."""
        messages = self.device.due(now)
        outage = self._rates.outages.get(self.device.kind)
        out = outage is not None and is_out(
            outage, self.device.device_id, self.device.rank, self.device.crew, now
        )
        self._cut_off(out)
        if out or not self.line.up:
            self._lost_at = self._lost_at or now
            if not (out and outage and outage.dark):
                self._kept.extend(message for message in messages if not message.retain)
            return
        if self._lost_at is not None:
            self._come_back(now, self._lost_at)
        for message in messages:
            for after_s, what in suffer(self._rates, self._luck, message):
                if after_s:
                    send_later(now + after_s, self, what)
                else:
                    self.line.publish(what)

    def deliver(self, message: Message) -> None:
        """Send what was held back, or keep it while there is no connection."""
        if self.line.up and not self._out:
            self.line.publish(message)
        else:
            self._kept.append(message)

    def _cut_off(self, out: bool) -> None:
        if out == self._out:
            return
        self._out = out
        if not self._own_line:
            if out:
                self.line.publish(self.device.will())
        elif out:
            self.line.drop()
        else:
            self.line.wanted = True

    def _come_back(self, now: float, lost_at: float) -> None:
        self._lost_at = None
        self.line.publish(self.device.state(now))
        kept = list(self._kept)
        self._kept.clear()
        for message in replay(kept) if now - lost_at > _BLINK_S else kept:
            self.line.publish(message)


class Run:
    """All devices of a world on one network, until told to stop."""

    def __init__(self, devices: Iterable[Device], network: Network, rates: Rates, seed: int = 1) -> None:
        self._network = network
        devices = list(devices)
        own = self._own_lines = len(devices) <= LINES
        pool = [] if own else [network.line(f"gw-sim-{i}") for i in range(POOL)]
        self._members = []
        for i, device in enumerate(devices):
            line = pool[i % POOL] if pool else network.line(_client_id(device), device.will())
            self._members.append(Member(device, line, own, rates, seed))
        self._ears = {topic: member for member in self._members if (topic := member.device.listens_to)}
        self._listen(pool)
        self._later: list[tuple[float, int, Member, Message | None]] = []
        self._count = 0

    def go(self, stopped: Callable[[], bool], ready: Callable[[], None]) -> None:
        """Run until `stopped()`; calls `ready` once, when every line has been up."""
        now = time.time()
        for i, member in enumerate(self._members):
            self._at(now if self._own_lines else now + i * _ENTERING_S, member, None)
        waiting = True
        while not stopped():
            now = time.time()
            self._serve(now)
            next_at = self._later[0][0] if self._later else now + _IDLE_S
            self._network.poll(min(max(next_at - now, 0.0), _IDLE_S))
            if waiting and all(line.up or not line.wanted for line in self._network.lines):
                waiting = False
                ready()
        self._stop()

    def _listen(self, pool: Sequence[Line]) -> None:
        """A device's own line hears its orders, shared ones those of whole kinds: a broker may look through
        all filters at each new topic, and a city's devices are 36,000 of the one and 80,000 of the other."""
        if pool:
            for i, kind in enumerate(sorted(set(map(_of_its_kind, self._ears)))):
                pool[i % len(pool)].listen(kind, self._hear)
        else:
            for topic, member in self._ears.items():
                member.line.listen(topic, self._hear)

    def _hear(self, topic: str, payload: bytes) -> None:
        if member := self._ears.get(topic):
            member.device.receive(payload, time.time())

    def _serve(self, now: float) -> None:
        while self._later and self._later[0][0] <= now:
            _, _, member, message = heapq.heappop(self._later)
            if message is not None:
                member.deliver(message)
            else:
                member.step(now, self._at)
                self._at(member.device.next_at(now), member, None)

    def _at(self, when: float, member: Member, message: Message | None) -> None:
        self._count += 1
        heapq.heappush(self._later, (when, self._count, member, message))

    def _stop(self) -> None:
        goodbyes = [member.line.publish(member.device.will()) for member in self._members if member.line.up]
        self._network.close(goodbyes)


def _client_id(device: Device) -> str:
    return f"gw-{device.kind}-{device.device_id}"


def _of_its_kind(topic: str) -> str:
    """The filter of the same stream of all devices of that kind."""
    return str(topics.parse(topic)._replace(device="+"))
