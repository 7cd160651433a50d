"""MQTT 3.1.1 by the byte, as much of it as it takes to fill a broker faster than a client library can."""

import socket
import struct
from collections.abc import Iterator

from bench.errors import BenchError

CONNACK, PUBLISH, PUBACK, SUBACK, PINGRESP = 0x20, 0x30, 0x40, 0x90, 0xD0
_PINGREQ, _DISCONNECT = b"\xc0\x00", b"\xe0\x00"
_PATIENCE_S = 120


class Wire:
    """One connection; `clean` False resumes or makes the session that the broker keeps for `client_id`."""

    def __init__(self, port: int, client_id: str, *, clean: bool) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), _PATIENCE_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        body = _text(b"MQTT") + bytes((4, 2 if clean else 0)) + struct.pack("!H", 0)
        self.socket.sendall(_packet(0x10, body + _text(client_id.encode())))
        self._packets = packets(self.socket)
        kind, answer = next(self._packets)
        if kind != CONNACK or answer[1] != 0:
            raise BenchError(f"the broker refused {client_id}: {answer.hex()}")

    def subscribe(self, topic_filter: str) -> None:
        """Subscribe at QoS 1."""
        self.socket.sendall(_packet(0x82, b"\x00\x01" + _text(topic_filter.encode()) + b"\x01"))
        for kind, answer in self._packets:
            if kind == SUBACK:
                if answer[2] != 1:
                    raise BenchError(f"the broker refused the subscription: {answer.hex()}")
                return

    def count_waiting(self) -> int:
        """How many messages the session holds: those that come before the answer to a ping."""
        self.socket.sendall(_PINGREQ)
        count = 0
        for kind, _ in self._packets:
            if kind == PINGRESP:
                break
            count += kind & 0xF0 == PUBLISH
        return count

    def close(self) -> None:
        """Say goodbye; what was not acknowledged stays with the session."""
        self.socket.setblocking(True)
        self.socket.sendall(_DISCONNECT)
        self.socket.close()


def packets(sock: socket.socket) -> Iterator[tuple[int, bytes]]:
    """(first byte, body) of each packet that comes; raises BenchError when the broker hangs up."""
    held = bytearray()
    while True:
        length, at, shift = 0, 1, 0
        while len(held) > at:
            byte = held[at]
            length, at, shift = length | (byte & 0x7F) << shift, at + 1, shift + 7
            if not byte & 0x80:
                break
        else:
            length = -1
        if length < 0 or len(held) < at + length:
            if not (more := sock.recv(1 << 18)):
                raise BenchError("the broker hung up")
            held += more
            continue
        yield held[0], bytes(held[at : at + length])
        del held[: at + length]


def publish(topic: bytes, payload: bytes, mid: int) -> bytes:
    """The packet of a message at QoS 1."""
    return _packet(0x32, _text(topic) + struct.pack("!H", mid) + payload)


def _packet(first: int, body: bytes) -> bytes:
    length, head = len(body), bytearray((first,))
    while length > 0x7F:
        head.append(length & 0x7F | 0x80)
        length >>= 7
    head.append(length)
    return bytes(head) + body


def _text(text: bytes) -> bytes:
    return struct.pack("!H", len(text)) + text
