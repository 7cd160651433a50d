"""Addresses, headers and forms that no page of ours sends: answered in a line, and nothing is told."""

import re
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from dashboard import doors, login, login_forms, map_answers
from tests.attack.conftest import HERE, WORKERS, logged_in, only_without

pytestmark = pytest.mark.usefixtures("on_tiny")

NINES = "9" * 5_000
"""More digits than Python makes a number of."""
STRANGE = [
    *(
        "//[",
        "http://[x",
        "//[::1]:x/",
        "\\\\[",
        "\r\nSet-Cookie: a=b",
        "tasks?x=\0",
        "'\"><b>",
        "\ud7ff" * 900,
    ),
    *("javascript:alert(1)", "data:text/html,x", "./../..//x", "%", "%00", NINES),
]


@pytest.mark.parametrize("wanted", STRANGE, ids=lambda text: ascii(text[:12]))
@pytest.mark.parametrize("name", ["next", "lang"])
def test_whatever_a_login_is_asked_for_it_is_a_login(screen: TestClient, wanted: str, name: str) -> None:
    asked = f"/login?{name}={quote(wanted)}"
    told = {"Origin": HERE}
    answers = [screen.get(asked), screen.post(asked, data={"name": "x", "password": "x"}, headers=told)]
    assert [answer.status_code for answer in answers] == [200, 401]
    assert all("set-cookie" not in answer.headers for answer in answers)


@pytest.mark.parametrize("typed", ["a\0b", "\0", "'; DROP TABLE account; --", "x" * 3_000, "\u202e王"])
def test_whatever_is_typed_for_a_name_is_nobodys(screen: TestClient, typed: str) -> None:
    answer = screen.post("/login", data={"name": typed, "password": "x"}, headers={"Origin": HERE})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "origin", ["http://[", "http://testserver.elsewhere.example", "null", "//", "http://testserver:81", "é"]
)
def test_an_origin_that_is_not_ours_is_anothers(screen: TestClient, origin: str) -> None:
    told = {"Origin": origin.encode("latin-1")}
    assert screen.post("/login", data={"name": "x"}, headers=told).status_code == 403


PATHS = [
    *("/api/photos/%00", "/api/photos/..%2f..%2fphoto.key", "/app/static/..%2f..%2fsettings.py"),
    *(
        "/app/static/%2e%2e/%2e%2e/settings.py",
        "/static/..%2f..%2f..%2f..%2fetc/passwd",
        "/media/..%2f..%2fx",
    ),
    *("/app/static//etc/passwd", "/app/static/%00", "/component/x/..%2f..%2f..%2fetc/passwd", "/..%5c..%5cx"),
]


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_out_of_what_is_served(screen: TestClient, tiny_url: str, path: str) -> None:
    told = {"Cookie": "; ".join(logged_in(screen, tiny_url))}
    answer, nothing = (screen.get(one, headers=told) for one in (path, "/no/such/thing"))
    if answer.status_code == 200:  # Streamlit answers what it does not know with its page
        assert answer.text == nothing.text
    else:
        assert (answer.status_code in (400, 404), len(answer.text) < 100) == (True, True)


def test_a_number_of_thousands_of_digits_breaks_nothing(
    screen: TestClient, tiny_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"Cookie": "; ".join(logged_in(screen, tiny_url))}
    tick, tile = WORKERS.replace("t=1", f"t={NINES}"), f"/api/map/premises/{NINES}/1?lang=en&t=1"
    assert [screen.get(one, headers=told).status_code for one in (tick, tile)] == [400, 414]

    def breaks() -> bool:
        return [screen.get(one, headers=told).status_code for one in (tick, tile)] == [500, 500]

    lax = re.compile("[0-9]+")
    only_without(monkeypatch, breaks, (map_answers, "_TICK", lax), (doors, "LONGEST_PATH", 10_000))


@pytest.mark.parametrize(
    "asked",
    [
        *("at=%00&key=x", "at=2026-11-27T02:00:00Z&key=%c3%a9", "at=x&key=", "colour=%27%3B--", "limit=9"),
        *("at=" + "9" * 3_000, "lang=zh&lang=x", "unit=350299/02", "district=441999", "path=%25"),
    ],
)
def test_a_layer_is_told_nothing_by_more_than_it_asks_for(
    screen: TestClient, tiny_url: str, asked: str
) -> None:
    told = {"Cookie": "; ".join(logged_in(screen, tiny_url, "甲所", district=350299, path="350299/01"))}
    plain = screen.get("/api/map/grids?lang=en&t=1", headers=told)
    answer = screen.get(f"/api/map/grids?lang=en&t=1&{asked}", headers=told)
    assert "Bing" not in plain.text
    assert answer.status_code in (200, 400, 403)
    assert answer.status_code != 200 or answer.json()["features"] == plain.json()["features"]


def test_a_form_of_any_length_costs_no_more_than_a_short_one(
    screen: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[str] = []
    look = login.matches
    monkeypatch.setattr(login, "matches", lambda kept, typed: looked_at.append(typed) or look(kept, typed))

    def is_read() -> bool:
        looked_at.clear()
        form = {"name": "x", "password": "y" * 100_000}
        screen.post("/login", data=form, headers={"Origin": HERE})
        return len(looked_at[0]) == 100_000

    only_without(monkeypatch, is_read, (login_forms, "LONGEST_FORM", 1_000_000))
