"""Two districts with units of every level, in each of which the tiny day has happened, marked as its own.

Whatever a unit has says so: ids and texts end with the unit's mark, ``u350311-01-02u`` for 350311/01/02, also
inside JSON and payloads; names of units, and what belongs to a district as such, with ``n350311-01-02n``.
A third district has the same ids as the first, under its own mark: only texts tell them apart.
"""

import re
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from db.connect import INGEST, Row, Scope, connect
from db.kpi import headers
from ingest.figures import keep
from ingest.rollup import keep_up
from tests import tiny, tiny_day

HERE = Path(__file__).parent
DISTRICTS = 350311, 441311
ALIKE = 350312
"""The district with the first one's ids."""

_BELOW = ("", "/01", "/02", "/01/01", "/01/02", "/02/01", "/01/01/01", "/01/01/02", "/02/01/01")
BRANCHES = (*_BELOW, "/01/01/01/01", "/01/01/01/02", "/02/01/01/01")
CHAIN = ("", "/01", "/01/01", "/01/01/01", "/01/01/01/01")
"""A unit of each level, with everything above it."""
LEVELS = ("bureau", "station", "squadron", "section", "grid")

_RULES = ("deadline_rule", "clue_route", "escalation_rule", "holiday", "season", "threshold", "duty_rule")
_CHOICES = ("score_weight", "kpi_choice", "licence_requirement", "notify_channel", "notify_route")
_LISTS = ("district", "module", "check_item", "task_category", "department", "foreign_route")
_KEPT = ("kpi_kept", "ingest_state", "score_period", "score_stale", "off_duty_dropped", "known_figures")
OF_DISTRICT = frozenset((*_RULES, *_CHOICES, *_LISTS, *_KEPT, "audit_root", "audit_stamp"))
"""Tables whose rows belong to a district as such; those of all others are told apart by unit."""

_ID = re.compile(r"(?<!gw/)\b(?:[A-Z]{1,2}\d{1,2}|o[oi]?\d|[adfjnrsv]\d|mK\d|photo|screen|operator)\b")
_WORDS = re.compile(r"[\u4e00-\u9fff]")
_PATH = re.compile(rf"{tiny.DISTRICT}(?:/\d\d)*")
_CODES = frozenset(("category", "kind", "industry", "items", "item", "indicator", "formula"))
_NAMES = frozenset(("name", "name_en", "topic", "batch"))
_UNNAMED = frozenset(("threshold", "preview"))  # their name is a code
_BYTES = frozenset(("payload", "job"))
_SEEN_BELOW = {"org_unit": "path", "track_look": "place"}
"""What is above one's place, and seen: that column says whose it is."""


def mark(path: str, kind: str = "u") -> str:
    """The mark of a unit; of kind n, of its name."""
    return kind + path.replace("/", "-") + kind


def own(path: str, value: Any) -> Any:
    """An id of the tiny day as the unit's, or each of a list."""
    if isinstance(value, list):
        return [own(path, one) for one in value]
    return _ID.sub(lambda found: f"{found[0]}-{mark(path)}", value) if isinstance(value, str) else value


def seed(url: str) -> None:
    """Fill the migrated database at `url` (its owner's address)."""
    with tempfile.TemporaryDirectory() as directory:
        tiny_day.seed(url, Path(directory))
    with connect(url) as conn:
        conn.execute((HERE / "tree.sql").read_bytes())
        conn.execute("SET LOCAL session_replication_role = replica")  # neither triggers nor foreign keys
        tables = _tables(conn)
        taken = {table: _taken(conn, table) for table in tables if table != "org_unit"}
        for district in (*DISTRICTS, ALIKE):
            paths = [f"{district}{below}" for below in (CHAIN if district == ALIKE else BRANCHES)]
            for table, rows in taken.items():
                _put(conn, table, _copies(table, rows, paths))
            _put(conn, "org_unit", map(_unit, paths))
        conn.execute((HERE / "tree_twins.sql").read_bytes())
        for table in tables:
            _delete(conn, table, "district IN (%s, %s)", tiny.DISTRICT, tiny_day.OTHER)
    with connect(url, INGEST) as conn:
        for district in (*DISTRICTS, ALIKE):
            for _ in [*headers(), "and nothing more"]:
                keep_up(conn, district)
            keep(conn, district)


