"""JT/T 808 in numbers: the messages that mean something to us, and those that go down to a terminal, in the
JSON of EMQX's gateway.
"""

import json
import zlib
from typing import Any

from ingest.contract.acts import Act

ANSWER, HEARTBEAT, LOGOUT, REGISTER, AUTH, ATTRIBUTES = 0x0001, 0x0002, 0x0003, 0x0100, 0x0102, 0x0107
REPORT, QUERIED, BATCH, MEDIA, SHOT = 0x0200, 0x0201, 0x0704, 0x0800, 0x0805
QUERY, TEXT, CAMERA = 0x8201, 0x8300, 0x8801

FIXED, SOUTH, WEST = 1 << 1, 1 << 2, 1 << 3
"""Bits of a report's status word."""
ALARMS = {0: "sos", 1: "overspeed", 4: "gnss_fault", 7: "low_battery", 8: "power_off", 11: "camera_fault"}
"""A bit of the alarm word, which is set in every report for as long as it is so -> our word."""

_URGENT, _SHOWN, _READ_ALOUD = 1 << 0, 1 << 2, 1 << 3
_SHOTS: dict[Act, tuple[int, int]] = {
    "take_photo": (0xA, 1),
    "start_recording": (0xB, 0xFFFF),
    "stop_recording": (0xC, 0),
}
"""An act -> its mark, and the command of CAMERA. An answer names nothing but the order's number: so we number
these, and the first four bits are the mark."""
_PICTURE = {"resolution": 4, "quality": 1, "bright": 127, "contrast": 63, "saturate": 63, "chromaticity": 127}
"""1024x768 with the least loss; the rest stays in the middle."""


def told(number: int) -> Act | None:
    """Which act the order to the camera with this number was; None: it has not been numbered by us."""
    return next((act for act, (mark, _) in _SHOTS.items() if mark == number >> 12), None)


def camera(act: Act, order_id: str) -> bytes:
    """The first camera takes a photo, films until it is told to stop (`period` 0), or stops; and keeps it."""
    mark, command = _SHOTS[act]
    body = {"channel_id": 1, "command": command, "period": 0, "save": 1, **_PICTURE}
    return frame(CAMERA, body, msg_sn=mark << 12 | zlib.crc32(order_id.encode()) & 0xFFF)


def text(said: str) -> bytes:
    """Shown at once, and read aloud."""
    return frame(TEXT, {"flag": _URGENT | _SHOWN | _READ_ALOUD, "text": said})


def frame(kind: int, body: dict[str, Any] | None = None, **header: int) -> bytes:
    """A message down; the gateway fills in whose it is and, unless that is said, its number."""
    return json.dumps({"header": {"msg_id": kind, **header}, "body": body or {}}, ensure_ascii=False).encode()
