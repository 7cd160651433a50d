"""The secret that the addresses of photos are signed with: a file made once, read by nobody else."""

import contextlib
import os
import secrets
from functools import cache
from pathlib import Path

from ingest.contract.errors import ConfigError

NAME, BYTES = "photo.key", 32


@cache
def photo_key(data: Path) -> bytes:
    """The key below `data` (GRIDWARD_DATA), made on first use.

    Raises ConfigError where it cannot be kept, is too short, or may be read by others.
    """
    path = data / NAME
    try:
        if not path.exists():
            _make(path)
        mode, key = path.stat().st_mode, path.read_bytes()
    except OSError as error:
        raise ConfigError(f"GRIDWARD_DATA: {path}: {os.strerror(error.errno or 0)}") from error
    if mode & 0o077:
        raise ConfigError(f"{path} may be read by others: chmod 600, or delete it and a new one is made")
    if len(key) < BYTES:
        raise ConfigError(f"{path} is no key: delete it and a new one is made")
    return key


def _make(path: Path) -> None:
    """Whole or not at all, and never over one that another screen has just made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{NAME}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(BYTES))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(aside)
    finally:
        aside.unlink(missing_ok=True)
