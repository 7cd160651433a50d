"""A part of a run: what it says while it starts, and how long that may take."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.contract.errors import RetryLater
from tests.conftest import wait_until
from up import child
from up.child import Child

STARTS = """
import pathlib, sys, time
print("… reading", flush=True)
while not pathlib.Path(sys.argv[1]).exists():
    time.sleep(0.01)
print("… connecting", "ready", sep="\\n", flush=True)
time.sleep(60)
"""


@pytest.fixture
def go_on(tmp_path: Path) -> Path:
    """The process reads until this file is there."""
    return tmp_path / "go on"


@pytest.fixture
def part(tmp_path: Path, go_on: Path) -> Iterator[Child]:
    started = Child("devices", [sys.executable, "-c", STARTS, str(go_on)], {}, tmp_path / "log")
    wait_until(lambda: started.said("… reading"), what="its first words")
    yield started
    started.stop()


def test_each_part_of_a_start_has_the_whole_patience(
    part: Child, go_on: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "START_PATIENCE_S", 0)
    begun: list[str] = []

    def begin(name: str) -> None:
        monkeypatch.setattr(child, "START_PATIENCE_S", 60)
        begun.append(name)
        go_on.touch()

    part.wait_until(lambda: part.said("ready") and len(begun) == 2, begin)
    assert begun == ["reading", "connecting"]


def test_a_start_that_takes_too_long_says_what_it_was_at(
    part: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "START_PATIENCE_S", 0.2)
    with pytest.raises(RetryLater, match=r"devices was not ready within 0\.2 s: … reading \(see "):
        part.wait_until(lambda: part.said("ready"))
