"""The day of a busy district: every stream of its devices, without end, each message with what must follow.

SOS and its end, and a bad visit and a good one, alternate device by device and shop by shop, so that it
is known which alerts and which steps of tasks there must be: each of them once.
"""

import hashlib
import json
import random
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import tiny

WORKERS = [f"W{n}" for n in range(1, 41)]
BODYCAMS = [f"B{n}" for n in range(1, 31)]
PRINTERS = [f"R{n}" for n in range(1, 11)]
TERMINALS, SCANNERS, VEHICLES = ([f"{letter}{n}" for n in range(1, 6)] for letter in "XSV")
CREW = WORKERS[::3]
"""Those of the first grid, where all the shops are."""
PREMISES = [f"P{n}" for n in range(1, 201)]

_STREAMS = {
    "gps": 80, "inspection": 6, "event": 4, "receipt": 3, "duty": 2, "clue": 2, "state": 2, "photo": 1,
}  # fmt: skip
_PLACE = {"lon": 118.005, "lat": 24.605}


@dataclass(frozen=True, slots=True)
class Message:
    """One publish, and what it must come to in the database."""

    stream: str
    kind: str
    device: str
    id: str
    payload: bytes
    row: tuple[str, str, str] | None = None
    """(table, device, id)"""
    step: tuple[str, str, str, str] | None = None
    """(task, event, state after it, cause)"""
    alert: tuple[str, str, str] | None = None
    """(raised or cleared, rule, subject)"""
    battery: int | None = None

    @property
    def topic(self) -> str:
        return f"gw/v1/{tiny.DISTRICT}/{self.kind}/{self.device}/{self.stream}"

    @property
    def retain(self) -> bool:
        return self.stream == "state"


def write_world(directory: Path) -> Path:
    """The import files of the district: tiny's three grids with more people, things and shops in them."""
    workers = [f"{w},甲,Jia,worker,G{n % 3 + 1}" for n, w in enumerate(WORKERS)]
    devices = [f"{b},bodycam,记录仪,{w},,,," for b, w in zip(BODYCAMS, WORKERS, strict=False)]
    devices += [f"{r},printer,打印机,{w},,,," for r, w in zip(PRINTERS, WORKERS, strict=False)]
    devices += [f"{x},terminal,服务终端,,118.005,24.605,," for x in TERMINALS]
    devices += [f"{s},scanner,扫码器,{w},,,," for s, w in zip(SCANNERS, WORKERS, strict=False)]
    devices += [f"{v},vehicle,巡查车,,,,," for v in VEHICLES]
    shops = [f"{p},铺,L{p},食品销售,B,in_business,村,,118.005,24.605," for p in PREMISES]
    tasks = [f"T{p},{p},日常检查,{tiny.TODAY},亮照经营," for p in PREMISES]
    lines = {"workers": workers, "devices": devices, "premises": shops, "tasks": tasks}
    headers = {name: tiny.FILES[f"{name}.csv"].splitlines()[0] for name in lines}
    files = {f"{name}_csv": "\n".join([headers[name], *rows, ""]) for name, rows in lines.items()}
    return tiny.write(directory, **files)


