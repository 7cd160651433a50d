"""Debian's mosquitto with the settings of production, on loopback, without logins."""

import getpass
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.errors import BenchError
from bench.wire import Wire
from db.lifeline import lifeline

_PRODUCTION = Path(__file__).parents[1] / "deploy" / "mosquitto" / "mosquitto.conf"
_PLACES = ("listener", "allow_anonymous", "password_file", "acl_file", "persistence_location", "log_dest")
_PATIENCE_S = 20
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
"""Debian keeps mosquitto where not everybody's path leads."""


class Mosquitto:
    """A broker of our own with its files in `home`; raises BenchError if it is missing or does not start."""

    def __init__(self, home: Path, port: int) -> None:
        self.port = port
        self.url = f"mqtt://127.0.0.1:{port}"
        home.mkdir()
        (home / "mosquitto.conf").write_text(_config(home, port))
        program = shutil.which("mosquitto", path=PATH)
        if program is None:
            raise BenchError("mosquitto is not installed (apt-get install mosquitto mosquitto-clients)")
        with (home / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [program, "-c", str(home / "mosquitto.conf")],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=lifeline(signal.SIGKILL),
            )  # fmt: skip
        self._wait_until_it_listens()

    @property
    def pid(self) -> int:
        return self._process.pid

    @contextmanager
    def kept_session(self, client_id: str, topic_filter: str) -> Iterator[None]:
        """While this lasts the broker keeps for `client_id` what is published to `topic_filter`."""
        self._forget(client_id)
        wire = Wire(self.port, client_id, clean=False)
        wire.subscribe(topic_filter)
        wire.close()
        try:
            yield
        finally:
            with suppress(OSError):
                self._forget(client_id)

    def count_waiting(self, client_id: str) -> int:
        """How many messages the broker still keeps for `client_id`, which must not be connected."""
        wire = Wire(self.port, client_id, clean=False)
        count = wire.count_waiting()
        wire.close()
        return count

    def stop(self) -> None:
        """End it; what it keeps is of no further use."""
        self._process.kill()
        self._process.wait()

    def _forget(self, client_id: str) -> None:
        Wire(self.port, client_id, clean=True).close()

    def _wait_until_it_listens(self) -> None:
        end = time.monotonic() + _PATIENCE_S
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            if self._process.poll() is not None or time.monotonic() > end:
                raise BenchError("mosquitto does not start")
            time.sleep(0.02)


def _config(home: Path, port: int) -> str:
    """Production's settings, except for those of places and logins."""
    kept = [line for line in _PRODUCTION.read_text().splitlines() if not line.startswith(_PLACES)]
    own = [
        f"listener {port} 127.0.0.1",
        "allow_anonymous true",
        f"persistence_location {home}/",
        "log_dest stderr",
        f"user {getpass.getuser()}",  # started by root it would change to an account that cannot write here
    ]
    return "\n".join([*kept, *own]) + "\n"
