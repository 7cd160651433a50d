"""Strangers and other people's pages at the doors of the screen; each gets through once its guard is gone."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from streamlit.web.server.starlette import starlette_websocket

from dashboard import doors, photos, sessions, tickets, viewer
from dashboard.doors import Doors
from dashboard.sessions import Session, hash_of
from ingest.domain.account import Account, Role
from tests import accounts, tiny
from tests.app.conftest import looks_on
from tests.app.test_photos import jpeg, kept, shot
from tests.attack.conftest import WORKERS, logged_in, only_without

pytestmark = pytest.mark.usefixtures("on_tiny")

EVERYBODY = Session(Account("x", roles=frozenset(Role), must_change=False), b"x")
FAR = "http://elsewhere.example"


async def _ajar(self: Doors, *asked: Any) -> None:
    await self._app(*asked)


NO_DOORS = (Doors, "__call__", _ajar)


def test_a_token_that_nobody_was_given_opens_nothing(
    screen: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gets_in() -> bool:
        return screen.get("/map", headers={"Cookie": "gridward=guessed"}).status_code == 200

    only_without(monkeypatch, gets_in, (sessions, "find", lambda token: EVERYBODY))


def test_what_nobody_has_thought_of_is_closed_too(
    screen: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Streamlit's own addresses, for one."""
    only_without(monkeypatch, lambda: screen.get("/_stcore/metrics").status_code == 200, NO_DOORS)


def test_without_the_doors_a_route_still_tells_nobody_of_people(
    screen: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It asks itself whose place it is: both have to be gone."""
    monkeypatch.setattr(*NO_DOORS)
    only_without(
        monkeypatch, lambda: "Jia Yi" in screen.get(WORKERS).text, (viewer, "session", lambda: EVERYBODY)
    )


def test_a_session_alone_is_told_of_nobody(
    screen: TestClient, tiny_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another site's page can have a browser send."""
    session, _ = logged_in(screen, tiny_url)

    def is_told() -> bool:
        return "Jia Yi" in screen.get(WORKERS, headers={"Cookie": session}).text

    only_without(monkeypatch, is_told, (tickets, "is_good", lambda session, given: True))


def test_another_sites_page_has_nobody_logged_out(
    screen: TestClient, tiny_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, _ = logged_in(screen, tiny_url)

    def logs_out() -> bool:
        answer = screen.post("/logout", headers={"Cookie": session, "Origin": FAR})
        return answer.headers.get("location") == "./login"

    only_without(monkeypatch, logs_out, (doors, "_is_from_here", lambda scope: True))


@pytest.mark.parametrize("ours_first", [True, False])
def test_another_sites_page_opens_no_line(
    screen: TestClient, tiny_url: str, monkeypatch: pytest.MonkeyPatch, ours_first: bool
) -> None:
    """Two guards are before it, of which Streamlit's is one: each is enough."""
    session, _ = logged_in(screen, tiny_url)
    told = {"Cookie": session, "Origin": FAR}

    def opens() -> bool:
        try:
            with screen.websocket_connect("/_stcore/stream", subprotocols=["streamlit"], headers=told):
                return True
        except WebSocketDisconnect:
            return False

    ours = (doors, "_is_from_here", lambda scope: True)
    streamlits = (starlette_websocket, "_is_origin_allowed", lambda *said: True)
    first, last = (ours, streamlits) if ours_first else (streamlits, ours)
    monkeypatch.setattr(*first)
    only_without(monkeypatch, opens, last)


def test_a_photo_is_shown_by_no_other_sessions_address(
    screen: TestClient, tiny_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRIDWARD_DATA", str(tmp_path))
    sha256 = kept(tmp_path, jpeg(64, 48))
    cookie = "; ".join(logged_in(screen, tiny_url))
    looks_on(monkeypatch, "乙")
    others = shot(sha256).whole
    monkeypatch.setattr(viewer, "_of_script", lambda: None)

    def is_shown() -> bool:
        return screen.get(f"/{others}", headers={"Cookie": cookie}).content == jpeg(64, 48)

    only_without(monkeypatch, is_shown, (photos, "signed_for_me", lambda signed: signed[:64]))


def test_a_worker_is_told_of_no_colleague(
    screen: TestClient, tiny_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cookie = "; ".join(logged_in(screen, tiny_url, "甲一", district=tiny.DISTRICT, worker_id="W1"))

    def is_told() -> bool:
        return "Yi Er" in screen.get(WORKERS, headers={"Cookie": cookie}).text

    only_without(monkeypatch, is_told, (doors, "OF_OTHERS", "/nothing/"))


def test_whose_session_is_over_is_out(
    screen: TestClient, tiny_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, _ = logged_in(screen, tiny_url)
    token = session.partition("=")[2]
    sessions.end(Session(Account(accounts.ON_DUTY), hash_of(token)))

    def is_in() -> bool:
        return screen.get("/map", headers={"Cookie": session}).status_code == 200

    only_without(monkeypatch, is_in, (sessions, "find", lambda token: EVERYBODY))
