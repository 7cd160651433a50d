"""The queries in ``db/queries/frame``, put together around what a KPI's file selects."""

import hashlib
import re
from functools import cache, partial
from pathlib import Path

from db.kpi import FOLDER, headers, kept_with

OF_ONE = ("kpi", "kpi_by", "kpi_top", "kpi_members", "kpi_count")
OF_ALL = ("kpi_was", "kpi_keep")

_FRAMES = FOLDER.parent / "frame"
_HOLE = re.compile(r"--(\w+)--")


def framed(frame: str, name: str) -> str:
    """The text of `frame` around the members of the KPI `name`, or, of those in `OF_ALL`, around the members
    of every KPI that is kept with `name`, one of `db.kpi.SOURCES`.

    What stands for a hole ``--x--`` is the KPI's (``member``, ``kpi``, ``digest``), all of theirs
    (``members``), or the frame ``kpi_x``. What a KPI's members are (header line ``of``) may have a frame of
    its own, as ``kpi_members_premises``. A name without a file raises FileNotFoundError.
    """
    own = _FRAMES / f"{frame}_{headers().get(name, {}).get('of')}.sql"
    path = own if own.exists() else _FRAMES / f"{frame}.sql"
    return _HOLE.sub(partial(_fill, name), _text(path))


@cache
def digest(kpi: str) -> str:
    """Tells one text of a KPI's file from another."""
    return hashlib.sha256(_file(kpi).read_bytes()).hexdigest()


def _fill(name: str, hole: re.Match[str]) -> str:
    match hole[1]:
        case "kpi":
            return name
        case "digest":
            return digest(name)
        case "member":
            return _text(_file(name))
        case "members":
            return "\nUNION ALL\n".join(_named(kpi) for kpi in kept_with(name))
        case part:
            return framed(f"kpi_{part}", name)


def _named(kpi: str) -> str:
    return f"SELECT '{kpi}' AS kpi, each.* FROM (\n{_text(_file(kpi))}\n) each"  # noqa: S608 - a file of ours


def _file(kpi: str) -> Path:
    return FOLDER / f"{kpi}.sql"


def _text(path: Path) -> str:
    return path.read_text("utf-8").rstrip().rstrip(";")
