"""Those who are told: a webhook and a mailbox on loopback, which keep what they get."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from aiosmtpd.controller import Controller

from tests.conftest import free_port


@dataclass
class Webhook:
    """A gateway that takes JSON. It answers with `statuses` in turn, then 200; while `open` is not set, it
    does not answer."""

    port: int
    statuses: list[int] = field(default_factory=list)
    open: Event = field(default_factory=Event)
    got: list[dict[str, Any]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Its Apprise URL; the password is a secret."""
        return f"json://gateway:hush-hush@127.0.0.1:{self.port}/told?rto=30"

    @property
    def titles(self) -> list[str]:
        return [message["title"] for message in self.got]

    def take(self, body: bytes) -> int:
        self.got.append(json.loads(body))
        status = self.statuses.pop(0) if self.statuses else 200
        self.open.wait(60)
        return status


@contextmanager
def webhook(*statuses: int, port: int | None = None) -> Iterator[Webhook]:
    """A webhook that answers with `statuses`, then 200."""
    hook = Webhook(port or free_port(), list(statuses))
    hook.open.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802  http.server's name
            status = hook.take(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", hook.port), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield hook
    finally:
        hook.open.set()
        server.shutdown()
        server.server_close()


@dataclass
class Mailbox:
    """An SMTP server; `got` are the mails as they came."""

    port: int
    got: list[Any] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"mailto://127.0.0.1:{self.port}?from=gridward@district.test&to=duty@district.test"

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802  aiosmtpd's
        self.got.append(envelope)
        return "250 OK"


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox(free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
