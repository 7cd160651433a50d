"""The progress of a long step: a bar on a terminal, lines elsewhere, nothing left behind."""

import io
import threading

import pytest

from tests.conftest import wait_until
from up import progress
from up.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_grows_with_every_part_that_is_done() -> None:
    step = Progress("registry", 4, lambda line: None, io.StringIO())
    assert "█" not in step.line
    full = []
    for part in ("reading", "checking", "storing", "telling"):
        step.begin(part)
        assert part in step.line
        full.append(step.line.count("█"))
    assert full == [0, 6, 12, 18]
    for part in "more", "than", "said":
        step.begin(part)
    assert step.line.count("█") == 24, "it never grows out of its frame"


def test_a_terminal_shows_one_line_that_is_wiped_at_the_end() -> None:
    out, said = Terminal(), list[str]()
    with Progress("registry", 2, said.append, out) as step:
        step.begin("storing 7400 rows of premises")
        wait_until(lambda: "storing 7400 rows of premises" in out.getvalue(), what="a drawn line")
    assert "\n" not in out.getvalue()
    assert out.getvalue().endswith("\r\x1b[K")
    assert said == []


def test_a_file_gets_a_line_now_and_then_even_if_nothing_new_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "EVERY_S", 0.01)
    said: list[str] = []
    with Progress("world", 5, said.append, io.StringIO()) as step:
        step.begin("growing 66 grids")
        wait_until(lambda: len(said) >= 3, what="three lines")
    assert all(line.startswith("… world ") for line in said)
    assert "growing 66 grids" in said[-1]


def test_a_step_that_fails_ends_its_progress_and_tells_its_own_error() -> None:
    before = threading.active_count()
    with pytest.raises(OSError, match="no room"), Progress("world", 5, lambda line: None, Terminal()):
        raise OSError("no room")
    assert threading.active_count() == before
