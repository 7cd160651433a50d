"""One process of a run: in a session of its own, its output in a log file, ended when we end."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from db.lifeline import lifeline
from ingest.contract.errors import RetryLater

START_PATIENCE_S = 60
"""With each part of its start that a process names, or with all of it if it names none."""
STOP_PATIENCE_S = 30
_PART = "… "


class Child:
    """A running process. Out of reach of the terminal's Ctrl-C, so that the order of stopping is ours."""

    def __init__(self, name: str, command: list[str], environ: Mapping[str, str], log: Path) -> None:
        self.name = name
        self._log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                command,
                env={**environ, "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=lifeline(),
            )

    def check(self) -> None:
        """Raise RetryLater with its last words if it has ended."""
        if self._process.poll() is not None:
            raise RetryLater(f"{self.name} ended: {self.last_words} (see {self._log})")

    @property
    def last_words(self) -> str:
        """The last line of its output."""
        lines = self._lines()
        return lines[-1] if lines else "it said nothing"

    def said(self, words: str) -> str | None:
        """The first line of its output that begins with `words`, once there is one."""
        return next((line for line in self._lines() if line.startswith(words)), None)

    def wait_until(
        self, ready: Callable[[], object], begin: Callable[[str], None] = lambda part: None
    ) -> None:
        """Return when `ready` gives something true; raises RetryLater if it ends first, or takes too long.

        `begin` gets each part of the start that it names, by a line that begins with "… ".
        """
        begun, end = 0, time.monotonic() + START_PATIENCE_S
        while not ready():
            self.check()
            for part in self._parts()[begun:]:
                begin(part)
                begun, end = begun + 1, time.monotonic() + START_PATIENCE_S
            if time.monotonic() > end:
                late = f"{self.name} was not ready within {START_PATIENCE_S} s"
                raise RetryLater(f"{late}: {self.last_words} (see {self._log})")
            time.sleep(0.1)

    def stop(self) -> None:
        """Ask it to end, and wait; one that does not in time is killed with all of its session."""
        self._process.terminate()
        try:
            self._process.wait(STOP_PATIENCE_S)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _parts(self) -> list[str]:
        return [line.removeprefix(_PART) for line in self._lines() if line.startswith(_PART)]

    def _lines(self) -> list[str]:
        text = self._log.read_text(encoding="utf-8", errors="replace")
        return [line.strip() for line in text.splitlines() if line.strip()]
