"""What is made for all viewers: once a tick, less often what takes long, kept when the next one fails."""

import threading

import pytest

from dashboard import data, rest
from dashboard.rest import Rested
from db.connect import Scope
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


def test_a_question_that_takes_long_is_asked_less_often_than_the_others(
    monkeypatch: pytest.MonkeyPatch, tiny_url: str
) -> None:
    clock, asked = {"s": 0.0, "tick": 1_000}, list[str]()

    def read(scope: Scope, name: str, **params: object) -> list[dict[str, object]]:
        asked.append(name)
        clock["s"] += 0.6 if name == "read/counts" else 0.0
        return []

    monkeypatch.setenv("GRIDWARD_DATABASE_URL", tiny_url)
    monkeypatch.setattr(rest, "tick", lambda: clock["tick"])
    monkeypatch.setattr(data, "tick", lambda: clock["tick"])
    monkeypatch.setattr(data, "read", read)
    monkeypatch.setattr(data, "_rested", Rested(lambda: clock["s"]))
    for clock["tick"] in range(1_000, 1_006):
        data.picture(Scope(tiny.DISTRICT, str(tiny.DISTRICT)))
    assert asked.count("read/counts") == 2, "0.6 s of work is done every third tick"
    assert asked.count("read/alerts_open") == 6
