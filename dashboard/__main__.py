"""``python -m dashboard [--port 8501] [--address 127.0.0.1]``: serves the screen until told to stop."""

import argparse
import logging
import os
import signal
import socket
import sys
from typing import NoReturn

import uvicorn
from starlette.types import ASGIApp
from streamlit.logger import set_log_level

from dashboard import settings
from ingest.contract.errors import ConfigError

PATIENCE_S = 60
"""A line on which a ping is not answered for so long is given up: a machine that is busy for a while must not
lose what somebody is about to click."""


def main() -> None:
    """Serve; exits 0 on SIGTERM or Ctrl-C, 1 with one line if a setting or a plug-in is wrong."""
    parser = argparse.ArgumentParser(prog="python -m dashboard", description=__doc__)
    parser.add_argument("--port", type=int, default=8501, help="where to serve (default: 8501)")
    parser.add_argument("--address", default="127.0.0.1", help="where to listen (default: 127.0.0.1)")
    options = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn puts its own in place while it serves, and raises the signal again when it is done.
        signal.signal(number, lambda *_: sys.exit(0))
    set_log_level("ERROR")  # else each cache remarks, as it is made, that no server runs yet
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)  # data says once that a database is away
    try:
        settings.load()
        from dashboard import app  # takes seconds: only now, when a signal to stop is heard

        application = app.create()
    except ConfigError as error:
        _give_up(str(error))
    serve(application, options.address, options.port)


def serve(application: ASGIApp, address: str, port: int) -> None:
    """Bind and serve until a signal comes; an address that is taken is one line."""
    try:
        listener = socket.create_server((address, port))
    except OSError as error:
        _give_up(f"cannot listen on {address}:{port}: {os.strerror(error.errno or 0)}")
    config = uvicorn.Config(
        application,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
        ws_ping_timeout=PATIENCE_S,
    )
    print(f"http://{address}:{listener.getsockname()[1]}", flush=True)  # noqa: T201
    uvicorn.Server(config).run(sockets=[listener])


def _give_up(line: str) -> NoReturn:
    print(line, file=sys.stderr)  # noqa: T201
    raise SystemExit(1)


if __name__ == "__main__":
    main()
