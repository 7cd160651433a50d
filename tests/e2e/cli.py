"""The front door as a user comes to it: a process, its output, its exit code."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from db.embedded_home import account, cluster
from tests import warm
from tests.conftest import wait_until

ROOT = Path(__file__).parents[2]


def environ(**given: str) -> dict[str, str]:
    """This environment with `given` as the only settings of ours."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("GRIDWARD_")}
    return {**mine, "PYTHONPATH": str(ROOT), **given}


def gridward(*arguments: str, typed: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end, `typed` on its standard input."""
    with TemporaryDirectory() as home:
        streams = given, out, err = [Path(home, name) for name in ("in", "out", "err")]
        given.write_text(typed, encoding="utf-8")
        process = warm.start("gridward", arguments, environ(**settings), streams)
        process.join(120)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(arguments, 120, out.read_bytes(), err.read_bytes())
        return subprocess.CompletedProcess(arguments, process.exitcode, out.read_text(), err.read_text())


def complaint(done: subprocess.CompletedProcess[str], code: int) -> str:
    """The one line on stderr of a command that failed with `code`."""
    assert done.returncode == code, done
    assert done.stderr.startswith("gridward: ")
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr.removeprefix("gridward: ").strip()


class Up:
    """A `gridward up` in a session of its own, as a terminal would start it."""

    def __init__(self, data: Path, *arguments: str, **settings: str) -> None:
        self.data = data
        self._output = data.with_suffix(".out")
        with self._output.open("w") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "gridward", "up", f"--data={data}", *arguments],
                env=environ(**settings), cwd=ROOT, stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip

    @property
    def lines(self) -> list[str]:
        return self._output.read_text(encoding="utf-8").splitlines()

    @property
    def ready_lines(self) -> list[str]:
        return [line for line in self.lines if line.startswith("Gridward is at ")]

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def wait_ready(self) -> str:
        """The line with the screen's address."""
        wait_until(lambda: self.ready_lines or not self.is_running, seconds=120, what="a running house")
        assert self.is_running, self.lines
        return self.ready_lines[0]

    def wait_end(self) -> int:
        return self._process.wait(120)

    def interrupt(self) -> int:
        """Ctrl-C: to all processes of the terminal's group at once."""
        os.killpg(self._process.pid, signal.SIGINT)
        return self.wait_end()

    def terminate(self) -> int:
        self._process.terminate()
        return self.wait_end()

    def kill(self) -> None:
        """End it hard, leaving it no time for anything."""
        self._process.kill()
        self._process.wait(10)


def remove_cluster(data: Path) -> None:
    """Remove the database of a run: root's does not lie in `data` and would stay for ever."""
    shutil.rmtree(cluster(data, account()))


def processes(data: Path) -> dict[int, str]:
    """Command lines by number of all processes that belong to the run of `data`."""
    pointer = data / "postgresql.path"  # where root's cluster lies
    places = [str(data), pointer.read_text() if pointer.exists() else str(data)]
    return {pid: command for pid, command, told in _all() if any(place in told for place in places)}


def _all() -> Iterator[tuple[int, str, str]]:
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            told = (entry / "environ").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if command and int(entry.name) != os.getpid():
            yield int(entry.name), command, command + told
