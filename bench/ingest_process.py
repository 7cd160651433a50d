"""The real ``python -m ingest``, as production starts it: one process, its settings in its environment."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

from bench.errors import BenchError
from db.lifeline import lifeline

_START_S, _STOP_S = 60, 30


class Ingest:
    """A running ingest; `ready_at` is when it said that it is ready, by the monotonic clock."""

    def __init__(self, settings: dict[str, str], log: Path) -> None:
        self._log = log
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "ingest"],
                env={**os.environ, **settings}, cwd=Path(__file__).parents[1],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors,
                start_new_session=True, preexec_fn=lifeline(signal.SIGKILL),
            )  # fmt: skip
        self.started_at = time.monotonic()
        assert self._process.stdout is not None
        late = Timer(_START_S, self._process.kill)  # then its output ends, and so does the waiting
        late.start()
        while not (line := self._process.stdout.readline()).startswith(b"ingest ready"):
            if not line:
                late.cancel()
                raise BenchError(f"ingest ended, or was not ready within {_START_S} s: {self.last_words}")
        late.cancel()
        self.ready_at = time.monotonic()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def last_words(self) -> str:
        """The last line of its log."""
        lines = self._log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"

    def check(self) -> None:
        """Raise BenchError if it has ended."""
        if self._process.poll() is not None:
            raise BenchError(f"ingest ended: {self.last_words}")

    def stop(self) -> None:
        """SIGTERM, after which it must drain and end well."""
        self._process.terminate()
        if (code := self._process.wait(_STOP_S)) != 0:
            raise BenchError(f"ingest ended with {code}: {self.last_words}")

    def kill(self) -> None:
        """End it whatever it does; nothing if it has ended."""
        self._process.kill()
        self._process.wait()


@contextmanager
def running(settings: dict[str, str], log: Path) -> Iterator[Ingest]:
    """An ingest that is ready; it is drained at the end, or killed when something went wrong."""
    ingest = Ingest(settings, log)
    try:
        yield ingest
        ingest.stop()
    finally:
        ingest.kill()
