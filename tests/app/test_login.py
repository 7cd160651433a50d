"""Logging in, as a browser's forms do: with the right password, a wrong one, the first one, and too often."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard import login, sessions
from dashboard.database import door
from dashboard.ui.i18n import LANGUAGES, say
from db.connect import Row, connect
from ingest.domain.account import Account
from ingest.domain.password import hashed, matches
from tests import accounts, tiny
from tests.app.test_doors import ask
from tests.app.test_serve import serving

RIGHT, OTHER = "蓝天 correct horse 7", "another good one 42"


@pytest.fixture(scope="module")
def address(tiny_url: str) -> Iterator[str]:
    with serving(GRIDWARD_DATABASE_URL=tiny_url, GRIDWARD_DISTRICTS=str(tiny.DISTRICT)) as (address, _):
        yield address


@pytest.fixture
def person(tiny_url: str) -> str:
    """An account with a password of its own, as it was made."""
    fresh: Row = {"failed": 0, "locked_until": None, "disabled_at": None, "must_change": False}
    accounts.add(tiny_url, "王 芳", password=hashed(RIGHT), **fresh)
    return "王 芳"


def post(address: str, door: str, cookie: str = "", **form: str) -> tuple[int, Any, str]:
    told = {"Origin": address, "Content_Type": "application/x-www-form-urlencoded"}
    status, headers, body = ask(address, door, cookie, "POST", urlencode(form), **told)
    return status, headers, unescape(body.decode())


def log_in(address: str, name: str, password: str, asked: str = "lang=en") -> tuple[int, Any, str]:
    return post(address, f"/login?{asked}", name=name, password=password)


def cookie_of(headers: Any) -> str:
    return str(headers["set-cookie"]).partition(";")[0]


def column(url: str, name: str, column: str) -> Any:
    with connect(url) as conn:
        (row,) = conn.execute(f"SELECT {column} AS it FROM account WHERE name = %s".encode(), (name,))
        return row["it"]


def test_the_right_password_opens_with_a_cookie_that_no_script_reads(address: str, person: str) -> None:
    status, headers, _ = log_in(
        address, f" {person}", RIGHT, "lang=en&next=tasks%3Flang%3Den%26states%3Ddone"
    )
    assert (status, headers["location"]) == (303, "./tasks?lang=en&states=done")
    parts = {part.strip() for part in headers["set-cookie"].split(";")[1:]}
    assert parts == {"HttpOnly", "Max-Age=43200", "Path=/", "SameSite=lax"}
    assert ask(address, "/tasks", cookie_of(headers))[0] == 200


def test_the_other_language_keeps_the_page_that_was_wanted(address: str) -> None:
    wanted = "tasks?lang=en&states=done"
    body = ask(address, f"/login?{urlencode({'lang': 'en', 'next': wanted})}")[2].decode()
    links = [unescape(link) for link in re.findall(r'href="([^"]*)"', body)]
    assert f"./login?{urlencode({'lang': 'zh', 'next': wanted})}" in links


@pytest.mark.parametrize(
    "wanted",
    [
        "//elsewhere.example",
        "https://elsewhere.example/tasks",
        "\\\\elsewhere",
        "nothing",
        "../x",
        "javascript:x",
    ],
)
def test_nobody_is_led_elsewhere_by_it(address: str, person: str, wanted: str) -> None:
    status, headers, _ = log_in(address, person, RIGHT, urlencode({"next": wanted}))
    assert (status, headers["location"]) == (303, "./")


def test_behind_tls_the_cookie_goes_by_tls_to_this_host_only(address: str, person: str) -> None:
    told = {"Origin": address, "X_Forwarded_Proto": "https"}
    form = urlencode({"name": person, "password": RIGHT})
    _, headers, _ = ask(address, "/login", "", "POST", form, **told)
    assert headers["set-cookie"].startswith("__Host-gridward=")
    assert "; Secure" in headers["set-cookie"]
    page = ask(address, "/", cookie_of(headers), X_Forwarded_Proto="https")
    assert (page[0], "; Secure" in page[1]["set-cookie"]) == (200, True)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_wrong_password_and_a_name_that_nobody_has_are_told_the_same(
    address: str, person: str, lang: str
) -> None:
    answers = [log_in(address, name, "wrong one, surely", f"lang={lang}") for name in (person, "nobody")]
    assert [status for status, _, _ in answers] == [401, 401]
    texts = [body.replace(person, "?").replace("nobody", "?") for _, _, body in answers]
    assert texts[0] == texts[1]
    assert say(lang, "login.wrong") in texts[0]
    assert all("set-cookie" not in headers for _, headers, _ in answers)


def test_what_was_typed_is_text_on_the_page(address: str) -> None:
    told = {"Origin": address}
    form, asked = (
        urlencode({"name": '"><img src=x onerror=y>', "password": "x"}),
        urlencode({"next": '"><b>'}),
    )
    body = ask(address, f"/login?{asked}", "", "POST", form, **told)[2].decode()
    assert "img" in body
    assert "<img" not in body
    assert "<b>" not in body


def test_wrong_ones_lock_the_account_ever_longer_also_for_the_right_one(
    address: str, person: str, tiny_url: str
) -> None:
    for _ in range(4):
        assert log_in(address, person, "wrong one, surely")[0] == 401
    assert column(tiny_url, person, "locked_until") is None
    assert log_in(address, person, "wrong one, surely")[0] == 401
    minutes = "round(extract(epoch FROM locked_until - now()) / 60)"
    assert column(tiny_url, person, minutes) == 1
    status, _, body = log_in(address, person, RIGHT)
    assert (status, say("en", "login.locked", minutes=1) in body) == (429, True)
    for wait in (2, 4, 8, 16, 32, 60, 60):
        with connect(tiny_url) as conn:
            conn.execute("UPDATE account SET locked_until = now() WHERE name = %s", (person,))
        assert log_in(address, person, "wrong one, surely")[0] == 401
        assert column(tiny_url, person, minutes) == wait
    with connect(tiny_url) as conn:
        conn.execute("UPDATE account SET locked_until = now() WHERE name = %s", (person,))
    assert log_in(address, person, RIGHT)[0] == 303
    assert column(tiny_url, person, "failed") == 0


def test_a_disabled_account_and_one_without_a_password_stay_out(
    address: str, person: str, tiny_url: str
) -> None:
    accounts.add(tiny_url, "elsewhere", password=None)
    for password in ("", "x", RIGHT):
        assert log_in(address, "elsewhere", password)[0] == 401
    with connect(tiny_url) as conn:
        conn.execute("UPDATE account SET disabled_at = now() WHERE name = %s", (person,))
    assert log_in(address, person, RIGHT)[0] == 401


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_password_opens_nothing_but_the_page_on_which_it_is_changed(
    address: str, person: str, tiny_url: str, lang: str
) -> None:
    accounts.add(tiny_url, person, password=hashed(RIGHT), must_change=True)
    cookie = cookie_of(log_in(address, person, RIGHT)[1])
    page = ask(address, "/tasks?lang=en", cookie)
    assert (page[0], page[1]["location"]) == (303, "./account?next=tasks%3Flang%3Den")
    assert ask(address, "/api/beat?lang=en&of=head", cookie)[0] == 403
    own = ask(address, f"/account?lang={lang}", cookie)[2].decode()
    assert say(lang, "login.must_change") in own
    for new, again, why in (
        (OTHER, OTHER + "x", "differ"),
        (RIGHT, RIGHT, "same"),
        ("short", "short", "too_short"),
        ("password1234", "password1234", "too_common"),
        ("王 芳王 芳王 芳王 芳", "王 芳王 芳王 芳王 芳", "is_name"),
    ):
        form = {"password": RIGHT, "new": new, "again": again}
        status, _, body = post(address, f"/account?lang={lang}", cookie, **form)
        assert (status, say(lang, f"login.{why}") in body) == (400, True), why
    form = {"password": "wrong one, surely", "new": OTHER, "again": OTHER}
    assert post(address, "/account", cookie, **form)[0] == 400
    assert post(address, "/account", cookie, **{**form, "password": RIGHT})[0] == 303
    assert ask(address, "/tasks", cookie)[0] == 200
    assert log_in(address, person, RIGHT)[0] == 401
    assert log_in(address, person, OTHER)[0] == 303


def test_another_password_ends_whatever_else_was_logged_in_by_the_old_one(address: str, person: str) -> None:
    here, there = (cookie_of(log_in(address, person, RIGHT)[1]) for _ in range(2))
    assert post(address, "/account", here, password=RIGHT, new=OTHER, again=OTHER)[0] == 200
    assert ask(address, "/tasks", here)[0] == 200
    assert ask(address, "/api/map/style.json", there)[0] == 401


def test_who_logs_out_is_out_at_once(address: str, person: str) -> None:
    cookie = cookie_of(log_in(address, person, RIGHT)[1])
    status, headers, _ = post(address, "/logout", cookie)
    assert (status, headers["location"]) == (303, "./login")
    assert ask(address, "/api/map/style.json", cookie)[0] == 401


def test_who_came_and_went_is_asked_to_be_written_down_but_no_password(
    address: str, person: str, tiny_url: str
) -> None:
    asked = "SELECT payload, actor FROM command WHERE kind = 'note_login' ORDER BY queued_at"
    with connect(tiny_url) as conn:
        conn.execute("DELETE FROM command WHERE kind = 'note_login'")
    log_in(address, person, "wrong one, surely")
    cookie = cookie_of(log_in(address, person, RIGHT)[1])
    post(address, "/account", cookie, password=RIGHT, new=OTHER, again=OTHER)
    post(address, "/logout", cookie)
    log_in(address, "nobody", RIGHT)
    with connect(tiny_url) as conn:
        rows = conn.execute(asked).fetchall()
    assert [row["payload"]["what"] for row in rows] == ["refused", "in", "password", "out"]
    assert {row["actor"] for row in rows} == {f"screen:{person}"}
    assert all(secret not in str(rows) for secret in (RIGHT, OTHER, "wrong one"))


def test_a_form_that_is_too_long_is_none(address: str) -> None:
    assert post(address, "/login", name="x", password="y" * 10_000)[0] == 401


def test_a_password_that_was_reset_meanwhile_opens_nothing(
    tiny_url: str, person: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", tiny_url)
    account, kept = Account(person), column(tiny_url, person, "password")
    assert sessions.begin(account, kept) is not None
    accounts.add(tiny_url, person, password=hashed(OTHER))
    assert sessions.begin(account, kept) is None
    told = {"account": person, "password": hashed(RIGHT), "by": kept, "token_hash": b""}
    assert door("set_password", **told) == []
    assert matches(column(tiny_url, person, "password"), OTHER)


def test_who_comes_when_too_many_wait_is_sent_away_before_anything_is_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(login, "MOST_WAITING", 0)
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", "postgresql://nobody/x")
    with TestClient(Starlette(routes=login.ROUTES)) as browser:
        answer = browser.post("/login?lang=en", data={"name": "x", "password": "y"})
    assert (answer.status_code, say("en", "login.busy") in unescape(answer.text)) == (503, True)
