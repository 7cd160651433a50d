"""`python -m dashboard` as a process: what it serves, what it refuses, and how it ends."""

import contextlib
import gzip
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from dashboard.sessions import Session, hash_of
from ingest.domain.account import Account, Role
from tests import accounts
from tests.conftest import free_port, wait_until


def start(*arguments: str, **environ: str) -> subprocess.Popen[str]:
    ours = {name for name in os.environ if name.startswith("GRIDWARD_")} - {"GRIDWARD_DATA"}
    clean = {name: value for name, value in os.environ.items() if name not in ours}
    command = [sys.executable, "-m", "dashboard", *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, env=clean | environ, **pipes)  # type: ignore[call-overload, no-any-return]


@contextmanager
def serving(**environ: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    port = free_port()
    process, address = start(f"--port={port}", **environ), f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: answers(f"{address}/_stcore/health"), what="the server")
        with contextlib.suppress(psycopg.OperationalError):
            KEYS[address] = keys(address, accounts.logged_in(environ["GRIDWARD_DATABASE_URL"]))
        yield address, process
    finally:
        process.kill()
        process.communicate()


KEYS: dict[str, str] = {}
"""The cookies of somebody who may see everything, by the server's address."""


def keys(address: str, token: str) -> str:
    """The cookies of a browser that is logged in and has opened a page."""
    request = urllib.request.Request(f"{address}/map", headers={"Cookie": f"gridward={token}"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return f"gridward={token}; {answer.headers['Set-Cookie'].partition(';')[0]}"


def session(address: str) -> Session:
    """The session of whose cookies are sent there."""
    token = KEYS[address].partition(";")[0].partition("=")[2]
    return Session(Account(accounts.ON_DUTY, roles=frozenset(Role)), hash_of(token))


def answers(url: str) -> bool:
    try:
        return get(url)[0] == 200
    except OSError:
        return False


def get(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """What somebody who is logged in is answered, unless `headers` say otherwise."""
    address = "/".join(url.split("/")[:3])
    headers = {"Cookie": KEYS.get(address, "gridward=nobodys"), **headers}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


@pytest.fixture(scope="module")
def address(tiny_url: str) -> Iterator[str]:
    with serving(GRIDWARD_DATABASE_URL=tiny_url) as (address, _):
        yield address


def ids(found: Any) -> list[str]:
    return [item["id"] for item in found]


def test_the_map_is_told_where_everything_is(address: str) -> None:
    found = {
        name: json.loads(get(f"{address}/api/map/{name}?lang=en&t=1")[2])
        for name in ("grids", "names", "workers", "devices", "alerts")
    }
    workers = found["workers"]["features"]
    assert [item["properties"]["id"] for item in workers] == ["W1", "W2", "W3"]
    assert ids(found["devices"]) == ["B1", "B2", "C1"]
    assert sorted(ids(found["alerts"])) == ["A1", "A2", "A3", "A4"]
    assert [item["properties"]["id"] for item in found["grids"]["features"]] == ["G1", "G2", "G3"]
    labels = [item["properties"].get("label") for item in found["names"]["features"]]
    assert len([label for label in labels if label]) == 3, "few grids are named, each of them"
    assert "door_forced" in str(found["alerts"])


def test_the_same_body_goes_packed_to_who_can_unpack_it(address: str) -> None:
    url = f"{address}/api/map/workers?lang=zh&t=1"
    _, headers, packed = get(url, **{"Accept-Encoding": "gzip"})
    _, _, plain = get(url)
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed) == plain


@pytest.mark.parametrize(
    "path", ["/", "/map?lang=en", "/tasks?lang=zh&states=done", "/command_centre?lang=en"]
)
def test_every_pages_address_tells_the_browser_where_the_server_is(address: str, path: str) -> None:
    status, headers, body = get(address + path)
    assert (status, headers["cache-control"]) == (200, "no-cache")
    assert b'<head><script>window.__streamlit = {BACKEND_BASE_URL: new URL(".", location.href).href}' in body


def test_the_first_pages_name_leads_to_the_root_and_keeps_what_was_asked(address: str) -> None:
    request = urllib.request.Request(
        f"{address}/command_centre?lang=en&x=1", headers={"Cookie": KEYS[address]}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.url == f"{address}/?lang=en&x=1"


@pytest.mark.parametrize("query", ["", "?lang=xx&t=1", "?lang=zh&t=now", "?lang=zh&t=-1"])
def test_a_wrong_question_is_refused(address: str, query: str) -> None:
    assert get(f"{address}/api/map/workers{query}")[0] == 400


def test_without_a_database_a_route_says_so_in_one_line(nowhere: str) -> None:
    with serving(GRIDWARD_DATABASE_URL=nowhere, GRIDWARD_DISTRICTS="350299,1") as (address, _):
        status, _, body = get(f"{address}/api/map/workers?lang=zh&t=1")
    assert (status, body) == (503, b"the database is away")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_at_once_when_told_to(tiny_url: str, number: signal.Signals) -> None:
    with serving(GRIDWARD_DATABASE_URL=tiny_url) as (_, process):
        process.send_signal(number)
        assert process.wait(5) == 0


@pytest.mark.parametrize(
    ("environ", "line"),
    [
        ({}, "GRIDWARD_DATABASE_URL is not set; `gridward env` prints it"),
        (
            {"GRIDWARD_DATABASE_URL": "x", "GRIDWARD_DISTRICTS": "jimei"},
            "GRIDWARD_DISTRICTS: 'jimei' is not a 6-digit region code",
        ),
    ],
)
def test_a_wrong_setting_is_one_line(environ: dict[str, str], line: str) -> None:
    process = start(**environ)
    _, said = process.communicate(timeout=30)
    assert (process.returncode, said.splitlines()) == (1, [line])


def test_a_port_that_is_taken_is_one_line(address: str, tiny_url: str) -> None:
    port = address.rpartition(":")[2]
    process = start(f"--port={port}", GRIDWARD_DATABASE_URL=tiny_url)
    _, said = process.communicate(timeout=30)
    assert (process.returncode, said.splitlines()) == (
        1,
        [f"cannot listen on 127.0.0.1:{port}: Address already in use"],
    )
