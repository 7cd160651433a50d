"""Photos by signed addresses: for whom they were signed, for some minutes, and nothing else."""

import hashlib
import io
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from itsdangerous import BadSignature
from PIL import Image

from dashboard import photos, tickets, viewer
from dashboard.photo_key import photo_key
from db.connect import Reader, Scope
from ingest.contract.errors import ConfigError
from ingest.domain.photo import photo_path
from tests import tiny
from tests.app.conftest import looks_on
from tests.app.test_serve import get, serving, session

DISTRICT = Scope(tiny.DISTRICT, str(tiny.DISTRICT))
STATION = Scope(tiny.DISTRICT, f"{tiny.DISTRICT}/01")


def jpeg(width: int, height: int, turned: int = 1) -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = turned
    Image.new("RGB", (width, height), (200, 60, 40)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def kept(data: Path, content: bytes) -> str:
    """Lay a photo where ingest does; its hash."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = photo_path(data, sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return sha256


def ref(sha256: str, received: bool = True) -> dict[str, object]:
    return {"sha256": sha256, "taken": "2026-03-02 10:00:00", "received": received, "forgotten": False}


def shot(sha256: str, received: bool = True) -> photos.Shot:
    (found,) = photos.with_shots({"photos": [ref(sha256, received)]})["photos"]
    assert isinstance(found, photos.Shot)
    return found


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", "postgresql://nobody/x")
    monkeypatch.setenv("GRIDWARD_DATA", str(tmp_path))
    return tmp_path


def test_an_address_is_good_for_the_session_and_place_it_was_signed_for_and_no_other(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256, station = kept(data, jpeg(640, 480)), {"district": tiny.DISTRICT, "path": f"{tiny.DISTRICT}/01"}
    looks_on(monkeypatch, "甲", **station)
    signed = shot(sha256).whole.removeprefix("api/photos/")
    assert photos.signed_for_me(signed) == sha256
    for name, place in (
        ("乙", station),
        ("甲", {}),
        ("甲", {**station, "path": f"{tiny.DISTRICT}/02"}),
        ("甲", {**station, "district": 441999}),
    ):
        looks_on(monkeypatch, name, **place)
        with pytest.raises(BadSignature):
            photos.signed_for_me(signed)


def test_an_address_stays_the_same_for_a_while_and_is_good_for_some_minutes(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256, now = kept(data, jpeg(640, 480)), 1_800_000_000
    monkeypatch.setattr("dashboard.tickets.time.time", lambda: now)
    first = shot(sha256)
    now += tickets.STEP_S - 1
    assert shot(sha256) == first, "else every refresh of a page would load all photos anew"
    signed = first.whole.removeprefix("api/photos/")
    for later, good in ((600, True), (899, True), (900, False), (10**7, False)):
        now = 1_800_000_000 + later
        if good:
            assert photos.signed_for_me(signed) == sha256
        else:
            with pytest.raises(BadSignature):
                photos.signed_for_me(signed)


@pytest.mark.parametrize("sha256", ["0", "../../photo.key", "A" * 64, "0" * 63 + "\n"])
def test_what_is_no_hash_is_never_signed(data: Path, sha256: str) -> None:
    assert shot(sha256) == photos.Shot("2026-03-02 10:00:00", lacks="photo.elsewhere")


def test_of_a_photo_that_is_not_here_it_says_whether_it_ever_came(data: Path) -> None:
    assert shot("0" * 64, received=True).lacks == "photo.elsewhere"
    assert shot("0" * 64, received=False).lacks == "photo.awaited"
    old = ref("0" * 64, received=False) | {"forgotten": True}
    (found,) = photos.with_shots({"photos": [old]})["photos"]
    assert found.lacks == "photo.forgotten"
    assert photos.with_shots({"photos": None}) == {"photos": []}


def test_a_small_one_is_small_and_upright(data: Path) -> None:
    for content, size in ((jpeg(1200, 900), (240, 180)), (jpeg(1200, 900, turned=6), (180, 240))):
        small = Image.open(io.BytesIO(photos.content(kept(data, content), small=True)))
        assert (small.format, small.size) == ("JPEG", size)
    assert photos.content(kept(data, content), small=False) == content


@pytest.mark.parametrize("content", [b"\xff\xd8\xffnonsense\xff\xd9", jpeg(640, 480)[:400]])
def test_what_cannot_be_drawn_is_no_picture(data: Path, content: bytes) -> None:
    with pytest.raises(photos.NotAPicture):
        photos.content(kept(data, content), small=True)


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    key = photo_key(tmp_path / "new")
    path = tmp_path / "new" / "photo.key"
    assert (len(key), stat.S_IMODE(path.stat().st_mode)) == (32, 0o600)
    photo_key.cache_clear()
    assert photo_key(tmp_path / "new") == key
    assert list(path.parent.iterdir()) == [path]
    assert photo_key(tmp_path / "other") != key


def test_a_key_that_others_may_read_or_that_is_none_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "photo.key"
    path.write_bytes(b"x" * 32)
    path.chmod(0o640)
    with pytest.raises(ConfigError, match=r"photo.key may be read by others: chmod 600"):
        photo_key(tmp_path)
    path.write_bytes(b"")
    path.chmod(0o600)
    with pytest.raises(ConfigError, match=r"photo.key is no key"):
        photo_key(tmp_path)
    with pytest.raises(ConfigError, match=r"GRIDWARD_DATA: .*: File exists"):
        photo_key(path)


@pytest.fixture(scope="module")
def place(tiny_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of a served screen, and where its photos lie."""
    home = tmp_path_factory.mktemp("photos")
    settings = {"GRIDWARD_DATABASE_URL": tiny_url, "GRIDWARD_DISTRICTS": str(tiny.DISTRICT)}
    with serving(**settings, GRIDWARD_DATA=str(home)) as (address, _):
        yield address, home


@pytest.fixture
def whole(place: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a photo on the served screen, as a page of its own would sign it."""
    address, home = place
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", "postgresql://nobody/x")
    monkeypatch.setenv("GRIDWARD_DATA", str(home))
    monkeypatch.setattr(viewer, "_of_script", lambda: session(address))
    return f"{address}/{shot(kept(home, jpeg(640, 480))).whole}"


def test_a_signed_photo_is_served_as_what_it_is_and_kept_by_the_viewer_alone(whole: str) -> None:
    status, headers, body = get(whole)
    assert (status, headers["content-type"], body) == (200, "image/jpeg", jpeg(640, 480))
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"].startswith("private")
    status, headers, body = get(f"{whole}?size=240")
    assert (status, headers["content-type"]) == (200, "image/jpeg")
    assert Image.open(io.BytesIO(body)).size == (240, 180)


def forged(signed: str) -> str:
    """With a signature that begins otherwise."""
    said, _, signature = signed.rpartition(".")
    return f"{said}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda signed: signed.partition(".")[0],
        forged,
        lambda signed: "0" * 64 + signed[64:],
        lambda signed: quote(signed + "\n"),
        lambda signed: quote("../photo.key", safe=""),
        lambda signed: "..%2f..%2fphoto.key",
        lambda signed: "../../photo.key",
    ],
)
def test_without_the_signature_nothing_is_served(whole: str, wrong: Callable[[str], str]) -> None:
    base, _, signed = whole.rpartition("/")
    status, _, body = get(f"{base}/{wrong(signed)}")
    assert status in (400, 403), "400: Streamlit refuses what would lead out of its folder"
    assert len(body) < 100


def test_another_sessions_address_opens_nothing_here(
    whole: str, place: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    looks_on(monkeypatch)
    other = shot(kept(place[1], jpeg(640, 480))).whole
    assert get(f"{place[0]}/{other}")[0] == 403


def test_sizes_are_as_they_are_and_what_is_gone_or_broken_is_said(
    whole: str, place: tuple[str, Path]
) -> None:
    for size in ("9999", "0", "-1", "x", ""):
        assert get(f"{whole}?size={size}")[0] == 400
    broken = shot(kept(place[1], b"\xff\xd8\xffnonsense\xff\xd9"))
    assert get(f"{place[0]}/{broken.small}")[0] == 422
    sha256 = kept(place[1], jpeg(64, 48))
    gone = shot(sha256)
    photo_path(place[1], sha256).unlink()
    for address in (gone.whole, gone.small):
        assert get(f"{place[0]}/{address}")[0] == 404


@pytest.fixture
def reader(tiny_url: str) -> Iterator[Reader]:
    reader = Reader(tiny_url)
    yield reader
    reader.close()


def test_a_page_hears_of_photos_of_its_scope_alone(reader: Reader, tiny_url: str) -> None:
    sha256 = "ab" * 32
    with psycopg.connect(tiny_url) as conn:
        conn.execute("INSERT INTO photo SELECT district, 'W1', %s, 9, now() FROM district", (sha256,))
        taken = '[{"sha256": "%s", "taken": 1772416800000}, {"sha256": "cd", "taken": -9007199254740992}]'
        conn.execute("UPDATE inspection SET photos = %s WHERE id = 'v1'", (taken % sha256,))
        conn.execute(
            "INSERT INTO clue (district, worker_id, ts, id, at, kind, severity, text, photos, lon, lat, "
            "raw_lon, raw_lat, datum, hist, received_at) "
            "SELECT district, worker_id, ts, id, reported_at, kind, severity, text, %s, lon, lat, "
            "lon, lat, 'WGS84', false, now() FROM clue_case WHERE clue_id = 'K3'",
            (taken % sha256,),
        )
    expected = [
        {"sha256": sha256, "taken": "2026-03-02 10:00:00", "received": True},
        {"sha256": "cd", "taken": None, "received": False},
    ]
    for query, name in (("read/task_visits", "T1"), ("read/clue_card", "K3")):
        for scope in (DISTRICT, STATION):
            refs = reader.read(scope, query, id=name)[0]["photos"]
            assert [{key: ref[key] for key in expected[0]} for ref in refs] == expected
        assert reader.read(Scope(tiny.DISTRICT, f"{tiny.DISTRICT}/02"), query, id=name) == []
