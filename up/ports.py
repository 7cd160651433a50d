"""Ports are looked at before anything is started, so that a taken one stops nothing halfway."""

import socket
import time
from collections.abc import Mapping
from contextlib import ExitStack

from ingest.contract.errors import RetryLater


def check_free(ports: Mapping[str, int], patience_s: float = 0) -> None:
    """Raise RetryLater naming the option whose port on loopback stays taken for `patience_s`."""
    end = time.monotonic() + patience_s
    while complaint := _complaint(ports):
        if time.monotonic() >= end:
            raise RetryLater(complaint)
        time.sleep(0.2)


def _complaint(ports: Mapping[str, int]) -> str | None:
    with ExitStack() as stack:  # all are held at once, so that two options with one port show up too
        for option, port in ports.items():
            probe = stack.enter_context(socket.socket())
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                probe.listen()
            except OSError as error:
                return f"{option} {port}: {error.strerror} (choose another with {option} PORT)"
    return None
