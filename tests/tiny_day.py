"""A day in the tiny district, as ingest would have left it; and a second district with the same ids."""

from pathlib import Path

from db.connect import connect
from ingest.registry import import_world
from tests import tiny

OTHER = 441999
STATION_1, STATION_2 = f"{tiny.DISTRICT}/01", f"{tiny.DISTRICT}/02"


def seed(url: str, directory: Path) -> None:
    """Fill the migrated database at `url` (its owner's address), importing through `directory`."""
    import_world(url, tiny.write(directory / "tiny"))
    import_world(url, _other(directory / "other"))
    with connect(url) as conn:
        conn.execute(Path(__file__).with_suffix(".sql").read_bytes())


def _other(directory: Path) -> Path:
    for path in tiny.write(directory).iterdir():
        path.write_text(path.read_text("utf-8").replace(str(tiny.DISTRICT), str(OTHER)), "utf-8")
    return directory
