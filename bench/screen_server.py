"""The screen's server as production starts it, and the bare page's, each a process of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from bench.cpu import process_s
from bench.errors import BenchError
from bench.house import free_port
from db.lifeline import lifeline

_START_S = 60
_BARE = ["-m", "streamlit", "run", str(Path(__file__).with_name("bare_page.py")), "--server.headless=true"]
_QUIET = [
    "--server.fileWatcherType=none", "--browser.gatherUsageStats=false", "--server.address=127.0.0.1",
    "--runner.postScriptGC=false",  # as the screen's own settings have it
]  # fmt: skip


class Served:
    """A running server; `cpu_s` is what it has computed so far."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        self._process, self.port = process, port

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def cpu_s(self) -> float:
        return process_s(self._process.pid)

    def answers(self) -> bool:
        """Whether it serves already; raises BenchError if it has ended."""
        if self._process.poll() is not None:
            raise BenchError("the screen's server ended by itself")
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/_stcore/health")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()


@contextmanager
def screen(settings: dict[str, str], log: Path) -> Iterator[Served]:
    """``python -m dashboard`` with these settings."""
    port = free_port()
    with _served(["-m", "dashboard", f"--port={port}"], port, settings, log) as server:
        yield server


@contextmanager
def bare(log: Path) -> Iterator[Served]:
    """Streamlit's own server with ``bench/bare_page.py``."""
    port = free_port()
    with _served([*_BARE, *_QUIET, f"--server.port={port}"], port, {}, log) as server:
        yield server


@contextmanager
def _served(command: list[str], port: int, settings: dict[str, str], log: Path) -> Iterator[Served]:
    with log.open("ab") as said:
        process = subprocess.Popen(
            [sys.executable, *command],
            env={**os.environ, **settings}, cwd=Path(__file__).parents[1],
            stdin=subprocess.DEVNULL, stdout=said, stderr=said,
            start_new_session=True, preexec_fn=lifeline(signal.SIGKILL),
        )  # fmt: skip
    server, end = Served(process, port), time.monotonic() + _START_S
    try:
        while not server.answers():
            if time.monotonic() > end:
                raise BenchError(f"the screen's server was not there within {_START_S} s")
            time.sleep(0.1)
        yield server
    finally:
        process.terminate()
        process.wait(10)
