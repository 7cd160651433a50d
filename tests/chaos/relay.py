"""Stands between ingest and the broker: writes down what is acknowledged, and can hold it back."""

import contextlib
import socket
import threading

from tests.chaos import frames


class Relay:
    """Listens on `port` and passes everything on to the broker at `target`, connection by connection."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.acknowledged: list[list[int]] = []
        """The message ids that ingest acknowledged, by connection."""
        self._flows, self._hears = threading.Event(), threading.Event()
        for event in (self._flows, self._hears):
            event.set()
        threading.Thread(target=self._serve, name="relay", daemon=True).start()

    def hold(self) -> None:
        """From now on nothing of what ingest says reaches the broker."""
        self._flows.clear()

    def deafen(self) -> None:
        """From now on nothing of what the broker says reaches ingest."""
        self._hears.clear()

    def close(self) -> None:
        """Take no more connections; those that stand end with either side."""
        self._flows.set()
        self._hears.set()
        self._listener.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                client, _ = self._listener.accept()
                try:
                    broker = socket.create_connection(("127.0.0.1", self._target))
                except OSError:
                    client.close()  # the broker is away: so is its relay
                    continue
                self.acknowledged.append([])
                for words in ((client, broker, self.acknowledged[-1]), (broker, client, None)):
                    threading.Thread(target=self._pass_on, args=words, name="relay", daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket, noted: list[int] | None) -> None:
        rest = b""
        with contextlib.suppress(OSError):
            while received := source.recv(65_536):
                if noted is not None:
                    packets, rest = frames.split(rest + received)
                    noted += [frames.acknowledged(p) for p in packets if p.kind == frames.PUBACK]
                    self._flows.wait()
                else:
                    self._hears.wait()
                sink.sendall(received)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
