"""The world of a run: a named one is grown once below GRIDWARD_DATA and gets new licences and tasks daily."""

import shutil
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from db.connect import INGEST, connect
from ingest.contract.errors import ConfigError
from ingest.snapshots import load_districts
from simulators.world import STEPS, WORLDS, grow, write_licences, write_tasks

__all__ = ["STEPS", "only_district", "prepare"]

_WORLDS_TZ = ZoneInfo("Asia/Shanghai")  # of every world that is grown


def only_district(url: str, named: int | None, wanted: Sequence[int]) -> int:
    """The one district that is meant: the one `named`, else the only one of those `wanted`, or registered.

    Raises ConfigError where there is no such one, or more than one.
    """
    with connect(url, INGEST) as conn:
        registered = load_districts(conn)
    meant = [named] if named is not None else [one for one in registered if not wanted or one in wanted]
    if len(meant) != 1 or meant[0] not in registered:
        known = ", ".join(map(str, registered)) or "none yet"
        raise ConfigError(f"--district: which of those registered ({known})?")
    return meant[0]


def prepare(world: str, data: Path, say: Callable[[str], None] = lambda line: None) -> Path:
    """The directory of import files for `world`, a name or a directory; raises ConfigError if neither.

    A named one holds today's licences and tasks; the same day writes the same ones again. A directory of the
    user's is left as it is. `say` gets a line as each of at most `STEPS` steps begins.
    """
    if world not in WORLDS:
        if not Path(world).is_dir():
            raise ConfigError(f"--world {world}: neither a world ({', '.join(WORLDS)}) nor a directory")
        return Path(world).resolve()
    directory, today = data / "world" / world, datetime.now(_WORLDS_TZ).date()
    if directory.exists():
        say(f"issuing licences until {today}")
        write_licences(directory, today)
        say(f"launching the tasks of {today}")
        write_tasks(directory, today)
    else:
        # Grown aside and renamed, so that half a world is never imported.
        aside = directory.with_name(f"{world}.new")
        shutil.rmtree(aside, ignore_errors=True)
        grow(WORLDS[world], aside, today, say)
        aside.rename(directory)
    return directory
