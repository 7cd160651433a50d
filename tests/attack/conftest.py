"""The screen as anybody's browser finds it: the whole application, in this process, so that a guard can be
taken away."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient
from streamlit.runtime import Runtime

from dashboard import app, beat, data, map_tiles, routes, sessions, viewer
from tests import accounts, tiny
from tests.app.conftest import tiny_url as tiny_url

HERE = "http://testserver"
WORKERS = "/api/map/workers?lang=en&t=1"
Guard = tuple[Any, str, Any]
"""What has the guard, the guard's name, and what a house without it would have there."""


def only_without(monkeypatch: pytest.MonkeyPatch, gets_through: Callable[[], bool], *guards: Guard) -> None:
    """The attack fails, and gets through once these guards are gone: so it is they that stop it."""
    assert not gets_through()
    for guard in guards:
        monkeypatch.setattr(*guard)
    assert gets_through()


@pytest.fixture(scope="module")
def screen(tiny_url: str) -> Iterator[TestClient]:  # noqa: F811
    """What breaks in it is answered as a server would answer it."""
    with pytest.MonkeyPatch.context() as environ:
        environ.setenv("GRIDWARD_DATABASE_URL", tiny_url)
        application = app.create()
    yield TestClient(application, base_url=HERE, follow_redirects=False, raise_server_exceptions=False)
    Runtime._instance = None  # Streamlit has one a process, and other tests have theirs


@pytest.fixture
def on_tiny(tiny_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:  # noqa: F811
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", tiny_url)
    monkeypatch.setenv("GRIDWARD_DISTRICTS", str(tiny.DISTRICT))
    monkeypatch.setattr(viewer, "_of_script", lambda: None)
    _forget()
    yield
    _forget()


def _forget() -> None:
    """What was made of another test's database, or for its people."""
    data.forget()
    for kept in (beat, map_tiles, routes):
        kept._bodies.forget()
    sessions._found.clear()


def logged_in(screen: TestClient, url: str, name: str = accounts.ON_DUTY, **fields: Any) -> tuple[str, str]:
    """The cookies of the session and the ticket of somebody of that name."""
    session = f"gridward={accounts.logged_in(url, name, **fields)}"
    ticket = screen.get("/map", headers={"Cookie": session}).headers["set-cookie"].partition(";")[0]
    screen.cookies.clear()
    return session, ticket
