"""Photos that are none, or unpack to more than there is room for: refused, unless the guard is gone."""

import io
from pathlib import Path

import pytest
from PIL import Image

from dashboard import photos
from tests.app.test_photos import kept
from tests.attack.conftest import only_without
from tests.sql.test_pipeline import Room, room, world  # noqa: F401  fixtures


@pytest.mark.parametrize("payload", [b"<script>alert(1)</script>", b"GIF89a", b"\xff\xd8\xff<svg/>", b"MZ"])
def test_what_is_no_jpeg_is_no_photo(room: Room, payload: bytes) -> None:  # noqa: F811
    room.take(("worker/W1/photo", payload))
    assert room.rows("SELECT reason FROM rejected_message") == [("not_jpeg",)]


def test_a_picture_of_too_many_pixels_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The largest photo that the wire takes, were it progressive, would take 500 MB."""
    out = io.BytesIO()
    Image.new("L", (6_000, 6_000)).save(out, "JPEG", quality=20, progressive=True)
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", "postgresql://nobody/x")
    monkeypatch.setenv("GRIDWARD_DATA", str(tmp_path))
    assert len(out.getvalue()) < 1024 * 1024
    sha256 = kept(tmp_path, out.getvalue())

    def is_unpacked() -> bool:
        try:
            return bool(photos.content(sha256, small=True))
        except photos.NotAPicture:
            return False

    only_without(monkeypatch, is_unpacked, (photos, "MOST_PIXELS", 10**9))
