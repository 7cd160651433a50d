"""PostgreSQL's disk is full: it is said, nothing is acknowledged that is not stored, and when there is room
again, ingest goes on by itself."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from db.embedded_home import account
from tests.chaos.conftest import Tell
from tests.chaos.house import House, Server
from tests.chaos.length import pick
from tests.chaos.traffic import Traffic
from tests.conftest import free_port, wait_until

SIZE_MB = 400
RATE = pick(200, 1000)
ROUNDS = pick(1, 5)
FULL = "the database's disk is full"
_PIECE = bytes(1024 * 1024)


class Disk:
    """A tmpfs of a fixed size, mounted at `place`; something else than the database can fill it."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._ballast = place / "ballast"
        options = f"size={SIZE_MB}m,mode=755"
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", place],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            pytest.skip(f"no tmpfs can be mounted here: {done.stderr.strip()}")

    def fill(self) -> None:
        """Leave no byte."""
        with self._ballast.open("ab", buffering=0) as ballast:
            size = len(_PIECE)
            while size:
                try:
                    ballast.write(_PIECE[:size])
                except OSError:
                    size //= 2

    def make_room(self) -> None:
        self._ballast.unlink(missing_ok=True)

    def unmount(self) -> None:
        subprocess.run(["umount", self.place], check=True)


@pytest.fixture(scope="module")
def disk() -> Iterator[Disk]:
    if os.geteuid() != 0:
        pytest.skip("needs root, to mount a small tmpfs")
    place = Path(
        tempfile.mkdtemp(prefix="gridward-disk-", dir="/var/tmp")
    )  # where the server's account may go
    place.chmod(0o755)
    try:
        disk = Disk(place)
        try:
            yield disk
        finally:
            disk.unmount()
    finally:
        place.rmdir()


@pytest.fixture(scope="module")
def server(disk: Disk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A cluster on the small disk, with some write-ahead log laid out in advance."""
    home = tmp_path_factory.mktemp("disk")
    assert account()
    (home / "server").mkdir()
    (home / "server" / "postgresql.path").write_text(str(disk.place / "cluster"))
    server = Server(home / "server", free_port())
    try:
        server.furnish(home / "world")
        yield server
    finally:
        disk.make_room()
        server.stop()
        shutil.rmtree(disk.place / "cluster")


def lay_out_log(house: House) -> None:
    """Let used segments be kept for later, so that tables find the disk full before the log does."""
    with house.connect() as owner:
        for _ in range(4):
            owner.execute("SELECT pg_logical_emit_message(false, 'chaos', repeat('x', 1000))")
            owner.execute("SELECT pg_switch_wal()")
        owner.execute("CHECKPOINT")


def test_a_full_disk_is_said_and_nothing_is_lost(
    house: House, disk: Disk, traffic: Traffic, tell: Tell
) -> None:
    ingest = house.ingest().wait_until_ready()
    publisher = house.publish(traffic, RATE)
    held = []
    for _ in range(ROUNDS):
        before = house.count()
        wait_until(lambda before=before: house.count() > before + RATE, 30, what="pings to be stored")
        lay_out_log(house)
        disk.fill()
        house.says(FULL)
        already = ingest.log.read_text().count("No space left on device")
        wait_until(
            lambda already=already: ingest.log.read_text().count("No space left on device") > already,
            30,
            what="the log to say so",
        )
        acknowledged, stored = len(house.ledger.acknowledged), house.count()
        wait_until(
            lambda acknowledged=acknowledged: len(house.ledger.acknowledged) > acknowledged + 2 * RATE,
            what="messages meanwhile",
        )
        held.append(len(house.ledger.acknowledged) - acknowledged)
        disk.make_room()
        wait_until(lambda stored=stored: house.count() > stored + RATE, 30, what="ingest to go on")
        wait_until(lambda: house.status()["trouble"] == [], 30, what="no trouble")
    publisher.finish()
    assert house.complaints() == []
    assert ingest.process.poll() is None
    tell(f"full {ROUNDS} times under {RATE} messages/s; {held} messages waited in the broker meanwhile")


def test_a_server_that_gives_up_for_want_of_room_loses_nothing(
    house: House, disk: Disk, traffic: Traffic, tell: Tell
) -> None:
    """Without room for its log PostgreSQL ends; whoever runs it starts it again."""
    ingest = house.ingest().wait_until_ready()
    publisher = house.publish(traffic, RATE)
    wait_until(lambda: house.count() > RATE, 30, what="pings to be stored")
    disk.fill()
    with pytest.raises(psycopg.OperationalError), house.connect() as owner:
        while True:
            owner.execute("SELECT pg_logical_emit_message(false, 'chaos', repeat('x', 1000000))")
    wait_until(lambda: not house.server.is_running, 60, what="the server's end")
    wait_until(lambda: "trying again" in ingest.log.read_text(), what="the log to say so")
    acknowledged = len(house.ledger.acknowledged)
    disk.make_room()
    house.server.start()
    before = house.count()
    wait_until(lambda: house.count() > before, 30, what="ingest to resume")
    publisher.finish()
    assert house.complaints() == []
    assert ingest.process.poll() is None
    tell(f"{acknowledged} messages were acknowledged when the server had given up; all are stored")
