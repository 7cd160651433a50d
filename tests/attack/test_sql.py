"""What is asked of the database is never read as SQL nor answered with another's; without the guard it is."""

from collections.abc import Iterator

import psycopg
import pytest

from db.connect import DASHBOARD, Reader, Row, Scope, connect, enter
from tests import tiny, tiny_day
from tests.questions import asked, every, named

HOSTILE = ["'; DROP TABLE worker; --", "' OR '1'='1", "%", "%s%(id)s\\", "\0", "x" * 100_000, "W3"]
HERE = Scope(tiny.DISTRICT, tiny_day.STATION_1)
OTHERS = ("丙三", "丙药房", "丙村", "二所", "door_forced", "'T4'", "'T5'", "邻")
"""What the other station's, and the other district's, is known by."""
TEXTS = {
    "text",
    "unit",
    "id",
    "kind",
    "device_id",
    "incident_id",
    "actor",
    "category",
    "level",
    "span",
    "due",
}
LISTS = {"states", "lamps", "severities", "rules", "kinds", "traits", "categories", "tags", "grades", "ids"}
LISTS |= {"statuses", "grids", "licences", "beliefs", "abouts", "ties", "sources", "days", "counts"}


@pytest.fixture(scope="module")
def reader(tiny_url: str) -> Iterator[Reader]:
    reader = Reader(tiny_url)
    yield reader
    reader.close()


@pytest.fixture
def conn(tiny_url: str) -> Iterator[psycopg.Connection[Row]]:
    """A connection with the screen's rights, looking at the first station."""
    with connect(tiny_url, DASHBOARD) as conn:
        enter(conn, HERE)
        yield conn
        conn.rollback()


@pytest.mark.parametrize("said", HOSTILE, ids=lambda text: ascii(text[:12]))
def test_whatever_a_query_is_asked_it_answers_of_ones_own_or_says_that_it_is_none(
    reader: Reader, said: str
) -> None:
    """Each parameter in turn: the error, if it is one, is of a value, never of SQL."""
    told, answered = [], 0
    for name in every():
        usual = asked(name, HERE)
        for key in named(name) & (TEXTS | LISTS):
            try:
                rows = reader.read(HERE, name, **usual | {key: [said] if key in LISTS else said})
            except psycopg.DataError:
                continue
            answered += 1
            told += [
                (name, key, word) for word in OTHERS if name != "read/first_district" and word in str(rows)
            ]
    assert told == []
    assert answered > 100 or said == "\0"


@pytest.mark.parametrize("name", ["tasks", "premises", "clues", "alerts", "devices", "visits", "scores"])
@pytest.mark.parametrize("said", ["%", "_", "%%", ".*", "' OR '1'='1"])
def test_what_is_typed_is_looked_for_letter_by_letter(reader: Reader, name: str, said: str) -> None:
    question = f"read/{name}"
    assert reader.read(HERE, question, **asked(question, HERE)) != []
    found = reader.read(HERE, question, **asked(question, HERE) | {"text": said})
    assert [row for row in found if said not in str(row)] == []


FILTER = "SELECT task_id FROM task WHERE position({} IN task_id) > 0"
INTO_ANOTHERS_PLACE = (
    "x' IN '') > 0; SELECT set_config('gridward.path', '350299', true); SELECT task_id FROM task --"
)


def test_put_into_the_text_of_a_query_it_looks_with_whose_eyes_it_likes(
    conn: psycopg.Connection[Row],
) -> None:
    """Who looks is a setting of the transaction, so whoever writes SQL chooses it: no text of a query is ever
    made of what was typed."""
    assert conn.execute(FILTER.format("%s").encode(), (INTO_ANOTHERS_PLACE,)).fetchall() == []
    cursor = conn.execute(FILTER.format(f"'{INTO_ANOTHERS_PLACE}'").encode())
    while cursor.nextset():
        pass
    assert {"task_id": "T4"} in cursor.fetchall()


def test_what_writes_is_refused_even_so(conn: psycopg.Connection[Row]) -> None:
    """The role that the screen asks with has no right to it; its owner has."""
    said = "x' IN '') > 0; UPDATE public.org_unit SET name = 'x' --"
    with pytest.raises(psycopg.errors.InsufficientPrivilege), conn.transaction():
        conn.execute(FILTER.format(f"'{said}'").encode())
    conn.execute("SET ROLE NONE")
    conn.execute(FILTER.format(f"'{said}'").encode())
    assert {row["name"] for row in conn.execute("SELECT name FROM org_unit")} == {"x"}


PLACES = [
    "350299/0",
    "350299/%",
    "350299/_1",
    "350299/01/../02",
    "%",
    "",
    "/",
    "' OR true --",
    "350299/01/",
    "*",
]
PLACES += ["350299\n", "350299/01,350299/02", "350299 "]


@pytest.mark.parametrize("path", PLACES)
def test_a_place_that_is_none_sees_nothing(reader: Reader, path: str) -> None:
    scope = Scope(tiny.DISTRICT, path)
    for name in ("tasks", "premises", "clues", "alerts", "devices", "visits", "workers_on_map", "grids"):
        assert reader.read(scope, f"read/{name}", **asked(f"read/{name}", scope) | {"unit": None}) == []


def test_a_place_whose_name_begins_alike_would_be_seen_by_the_beginning_alone(
    tiny_url: str, reader: Reader
) -> None:
    station = Scope(tiny.DISTRICT, "350299/0")
    assert reader.read(station, "read/grids") == []
    with connect(tiny_url) as owner:
        owner.execute(
            "CREATE OR REPLACE FUNCTION scoped.sees(path text) RETURNS boolean LANGUAGE sql STABLE "
            "AS $$ SELECT starts_with(path, current_setting('gridward.path', true)) $$"
        )
        enter(owner, station)
        assert len(owner.execute("SELECT FROM grid").fetchall()) == 3
        owner.rollback()
