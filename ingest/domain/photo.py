"""Where a photo's bytes lie: under GRIDWARD_DATA, by what they are."""

from pathlib import Path


def photo_path(data: Path, sha256: str) -> Path:
    """The place of the photo with this hash below `data`."""
    return data / "photos" / sha256[:2] / f"{sha256}.jpg"
