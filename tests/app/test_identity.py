"""Logging in by an identity provider: a real one (OIDC), asked as a browser is led to it and back."""

import json
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
from oidc_provider_mock import User, run_server_in_thread
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from dashboard import identity
from dashboard.settings import load
from dashboard.ui.i18n import say
from ingest.contract.errors import ConfigError
from ingest.domain.password import hashed
from tests import accounts
from tests.app.test_serve import answers, start
from tests.conftest import free_port, wait_until

SECRET = "a secret of the tests' own, that is long enough"
OFFICER = User(sub="u-77", claims={"email": "officer@example.test", "email_verified": True})
UNPROVED = User(sub="u-78", claims={"email": "boss@example.test", "email_verified": False})
STRANGER = User(sub="u-79", claims={"email": "nobody@example.test", "email_verified": True})


def told(file: Path, port: int, provider: str) -> Path:
    file.write_text(
        f"""[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
cookie_secret = "{SECRET}"
client_id = "gridward"
client_secret = "its own"
server_metadata_url = "{provider}/.well-known/openid-configuration"
"""
    )
    return file


@pytest.fixture(scope="module")
def address(tiny_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A served screen whose people are known to a provider."""
    accounts.add(tiny_url, "段长", identity="u-77", password=hashed("kphd-wxyz-mnrt"), must_change=True)
    accounts.add(tiny_url, "局长", identity="boss@example.test", password=None)
    port = free_port()
    with run_server_in_thread(user_claims=[OFFICER, UNPROVED, STRANGER]) as provider:
        where = f"http://127.0.0.1:{provider.server_port}"
        file = told(tmp_path_factory.mktemp("identity") / "identity.toml", port, where)
        process = start(f"--port={port}", GRIDWARD_DATABASE_URL=tiny_url, GRIDWARD_IDENTITY=str(file))
        try:
            wait_until(lambda: answers(f"http://127.0.0.1:{port}/_stcore/health"), what="the server")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()
            process.communicate()


def come_by(address: str, who: User) -> tuple[httpx.Client, httpx.Response]:
    """A browser that goes to the provider, says there who it is, and is led back."""
    browser = httpx.Client(base_url=address, follow_redirects=True, timeout=30)
    asked = browser.get("/identity")
    assert asked.status_code == 200, asked.text
    return browser, browser.post(asked.url, data={"sub": who.sub})


def test_the_login_page_offers_it(address: str) -> None:
    assert say("en", "login.identity") in unescape(httpx.get(f"{address}/login?lang=en").text)


def test_who_has_an_account_by_their_number_at_the_provider_is_let_in(address: str) -> None:
    browser, led = come_by(address, OFFICER)
    assert (led.status_code, led.url.path) == (200, "/")
    assert {"gridward", "gridward_ticket"} <= set(browser.cookies)
    assert not [name for name in browser.cookies if name.startswith("_streamlit_user")]
    own = unescape(browser.get("/account?lang=en").text)
    assert ("段长" in own, say("en", "login.must_change") in own) == (True, False)
    assert browser.get("/api/map/workers?lang=en&t=1").status_code == 200


@pytest.mark.parametrize("who", [UNPROVED, STRANGER], ids=["an address that is not verified", "no account"])
def test_who_has_none_is_not(address: str, who: User) -> None:
    browser, led = come_by(address, who)
    assert (led.status_code, led.url.path) == (401, "/login")
    assert say("zh", "login.unknown") in led.text or say("en", "login.unknown") in unescape(led.text)
    assert browser.get("/api/map/workers?lang=en&t=1").status_code == 401


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        ({"sub": "u-77", "iat": time.time() - 3600}, SECRET),
        ({"sub": "u-77"}, SECRET),
        ({"sub": "u-77", "iat": time.time()}, "another secret that is as long as the one"),
        ({"email": "boss@example.test", "iat": time.time()}, SECRET),
        ({"email": "boss@example.test", "email_verified": "true", "iat": time.time()}, SECRET),
    ],
    ids=["old", "of no time", "forged", "unverified", "verified by a word"],
)
def test_an_answer_that_is_old_forged_or_unproved_is_nobodys_key(
    address: str, said: dict[str, Any], secret: str
) -> None:

    name = "_streamlit_user"
    value = create_signed_value(secret, name, json.dumps(said)).decode()
    answer = httpx.get(f"{address}/login", headers={"Cookie": f"{name}={value}"})
    assert (answer.status_code, "gridward" in answer.cookies) == (401, False)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[auth", "GRIDWARD_IDENTITY: .*identity.toml: "),
        ("[other]\nx = 1", r"\[auth\] lacks client_id, client_secret"),
        (
            '[auth]\nclient_id="a"\nclient_secret="b"\nserver_metadata_url="c"\nredirect_uri="d"\ncookie_secret="e"',
            "cookie_secret is shorter than 32",
        ),
    ],
)
def test_a_file_that_tells_of_none_is_one_line(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "identity.toml"
    file.write_text(text)
    with pytest.raises(ConfigError, match=why):
        identity.check(file)
    with pytest.raises(ConfigError, match="GRIDWARD_IDENTITY: .*No such file"):
        identity.check(tmp_path / "none.toml")


def test_it_is_the_settings_that_name_the_file() -> None:
    told = load({"GRIDWARD_DATABASE_URL": "x", "GRIDWARD_IDENTITY": "/etc/x.toml"})
    assert told.identity == Path("/etc/x.toml")
    assert load({"GRIDWARD_DATABASE_URL": "x"}).identity is None
