"""`gridward backup` and `restore`: what comes back is what was there, row by row and file by file."""

import contextlib
import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ingest.settings import DATA, DATABASE_URL
from tests import tiny_day
from tests.conftest import database
from tests.e2e.cli import complaint, gridward

PHOTO = "photos/ab/ab01.jpg"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A GRIDWARD_DATA as a district has it."""
    home = tmp_path_factory.mktemp("data")
    files = {
        PHOTO: b"\xff\xd8 a photo",
        "channels/350299-duty": b"json://x",
        "photo.key": b"k" * 32,
        "logs/ingest.log": b"x",
    }
    for name, content in files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(content)
    (home / "photo.key").chmod(0o600)
    return home


@pytest.fixture(scope="module")
def made(database_url: str, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of a district's day, with keys of devices."""
    tiny_day.seed(database_url, tmp_path_factory.mktemp("world"))
    with psycopg.connect(database_url) as conn:
        if conn.execute("SELECT FROM pg_extension WHERE extname = 'timescaledb'").fetchone():
            assert conn.execute("SELECT compress_chunk(one) FROM show_chunks('ping') AS one").rowcount > 0
    settings = {DATABASE_URL: database_url, DATA: str(home)}
    assert gridward("device", "authority", "localhost", **settings).returncode == 0
    assert gridward("device", "add", "--missing", **settings).returncode == 0
    out = tmp_path_factory.mktemp("backups") / "today"
    done = gridward("backup", str(out), **settings)
    assert done.returncode == 0, done
    return out


@pytest.fixture
def empty(server_url: str) -> Iterator[str]:
    with database(server_url, "template0") as url:
        yield url


def tables(url: str) -> dict[str, tuple[int, int]]:
    """Rows and a sum over them, asked for otherwise than by the command."""
    with psycopg.connect(url, autocommit=True) as conn:
        names = conn.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        ).fetchall()
        conn.execute("SET timezone = 'UTC'")
        found: dict[str, Any] = {}
        for (name,) in names:
            rows = conn.execute(f"SELECT md5(t::text) FROM {name} t ORDER BY 1").fetchall()  # type: ignore[arg-type]
            found[name] = (len(rows), hash(tuple(rows)))
        return found


def test_what_is_restored_is_what_was_there(
    made: Path, empty: str, database_url: str, home: Path, tmp_path: Path
) -> None:
    done = gridward("restore", str(made), **{DATABASE_URL: empty, DATA: str(tmp_path)})
    assert done.returncode == 0, done
    before, after = tables(database_url), tables(empty)
    assert before == after
    assert after["task"][0] > 0
    assert f"{len(after)} of {len(after)} tables as they were" in done.stdout
    for name in (PHOTO, "channels/350299-duty", "photo.key", "authority/ca.key", "authority/ca.crt"):
        assert (tmp_path / name).read_bytes() == (home / name).read_bytes()
        assert (tmp_path / name).stat().st_mode == (home / name).stat().st_mode
    assert not (tmp_path / "logs").exists()
    assert (tmp_path / "broker" / "passwd").read_bytes() == (home / "broker" / "passwd").read_bytes()


def test_what_is_restored_can_be_worked_with(made: Path, empty: str, tmp_path: Path) -> None:
    settings = {DATABASE_URL: empty, DATA: str(tmp_path)}
    assert gridward("restore", str(made), **settings).returncode == 0
    done = gridward("migrate", **settings)
    assert (done.returncode, done.stdout.count("\n")) == (0, 1), done  # the engine's file, and no migration
    assert gridward("status", "--json", **settings).returncode == 0
    assert gridward("kpi", "--json", **settings).returncode == 0
    with psycopg.connect(empty) as conn:
        conn.execute("SET ROLE gw_dashboard")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute("SELECT FROM public.task")


def test_a_table_that_is_not_as_it_was_is_named(made: Path, empty: str, tmp_path: Path) -> None:
    told = json.loads((made / "manifest.json").read_text())
    told["tables"]["task"]["sum"] = "1"
    told["tables"]["worker"]["rows"] += 1
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in made.iterdir():
        (copy / path.name).symlink_to(path)
    (copy / "manifest.json").unlink()
    (copy / "manifest.json").write_text(json.dumps(told))
    done = gridward("restore", str(copy), **{DATABASE_URL: empty, DATA: str(tmp_path / "data")})
    assert done.returncode == 1
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == ["task", "worker"]


def test_a_backup_is_one_instant_of_a_database_that_goes_on(
    database_url: str, made: Path, empty: str, tmp_path: Path
) -> None:
    out = tmp_path / "later"
    with psycopg.connect(database_url) as conn:
        conn.execute("UPDATE worker SET name = 'another' WHERE worker_id = 'W1'")  # not committed
        assert (
            gridward("backup", str(out), **{DATABASE_URL: database_url, DATA: str(tmp_path)}).returncode == 0
        )
        conn.rollback()
    done = gridward("restore", str(out), **{DATABASE_URL: empty, DATA: str(tmp_path / "data")})
    assert done.returncode == 0, done
    assert tables(database_url) == tables(empty)


@contextlib.contextmanager
def spoilt(path: Path) -> Iterator[None]:
    was = path.read_bytes()
    path.write_bytes(was[:-1] + secrets.token_bytes(2))
    yield
    path.write_bytes(was)


@pytest.mark.parametrize("name", ["database.dump", f"files/{PHOTO}", "manifest.json"])
def test_a_spoilt_backup_changes_nothing(made: Path, empty: str, tmp_path: Path, name: str) -> None:
    with spoilt(made / name):
        said = complaint(gridward("restore", str(made), **{DATABASE_URL: empty, DATA: str(tmp_path)}), 2)
    assert "not what it was" in said or "is no backup" in said
    assert not tables(empty)
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("name", ["files/../../outside", "/etc/outside", "outside", ""])
def test_a_backup_writes_nothing_outside_of_the_data(
    made: Path, empty: str, tmp_path: Path, name: str
) -> None:
    told = json.loads((made / "manifest.json").read_text())
    told["files"][name] = told["files"]["files/photo.key"]
    copy, outside = tmp_path / "copy", tmp_path / "outside"
    copy.mkdir()
    for path in made.iterdir():
        (copy / path.name).symlink_to(path)
    (copy / "manifest.json").unlink()
    (copy / "manifest.json").write_text(json.dumps(told))
    done = gridward("restore", str(copy), **{DATABASE_URL: empty, DATA: str(tmp_path / "data")})
    assert "outside GRIDWARD_DATA" in complaint(done, 2)
    assert not outside.exists()
    assert not tables(empty)


def test_nothing_is_overwritten(
    made: Path, empty: str, database_url: str, home: Path, tmp_path: Path
) -> None:
    settings = {DATABASE_URL: database_url, DATA: str(home)}
    assert "is there already" in complaint(gridward("backup", str(made), **settings), 2)
    assert "is not empty" in complaint(gridward("restore", str(made), **settings), 2)
    (tmp_path / "photo.key").write_bytes(b"another")
    said = complaint(gridward("restore", str(made), **{DATABASE_URL: empty, DATA: str(tmp_path)}), 2)
    assert "photo.key is there, and another one" in said
    assert not tables(empty)
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    assert "is no backup" in complaint(
        gridward("restore", str(nothing), **{DATABASE_URL: empty, DATA: str(home)}), 2
    )


def test_a_backup_is_its_owners_alone(made: Path) -> None:
    assert made.stat().st_mode & 0o777 == 0o700
    assert (made / "files" / "photo.key").stat().st_mode & 0o777 == 0o600
