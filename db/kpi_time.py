"""The times' files in ``db/queries/kpi_time``, and the queries that are made around what each selects.

A time is told by quantiles, which two counts cannot give: its frames are its own.
"""

from pathlib import Path

FOLDER = Path(__file__).parent / "queries" / "kpi_time"
FRAMES = ("kpi_time", "kpi_time_members")

_FRAMES = FOLDER.parent / "frame"


def framed(frame: str, name: str) -> str:
    """The text of `frame`, one of `FRAMES`, around the members of the time `name`; a name without a file
    raises FileNotFoundError."""
    chosen = _text(_FRAMES / "kpi_time_chosen.sql").replace("--member--", _text(FOLDER / f"{name}.sql"))
    return _text(_FRAMES / f"{frame}.sql").replace("--chosen--", chosen)


def _text(path: Path) -> str:
    return path.read_text("utf-8").rstrip().rstrip(";")