def leave_only(conn: psycopg.Connection[Row], scope: Scope) -> None:
    """Delete, as the owner, all that is of another district, or of a unit not at or below the place."""
    conn.execute("SET LOCAL session_replication_role = replica")
    ours = rf"{mark(scope.path)[:-1]}(-\d\d)*u|\m{scope.path}\M"
    for table in _tables(conn):
        _delete(conn, table, "district NOT IN (0, %s)", scope.district)
        if table in _SEEN_BELOW:
            beside = f"t::text !~ %s AND starts_with(%s, {_SEEN_BELOW[table]}) IS NOT TRUE"
            _delete(conn, table, beside, ours, scope.path)
        elif table not in OF_DISTRICT:
            _delete(conn, table, "district <> 0 AND t::text !~ %s", ours)


def _delete(conn: psycopg.Connection[Row], table: str, where: str, *params: Any) -> None:
    conn.execute(f"DELETE FROM {table} t WHERE {where}".encode(), params)


def _tables(conn: psycopg.Connection[Row]) -> list[str]:
    found = conn.execute(
        "SELECT c.table_name AS name FROM information_schema.columns c "
        "JOIN information_schema.tables t USING (table_schema, table_name) "
        "WHERE c.table_schema = 'public' AND c.column_name = 'district' AND t.table_type = 'BASE TABLE'"
    )
    return sorted(row["name"] for row in found)


def _taken(conn: psycopg.Connection[Row], table: str) -> list[Row]:
    found = conn.execute(
        f"SELECT to_jsonb(t) AS row FROM {table} t WHERE district = {tiny.DISTRICT}".encode()
    )
    return [row["row"] for row in found]


def _copies(table: str, rows: list[Row], paths: list[str]) -> Iterable[Row]:
    if table in OF_DISTRICT:
        yield from (_of_district(table, row, paths[0]) for row in rows)
        return
    for nth, path in enumerate(paths):
        for row in rows:
            if table != "score" or row["level"] in ("worker", LEVELS[path.count("/")]):
                yield _of_unit(table, row, path, nth)


def _of_unit(table: str, row: Row, path: str, nth: int) -> Row:
    copy: Row = _marked(table, row, path) | {"district": int(path[:6])}
    if table == "audit":
        copy["number"] += 10 * nth
    if row.get("worker_id") == "*":
        copy |= {key: str(copy[key]).replace(mark(path), mark(path, "n")) for key in ("look_id", "actor")}
    return copy


def _of_district(table: str, row: Row, path: str) -> Row:
    names = {key: f"{row[key]}{mark(path, 'n')}" for key in ("name", "name_en") if row.get(key)}
    return row | ({} if table in _UNNAMED else names) | {"district": int(path)}


def _marked(table: str, value: Any, path: str, key: str = "") -> Any:
    """`value`, a row or what is in it under `key`, as that of the unit at `path`."""
    match value:
        case dict():
            return {name: _marked(table, inner, path, name) for name, inner in value.items()}
        case list():
            return [_marked(table, inner, path, key) for inner in value]
        case str() if key in _BYTES:
            return value + mark(path).encode().hex()
        case str() if _PATH.fullmatch(value):
            return "/".join(path.split("/")[:4]) if key == "section" else path
        case str():
            like = path.replace(str(ALIKE), str(DISTRICTS[0]))
            known = own(like, value).replace(f"/{tiny.DISTRICT}/", f"/{path[:6]}/")
            told = _WORDS.search(value) if key not in _CODES else None
            nameless = key in _NAMES and table not in _UNNAMED and known == value
            return known + mark(path) if told or nameless else known
    return value


def _unit(path: str) -> Row:
    name, depth = mark(path, "n"), path.count("/") + 1
    said = {"district": int(path[:6]), "path": path, "depth": depth, "level": LEVELS[depth - 1]}
    return said | {"name": f"单位{name}", "name_en": f"Unit {name}"}


def _put(conn: psycopg.Connection[Row], table: str, rows: Iterable[Row]) -> None:
    columns = conn.execute(
        "SELECT column_name AS name FROM information_schema.columns "
        "WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER' AND is_identity = 'NO'",
        (table,),
    )
    names = ", ".join(row["name"] for row in columns)
    conn.execute(
        f"INSERT INTO {table} ({names}) SELECT {names} FROM jsonb_populate_recordset(NULL::{table}, %s) "
        "ON CONFLICT DO NOTHING".encode(),
        (Jsonb(list(rows)),),
    )
