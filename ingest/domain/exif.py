"""What a photo says itself of when and where it was taken: EXIF 2.3, as cameras write it into a JPEG."""

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from math import isnan
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base


class Taken(Struct, frozen=True):
    """When, by the camera's clock, and where, degrees WGS-84; None: it does not say."""

    at: datetime | None = None
    lon: float | None = None
    lat: float | None = None


def taken(content: bytes, tz: ZoneInfo) -> Taken:
    """What the JPEG bytes say; a time without an offset is one of `tz`. Nothing for what cannot be read."""
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG"]) as image:
            exif = image.getexif()
            detail, gps = exif.get_ifd(IFD.Exif), exif.get_ifd(IFD.GPSInfo)
    except (OSError, ValueError, SyntaxError, TypeError, KeyError, Image.DecompressionBombError):
        return Taken()
    lon, lat = (_degrees(gps, axis, ref) for axis, ref in ((GPS.GPSLongitude, "W"), (GPS.GPSLatitude, "S")))
    if lon is None or lat is None or not (-180 <= lon <= 180 and -90 <= lat <= 90):
        lon = lat = None
    return Taken(_instant(detail, tz), lon, lat)


def _instant(detail: Mapping[int, Any], tz: ZoneInfo) -> datetime | None:
    try:
        at = datetime.strptime(str(detail.get(Base.DateTimeOriginal)), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
        offset = str(detail.get(Base.OffsetTimeOriginal) or "")
        zone = _zone(offset) if offset else tz
        return at.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(offset: str) -> timezone:
    """Of '+08:00'; raises ValueError for what is none."""
    sign, hours, minutes = offset[:1], offset[1:3], offset[4:6]
    if sign not in "+-" or offset[3:4] != ":":
        raise ValueError(offset)
    span = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-span if sign == "-" else span)


def _degrees(gps: Mapping[int, Any], axis: int, negative: str) -> float | None:
    """Degrees from degrees, minutes and seconds; the tag before an axis says on which side it is."""
    parts = gps.get(axis)
    if not isinstance(parts, Sequence) or isinstance(parts, str | bytes) or len(parts) != 3:
        return None
    try:
        value: float = sum(float(part) / 60**power for power, part in enumerate(parts))
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    if isnan(value):  # a fraction by nothing
        return None
    return -value if str(gps.get(axis - 1)).strip("\0").upper() == negative else value
