"""Logging in as somebody else, and being led astray by it: neither works, and both do without their guard."""

import pytest
from starlette.responses import RedirectResponse
from starlette.testclient import TestClient

from dashboard import login
from ingest.domain.password import hashed
from tests import accounts
from tests.attack.conftest import HERE, only_without

pytestmark = pytest.mark.usefixtures("on_tiny")

FAR = "http://elsewhere.example"
PASSWORD = "蓝天 correct horse 7"


def enters(screen: TestClient, password: str, wanted: str = "") -> str:
    """Where somebody who logs in so is led; '' if they are not let in."""
    form, told = {"name": "王芳", "password": password}, {"Origin": HERE}
    answer = screen.post("/login", params={"next": wanted}, data=form, headers=told)
    screen.cookies.clear()
    return answer.headers.get("location", "")


def test_a_password_is_not_guessed_try_after_try(
    screen: TestClient, tiny_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:

    def is_guessed() -> bool:
        accounts.add(tiny_url, "王芳", password=hashed(PASSWORD), failed=0, locked_until=None)
        return [enters(screen, word) for word in ("one", "two", PASSWORD)][-1] != ""

    monkeypatch.setattr(login, "FREE_TRIES", 2)
    only_without(monkeypatch, is_guessed, (login, "FREE_TRIES", 1_000_000))


@pytest.mark.parametrize("wanted", ["//elsewhere.example/x", f"{FAR}/tasks"])
def test_a_login_leads_nobody_elsewhere(
    screen: TestClient, tiny_url: str, monkeypatch: pytest.MonkeyPatch, wanted: str
) -> None:
    """Only a page of ours is led to, and that from where one is: both have to be gone."""
    accounts.add(tiny_url, "王芳", password=hashed(PASSWORD), failed=0, locked_until=None)

    def leads_there() -> bool:
        return enters(screen, PASSWORD, wanted) == wanted

    def plainly(where: str, *rest: object) -> RedirectResponse:
        return RedirectResponse(where.removeprefix("./"), *rest)  # type: ignore[arg-type]

    only_without(
        monkeypatch,
        leads_there,
        (login, "page_of_ours", lambda wanted: wanted),
        (login, "RedirectResponse", plainly),
    )
