"""Photos on disk by their content: written whole before the database hears of them."""

import os
from pathlib import Path

from ingest.domain.facts import PhotoTaken
from ingest.domain.photo import photo_path


def keep(data: Path, photo: PhotoTaken) -> None:
    """Write the photo's bytes durably, once; raises OSError when the disk refuses."""
    path = photo_path(data, photo.id)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".part")
    with aside.open("wb") as file:
        file.write(photo.content)
        file.flush()
        os.fsync(file.fileno())
    aside.rename(path)
