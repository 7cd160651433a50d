"""What `gridward up` does, from claiming its data directory to the last process that it stops."""

import signal
from collections.abc import Mapping
from contextlib import ExitStack
from types import FrameType

from ingest.settings import Settings
from up.house import House, Say, Wishes
from up.run import only_run


def up(wishes: Wishes, settings: Settings, environ: Mapping[str, str], say: Say) -> None:
    """Run the house until its time is over or a signal comes; raises what the part that fails raises."""
    with only_run(wishes.data), ExitStack() as stack:
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup
                signal.signal(number, _interrupt)
        try:
            house = House(wishes, settings, environ, say, stack)
            house.start()
            house.watch()
        except KeyboardInterrupt:
            pass
        finally:
            # From here on all ends in its order and within its time, however often we are asked.
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            stack.close()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
