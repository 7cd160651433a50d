"""What photos say of themselves, and that whatever else they hold does no harm."""

import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import IFD
from PIL.TiffImagePlugin import IFDRational

from ingest.domain.exif import Taken, taken

CHINA = ZoneInfo("Asia/Shanghai")
TEN = (IFDRational(10, 1), IFDRational(30, 1), IFDRational(36, 1))


def jpeg(detail: dict[int, object] | None = None, gps: dict[int, object] | None = None) -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    exif.get_ifd(IFD.Exif).update(detail or {})
    exif.get_ifd(IFD.GPSInfo).update(gps or {})
    Image.new("RGB", (8, 8)).save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.mark.parametrize(
    ("detail", "at"),
    [
        ({0x9003: "2026:03:02 20:00:00"}, datetime(2026, 3, 2, 12, tzinfo=UTC)),
        ({0x9003: "2026:03:02 20:00:00", 0x9011: "+00:00"}, datetime(2026, 3, 2, 20, tzinfo=UTC)),
        ({0x9003: "2026:03:02 20:00:00", 0x9011: "-03:30"}, datetime(2026, 3, 2, 23, 30, tzinfo=UTC)),
        ({0x9003: "2026:03:02 20:00:00", 0x9011: "around noon"}, None),
        ({0x9003: "0000:00:00 00:00:00"}, None),
        ({0x9003: "0001:01:01 00:00:00"}, None),
        ({}, None),
    ],
)
def test_a_time_is_one_of_the_district_unless_it_says_of_where(detail, at):
    assert taken(jpeg(detail), CHINA).at == at


@pytest.mark.parametrize(
    ("gps", "lon", "lat"),
    [
        ({1: "N", 2: TEN, 3: "E", 4: TEN}, 10.51, 10.51),
        ({1: "S", 2: TEN, 3: "W", 4: TEN}, -10.51, -10.51),
        ({1: "N", 2: (IFDRational(400, 1),) * 3, 3: "E", 4: TEN}, None, None),
        ({1: "N", 2: (IFDRational(0, 0),) * 3, 3: "E", 4: TEN}, None, None),
        ({3: "E", 4: TEN}, None, None),
        ({}, None, None),
    ],
)
def test_a_place_is_whole_or_none(gps, lon, lat):
    found = taken(jpeg(gps=gps), CHINA)
    assert (found.lon, found.lat) == (
        pytest.approx(lon) if lon else None,
        pytest.approx(lat) if lat else None,
    )


@given(st.binary(max_size=200), st.integers(0, 600), st.binary(max_size=20))
def test_whatever_the_bytes_are_nothing_breaks(noise, place, others):
    whole = jpeg({0x9003: "2026:03:02 20:00:00"}, {1: "N", 2: TEN, 3: "E", 4: TEN})
    assert taken(noise, CHINA) == Taken()
    assert isinstance(taken(whole[:place] + others + whole[place + len(others) :], CHINA), Taken)
