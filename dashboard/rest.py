"""What is made for all viewers at once: once a tick by who asks first, less often the longer it takes."""

import threading
import time
from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

TICK_S = 2
REST = 10
"""A thing made serves about this many times as long as it took to make; what took less than a fifth of a
tick is made every tick."""
LONGEST_TICKS = 30
"""A thing made stands for a minute at most, so that one bad moment is not seen for an hour."""

T = TypeVar("T")


class _Made(NamedTuple, Generic[T]):
    until: int
    """The first tick for which it is too old."""
    thing: T


def tick() -> int:
    """The number of the current tick; the same for every viewer and process."""
    return int(time.time() // TICK_S)


class Rested(Generic[T]):
    """The newest thing made for each key, kept until there is a newer one.

    One that was long in the making stands for the ticks after it, too. `clock`: seconds, ever rising. `most`:
    of how many keys a thing is kept, those of the keys that were new last. `rest`: how many times
    as long as it took.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, most: int = 10_000, rest: int = REST
    ) -> None:
        self._clock = clock
        self._most, self._rest = most, rest
        self._made: dict[object, _Made[T]] = {}
        self._locks: dict[object, threading.Lock] = {}

    def ready(self, key: object, wanted: int) -> T | None:
        """The thing that stands for tick `wanted`, if there is one: nobody is waited for."""
        made = self._made.get(key)
        return made.thing if made and made.until > wanted else None

    def get(self, key: object, wanted: int, make: Callable[[int], T]) -> T:
        """The thing of tick `wanted` or later, or one that still stands for it, so that 0 is any there is.
        What `make` raises leaves the thing of before in its place."""
        wanted, lock = min(wanted, tick()), self._locks.setdefault(key, threading.Lock())
        with lock:
            made = self._made.get(key)
            if made is None or made.until <= wanted:
                now, began = tick(), self._clock()
                thing = make(now)
                stands = int(self._rest * (self._clock() - began) / TICK_S)
                made = self._made[key] = _Made(now + min(max(1, stands), LONGEST_TICKS), thing)
                self._drop_the_oldest()
        return made.thing

    def _drop_the_oldest(self) -> None:
        for key in list(self._made)[: max(0, len(self._made) - self._most)]:
            self._made.pop(key, None)
            self._locks.pop(key, None)

    def forget(self) -> None:
        """Drop all, as a fresh start would."""
        self._made.clear()