class Traffic:
    """Messages without end, in the shares that a day has, each written the moment it is taken.

    `name` tells its ids from those of another one in the same test.
    """

    def __init__(self, seed: int, name: str = "m") -> None:
        self._random, self._name, self._number = random.Random(seed), name, 0
        self._clocks: dict[str, int] = defaultdict(int)
        self._visits: dict[str, int] = defaultdict(int)
        self._in_danger: set[str] = set()

    def __iter__(self) -> "Traffic":
        return self

    def __next__(self) -> Message:
        (stream,) = self._random.choices([*_STREAMS], [*_STREAMS.values()])
        return self.one(stream)

    def one(self, stream: str) -> Message:
        """A message of `stream`, written this very moment."""
        self._number += 1
        message: Message = getattr(self, f"_{stream}")(f"{self._name}-{self._number}")
        return message

    def _gps(self, id_: str) -> Message:
        worker = self._random.choice(WORKERS)
        place = {"lon": round(118 + self._random.random() * 0.04, 6), "lat": 24.605}
        return self._fact("gps", "worker", worker, id_, "ping", place | {"accuracy_m": 8.5, "battery": 71})

    def _inspection(self, id_: str) -> Message:
        shop = self._random.choice(PREMISES)
        self._visits[shop] += 1
        good = self._visits[shop] % 2 == 0
        items = [] if good else [{"item": "消防通道", "answer": "堵塞", "severity": "serious"}]
        now = self._tick(shop)
        visit = {"premises_id": shop, "started": now - 60_000, "ended": now, **_PLACE}
        visit |= {"result": "normal" if good else "abnormal", "items": items, "task_id": f"T{shop}"}
        step = (f"T{shop}", "inspected", "done" if good else "rectifying", id_)
        return self._fact(
            "inspection", "worker", CREW[PREMISES.index(shop) % len(CREW)], id_, "inspection", visit,
            step=step if self._visits[shop] <= 2 else None,
            alert=("cleared" if good else "raised", "hazard_found", f"premises:{shop}"),
        )  # fmt: skip

    def _event(self, id_: str) -> Message:
        return self._random.choice((self._sos, self._sos, self._said, self._scanned, self._stopped))(id_)

    def _said(self, id_: str) -> Message:
        data = {"kind": self._random.choice(("complaint", "praise")), "text": f"所说 {id_}"}
        return self._fact("event", "terminal", self._random.choice(TERMINALS), id_, "device_event", data)

    def _scanned(self, id_: str) -> Message:
        verdict = self._random.choice(("genuine", "counterfeit"))
        data = {"batch": "B1", "product": "白酒", "verdict": verdict, **_PLACE}
        return self._fact("event", "scanner", self._random.choice(SCANNERS), id_, "device_event", data)

    def _stopped(self, id_: str) -> Message:
        data = {"event": "stopped", **_PLACE}
        return self._fact("event", "vehicle", self._random.choice(VEHICLES), id_, "device_event", data)

    def _sos(self, id_: str) -> Message:
        bodycam = self._random.choice(BODYCAMS)
        over = bodycam in self._in_danger
        self._in_danger ^= {bodycam}
        data = {"event": "sos_cleared" if over else "sos", **_PLACE}
        alert = ("cleared" if over else "raised", "bodycam_sos", f"device:{bodycam}")
        return self._fact("event", "bodycam", bodycam, id_, "device_event", data, alert=alert)

    def _receipt(self, id_: str) -> Message:
        data = {"number": id_, "text": f"现场检查笔录 {id_}"}
        return self._fact("receipt", "printer", self._random.choice(PRINTERS), id_, "receipt", data)

    def _duty(self, id_: str) -> Message:
        data = {"on": True}  # nobody goes off duty: their positions would be dropped, as they should be
        return self._fact("duty", "worker", self._random.choice(WORKERS), id_, "device_event", data)

    def _clue(self, id_: str) -> Message:
        data = {"kind": "无证经营", "severity": "general", "text": f"线索 {id_}", **_PLACE}
        return self._fact("clue", "worker", self._random.choice(WORKERS), id_, "clue", data)

    def _state(self, id_: str) -> Message:
        printer, battery = self._random.choice(PRINTERS), self._random.randint(0, 100)
        payload = json.dumps({"online": True, "battery": battery}).encode()
        return Message("state", "printer", printer, id_, payload, battery=battery)

    def _photo(self, id_: str) -> Message:
        worker = self._random.choice(WORKERS)
        jpeg = b"\xff\xd8\xff\xe0" + id_.encode() * 200 + b"\xff\xd9"
        its_hash = hashlib.sha256(jpeg).hexdigest()
        return Message("photo", "worker", worker, its_hash, jpeg, row=("photo", worker, its_hash))

    def _fact(
        self, stream: str, kind: str, device: str, id_: str, table: str, data: dict[str, Any], **follows: Any
    ) -> Message:
        body = {"id": id_, "ts": self._tick(device), "sent": time.time_ns() // 1_000_000, "data": data}
        payload = json.dumps(body, ensure_ascii=False).encode()
        return Message(stream, kind, device, id_, payload, row=(table, device, id_), **follows)

    def _tick(self, clock: str) -> int:
        """Milliseconds now, but later than ever before on this clock: a ping is known by its instant."""
        self._clocks[clock] = max(time.time_ns() // 1_000_000, self._clocks[clock] + 1)
        return self._clocks[clock]
