"""MQTT 3.1.1 on the wire, as much of it as a device at QoS 1 speaks: packets from bytes and back."""

import struct
from typing import NamedTuple

CONNECT, CONNACK, PUBLISH, PUBACK, DISCONNECT = 1, 2, 3, 4, 14
_QOS_1, _DUP, _RETAIN = 2, 8, 1
_NAME, _PASSWORD, _CLEAN = 128, 64, 2


class Packet(NamedTuple):
    """`body` is all that follows the length."""

    kind: int
    flags: int
    body: bytes


def split(buffer: bytes) -> tuple[list[Packet], bytes]:
    """The whole packets at the front of `buffer`, and the rest."""
    packets, start = [], 0
    while (measured := _measure(buffer, start)) is not None:
        begin, end = measured
        if end > len(buffer):
            break
        packets.append(Packet(buffer[start] >> 4, buffer[start] & 15, buffer[begin:end]))
        start = end
    return packets, buffer[start:]


def _measure(buffer: bytes, start: int) -> tuple[int, int] | None:
    """Where the body of the packet at `start` begins and ends; None while its length is not there."""
    length = shift = 0
    for place in range(start + 1, min(start + 5, len(buffer))):
        length |= (buffer[place] & 127) << shift
        shift += 7
        if buffer[place] < 128:
            return place + 1, place + 1 + length
    return None


def acknowledged(packet: Packet) -> int:
    """The message id of a PUBACK."""
    return int.from_bytes(packet.body[:2], "big")


def connect(client_id: str, name: str, password: str) -> bytes:
    """Says hello with a clean session and without keepalive."""
    flags = _NAME | _PASSWORD | _CLEAN
    return _packet(
        CONNECT << 4,
        _text("MQTT") + bytes([4, flags, 0, 0]) + _text(client_id) + _text(name) + _text(password),
    )


def publish(topic: str, payload: bytes, mid: int, *, again: bool, retain: bool) -> bytes:
    """A message at QoS 1."""
    first = PUBLISH << 4 | _QOS_1 | _DUP * again | _RETAIN * retain
    return _packet(first, _text(topic) + struct.pack("!H", mid) + payload)


def disconnect() -> bytes:
    """Says goodbye."""
    return _packet(DISCONNECT << 4, b"")


def _text(text: str) -> bytes:
    return struct.pack("!H", len(text.encode())) + text.encode()


def _packet(first: int, body: bytes) -> bytes:
    length, digits = len(body), bytearray()
    while length >= 128:
        digits.append(length & 127 | 128)
        length >>= 7
    return bytes([first, *digits, length]) + body
