"""What a long step is doing: a bar that moves on a terminal, a line every two seconds elsewhere."""

import sys
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self, TextIO

EVERY_S = 2.0
_REDRAW_S = 0.2
_WIDTH = 24
_CLEAR = "\r\x1b[K"


class Progress:
    """The step `name` in `of` parts, shown while the block lasts, by a thread of its own.

    `out` is rewritten in place if it is a terminal; otherwise `say` gets whole lines. Nothing is said of
    a step shorter than two seconds. Start no process inside: threads and forks do not go together.
    """

    def __init__(self, name: str, of: int, say: Callable[[str], None], out: TextIO | None = None) -> None:
        self._name, self._of, self._say = name, of, say
        self._out = out or sys.stdout
        self._terminal = self._out.isatty()
        self._began = time.monotonic()
        self._part, self._done = "", 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"progress of {name}", daemon=True)

    def begin(self, part: str) -> None:
        """The next part begins; those before it are done."""
        self._done += bool(self._part)
        self._part = part

    def reach(self, share: float) -> None:
        """So much of all the parts is done, 0 to 1."""
        self._done = int(share * self._of)

    @property
    def line(self) -> str:
        """How it stands, e.g. ``… registry    ██████░░░░░░ premises, 7400 rows (3 s)``."""
        full = min(_WIDTH, _WIDTH * self._done // self._of)
        drawn = "█" * full + "░" * (_WIDTH - full)
        return f"… {self._name:<11} {drawn} {self._part} ({time.monotonic() - self._began:.0f} s)"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        if self._terminal:
            self._draw(_CLEAR)

    def _run(self) -> None:
        while not self._over.wait(_REDRAW_S if self._terminal else EVERY_S):
            if self._terminal:
                self._draw(_CLEAR + self.line)
            else:
                self._say(self.line)

    def _draw(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()
