"""One click in the feed: what is placed for whom, and what is answered once it is carried out or refused."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import psycopg
import pytest

from dashboard import incident_clicks
from tests import accounts, tiny
from tests.app.test_serve import KEYS, keys, serving
from tests.conftest import wait_until

ORDERS = """SELECT district, kind, payload ->> 'incident_id', actor FROM command
    WHERE command_id LIKE 'screen-%'"""


@pytest.fixture(scope="module")
def address(tiny_url: str) -> Iterator[str]:
    with serving(GRIDWARD_DATABASE_URL=tiny_url, GRIDWARD_DISTRICTS=str(tiny.DISTRICT)) as (address, _):
        yield address


@pytest.fixture
def ingest(tiny_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(tiny_url, autocommit=True) as conn:
        yield conn
        conn.execute("DELETE FROM command WHERE command_id LIKE 'screen-%'")


def click(address: str, cookies: str = "", query: str = "lang=en") -> tuple[int, str]:
    where = f"{address}/api/incidents/A2/take?{query}"
    told = {"Cookie": cookies or KEYS[address], "Origin": address}
    request = urllib.request.Request(where, method="POST", headers=told)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read().decode()


@pytest.fixture
def clicked(address: str) -> Iterator[Future[tuple[int, str]]]:
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(click, address)


@pytest.mark.parametrize(
    ("state", "reason", "expected"),
    [
        ("done", None, "Carried out"),
        ("refused", "already_acknowledged: li", "Refused: li has acknowledged it already"),
    ],
)
def test_the_order_is_the_viewers_and_its_outcome_the_answer(
    ingest: psycopg.Connection,
    clicked: Future[tuple[int, str]],
    state: str,
    reason: str | None,
    expected: str,
) -> None:
    told = wait_until(lambda: ingest.execute(ORDERS).fetchall(), what="the order")
    assert told == [(tiny.DISTRICT, "acknowledge_incident", "A2", f"screen:{accounts.ON_DUTY}")]
    assert not clicked.done()
    ingest.execute("UPDATE command SET state = %s, reason = %s WHERE kind = %s", (state, reason, told[0][1]))
    assert clicked.result(10) == (200, expected)


def test_an_order_that_nobody_carries_out_is_said_to_wait(address: str, ingest: psycopg.Connection) -> None:
    assert incident_clicks.PATIENCE_S < 20  # feed.js waits for the answer as long
    assert click(address, query="lang=zh") == (200, "已提交，待执行")
    assert len(ingest.execute(ORDERS).fetchall()) == 1


def test_who_only_looks_places_nothing(address: str, tiny_url: str, ingest: psycopg.Connection) -> None:
    accounts.add(tiny_url, "only looks", roles=["look"])
    theirs = keys(address, accounts.logged_in(tiny_url, "only looks"))
    assert click(address, cookies=theirs) == (403, "not yours to take up")
    assert ingest.execute(ORDERS).fetchall() == []


@pytest.mark.parametrize("query", ["", "lang=xx"])
def test_a_language_of_ours_is_needed(address: str, ingest: psycopg.Connection, query: str) -> None:
    assert click(address, query=query) == (400, "needs lang=zh|en")
    assert ingest.execute(ORDERS).fetchall() == []
