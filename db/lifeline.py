"""A child process that ends when its parent does, however the parent ended."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def lifeline(ending: signal.Signals = signal.SIGTERM) -> Callable[[], None] | None:
    """A Popen `preexec_fn`: the kernel sends `ending` to the child when the starting thread is gone.

    Only Linux can do this; elsewhere None, and a child outlives a parent that was killed hard.
    """
    if sys.platform != "linux":
        return None
    libc, parent = ctypes.CDLL(None), os.getpid()

    def bind() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(ending))
        if os.getppid() != parent:  # it died before we could ask
            os.kill(os.getpid(), ending)

    return bind
