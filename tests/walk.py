"""All that the screen can ask the database, asked by a viewer, and what of it is another's.

Made for the districts of tests/tree: answers are rows as text, in the order of that.
"""

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from db.connect import DASHBOARD, Row, Scope, enter, fetch
from tests import tree
from tests.questions import asked, every, named
from tests.tree import ALIKE, DISTRICTS, mark, own

OF_NOBODY = {"read/first_district", "scoped.account", "scoped.login_session"}
"""Asked before anybody is known: which district there is, and who may log in."""

_PATHS = rf"(?<![\d.])(?:{'|'.join(map(str, (*DISTRICTS, ALIKE)))})(?:/\d\d)*"

Asked = dict[str, Any]
Answers = dict[str, list[str]]
Connection = psycopg.Connection[Row]


def walk(conn: Connection, scope: Scope, names: Collection[str] = ()) -> Answers:
    """What there is to see in `scope`: of all relations, and of each query (or of `names`), however asked."""
    with looking(conn, scope):
        seen = {name: select(conn, name) for name in relations(conn) - OF_NOBODY}
        for name in set(names or every()) - OF_NOBODY:
            seen |= {
                f"{name} {how}": ask(conn, name, params) for how, params in questions(name, scope).items()
            }
    return seen


def look(conn: Connection, scope: Scope, name: str) -> list[str]:
    """What there is to see in `scope` of one relation."""
    with looking(conn, scope):
        return select(conn, name)


@contextmanager
def looking(conn: Connection, scope: Scope) -> Iterator[None]:
    """With the dashboard's rights, in `scope`, for the length of the block."""
    conn.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(DASHBOARD)))
    enter(conn, scope)
    yield
    conn.execute("RESET ROLE")
    conn.execute("RESET search_path")


def questions(name: str, scope: Scope) -> dict[str, Asked]:
    """How a viewer of `scope` asks `name` for all that they may see."""
    params = {"own": about(name, scope, scope.path)}
    if "unit" in named(name):
        whole = None if name.startswith(("read/", "then/")) else str(scope.district)
        params["whole"] = params["own"] | {"unit": whole, "depth": 2}
    return params


def pryings(name: str, scope: Scope, path: str) -> dict[str, Asked]:
    """How a viewer of `scope` may ask `name` for what is of the unit at `path`."""
    known, own_path = named(name), about(name, scope, scope.path)
    tried: dict[str, Asked] = {}
    if known & {"id", "ids", "incident_id", "actor"}:
        tried["id"] = about(name, scope, path)
    if "device_id" in known:
        tried["device"] = own_path | {"incident_id": None, "kind": "worker", "device_id": own(path, "W1")}
    if "unit" in known and not below(scope.path, path):
        tried["unit"] = own_path | {"unit": path}
    if "text" in known:
        tried["text"] = own_path | {"text": mark(path)}
    return tried


def about(name: str, scope: Scope, path: str) -> Asked:
    """What `name` is asked in `scope` about people and things of the unit at `path`."""
    return {key: own(path, value) for key, value in asked(name, scope).items()} | {"limit": 100_000}


def strangers(scope: Scope) -> list[str]:
    """Units of which a viewer of `scope` sees nothing: beside, above, and the same of the other district."""
    here = [f"{scope.district}{place}" for place in tree.BRANCHES]
    beside = [path for path in here if path.count("/") == scope.path.count("/") and path != scope.path]
    above = [path for path in here if below(scope.path, path) and path != scope.path]
    (other,) = {*DISTRICTS} - {scope.district}
    return [*beside[:1], *above[-1:], scope.path.replace(str(scope.district), str(other))]


def leaks(answers: Answers, scope: Scope) -> dict[str, set[str]]:
    """The marks and paths of others in each answer that has any; the name of what is above is none."""
    found = {asked: set().union(*(_others(row, scope) for row in rows)) for asked, rows in answers.items()}
    return {asked: others for asked, others in found.items() if others}


def _others(row: str, scope: Scope) -> set[str]:
    marks = {path.replace("-", "/") for path in re.findall(r"u(\d{6}(?:-\d\d)*)u", row)}
    names = {path.replace("-", "/") for path in re.findall(r"n(\d{6}(?:-\d\d)*)n", row)}
    names |= set(re.findall(_PATHS, row))
    return {path for path in marks if not below(path, scope.path)} | {
        path for path in names if not below(path, scope.path) and not below(scope.path, path)
    }


def below(path: str, unit: str) -> bool:
    """Whether `path` is that of `unit`, or of one below it."""
    return f"{path}/".startswith(f"{unit}/")


def ask(conn: Connection, name: str, params: Asked) -> list[str]:
    """The answer to `name`; of the past, to what is known five minutes after the transaction began."""
    if name.startswith("then/"):
        (then,) = conn.execute("SELECT now() + interval '5 minutes' AS at")
        params = {**params, "at": then["at"], "ats": [then["at"]]}
    try:
        return sorted(map(str, fetch(conn, name, params)))
    except psycopg.Error as error:
        error.add_note(name)
        raise


def select(conn: Connection, name: str) -> list[str]:
    rows = conn.execute(sql.SQL("SELECT t::text AS row FROM {} t").format(sql.Identifier(*name.split("."))))
    return sorted(row["row"] for row in rows)


def relations(conn: Connection) -> set[str]:
    """Whatever the dashboard's role may select from, but for an extension's own."""
    found = conn.execute(
        "SELECT n.nspname || '.' || c.relname AS name "
        "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relkind IN ('r', 'v', 'p', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema') "
        "AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') "
        "AND has_schema_privilege(%(role)s, n.oid, 'USAGE') "
        "AND has_any_column_privilege(%(role)s, c.oid, 'SELECT')",
        {"role": DASHBOARD},
    )
    return {row["name"] for row in found}
