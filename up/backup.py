"""`gridward backup DIR`: the database as it is at one instant, and the files that are in no database.

Ingest may go on meanwhile: what is counted and what is dumped are one snapshot, and photos are copied after
it, so that none of its rows lacks its file. DIR is there once it is whole.
"""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from db.connect import connect, fetch
from ingest.contract.errors import ConfigError
from up.pg_tools import run

DUMP, FILES, MANIFEST = "database.dump", "files", "manifest.json"
KEPT = ("photos", "channels", "authority", "audit", "photo.key", "audit.key")
"""What of GRIDWARD_DATA is taken along: no logs, no worlds; the broker's files are made from the database."""


class Table(msgspec.Struct, frozen=True):
    """How many rows, and the sum over them (migration 0054)."""

    rows: int
    sum: str


class Manifest(msgspec.Struct, frozen=True):
    """What a backup holds."""

    made_at: datetime
    server: int
    """PostgreSQL's version, as 180006."""
    timescaledb: str | None
    tables: dict[str, Table]
    files: dict[str, str]
    """sha256 by path, the dump's among them."""


def backup(url: str, data: Path, out: Path, say: Callable[[str], None]) -> Manifest:
    """Write a backup; raises ConfigError when `out` is there already."""
    aside = out.with_name(f"{out.name}.part")
    if out.exists():
        raise ConfigError(f"{out} is there already")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(mode=0o700, parents=True)
    made_at = datetime.now(UTC)
    with connect(url) as conn:
        conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        (told,) = fetch(conn, "ops/backup_snapshot")
        say("the database")
        how = ("--format=custom", f"--snapshot={told['snapshot']}", f"--file={aside / DUMP}")
        run("pg_dump", url, told["server"], *how)
        say("its sums")
        tables = {row["relation"]: Table(row["rows"], row["sum"]) for row in fetch(conn, "ops/table_sums")}
    say("the files")
    for name in KEPT:
        _copy(data / name, aside / FILES / name)
    files = {str(path.relative_to(aside)): digest(path) for path in each_file(aside)}
    manifest = Manifest(made_at, told["server"], told["timescaledb"], tables, files)
    (aside / MANIFEST).write_bytes(msgspec.json.encode(manifest))
    aside.rename(out)
    return manifest


def each_file(directory: Path) -> Iterator[Path]:
    """Every file below a directory, in a steady order; none of those that are still being written."""
    return (path for path in sorted(directory.rglob("*")) if path.is_file() and path.suffix != ".part")


def digest(path: Path) -> str:
    """The sha256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        for path in each_file(source):
            _copy(path, target / path.relative_to(source))
    elif source.is_file():
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            shutil.copy2(source, target)  # with its mode: some are for their owner's eyes only
        except FileNotFoundError:
            return  # forgotten meanwhile, as its row will be
