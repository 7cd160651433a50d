"""The public page that checks a receipt: what it says, in both languages, and that it shows nothing else."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from dashboard.routes import OPEN, ROUTES
from db.connect import INGEST, connect
from ingest.audit import append
from ingest.domain.audit import Entry
from ingest.domain.visit_record import Mark, hash_of_row, millis
from tests import tiny
from tests.app.test_serve import get, serving


@pytest.fixture(scope="module")
def address(tiny_url: str) -> Iterator[str]:
    with serving(GRIDWARD_DATABASE_URL=tiny_url) as (address, _):
        yield address


@pytest.fixture(scope="module")
def mark(tiny_url: str) -> Mark:
    """What the receipt of the tiny day's visit v2 carries."""
    with connect(tiny_url, INGEST) as conn:
        (row,) = conn.execute(
            "SELECT * FROM inspection WHERE district = %s AND id = 'v2'", (tiny.DISTRICT,)
        ).fetchall()
        params = {"sha256": hash_of_row(row), "ts": millis(row["ts"])}
        append(conn, tiny.DISTRICT, [Entry(datetime.now(UTC), "W1", "inspection", "visit:W1:v2", params)])
    return Mark(tiny.DISTRICT, "W1", "v2", params["sha256"])


def asked(address: str, link: str, **headers: str) -> tuple[int, dict[str, str], str]:
    status, told, body = get(address + link, **headers)
    return status, told, body.decode()


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", ("真实，且未被改动", "English")), ("en", ("Genuine and unchanged", "中文"))]
)
def test_a_genuine_receipt_is_told_so_in_the_readers_language(
    address: str, mark: Mark, lang: str, words: tuple[str, ...]
) -> None:
    for link, headers in ((f"&lang={lang}", {}), ("", {"Accept-Language": f"{lang}-CN,x;q=0.5"})):
        status, _, body = asked(address, mark.link("") + link, **headers)
        assert status == 200
        assert all(word in body for word in words)
    (other,) = re.findall(r'href="([^"]+)"', body)
    assert asked(f"{address}/", other.replace("&amp;", "&"))[0] == 200


def test_another_hash_is_no_record_and_tells_nobody_whether_there_was_a_visit(
    address: str, mark: Mark
) -> None:
    there = asked(address, mark._replace(sha256="0" * 64).link("") + "&lang=en")
    not_there = asked(address, mark._replace(id="v9", sha256="0" * 64).link("") + "&lang=en")
    assert "No such record" in there[2]
    assert there[2].replace("v2", "v9") == not_there[2]


def test_the_page_shows_nothing_of_the_visit(address: str, mark: Mark, tiny_url: str) -> None:
    body = asked(address, mark.link(""))[2]
    shown = re.sub(r"<a .*?</a>|<style>.*?</style>", "", body, flags=re.DOTALL)
    with connect(tiny_url, INGEST) as conn:
        names = conn.execute(
            "SELECT name FROM worker UNION SELECT name FROM premises UNION SELECT name FROM org_unit"
        )
        words = [row["name"] for row in names]
    assert [word for word in (*words, "W1", "P1", "T1", str(tiny.DISTRICT)) if word in shown] == []


@pytest.mark.parametrize(
    "link",
    [
        "/verify",
        "/verify?d=350299&id=W1:v2",
        "/verify?d=350299&id=W1:v2&h=<script>",
        "/verify?d=x&id=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&h=y",
        "/verify?d=350299&id=W1:v2%27--&h=" + "0" * 64,
    ],
)
def test_a_code_that_cannot_be_ours_is_incomplete_and_runs_nothing(address: str, link: str) -> None:
    status, headers, body = asked(address, link + "&lang=en" if "?" in link else link + "?lang=en")
    assert status == 400
    assert "The code is incomplete" in body
    assert "<script" not in body


def test_the_page_runs_no_script_and_stands_in_no_frame(address: str, mark: Mark) -> None:
    _, headers, body = asked(address, mark.link(""))
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "frame-ancestors 'none'" in policy
    assert (headers["cache-control"], headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert "set-cookie" not in headers
    assert "<script" not in body
    assert "http" not in re.sub(r"<a .*?</a>", "", body)


def test_without_a_database_it_asks_to_come_again(nowhere: str, mark: Mark) -> None:
    with serving(GRIDWARD_DATABASE_URL=nowhere) as (address, _):
        status, _, body = asked(address, mark.link("") + "&lang=en")
    assert (status, "Cannot be checked now" in body) == (503, True)


def test_of_our_routes_only_this_one_is_open() -> None:
    assert {route.path for route in ROUTES} & OPEN == {"/verify"}
