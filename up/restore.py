"""`gridward restore DIR`: a backup into an empty database and GRIDWARD_DATA, compared with what it was."""

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec

from db.connect import Row, connect, fetch
from ingest.contract.errors import ConfigError
from up.backup import DUMP, FILES, MANIFEST, Manifest, Table, digest
from up.broker_files import write_files
from up.pg_tools import run


def restore(url: str, data: Path, source: Path, say: Callable[[str], None]) -> tuple[Manifest, list[str]]:
    """Restore a backup, and give it with a line for each table that is not as it was.

    Raises ConfigError before anything is changed: where a file of the backup is not what it was, the database
    is not empty or lacks TimescaleDB, or GRIDWARD_DATA has another file of the same name.
    """
    manifest = _checked(source)
    there = _empty(url, manifest)
    _spared(data, source, manifest)
    say("the database")
    with connect(url, autocommit=True) as conn:
        fetch(conn, "ops/make_roles")
        if manifest.timescaledb:
            conn.execute("CREATE EXTENSION IF NOT EXISTS timescaledb")
            conn.execute("SELECT timescaledb_pre_restore()")
    how = ("--exit-on-error", "--no-owner", str(source / DUMP))
    run("pg_restore", url, there["server"], *how)
    with connect(url, autocommit=True) as conn:
        if manifest.timescaledb:
            conn.execute("SELECT timescaledb_post_restore()")
        conn.execute("ANALYZE")
    say("the files")
    for name in manifest.files:
        if name != DUMP:
            target = data / Path(name).relative_to(FILES)
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copy2(source / name, target)
    say("its sums")
    with connect(url) as conn:
        found = {row["relation"]: Table(row["rows"], row["sum"]) for row in fetch(conn, "ops/table_sums")}
        fetch(conn, "ops/end_all_sessions")
        write_files(conn, data)
    return manifest, [*_differences(manifest.tables, found)]


def _checked(source: Path) -> Manifest:
    """The manifest of a backup that is what it was when it was made."""
    try:
        manifest = msgspec.json.decode((source / MANIFEST).read_bytes(), type=Manifest)
    except (FileNotFoundError, NotADirectoryError, msgspec.MsgspecError):
        raise ConfigError(f"{source} is no backup of `gridward backup`") from None
    for name, wanted in manifest.files.items():
        if name != DUMP and (".." in (parts := Path(name).parts) or parts[:1] != (FILES,)):
            raise ConfigError(f"{source} is no backup: {name} would lie outside GRIDWARD_DATA")
        if not (source / name).is_file() or digest(source / name) != wanted:
            raise ConfigError(f"{source / name} is missing, or not what it was")
    return manifest


def _empty(url: str, manifest: Manifest) -> Row:
    with connect(url) as conn:
        (there,) = fetch(conn, "ops/restore_there")
    if there["tables"]:
        raise ConfigError("the database is not empty; restore into a new one")
    if manifest.timescaledb and there["timescaledb"] != manifest.timescaledb:
        has = there["timescaledb"] or "none"
        raise ConfigError(f"the backup needs TimescaleDB {manifest.timescaledb}, and the server has {has}")
    return there


def _spared(data: Path, source: Path, manifest: Manifest) -> None:
    for name, wanted in manifest.files.items():
        target = data / Path(name).relative_to(FILES) if name != DUMP else None
        if target and target.exists() and digest(target) != wanted:
            raise ConfigError(f"{target} is there, and another one than the backup's")


def _differences(were: dict[str, Table], are: dict[str, Table]) -> list[str]:
    lines = []
    for name in sorted(were.keys() | are.keys()):
        if (was := were.get(name)) != (now := are.get(name)):
            lines.append(f"{name}: {was.rows if was else 'no'} rows, now {now.rows if now else 'none'}")
    return lines
