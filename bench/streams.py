"""What else a district says while positions come in, at the rates of the simulated one."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec

from bench.pings import Positions
from bench.publisher import Message
from bench.world import District
from ingest.contract.messages import (
    CameraEvent,
    ClueReport,
    Duty,
    Envelope,
    Finding,
    Gps,
    InspectionLog,
    Receipt,
    Result,
    ScannerEvent,
    Severity,
    State,
    TerminalEvent,
)
from simulators.pace import CALM

INSPECTION_S, RECEIPT_S, DUTY_S, SCAN_S = 1_000.0, 2_000.0, 10_000.0, 1_000.0
"""Between two of a worker's."""

Build = Callable[[int, int], object]
"""The `data` of number n, at an instant in ms since the epoch."""


@dataclass(frozen=True)
class Stream:
    """One kind of message: from whom in turn, how often in all, and what it says."""

    kind: str
    name: str
    devices: list[str]
    per_s: float
    build: Build

    def count(self, until: float) -> int:
        """How many are due by `until` (seconds since the start)."""
        return int(until * self.per_s)

    def message(self, district: int, number: int, ms: int) -> Message:
        topic = f"gw/v1/{district}/{self.kind}/{self.devices[number % len(self.devices)]}/{self.name}"
        said = self.build(number, ms)
        if not isinstance(said, State):  # a state has no envelope
            said = Envelope(f"{ms:x}-{self.name}-{number:x}", ms, said, sent=ms)
        return topic.encode(), msgspec.json.encode(said)


def natural(district: District) -> list[Stream]:
    """Every other stream of the district at its natural rate."""
    workers, devices = district.workers, {kind: district.devices[kind] for kind in _KINDS}
    cameras, bodycams, printers, terminals, scanners, vehicles = devices.values()
    premises = district.premises  # each thing happens at the next of them

    def visit(number: int, ms: int) -> InspectionLog:
        bad = number % 50 == 0
        finding = Finding("亮照经营", "否" if bad else "是", Severity.GENERAL if bad else None)
        result = Result.ABNORMAL if bad else Result.NORMAL
        shop, lon, lat = premises[number % len(premises)]
        return InspectionLog(shop, ms - 240_000, ms, lon, lat, result, [finding])

    def paper(number: int, ms: int) -> Receipt:
        return Receipt(f"R{ms}-{number}", "现场检查告知书\n请于十日内改正")

    def clue(number: int, ms: int) -> ClueReport:
        _, lon, lat = premises[number % len(premises)]
        return ClueReport("占道经营", Severity.GENERAL, "店外堆放货物", lon, lat)

    def seen(number: int, ms: int) -> CameraEvent:
        return CameraEvent("motion", confidence=0.9, began=ms - 2_000, ended=ms)

    def said(number: int, ms: int) -> TerminalEvent:
        return TerminalEvent("complaint" if number % 2 else "consultation", "买到的商品有质量问题")

    def scanned(number: int, ms: int) -> ScannerEvent:
        shop, lon, lat = premises[number % len(premises)]
        return ScannerEvent(
            f"B{number}", "白酒", "expired" if number % 50 == 0 else "genuine", shop, lon, lat
        )

    def fix(number: int, ms: int) -> Gps:
        _, lon, lat = premises[number % len(premises)]
        return Gps(lon, lat)

    everybody = [("worker", workers), *devices.items()]
    beats = [
        Stream(kind, "state", some, len(some) / CALM.heartbeat_s, lambda n, ms: State(True, battery=80.0))
        for kind, some in everybody
    ]
    return [
        *beats,
        Stream("worker", "inspection", workers, len(workers) / INSPECTION_S, visit),
        Stream("worker", "clue", workers, len(workers) / CALM.clue_s, clue),
        Stream("worker", "duty", workers, len(workers) / DUTY_S, lambda n, ms: Duty(True)),
        Stream("printer", "receipt", printers, len(printers) / RECEIPT_S, paper),
        Stream("camera", "event", cameras, len(cameras) / CALM.camera_event_s, seen),
        Stream("bodycam", "gps", bodycams, len(bodycams) / CALM.bodycam_gps_s, fix),
        Stream("vehicle", "gps", vehicles, len(vehicles) / CALM.vehicle_gps_s, fix),
        Stream("terminal", "event", terminals, len(terminals) / CALM.terminal_s, said),
        Stream("scanner", "event", scanners, len(scanners) / SCAN_S, scanned),
    ]


_KINDS = ("camera", "bodycam", "printer", "terminal", "scanner", "vehicle")


class Offer:
    """Positions at `rate` a second and all other streams, from now on; `began` in seconds of the epoch."""

    def __init__(self, district: District, rate: float) -> None:
        self._code, self._rate = district.code, rate
        self._positions, self._streams = Positions(district), natural(district)
        self.began = time.time()

    def pings(self, until: float) -> int:
        """Positions due by `until` (seconds since the start)."""
        return int(until * self._rate)

    def messages(self, until: float) -> int:
        """All messages due by `until`."""
        return self.pings(until) + sum(stream.count(until) for stream in self._streams)

    def due(self, after: float, until: float) -> list[Message]:
        """The messages due in between; each carries the instant at which it was due as `ts` and `sent`."""
        return list(self._positions_due(after, until)) + list(self._others_due(after, until))

    def _positions_due(self, after: float, until: float) -> Iterator[Message]:
        for n in range(self.pings(after), self.pings(until)):
            ms = self._ms((n + 1) / self._rate)
            yield self._positions.topic(n), self._positions.envelope(n, ms, ms)

    def _others_due(self, after: float, until: float) -> Iterator[Message]:
        for stream in self._streams:
            for n in range(stream.count(after), stream.count(until)):
                yield stream.message(self._code, n, self._ms((n + 1) / stream.per_s))

    def _ms(self, at: float) -> int:
        return int((self.began + at) * 1000)
