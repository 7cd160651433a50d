"""A socket that keeps PUBLISH packets for itself and lets paho see only the rest.

paho reads a packet in several small steps; at the rate of a city that is most of the work. Here the
stream is read in large pieces, the PUBLISH packets (MQTT 3.1.1) are cut out of it, and connecting,
subscribing and keeping alive stay with paho, which reads and writes through us.
"""

import contextlib
import select
import socket
import ssl
import time
from threading import Lock

from ingest.contract.errors import RetryLater

_PIECE = 256 * 1024
_PATIENCE_S = 30
_FAREWELL_S = 1
_PUBLISH = 3
_BUSY = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


Publish = tuple[int, bytes, int, bytes]
"""One PUBLISH: the low four bits of its first byte, topic, message id (0 at QoS 0), payload."""


class Sieve:
    """Stands for the socket that paho connected; one thread reads, any thread may acknowledge."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._rest = self.control = b""
        self._turn = Lock()  # of writers: a packet is never cut in two by another
        self._touch = Lock()  # of the TLS state, which reading and writing share

    def pull(self) -> list[Publish]:
        """What has arrived; other packets wait in `control` for paho's `recv`, the broker's farewell too.

        Raises RetryLater for what is no MQTT.
        """
        arrived = []
        with contextlib.suppress(*_BUSY):
            while piece := self._receive():
                arrived.append(piece)
                if not self.pending():
                    break
            else:
                raise RetryLater("the broker closed the connection")
        publishes, control, self._rest = split(self._rest + b"".join(arrived))
        self.control += control
        return publishes

    def acknowledge(self, mids: list[int]) -> None:
        """Send a PUBACK for each; raises RetryLater when the broker takes none for half a minute."""
        left = memoryview(b"".join(b"\x40\x02" + mid.to_bytes(2, "big") for mid in mids))
        with self._turn:
            while left:
                try:
                    with self._touch:
                        left = left[self._sock.send(left) :]
                except _BUSY:
                    if not select.select([], [self._sock], [], _PATIENCE_S)[1]:
                        raise RetryLater("the broker takes no acknowledgements") from None

    def recv(self, size: int) -> bytes:
        """For paho: of the packets that are not ours."""
        if not self.control:
            raise BlockingIOError
        taken, self.control = self.control[:size], self.control[size:]
        return taken

    def send(self, data: bytes) -> int:
        """For paho: how much was sent; raises BlockingIOError while acknowledgements are on their way."""
        if not self._turn.acquire(blocking=False):
            raise BlockingIOError
        try:
            with self._touch:
                return self._sock.send(data)
        finally:
            self._turn.release()

    def pending(self) -> int:
        """Bytes that TLS has decrypted and nobody has read."""
        return self._sock.pending() if isinstance(self._sock, ssl.SSLSocket) else 0

    def fileno(self) -> int:
        return self._sock.fileno()

    def setblocking(self, flag: bool) -> None:
        self._sock.setblocking(flag)

    def close(self) -> None:
        """Close once the broker has read all that was said, having waited a little for that.

        To close upon data that nobody has read resets the connection, and the broker then may not read
        the last acknowledgements.
        """
        end = time.monotonic() + _FAREWELL_S
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_WR)
            while (left_s := end - time.monotonic()) > 0 and select.select([self._sock], [], [], left_s)[0]:
                if not self._sock.recv(_PIECE):
                    break
        self._sock.close()

    def _receive(self) -> bytes:
        with self._touch:
            return self._sock.recv(_PIECE)


def split(stream: bytes) -> tuple[list[Publish], bytes, bytes]:
    """The PUBLISH packets in `stream`, the bytes of its other packets, and its unfinished end.

    Raises RetryLater for a packet that contradicts its own length.
    """
    publishes, others = [], []
    at, end = 0, len(stream)
    while end - at >= 2:
        head, length, body = stream[at], stream[at + 1], at + 2
        if length & 0x80:
            length, body = _long(stream, at + 1)
            if not body:
                break
        after = body + length
        if after > end:
            break
        if head >> 4 == _PUBLISH:
            name = body + 2
            payload = mid_at = name + (stream[body] << 8 | stream[body + 1])
            mid = 0
            if head & 6:
                payload += 2
                mid = stream[mid_at] << 8 | stream[mid_at + 1]
            if payload > after:
                raise RetryLater("the broker sent a malformed packet")
            publishes.append((head & 15, stream[name:mid_at], mid, stream[payload:after]))
        else:
            others.append(stream[at:after])
        at = after
    return publishes, b"".join(others), stream[at:]


def _long(stream: bytes, at: int) -> tuple[int, int]:
    """A length of two to four bytes and where the body begins; (0, 0) while bytes are missing."""
    length = 0
    for place, byte in enumerate(stream[at : at + 4]):
        length |= (byte & 0x7F) << 7 * place
        if not byte & 0x80:
            return length, at + place + 1
    if len(stream) >= at + 4:
        raise RetryLater("the broker sent a malformed packet")
    return 0, 0
