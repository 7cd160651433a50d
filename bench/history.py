"""``python -m bench.history``: how long each question of the time machine takes, of 20 million positions."""

import argparse
import random
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import psycopg

from bench.command import command
from bench.figures import Result, percentiles
from bench.house import House, say
from dashboard import data, past
from dashboard.routes import SOURCES
from db.connect import DASHBOARD, INGEST, Row, Scope, connect, enter, fetch, query
from ingest.rollup import count_all

INSTANTS = 100
GOAL_MS = 300
SEED = 9
_COUNTS = """
SELECT json_build_object('ping', (SELECT count(*) FROM ping), 'task', (SELECT count(*) FROM task),
                         'alert', (SELECT count(*) FROM alert))
"""
_FILL = Path(__file__).with_suffix(".sql")

Asked = tuple[str, Mapping[str, Any]]
"""A query by name, and what it is asked with."""


class Question(NamedTuple):
    """What the screen asks of an instant, and of the present, which is its baseline."""

    name: str
    then: Asked
    now: Asked


def run(at: House, given: argparse.Namespace) -> Result:
    """p50 and p95 in ms of each question, at `instants` random ones of the two days, in turn with the same
    question of the present; and the plan of the slowest on stderr."""
    filled = _filled(at, given.scale)
    scope, instants = Scope(at.district.code, str(at.district.code)), _instants(at, given.instants)
    took: dict[str, dict[str, list[float]]] = {}
    with connect(at.database.url, DASHBOARD) as conn:
        enter(conn, scope)
        for number, instant in enumerate(instants):
            for one in questions(scope, instant):
                each = took.setdefault(one.name, {"then": [], "now": []})
                each["then"].append(_ms(conn, one.then))
                each["now"].append(_ms(conn, one.now))
            if number % 10 == 0:
                say(f"instant {number} of {len(instants)}")
        result = {name: _figures(each) for name, each in took.items()}
        slowest = max(result, key=lambda name: result[name]["then_p95_ms"])
        say(f"the slowest, {slowest}:\n{_plan(conn, slowest, questions(scope, instants[-1]))}")
    worst = {"worst": slowest, "worst_p95_ms": result[slowest]["then_p95_ms"], "goal_ms": GOAL_MS}
    return {**filled, "instants": len(instants), **worst, **result}


def questions(scope: Scope, at: datetime) -> list[Question]:
    """All that the command centre asks of an instant: its picture's, and the map's."""
    live = {key: (name, params) for key, name, params in data.plan(scope)}
    found = [Question(key, (name, params), live[key]) for key, name, params in past.plan(scope, at)]
    for layer, source in SOURCES.items():
        if source.then:
            then, now = {"at": at, "id": None, "limit": source.limit}, {"limit": source.limit}
            found.append(Question(f"map/{layer}", (source.then, then), (source.query, now)))
    return found


def _filled(at: House, scale: float) -> Result:
    say("filling two days")
    began = time.perf_counter()
    at.database.execute(f"SELECT set_config('bench.scale', '{scale}', false)")
    at.database.execute(_FILL.read_text("utf-8"))
    at.database.execute("VACUUM ANALYZE")
    say("counting the indicators")
    with connect(at.database.url, INGEST) as conn:
        count_all(conn, at.district.code)
    counted = dict(at.database.rows(_COUNTS)[0][0])
    say(f"{counted['ping']:,} positions, ready in {time.perf_counter() - began:,.0f} s")
    return {"workers": len(at.district.workers), **counted}


def _instants(at: House, number: int) -> list[datetime]:
    """Random ones of the two days' working hours."""
    today = at.database.value("SELECT date_trunc('day', now(), tz) FROM district")
    dice = random.Random(SEED)
    return [
        today.astimezone(UTC)
        - timedelta(days=dice.randint(1, 2))
        + timedelta(hours=8, seconds=10 * dice.randrange(3_000))
        for _ in range(number)
    ]


def _ms(conn: psycopg.Connection[Row], asked: Asked) -> float:
    began = time.perf_counter()
    fetch(conn, *asked)
    return (time.perf_counter() - began) * 1000


def _figures(took: Mapping[str, list[float]]) -> Result:
    return {
        f"{when}_{name}_ms": value
        for when, ms in took.items()
        for name, value in percentiles(ms).items()
        if name in ("p50", "p95")
    }


def _plan(conn: psycopg.Connection[Row], name: str, asked: list[Question]) -> str:
    text, params = next(one.then for one in asked if one.name == name)
    rows = conn.execute(b"EXPLAIN (ANALYZE, BUFFERS) " + query(text), params).fetchall()
    return "\n".join(str(row["QUERY PLAN"]) for row in rows)


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--scale", type=float, default=1.0, help="of two days' facts (default %(default)s)")
    parser.add_argument(
        "--instants", type=int, default=INSTANTS, help="at which is asked (default %(default)s)"
    )


if __name__ == "__main__":
    sys.exit(command("history", __doc__, _options, run))
