"""`gridward device` and Debian's mosquitto with the production files: who may speak, as whom, how long."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ingest.registry import import_world
from ingest.settings import DATA, DATABASE_URL
from tests import tiny
from tests.conftest import wait_until
from tests.e2e.cli import complaint, gridward
from tests.e2e.compose import ProductionBroker

W1, W2, W3, C1, F1 = (
    f"{tiny.DISTRICT}/{end}" for end in ("worker/W1", "worker/W2", "worker/W3", "camera/C1", "worker/F1")
)
Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def world(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    names = "decoder,name,kind,device_id\nowntracks,owntracks/anna/phone,worker,W1\n"
    names += "frigate,frigate/gate,camera,C1\ntraccar,anybody,vehicle,V1\n"
    devices = tiny.FILES["devices.csv"] + "V1,vehicle,V,W2,,,,\n"
    home = tiny.write(tmp_path_factory.mktemp("world"), devices_csv=devices)
    (home / "foreign_names.csv").write_text(names)
    import_world(database_url, home)
    return database_url


@pytest.fixture(scope="module")
def broker(world: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProductionBroker]:
    home = tmp_path_factory.mktemp("broker")
    done = gridward(
        "device", "authority", "localhost", "127.0.0.1", **{DATABASE_URL: world, DATA: str(home / "gridward")}
    )
    assert done.returncode == 0, done
    broker = ProductionBroker(home)
    yield broker
    broker.stop()


@pytest.fixture
def device(world: str, broker: ProductionBroker) -> Command:
    return lambda *words: gridward("device", *words, **{DATABASE_URL: world, DATA: str(broker.keys.parent)})


@pytest.fixture
def issue(device: Command, broker: ProductionBroker) -> Iterator[Callable[[str], str]]:
    """Gives a place a password, and waits until the broker knows it."""
    given: list[str] = []

    def add(place: str) -> str:
        done = device("add", place)
        assert done.returncode == 0, done
        login, password = done.stdout.split()
        assert login == place
        broker.words[place] = password
        given.append(place)
        wait_until(lambda: broker.lets_in(place), what="the new login")
        return password

    yield add
    for place in given:
        device("revoke", place)


class Listener:
    """A device that is connected and waits for its orders: over MQTT 3.1.1, with a session that is kept."""

    def __init__(self, port: int, topic: str, *options: str) -> None:
        words = [
            "mosquitto_sub",
            "-h",
            "localhost",
            "-p",
            str(port),
            "-t",
            topic,
            "-q",
            "1",
            "-c",
            "-d",
            *options,
        ]
        self.process = subprocess.Popen(
            ["stdbuf", "-oL", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert self.process.stdout
        self.lines: list[str] = []
        while "received SUBACK" not in (line := self.process.stdout.readline()):
            assert line, self.lines
            self.lines.append(line)

    def is_out(self) -> str:
        """What it said while it was thrown out and kept out; some 3 s on a machine that has nothing else to
        do."""
        try:
            return self.process.communicate(timeout=30)[0]
        finally:
            self.process.kill()


def listen(broker: ProductionBroker, place: str) -> Listener:
    return Listener(broker.port, f"gw/v1/{place}/order", "-i", place, "-u", place, "-P", broker.words[place])


def log(broker: ProductionBroker) -> str:
    return (broker.home / "log").read_text(errors="replace")


def test_a_password_is_shown_once_and_kept_as_its_hash_only(issue, device, broker, world) -> None:
    password = issue(W1)
    assert len(password) == 24
    assert complaint(device("add", W1), 2) == f"{W1} has a password already (`gridward device rotate`)"
    (key,) = [key for key in json.loads(device("list", "--json").stdout)["keys"] if key["login"] == W1]
    assert (key["way"], key["revoked_at"], key["registered"]) == ("password", None, True)
    assert f"{W1} " in device("list").stdout
    with psycopg.connect(world) as conn:
        dump = str(conn.execute("SELECT * FROM device_key").fetchall())
    files = "".join(path.read_text() for path in broker.keys.iterdir())
    assert "$7$101$" in files
    for place in (dump, files, log(broker), device("list", "--revoked", "--json").stdout):
        assert password not in place
    assert {path.stat().st_mode & 0o777 for path in broker.keys.iterdir()} == {0o640}


def test_a_device_cannot_publish_as_another_nor_read_anothers_orders(issue, broker) -> None:
    issue(W1)
    issue(W2)
    assert broker.takes(W1, "mine", f"{W1}/gps")
    for where in (f"{W2}/gps", f"{W2}/order", f"{tiny.DISTRICT}/camera/W1/event", "441900/worker/W1/gps"):
        assert not broker.takes(W1, "not mine", where)
    reading = ["-i", "eavesdropper", "-c", "-E"]
    for topic in (f"gw/v1/{W2}/order", f"gw/v1/{tiny.DISTRICT}/worker/+/order", "#", f"gw/v1/{W1}/order"):
        broker.read(W1, topic, *reading)
    assert broker.takes("ingest", "for W2", f"{W2}/order")
    assert broker.takes(W2, "of W2", f"{W2}/gps")
    assert broker.takes("ingest", "for W1", f"{W1}/order")
    assert broker.read(W1, f"gw/v1/{W1}/order", "-i", "eavesdropper", "-c", "-C", "1", "-W", "5") == [
        "for W1"
    ]


def test_a_foreign_device_writes_where_its_decoder_listens_and_nowhere_else(issue, broker) -> None:
    for place in (W1, W2, C1):
        issue(place)
    for where in ("owntracks/anna/phone", "owntracks/anna/phone/event"):
        assert broker.takes(W1, "mine", where, root="")
        assert not broker.takes(W2, "not mine", where, root="")
    assert not broker.takes(W1, "not mine", "owntracks/anna/watch", root="")
    assert broker.takes("ingest", "an order", "owntracks/anna/phone/cmd", root="")
    assert broker.takes(C1, "of all its cameras", "frigate/events", root="")
    for where in ("frigate/events", "traccar/positions"):
        assert not broker.takes(W2, "not mine", where, root="")


def test_a_revoked_password_is_out(issue, device, broker) -> None:
    issue(W1)
    listener = listen(broker, W1)
    assert device("revoke", W1).stdout == f"{W1}: revoked (password)\n"
    assert "not authorised" in listener.is_out()
    assert not broker.lets_in(W1)
    assert complaint(device("revoke", W1), 2) == f"{W1} has no key"


def test_a_rotated_password_throws_out_who_has_the_old_one_and_nobody_else(issue, device, broker) -> None:
    old, other = issue(W1), issue(W3)
    thrown_out, stays = listen(broker, W1), listen(broker, W3)
    new = device("rotate", W1).stdout.split()[1]
    assert "not authorised" in thrown_out.is_out()
    assert not broker.lets_in(W1, word=old)
    assert broker.lets_in(W1, word=new)
    assert stays.process.poll() is None
    stays.process.kill()
    assert broker.lets_in(W3, word=other)
    assert complaint(device("rotate", W2), 2) == f"{W2} has no password (`gridward device add`)"


def test_a_refused_publish_over_mqtt_311_is_in_the_brokers_log(issue, broker) -> None:
    issue(W1)
    done = subprocess.run(
        ["mosquitto_pub", "-V", "mqttv311", "-p", str(broker.port), "-u", W1, "-P", broker.words[W1],
         "-q", "1", "-i", "the-forger", "-t", f"gw/v1/{W2}/gps", "-m", "forged"],
        capture_output=True, text=True, timeout=20, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")  # it is none the wiser
    wait_until(lambda: f"'gw/v1/{W2}/gps'" in log(broker), what="the broker's line")
    assert re.search(rf"Denied PUBLISH from the-forger .*'gw/v1/{W2}/gps'", log(broker))
    assert re.search(rf"New client connected from 127\.0\.0\.1:\d+ as the-forger .*u'{W1}'", log(broker))
    assert "Received PUBLISH" not in log(broker)


def test_all_that_have_none_get_a_password_by_one_command(device, broker) -> None:
    lines = device("add", "--missing", "--kind", "worker").stdout.splitlines()
    assert [line.split()[0] for line in lines] == [F1, W1, W2, W3]
    assert len({line.split()[1] for line in lines}) == 4
    assert device("add", "--missing", "--kind", "worker").stdout == ""
    broker.words[F1] = lines[0].split()[1]
    wait_until(lambda: broker.lets_in(F1), what="the new login")
    for place in (F1, W1, W2, W3):
        assert device("revoke", place).returncode == 0


def certified(device: Command, place: str, home: Path) -> tuple[str, ...]:
    """The options of a client with a new certificate."""
    done = device("cert", place, f"--out={home}")
    assert done.returncode == 0, done
    name = place.replace("/", "-")
    assert (home / f"{name}.key").stat().st_mode & 0o777 == 0o600
    return ("--cafile", f"{home}/ca.crt", "--cert", f"{home}/{name}.crt", "--key", f"{home}/{name}.key")


def publish(broker: ProductionBroker, topic: str, *options: str, port: int = 0) -> bool:
    """Whether a publish is taken, on the listener for certificates if no other."""
    done = subprocess.run(
        ["mosquitto_pub", "-V", "5", "-h", "localhost", "-p", str(port or broker.certificate_port), "-q", "1",
         "-t", topic, "-m", "hello", *options], capture_output=True, text=True, timeout=20, check=False,
    )  # fmt: skip
    return done.returncode == 0 and not done.stderr


def kept_out(broker: ProductionBroker, listener: Listener, known: str) -> bool:
    """Whether it is thrown out, and not let in again for its certificate: the broker's
    log says so after what is `known` of it. The client's own words depend on whether the connection's end
    or the alert reaches it first.
    """
    listener.is_out()
    wait_until(
        lambda: "certificate verify failed" in log(broker).removeprefix(known), what="the broker's refusal"
    )
    return listener.process.returncode != 0


def test_a_certificate_is_a_login_until_it_is_revoked(device, broker, tmp_path) -> None:
    options = certified(device, W1, tmp_path / "first")
    assert publish(broker, f"gw/v1/{W1}/gps", *options)
    assert not publish(broker, f"gw/v1/{W2}/gps", *options)
    assert not publish(broker, f"gw/v1/{W1}/gps", *options[:2])  # without one
    listener = Listener(broker.certificate_port, f"gw/v1/{W1}/order", "-i", "x", *options)
    known = log(broker)
    assert device("revoke", W1).stdout == f"{W1}: revoked (certificate)\n"
    assert kept_out(broker, listener, known)
    assert not publish(broker, f"gw/v1/{W1}/gps", *options)


def test_another_certificate_ends_the_first_and_its_session(device, broker, tmp_path) -> None:
    first = certified(device, W1, tmp_path / "first")
    wait_until(lambda: publish(broker, f"gw/v1/{W1}/gps", *first), what="the first")
    listener = Listener(broker.certificate_port, f"gw/v1/{W1}/order", "-i", "x", *first)
    known = log(broker)
    second = certified(device, W1, tmp_path / "second")
    assert kept_out(broker, listener, known)
    assert publish(broker, f"gw/v1/{W1}/gps", *second)
    assert "is there already" in complaint(device("cert", W1, f"--out={tmp_path}/second"), 2)
    assert publish(broker, f"gw/v1/{W1}/gps", *second)
    assert device("revoke", W1).returncode == 0


def test_passwords_go_through_tls_and_the_authoritys_key_is_its_owners_alone(issue, broker) -> None:
    issue(W1)
    ca = broker.keys.parent / "authority"
    options = ("--cafile", f"{ca}/ca.crt", "-u", W1, "-P", broker.words[W1])
    assert publish(broker, f"gw/v1/{W1}/gps", *options, port=broker.tls_port)
    assert not publish(
        broker, f"gw/v1/{W1}/gps", *options[:2], "-u", W1, "-P", "guessed", port=broker.tls_port
    )
    assert (ca / "ca.key").stat().st_mode & 0o777 == 0o600
    assert not (broker.keys / "ca.key").exists()


def test_no_password_stands_in_the_words_of_the_brokers_processes(broker) -> None:
    pid = broker.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    assert len(children) == 2  # the watch, and the sieve of its log
    for process in (pid, *children):
        words = Path(f"/proc/{process}/cmdline").read_text()
        assert words
        assert not any(broker.words[login] in words for login in ("ingest", "gateway"))


def test_a_kept_session_that_is_away_is_harmed_by_no_change_of_logins(issue, device, broker) -> None:
    issue(W1)
    for login in ("ingest", W1):
        broker.read(login, "gw/v1/#", "-i", f"away-{login.replace('/', '-')}", "-c", "-E")
    assert broker.takes(W1, "waiting")
    for _ in range(3):
        word = device("rotate", W1).stdout.split()[1]
        wait_until(lambda word=word: broker.lets_in(W1, word=word), what="the new password")
    assert device("revoke", W1).returncode == 0
    wait_until(lambda: not broker.lets_in(W1, word=word), what="the end of the password")
    assert broker.read("ingest", "gw/v1/#", "-i", "away-ingest", "-c", "-C", "1", "-W", "5") == ["waiting"]
    assert broker.process.poll() is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "350299/worker/W9"), "350299/worker/W9 is not registered"),
        (("add", "350299/camera/W1"), "350299/camera/W1 is not registered"),
        (("add", "worker/W1"), "'worker/W1' is no DISTRICT/KIND/ID"),
        (("add", "350299/worker/+"), "'350299/worker/+' is no DISTRICT/KIND/ID"),
        (("add",), "say which"),
        (("add", W1, "--missing"), "say which"),
        (("revoke", "350299/worker/W9"), "350299/worker/W9 has no key"),
    ],
)
def test_what_cannot_be_meant_is_one_line(device: Command, words: tuple[str, ...], said: str) -> None:
    assert said in complaint(device(*words), 2)


def test_where_the_files_cannot_be_written_nothing_is_issued(world: str, tmp_path: Path) -> None:
    data: dict[str, Any] = {DATABASE_URL: world, DATA: str(tmp_path)}
    (tmp_path / "broker").touch()
    assert "broker" in complaint(gridward("device", "add", C1, **data), 1)
    listed = json.loads(gridward("device", "list", "--json", **data).stdout)["keys"]
    assert C1 not in [key["login"] for key in listed]
    assert "no authority yet" in complaint(gridward("device", "cert", W1, f"--out={tmp_path}", **data), 2)
