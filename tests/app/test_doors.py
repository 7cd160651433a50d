"""The doors of the screen: tried by a raw client without a key, with a wrong one, and with an old one."""

import http.client
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import psycopg
import pytest
import websockets
from starlette.routing import Route
from websockets.sync.client import connect as dial

from dashboard import app, pages, routes
from db.connect import connect
from tests import accounts, tiny
from tests.app.test_serve import KEYS, keys, serving
from tests.conftest import wait_until

OURS = [route.path for route in routes.ROUTES if isinstance(route, Route)]
STREAMLITS = [
    *(
        "/_stcore/host-config",
        "/_stcore/health/../host-config",
        "/_stcore/script-health-check",
        "/_stcore/metrics",
    ),
    *("/_stcore/upload_file/a/b", "/_stcore/stream", "/media/" + "a" * 56 + ".csv", "/static/js/index.js"),
    *("/app/static/icon.svg", "/component/x/index.html", "/auth/login", "/auth/logout", "/oauth2callback"),
]
ODD = [
    "//",
    "/verify/",
    "//verify",
    "/VERIFY",
    "/verify/../map",
    "/%76erify/x",
    "/login/x",
    "/nothing",
    "/account/",
]
FILLED = {"{signed}": "x", "{x:int}": "6781", "{y:int}": "3522"}


def path(of: str) -> str:
    return re.sub(r"\{[^}]*\}", lambda found: FILLED.get(found[0], "1"), of)


@pytest.fixture(scope="module")
def address(tiny_url: str) -> Iterator[str]:
    with serving(GRIDWARD_DATABASE_URL=tiny_url, GRIDWARD_DISTRICTS=str(tiny.DISTRICT)) as (address, _):
        yield address


def ask(
    address: str, path: str, cookie: str = "", method: str = "GET", body: str = "", **headers: str
) -> tuple[int, Any, bytes]:
    """What a raw client is answered: no redirect is followed, nothing in the path is tidied."""
    line = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    if cookie:
        told["Cookie"] = cookie
    line.request(method, path, body or None, told)
    answer = line.getresponse()
    found = answer.status, answer.headers, answer.read()
    line.close()
    return found


def is_open(address: str, cookie: str = "", origin: str | None = "same") -> bool:
    """Whether Streamlit's line opens, and is answered over."""
    where = urlsplit(address).netloc
    told = {"Cookie": cookie} if cookie else {}
    origin = f"http://{where}" if origin == "same" else origin
    try:
        with dial(
            f"ws://{where}/_stcore/stream", origin=origin, additional_headers=told, subprotocols=["streamlit"]
        ):
            return True
    except websockets.exceptions.InvalidStatus as refusal:
        assert refusal.response.status_code == 403
        return False


def is_data(path: str) -> bool:
    return path not in {"/", *(f"/{page.name}" for page in pages.discover())}


@pytest.mark.parametrize("of", sorted({*OURS, *STREAMLITS, *ODD} - routes.OPEN))
@pytest.mark.parametrize(
    "cookie", ["", "gridward=nobodys", "gridward_ticket=x", "__Host-gridward=x; gridward=y"]
)
def test_no_door_opens_without_a_key(address: str, of: str, cookie: str) -> None:
    for method in ("GET", "HEAD"):
        status, headers, body = ask(address, path(of), cookie, method)
        assert (status, headers["location"]) == (401, None)
        assert body in (b"log in", b"")
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH"):
        assert ask(address, path(of), cookie, method)[0] == 403
        assert ask(address, path(of), cookie, method, Origin=address)[0] == 401


@pytest.mark.parametrize("page", ["/", *(f"/{page.name}" for page in pages.discover())])
def test_a_page_leads_to_the_login_and_says_nothing(address: str, page: str) -> None:
    status, headers, body = ask(address, f"{page}?lang=en&picked=T1")
    wanted = quote(f"{page.lstrip('/')}?lang=en&picked=T1")
    assert (status, headers["location"], body) == (303, f"./login?next={wanted}", b"")


