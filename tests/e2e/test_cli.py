"""The commands that need no running house: what they print, and how they fail."""

import json
import subprocess
import sys
from itertools import takewhile
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

import gridward as front_door
from ingest.settings import DATA, DATABASE_URL, MQTT_URL, SETTINGS
from tests.conftest import free_port, wait_until
from tests.e2e.cli import ROOT, complaint, environ, gridward
from tests.tiny import DISTRICT, FILES, write
from up import progress

NOWHERE = "postgresql://gw:hunter2@127.0.0.1:1/gridward"


def test_every_command_explains_itself() -> None:
    shown = gridward("--help").stdout
    for command in front_door.app.registered_commands:
        assert command.callback
        assert f"  {command.name or command.callback.__name__}  " in shown
        assert command.callback.__doc__
    for setting in SETTINGS:
        assert setting.name in shown


@pytest.mark.parametrize(
    "arguments", [(), ("nonsense",), ("up", "--port", "many"), ("up", "--port", "0"), ("import",)]
)
def test_a_wrong_argument_is_one_line(arguments: tuple[str, ...]) -> None:
    complaint(gridward(*arguments), code=2)


@pytest.mark.parametrize("command", ["ingest", "dashboard", "migrate", "simulate", "env", "status", "up"])
def test_a_wrong_setting_is_one_line_that_names_it(command: str, tmp_path: Path) -> None:
    done = gridward(command, **{DATABASE_URL: "mysql://x", DATA: str(tmp_path / "data")})
    assert complaint(done, code=2).startswith(f"{DATABASE_URL}: must begin with postgresql://")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("command", "missing"),
    [
        ("ingest", DATABASE_URL),
        ("dashboard", DATABASE_URL),
        ("migrate", DATABASE_URL),
        ("simulate", MQTT_URL),
    ],
)
def test_a_missing_setting_is_one_line_that_names_it(command: str, missing: str, tmp_path: Path) -> None:
    done = gridward(command, **{DATA: str(tmp_path)})
    assert complaint(done, code=2).startswith(f"{missing} is not set")


@pytest.mark.parametrize("command", ["migrate", "status"])
def test_a_database_that_is_away_is_one_line_without_the_password(command: str) -> None:
    line = complaint(gridward(command, **{DATABASE_URL: NOWHERE}), code=1)
    assert "127.0.0.1" in line
    assert "hunter2" not in line


def test_in_json_a_database_that_is_away_is_trouble_without_the_password() -> None:
    done = gridward("status", "--json", **{DATABASE_URL: NOWHERE})
    found = json.loads(done.stdout)
    assert done.returncode == 1
    assert (found["rows"], found["rejected"], len(found["trouble"])) == ({}, None, 1)
    assert found["trouble"][0].startswith("the database is away: ")
    assert "hunter2" not in done.stdout + done.stderr


@pytest.mark.parametrize("command", ["env", "status"])
def test_without_a_run_env_and_status_say_so(command: str, tmp_path: Path) -> None:
    line = complaint(gridward(command, **{DATA: str(tmp_path)}), code=1)
    assert line == f"no `gridward up` is running on {tmp_path} (GRIDWARD_DATA)"


