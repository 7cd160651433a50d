"""Chance that repeats itself: the same key gives the same draws on every machine."""

import random
from collections.abc import Iterator


def draw(*key: object) -> random.Random:
    """A source of random numbers that belongs to `key` alone (values with a stable ``str``)."""
    return random.Random("/".join(map(str, key)))


def turns(
    key: tuple[object, ...], phase: float, crew: int, every_s: float, after: float, until: float
) -> Iterator[float]:
    """Instants in (after, until], one every `every_s` seconds at `phase` (0-1) of it, with a jitter."""
    number = int((after / every_s) - phase) - 1
    while (base := (number + phase) * every_s) <= until:
        at = base + draw(*key, number).uniform(0, 0.5 * every_s / crew)
        if after < at <= until:
            yield at
        number += 1