def test_the_walk_knows_every_route_that_is_mounted(tiny_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", tiny_url)
    mounted = {route.path for route in app.create()._user_routes if isinstance(route, Route)}
    doors = {"/login", "/account", "/logout", "/identity"}
    assert mounted - doors - set(OURS) == {"/", *(f"/{page.name}" for page in pages.discover())}


def test_the_open_ones_are_open(address: str) -> None:
    assert {one: ask(address, one)[0] for one in routes.OPEN} == {
        "/verify": 400,
        "/_stcore/health": 200,
        "/login": 200,
    }


def test_the_line_opens_with_a_key_from_a_page_of_ours_only(address: str) -> None:
    cookie = KEYS[address]
    assert is_open(address, cookie)
    assert not is_open(address)
    assert not is_open(address, "gridward=nobodys")
    assert not is_open(address, cookie, origin="http://elsewhere.example")
    assert not is_open(address, cookie, origin=None)


def test_what_tells_of_people_needs_the_sessions_own_ticket(address: str, tiny_url: str) -> None:
    workers, cookie = "/api/map/workers?lang=en&t=1", KEYS[address]
    assert ask(address, workers, cookie)[0] == 200
    token, _, ticket = cookie.partition("; ")
    others = keys(address, accounts.logged_in(tiny_url, "乙")).partition("; ")[2]
    # Not the last letter, some of whose bits mean nothing.
    forged = ticket[:-5] + ("A" if ticket[-5] != "A" else "B") + ticket[-4:]
    for wrong in ("", others, forged, "gridward_ticket=x"):
        status, _, body = ask(address, workers, f"{token}; {wrong}")
        assert (status, body) == (403, b"no ticket, or no longer: load the page anew")
    assert ask(address, "/api/beat?lang=en&of=head", token)[0] == 403
    assert ask(address, "/", token)[1]["set-cookie"].startswith("gridward_ticket=")


def test_a_ticket_is_renewed_by_the_page_that_has_one_and_ends_by_itself(
    address: str, tiny_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboard import tickets
    from dashboard.sessions import Session
    from ingest.domain.account import Account

    monkeypatch.setenv("GRIDWARD_DATABASE_URL", tiny_url)
    now, session = 1_800_000_000, Session(Account("甲"), b"1")
    monkeypatch.setattr("dashboard.tickets.time.time", lambda: now)
    given = tickets.ticket(session)
    assert tickets.is_good(session, given)
    now += 899
    assert tickets.is_good(session, given)
    assert tickets.ticket(session) != given
    now += 1
    assert not tickets.is_good(session, given)


def over(how: str) -> str:
    """What ends the session of 丙, as SQL."""
    return {
        "logged out": "UPDATE login_session SET ended_at = now() WHERE account = '丙'",
        "expired": "UPDATE login_session SET expires_at = now() WHERE account = '丙'",
        "idle": "UPDATE login_session SET seen_at = now() - interval '61 minutes' WHERE account = '丙'",
        "disabled": "UPDATE account SET disabled_at = now() WHERE name = '丙'",
    }[how]


@pytest.mark.parametrize("how", ["logged out", "expired", "idle", "disabled"])
def test_whose_session_is_over_is_out_within_seconds_on_the_open_line_too(
    address: str, tiny_url: str, how: str
) -> None:
    cookie = keys(address, accounts.logged_in(tiny_url, "丙", disabled_at=None))
    where = urlsplit(address).netloc
    with dial(
        f"ws://{where}/_stcore/stream",
        origin=address,
        additional_headers={"Cookie": cookie},
        subprotocols=["streamlit"],
    ) as line:
        with connect(tiny_url) as conn:
            conn.execute(over(how).encode())
        wait_until(lambda: ask(address, "/api/map/workers?lang=en&t=1", cookie)[0] == 401, 5, what="the end")
        line.send(b"\x5a\x00")  # the script is asked for
        with pytest.raises(websockets.exceptions.ConnectionClosed) as closed:
            while True:
                line.recv(timeout=10)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401


def test_a_wall_stays_logged_in_though_nobody_touches_it(address: str, tiny_url: str) -> None:
    token = accounts.logged_in(tiny_url, "大屏", kiosk=True, roles=["look"])
    with connect(tiny_url) as conn:
        conn.execute("UPDATE login_session SET seen_at = now() - interval '9 days' WHERE account = '大屏'")
    cookie = keys(address, token)  # nothing was known of it before
    assert ask(address, "/api/map/workers?lang=en&t=1", cookie)[0] == 200


def test_a_worker_is_told_of_nobody_else(address: str, tiny_url: str) -> None:
    fields = {"district": tiny.DISTRICT, "worker_id": "W1", "roles": ["look"]}
    cookie = keys(address, accounts.logged_in(tiny_url, "甲一", **fields))
    for layer in ("workers", "devices", "alerts", "premises/6781/3522", "trails/6781/3522"):
        assert ask(address, f"/api/map/{layer}?lang=en&t=1", cookie)[0] == 403
    assert ask(address, "/api/beat?lang=en&of=head", cookie)[0] == 200
    assert ask(address, "/api/beat?lang=en&of=room", cookie)[0] == 403
    assert ask(address, "/api/map/style.json", cookie)[0] == 200


@pytest.mark.parametrize("how", [lambda url: "", lambda url: "http://elsewhere.example", lambda url: "null"])
def test_another_sites_page_changes_nothing(address: str, how: Callable[[str], str]) -> None:
    told = {"Origin": how(address)} if how(address) else {}
    for door in ("/logout", "/account", "/login"):
        assert ask(address, door, KEYS[address], "POST", **told)[0] == 403
    assert ask(address, "/api/map/workers?lang=en&t=1", KEYS[address])[0] == 200


def test_accounts_hashes_are_for_the_door_only(tiny_url: str) -> None:
    """What the dashboard's role may not do, whoever takes it over."""
    with connect(tiny_url, "gw_dashboard") as conn:
        for sql in (
            "UPDATE scoped.account SET roles = '{administer}'",
            "UPDATE scoped.account SET district = 1",
            "INSERT INTO scoped.account (name, roles, grade) VALUES ('x', '{}', 'officer')",
            "DELETE FROM scoped.account",
            "SELECT FROM public.account",
            "UPDATE scoped.login_session SET expires_at = now() + interval '9 years'",
            "UPDATE scoped.login_session SET account = 'admin'",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), conn.transaction():
                conn.execute(sql.encode())
