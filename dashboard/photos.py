"""Photos for whoever was shown their address: signed for their session, good for some minutes.

A page reads within its scope which photos there are and signs their addresses; the route looks at nothing but
the signature.
"""

import io
import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from itsdangerous import BadSignature
from PIL import Image, ImageOps

from dashboard import settings, viewer
from dashboard.tickets import GOOD_FOR_S, Signer
from db.connect import Row
from ingest.domain.photo import photo_path

SMALL_PX = 240
"""The longer side of a small one; there is no other size than this and the whole."""

MOST_PIXELS = 25_000_000
"""Of what a small one is made of. A progressive JPEG is held whole, three bytes a pixel, however small it is
wanted, and a megabyte can hold 170 million of them."""

_SHA256 = re.compile(r"[0-9a-f]{64}")


class Shot(NamedTuple):
    """A photo on a page: its two addresses, relative to the page's; '' where it is not here, and `lacks` says
    why by a locale key."""

    taken: str
    whole: str = ""
    small: str = ""
    lacks: str = ""


class NotAPicture(ValueError):
    """The bytes cannot be drawn."""


def with_shots(row: Row) -> Row:
    """The row with its `photos` (sha256, taken, received, forgotten: migration 0045) as shots; it must have
    been read for who is looking."""
    return {**row, "photos": [_shot(ref) for ref in row["photos"] or ()]}


def _shot(ref: Row) -> Shot:
    sha256, taken = ref["sha256"], ref["taken"] or ""
    if _SHA256.fullmatch(sha256) and photo_path(settings.load().data, sha256).exists():
        address = f"api/photos/{_signer().sign(sha256).decode()}"
        return Shot(taken, address, f"{address}?size={SMALL_PX}")
    missing = "photo.forgotten" if ref["forgotten"] else "photo.awaited"
    return Shot(taken, lacks="photo.elsewhere" if ref["received"] else missing)


def signed_for_me(signed: str) -> str:
    """The hash that was signed for who is looking; raises BadSignature for any other text, and when its time
    is over."""
    sha256 = _signer().unsign(signed, max_age=GOOD_FOR_S).decode()
    if not _SHA256.fullmatch(sha256):
        raise BadSignature("no hash")
    return sha256


def content(sha256: str, small: bool) -> bytes:
    """JPEG bytes, as they came or small. Raises FileNotFoundError where it is not here, NotAPicture where no
    small one can be made of it."""
    path = photo_path(settings.load().data, sha256)
    return _small(path) if small else path.read_bytes()


@lru_cache(maxsize=512)  # some 10 KB each
def _small(path: Path) -> bytes:
    data, out = path.read_bytes(), io.BytesIO()
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise NotAPicture(f"{image.width} x {image.height} pixels are too many")
            image.draft("RGB", (SMALL_PX, SMALL_PX))  # decoded small: it costs less memory
            upright = ImageOps.exif_transpose(image).convert("RGB")
            upright.thumbnail((SMALL_PX, SMALL_PX))
            upright.save(out, "JPEG", quality=80)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotAPicture(str(error)) from error
    return out.getvalue()


def _signer() -> Signer:
    return Signer("photo", viewer.session())
