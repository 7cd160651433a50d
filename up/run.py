"""The record of a run, by which `env` and `status` find it: GRIDWARD_DATA/run.json, readable by its owner.

Whoever holds the lock on run.lock is the run. The kernel lets go of it however the process ends, so
neither a stale file nor a reused process number is ever taken for a run.
"""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

from ingest.contract.errors import RetryLater


class Run(msgspec.Struct, frozen=True):
    """Where the parts of a run are; `ready` once the world is imported and ingest reads."""

    database_url: str
    mqtt_url: str
    dashboard_url: str
    districts: tuple[int, ...] = ()
    ready: bool = False


@contextmanager
def only_run(data: Path) -> Iterator[None]:
    """Be the run of `data` for the length of the block; raises RetryLater while another one is."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)  # photos and passwords lie in it
    with (data / "run.lock").open("a") as lock:
        # More than one try: for an instant, somebody who looks for a run holds the lock too.
        if not any(_locked(lock, fcntl.LOCK_EX) for _ in range(3)):
            raise RetryLater(f"`gridward up` is already running on {data}")
        try:
            yield
        finally:
            (data / "run.json").unlink(missing_ok=True)


def record(data: Path, run: Run) -> None:
    """Write down, for its owner's eyes only, where the run is."""
    aside = data / "run.json.new"
    aside.unlink(missing_ok=True)
    aside.touch(mode=0o600)
    aside.write_bytes(msgspec.json.encode(run))
    aside.rename(data / "run.json")


def find(data: Path) -> Run:
    """The run of `data`; raises RetryLater when there is none, or none that is ready."""
    if not _is_held(data / "run.lock"):
        raise RetryLater(f"no `gridward up` is running on {data} (GRIDWARD_DATA)")
    path = data / "run.json"
    run = msgspec.json.decode(path.read_bytes(), type=Run) if path.exists() else None
    if run is None or not run.ready:
        raise RetryLater(f"`gridward up` on {data} is still starting")
    return run


def _is_held(path: Path) -> bool:
    try:
        with path.open() as lock:
            return not _locked(lock, fcntl.LOCK_SH, patience_s=0)
    except FileNotFoundError:
        return False


def _locked(lock: IO[str], kind: int, patience_s: float = 0.2) -> bool:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        time.sleep(patience_s)
        return False
    return True
