"""Whatever the screen can ask gives a viewer nothing of what is not at or below their place."""

import re
from collections.abc import Iterator

import pytest
from psycopg import sql

from db.connect import DASHBOARD, Scope, connect, query
from tests import tree
from tests.questions import OF_ALL_OR_ONE, QUERIES, WALKED, asked, every, named
from tests.tree import CHAIN, DISTRICTS
from tests.walk import (
    OF_NOBODY,
    Connection,
    ask,
    leaks,
    look,
    looking,
    pryings,
    relations,
    select,
    strangers,
    walk,
)

SCOPES = [Scope(district, f"{district}{place}") for district in DISTRICTS for place in CHAIN]
SECTION = Scope(DISTRICTS[0], f"{DISTRICTS[0]}/01/01/01")
NOWHERE = "000000/00"

WHOLE = ("audit", "audit_root", "known_figures", "off_duty_dropped", "other_message", "preview", "quarantine")
WHOLE += ("rejected_foreign", "rejected_message", "stranger", "stranger_aside")
WHOLE_ONLY = {f"scoped.{view}" for view in WHOLE}
"""Nothing in these says of which unit it is: they are for those who see the whole district."""
KEPT_ABOVE = {"scoped.kpi_daily"}
"""Kept by district and station only."""
OF_ONE = ("id", "device")
"""Ways to ask for something by its id."""
THROUGH_QUERIES = {"people_then", "duty_then", "devices_then", "alerts_then", "incidents_then", "tasks_then"}
THROUGH_QUERIES |= {"trails_then", "premises_like"}
"""Functions that look with their owner's rights; queries ask them."""

_PLACE = re.compile(r"scoped\.sees_all\(\)|scoped\.sees\((?:[^()]|\([^()]*\))*\)")
_DISTRICT = re.compile(r"= (?:ANY \(ARRAY\[0, )?scoped\.district\(\)(?:\]\))?")


@pytest.fixture(scope="module")
def url(database_url: str) -> str:
    tree.seed(database_url)
    return database_url


@pytest.fixture
def owner(url: str) -> Iterator[Connection]:
    """The owner's connection, whatever is done by which is undone."""
    with connect(url) as conn:
        yield conn
        conn.rollback()


def test_no_folder_of_queries_is_left_out() -> None:
    """Ingest's and the commands' the screen has no right to run; by the door's one logs in."""
    others = {"door", "ops", "preview", "watch", "write"}
    assert {path.name for path in QUERIES.iterdir()} == WALKED | others


def test_every_query_is_asked_for_what_it_wants_to_know() -> None:
    """A query that is new, and wants to know something new, has a line in tests/questions.py."""
    asks = {name: asked(name, SECTION) for name in every()}
    assert {name: named(name) - asks[name].keys() for name in asks if named(name) - asks[name].keys()} == {}
    of_whom = [name for name in asks if "id" in named(name) and name not in OF_ALL_OR_ONE]
    assert [name for name in of_whom if asks[name]["id"] is None] == []


@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope.path)
def test_a_viewer_sees_nothing_of_another_and_it_changes_no_figure(owner: Connection, scope: Scope) -> None:
    """No answer has a mark of another's; and every answer, also one of figures only, is the same once what is
    another's has been deleted."""
    seen = walk(owner, scope)
    assert leaks(seen, scope) == {}
    tree.leave_only(owner, scope)
    alone = walk(owner, scope)
    assert [name for name in seen if seen[name] != alone[name]] == []


@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope.path)
def test_who_asks_for_another_s_is_told_what_is_told_of_nothing(owner: Connection, scope: Scope) -> None:
    told = []
    with looking(owner, scope):
        for name in set(every()) - OF_NOBODY:
            nothing = {how: ask(owner, name, params) for how, params in pryings(name, scope, NOWHERE).items()}
            for nth, path in enumerate(strangers(scope)):
                for how, params in pryings(name, scope, path).items():
                    if (nth == 0 or how in OF_ONE) and ask(owner, name, params) != nothing[how]:
                        told.append((name, how, path))
    assert told == []


@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope.path)
def test_there_is_something_of_everything_to_be_seen(owner: Connection, scope: Scope) -> None:
    """Or nothing would be shown by nothing of another's being seen."""
    with looking(owner, scope):
        empty = {name for name in relations(owner) if not select(owner, name)}
    above = set(WHOLE_ONLY) if "/" in scope.path else set()
    above |= KEPT_ABOVE if scope.path.count("/") > 1 else set()
    assert empty - {"scoped.login_session"} == above


def test_a_view_that_has_lost_its_guard_is_noticed(owner: Connection) -> None:
    """Each in turn is put back without the test of the place, or of the district where that is all it has."""
    unnoticed = []
    for name, text in guarded(owner).items():
        placed = _PLACE.search(text) is not None
        scope = SECTION if placed else Scope(SECTION.district, str(SECTION.district))
        with owner.transaction(force_rollback=True):
            owner.execute(
                _unguarded(name, _PLACE.sub("true", text) if placed else _DISTRICT.sub("IS NOT NULL", text))
            )
            seen = look(owner, scope, name)
            if leaks({name: seen}, scope) or (name in WHOLE_ONLY and seen):
                continue
            tree.leave_only(owner, scope)
            if look(owner, scope, name) == seen:
                unnoticed.append(name)
    assert unnoticed == []


@pytest.mark.parametrize(
    ("view", "query"),
    [
        ("scoped.task", "read/tasks"),
        ("scoped.alert", "then/alerts_open"),
        ("scoped.worker", "read/worker_choices"),
        ("scoped.premises", "read/premises"),
        ("scoped.task_owed", "kpi_members/closure_rate"),
    ],
)
def test_a_query_over_a_view_that_has_lost_its_guard_is_noticed(
    owner: Connection, view: str, query: str
) -> None:
    owner.execute(_unguarded(view, _PLACE.sub("true", guarded(owner)[view])))
    found = leaks(walk(owner, SECTION, [query]), SECTION)
    assert {asked.split(" ")[0] for asked in found} >= {view, query}


def test_no_function_looks_with_its_owner_s_rights_but_those_that_queries_ask(owner: Connection) -> None:
    found = owner.execute(
        "SELECT proname AS name FROM pg_proc WHERE pronamespace = 'scoped'::regnamespace AND prosecdef "
        "AND has_function_privilege(%s, oid, 'EXECUTE')",
        (DASHBOARD,),
    )
    assert {row["name"] for row in found} == THROUGH_QUERIES | {"first_district"}
    texts = "".join(query(name).decode() for name in every())
    assert [name for name in THROUGH_QUERIES if f" {name}(" not in texts] == []


def guarded(conn: Connection) -> dict[str, str]:
    """The views that look at their viewer's place or district, with their text."""
    found = conn.execute(
        "SELECT schemaname || '.' || viewname AS name, definition AS text FROM pg_views "
        "WHERE schemaname = 'scoped' AND viewname <> 'order_box'"
    )
    texts = {row["name"]: row["text"] for row in found}
    return {name: text for name, text in texts.items() if _PLACE.search(text) or _DISTRICT.search(text)}


def _unguarded(name: str, text: str) -> sql.Composed:
    view = sql.Identifier(*name.split("."))
    return sql.SQL("CREATE OR REPLACE VIEW {} WITH (security_barrier) AS {}").format(view, sql.SQL(text))  # type: ignore[arg-type]
