"""What is made for all viewers: once a tick, less often what takes long, kept when the next one fails."""

import itertools
import threading
from collections.abc import Callable
from typing import Any

import pytest

from dashboard import data, rest
from dashboard.data import Picture
from dashboard.rest import Rested
from db.connect import Row, Scope
from tests import tiny


def test_a_thing_is_made_once_a_tick_for_all_who_ask() -> None:
    rested, made, now = Rested[bytes](), [], rest.tick()
    asking = [
        threading.Thread(target=rested.get, args=("key", now, lambda tick: made.append(tick) or b"[]"))
        for _ in range(8)
    ]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert len(made) == 1
    assert rested.get("key", now - 5, lambda tick: b"never") == b"[]"


@pytest.mark.parametrize(("took_s", "ticks"), [(0.0, 1), (0.6, 3), (341.0, rest.LONGEST_TICKS)])
def test_what_takes_long_to_make_stands_ten_times_as_long_up_to_a_minute(
    monkeypatch: pytest.MonkeyPatch, took_s: float, ticks: int
) -> None:
    seconds = iter((0.0, took_s, 500.0, 500.0))
    now = 1_000
    monkeypatch.setattr(rest, "tick", lambda: now)
    rested = Rested[str](lambda: next(seconds))
    assert rested.get("key", now, lambda tick: "first") == "first"
    now = 1_000 + ticks - 1
    assert rested.get("key", now, lambda tick: "never") == "first"
    now = 1_000 + ticks
    assert rested.get("key", now, lambda tick: "next") == "next"


def test_a_tick_from_the_future_is_no_reason_to_ask_the_database_again() -> None:
    rested, made = Rested[bytes](), []
    for _ in range(3):
        rested.get("key", 10**15, lambda tick: made.append(tick) or b"[]")
    assert len(made) <= 2  # the real tick may have passed meanwhile


def test_after_an_error_the_thing_of_before_is_still_there() -> None:
    rested, before = Rested[bytes](), rest.tick() - 10

    def broken(tick: int) -> bytes:
        raise OSError("away")

    rested.get("key", before, lambda tick: b"[1]")
    assert rested.get("key", before, broken) == b"[1]"
    with pytest.raises(OSError, match="away"):
        rested.get("other", before, broken)


def test_figures_that_take_long_are_read_less_often_than_what_is_always_new(
    monkeypatch: pytest.MonkeyPatch, tiny_url: str
) -> None:
    now, made = {"tick": 1_000}, list[int]()

    class Watched(Rested[dict[str, list[Row]]]):
        def get(self, key: object, wanted: int, make: Callable[[int], dict[str, list[Row]]]) -> Any:
            return super().get(key, wanted, lambda tick: (made.append(tick), make(tick))[1])

    seconds = itertools.count(0, 0.7)
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", tiny_url)
    monkeypatch.setattr(rest, "tick", lambda: now["tick"])
    monkeypatch.setattr(data, "tick", lambda: now["tick"])
    monkeypatch.setattr(data, "_rested", Watched(lambda: next(seconds)))
    clocks = set()
    for now["tick"] in range(1_000, 1_006):
        picture = data.picture(Scope(tiny.DISTRICT, str(tiny.DISTRICT)))
        assert isinstance(picture, Picture)
        clocks.add(picture.one("district")["local_time"])
    assert made == [1_000, 1_003], "0.7 s of work is done every third tick"
    assert len(clocks) == 6