def test_a_world_that_is_neither_known_nor_a_directory_starts_nothing(tmp_path: Path) -> None:
    free = [f"{option}={free_port()}" for option in ("--port", "--mqtt-port", "--db-port")]
    done = gridward("up", "--world=atlantis", f"--data={tmp_path / 'data'}", *free)
    assert complaint(done, code=2) == "--world atlantis: neither a world (jimei, dongguan) nor a directory"
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("command", "says"), [("ingest", "ingest ready"), ("simulate", "simulating"), ("dashboard", "http://")]
)
def test_each_room_can_be_run_alone_until_it_is_told_to_stop(
    command: str, says: str, database_url: str, embedded_broker: str, tmp_path: Path
) -> None:
    world, output = write(tmp_path / "world"), tmp_path / "output"
    settings = {DATABASE_URL: database_url, MQTT_URL: embedded_broker, DATA: str(tmp_path / "data")}
    assert gridward("import", str(world), **settings).returncode == 0
    options = {"simulate": [f"--world={world}"], "dashboard": [f"--port={free_port()}"]}.get(command, [])
    with output.open("w") as log:
        room = subprocess.Popen(
            [sys.executable, "-m", "gridward", command, *options],
            env=environ(**settings), cwd=ROOT, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        wait_until(lambda: says in output.read_text(), seconds=60, what=f"{says!r} of {command}")
        room.terminate()
        assert room.wait(30) == 0, output.read_text()
    finally:
        room.kill()


def test_a_long_import_says_what_it_is_doing(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "EVERY_S", 0.001)
    settings = {DATABASE_URL: database_url}
    done = CliRunner().invoke(front_door.app, ["import", str(write(tmp_path))], env=settings)
    lines = done.stdout.splitlines()
    said = list(takewhile(lambda line: line.startswith("… registry "), lines))
    assert said
    report = lines[len(said)]
    assert report.startswith(f"district {DISTRICT}")


def test_bad_rows_are_named_one_a_line_and_nothing_is_imported(database_url: str, tmp_path: Path) -> None:
    broken = write(
        tmp_path,
        org_csv=FILES["org.csv"].replace("试验区局", "改名区局"),
        workers_csv="worker_id,name,role,grid_ids\nW1,甲一,worker,G9\nW 2,乙二,worker,G2\n",
    )
    done = gridward("import", str(broken), **{DATABASE_URL: database_url})
    assert done.returncode == 2
    assert "workers.csv:2: grid_ids:" in done.stderr
    assert "workers.csv:3: worker_id:" in done.stderr
    with psycopg.connect(database_url) as conn:
        assert conn.execute("SELECT count(*) FROM org_unit WHERE name = '改名区局'").fetchone() == (0,)


def test_status_waits_for_schema_world_and_ingest_in_turn(server_url: str, tmp_path: Path) -> None:
    url = server_url.rpartition("/")[0] + "/gw_test_status"
    with psycopg.connect(server_url, autocommit=True) as owner:
        owner.execute("CREATE DATABASE gw_test_status")
        try:
            assert "gridward migrate" in complaint(gridward("status", **{DATABASE_URL: url}), code=1)
            complaint(gridward("import", str(write(tmp_path)), **{DATABASE_URL: url}), code=1)
            migrated = gridward("migrate", **{DATABASE_URL: url})
            assert migrated.returncode == 0
            assert "0001_roles" in migrated.stdout
            assert "gridward import" in complaint(gridward("status", **{DATABASE_URL: url}), code=1)
            imported = gridward("import", str(write(tmp_path)), **{DATABASE_URL: url})
            assert imported.returncode == 0
            assert f"district {DISTRICT}" in imported.stdout
            assert "gridward ingest" in complaint(gridward("status", **{DATABASE_URL: url}), code=1)
            ingest_was_here(url)
            the_status_is_of_the_pinned_shape(url)
        finally:
            owner.execute("DROP DATABASE gw_test_status WITH (FORCE)")


def ingest_was_here(url: str) -> None:
    with psycopg.connect(url) as conn:
        conn.execute(
            "INSERT INTO ingest_state VALUES (%s, 'test', now(), now() - interval '14.2 s', true,"
            " now() - interval '20 s', 0.25)",
            (DISTRICT,),
        )


def the_status_is_of_the_pinned_shape(url: str) -> None:
    done = gridward("status", "--json", **{DATABASE_URL: url})
    assert done.returncode == 0
    assert done.stdout.count("\n") == 1
    status = json.loads(done.stdout)
    assert list(status) == [
        "rows", "rejected", "alerts_open", "devices_online", "last_fact_s", "lag_s", "trouble"
    ]  # fmt: skip
    # Three tasks are ordered, and the import is to be written down.
    assert (status["rows"]["premises"], status["rows"]["grid"], status["rows"]["command"]) == (4, 3, 4)
    assert set(status["rows"]) == {
        "ping", "inspection", "clue", "device_event", "receipt", "photo", "task", "task_event", "alert",
        "alert_event", "command", "premises", "worker", "device", "grid",
    }  # fmt: skip
    assert 20 <= status["last_fact_s"] < 60
    assert status["lag_s"] == 0.25
    assert len(status["trouble"]) == 1
    assert status["trouble"][0].startswith("ingest has been silent for ")
    shown = gridward("status", **{DATABASE_URL: url}).stdout
    assert "premises" in shown
    assert "trouble: ingest has been silent" in shown
