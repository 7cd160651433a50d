"""docker-compose.yml says what production needs: validated by docker-compose itself, never run here."""

import fnmatch
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest.settings import SETTINGS, load
from tests.e2e.cli import ROOT
from tests.e2e.compose import COMPOSE, GIVEN, PASSWORDS, SERVICES, TEXT, config

ONCE = {"migrate", "logins", "world", "owner"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")

every_service = pytest.mark.parametrize("service", [pytest.param(s, id=name) for name, s in SERVICES.items()])


def test_docker_compose_accepts_the_file(tmp_path: Path) -> None:
    done = config(tmp_path, **GIVEN)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert yaml.safe_load(done.stdout)["services"].keys() == SERVICES.keys()


@pytest.mark.parametrize("name", PASSWORDS)
def test_a_missing_password_stops_the_start_with_its_line(name: str, tmp_path: Path) -> None:
    for given in (GIVEN | {name: ""}, {other: word for other, word in GIVEN.items() if other != name}):
        done = config(tmp_path, **given)
        assert done.returncode != 0
        assert f"{name} is not set, see .env.example" in done.stderr
        assert done.stderr.count("\n") == 1, done.stderr


def test_no_password_has_a_default() -> None:
    assert len(PASSWORDS) == 4
    for value in re.findall(r"\$\{([^}]*PASSWORD[^}]*)\}", TEXT):
        name = value.split(":")[0]
        assert value == f"{name}:?{name} is not set, see .env.example"


def test_the_example_names_every_variable_and_no_password() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    example = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    assert example.keys() == set(re.findall(r"\$\{(\w+)", TEXT))
    assert {name for name, value in example.items() if value} == {
        "GRIDWARD_SCREEN_AT",
        "GRIDWARD_MQTT_AT",
        "GRIDWARD_MQTTS_AT",
        "GRIDWARD_MQTTS_CERT_AT",
    }
    assert all(example[name] == "" for name in PASSWORDS)


def test_every_setting_inside_a_container_is_one_that_gridward_knows(tmp_path: Path) -> None:
    known = {setting.name for setting in SETTINGS}
    found = yaml.safe_load(config(tmp_path, **GIVEN).stdout)["services"]
    for name, service in found.items():
        settings = {key: value for key, value in service["environment"].items() if "GRIDWARD" in key}
        assert settings.keys() <= known, name
        load(settings)  # raises for a value that is none
    read = load(found["ingest"]["environment"])
    assert (read.mqtt_url.host, read.mqtt_url.username) == ("mosquitto", "ingest")
    assert read.mqtt_url.password == GIVEN["GRIDWARD_INGEST_PASSWORD"]


@every_service
def test_a_service_can_do_no_more_than_it_must(service: dict[str, Any]) -> None:
    assert service["user"] not in ("", "0", "root")
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]
    assert not service.keys() & {"privileged", "cap_add", "network_mode", "pid", "ipc", "devices"}
    assert not any("docker.sock" in volume for volume in service.get("volumes", []))


@pytest.mark.parametrize("name", SERVICES)
def test_what_serves_says_how_it_is_and_comes_back(name: str) -> None:
    service = SERVICES[name]
    assert service["restart"] == ("no" if name in ONCE else "unless-stopped")
    assert ("healthcheck" in service) is (name not in ONCE)
    for other, wish in service.get("depends_on", {}).items():
        done = "service_completed_successfully" if other in ONCE else "service_healthy"
        assert wish == {"condition": done}


@every_service
def test_an_image_is_pinned_to_a_full_version(service: dict[str, Any]) -> None:
    ours = f"gridward:{PROJECT['project']['version']}"
    if "build" in service:
        assert service["image"] == ours
    else:
        assert re.fullmatch(r"[\w./-]+:\d+\.\d+\.\d+(-pg\d+)?", service["image"])


def test_outside_are_the_brokers_port_and_on_loopback_the_screen() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {
        "mosquitto": [
            "${GRIDWARD_MQTT_AT:-1883}:1883",
            "${GRIDWARD_MQTTS_AT:-8883}:8883",
            "${GRIDWARD_MQTTS_CERT_AT:-8884}:8884",
        ],
        "dashboard": ["${GRIDWARD_SCREEN_AT:-127.0.0.1:8501}:8501"],
    }
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    others = {name: s["networks"] for name, s in SERVICES.items() if s["networks"] != ["inside"]}
    assert others.pop("ingest") == ["inside", "channels"]  # it calls out, and nobody calls it
    assert others.keys() == published.keys()


def test_every_volume_is_there() -> None:
    for service in SERVICES.values():
        for source in (volume.split(":")[0] for volume in service.get("volumes", [])):
            assert (ROOT / source).exists() if source.startswith(".") else source in COMPOSE["volumes"]


def test_the_image_holds_every_package_and_every_source_is_there() -> None:
    shown = (ROOT / ".dockerignore").read_text(encoding="utf-8").split("\n")
    copied = [line.split()[1:-1] for line in DOCKERFILE.splitlines() if re.match(r"COPY (?!--)", line)]
    sources = [source for line in copied for source in line]
    for source in sources:
        assert (ROOT / source).exists()
        assert any(line[1:] == source for line in shown if line.startswith("!")), f".dockerignore: {source}"
    tops = {package.split(".")[0] for package in PROJECT["tool"]["setuptools"]["packages"]}
    assert tops | {f"{module}.py" for module in PROJECT["tool"]["setuptools"]["py-modules"]} <= {*sources}
    assert PROJECT["project"]["readme"] in sources
    assert not any(fnmatch.fnmatch(".env", line[1:]) for line in shown if line.startswith("!"))


def test_the_image_is_made_of_the_lock_by_hashes_and_runs_as_nobody_special() -> None:
    assert re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE) == ["python:3.11.14-slim-bookworm"] * 2
    assert "runtime_lock.py >runtime.lock" in DOCKERFILE
    assert "--require-hashes -r runtime.lock" in DOCKERFILE
    user = re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE)[-1]
    assert {s["user"] for s in SERVICES.values() if "build" in s} == {user}
    assert user == "10001"
