"""``python -m bench.history``: how long each question of the time machine takes, of 20 million positions."""

import argparse
import random
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import psycopg

from bench.command import command
from bench.figures import Result, percentiles
from bench.house import House, say
from dashboard import data, past, trends
from dashboard.map_tiles import TILES
from dashboard.routes import SOURCES
from db.connect import DASHBOARD, INGEST, Row, Scope, connect, enter, fetch, query
from db.figures import figures
from ingest.figures import keep
from ingest.rollup import count_all

INSTANTS = 100
GOAL_MS = 300
SEED = 9
_COUNTS = """
SELECT json_build_object('ping', (SELECT count(*) FROM ping), 'task', (SELECT count(*) FROM task),
                         'alert', (SELECT count(*) FROM alert))
"""
_KEPT = """
INSERT INTO known_figures
SELECT k.district, t, k.name, k.figures
FROM known_figures k, generate_series(now() - interval '3 days', now(), interval '5 minutes') t
ON CONFLICT DO NOTHING
"""
"""What ingest kept once, as if it had done so all the time: to read it takes the same."""
_PACK = """
SELECT compress_chunk(chunk)
FROM unnest(ARRAY['ping', 'device_event']) AS relation, show_chunks(relation::regclass) AS chunk
"""
"""What the policies of db/engines/timescale.sql do to what is a week old."""
_SIZES = """
SELECT json_object_agg(hypertable, round(size / 1e6))
FROM unnest(ARRAY['ping', 'device_event']) AS hypertable, hypertable_size(hypertable::regclass) AS size
"""
_HALF_A_TILE = 0.02
"""Degrees, about, of a tile of the trails' zoom."""
_FILL = Path(__file__).with_suffix(".sql")

Asked = tuple[str, dict[str, Any]]
"""A query by name, and what it is asked with."""


class Question(NamedTuple):
    """What the screen asks of an instant, and of the present, which is its baseline: a query, or some."""

    name: str
    then: list[Asked]
    now: list[Asked]

    @property
    def counted(self) -> bool:
        """Whether it is asked only where ingest had kept no figures."""
        return past.COUNTED in self.name


Took = dict[str, dict[str, list[float]]]
"""In ms by question, and by when: then, and now, and the same beside packed chunks."""


def run(at: House, given: argparse.Namespace) -> Result:
    """p50 and p95 in ms of each question, at `instants` random ones of the two days, in turn with the same
    question of the present; and the plan of the slowest on stderr. `worst` is of what is asked of an instant
    at which ingest ran: no ``counted/...``. If `packed`, the same once more in packed chunks."""
    result, took = _filled(at, given.scale), Took()
    scope, instants = Scope(at.district.code, str(at.district.code)), _instants(at, given.instants)
    _ask(at, scope, instants, took, "then", "now")
    result |= _worst(at, scope, instants[-1], took, "then")
    if given.packed:
        result |= _packed(at)
        _ask(at, scope, instants, took, "packed", "packed_now")
        result |= _worst(at, scope, instants[-1], took, "packed")
    figures = {name: _figures(each) for name, each in took.items()}
    return {**result, "instants": len(instants), "goal_ms": GOAL_MS, **figures}


def _ask(at: House, scope: Scope, instants: Sequence[datetime], took: Took, *whens: str) -> None:
    with connect(at.database.url, DASHBOARD) as conn:
        enter(conn, scope)
        for number, instant in enumerate(instants):
            for one in questions(conn, scope, instant):
                for when in whens:
                    asked = one.now if when.endswith("now") else one.then
                    took.setdefault(one.name, {}).setdefault(when, []).append(_ms(conn, asked))
            if number % 10 == 0:
                say(f"instant {number} of {len(instants)}")


def _worst(at: House, scope: Scope, instant: datetime, took: Took, when: str) -> Result:
    """The question that took longest, at p95; its plan is told."""
    with connect(at.database.url, DASHBOARD) as conn:
        enter(conn, scope)
        p95 = {
            one.name: (percentiles(took[one.name][when])["p95"], one)
            for one in questions(conn, scope, instant)
            if not one.counted
        }
        worst = max(p95, key=lambda name: p95[name][0])
        say(f"the slowest ({when}), {worst}:\n{_plan(conn, p95[worst][1])}")
    return {f"worst_{when}": worst, f"worst_{when}_p95_ms": p95[worst][0]}


def questions(conn: psycopg.Connection[Row], scope: Scope, at: datetime) -> Iterator[Question]:
    """All that the command centre asks of an instant: its picture's, the day's so far, and the map's."""
    live = {key: (name, params) for key, name, params in data.plan(scope)}
    dear = [live[key] for key, _, _ in figures(scope.path, None)]
    for key, name, params in past.plan(scope, at):
        now = dear if key == past.KEPT else [live[key.removeprefix(past.COUNTED)]]
        yield Question(key, [(name, params)], now)
    hours = {when: [row["at"] for row in fetch(conn, "read/day_so_far", {"at": when})] for when in (at, None)}
    today = {key: (name, params) for key, name, params in trends.plan(scope, hours[None], past=False)}
    for key, name, params in trends.plan(scope, hours[at], past=True):
        yield Question(f"day/{key}", [(name, params)], [today[key.removeprefix(past.COUNTED)]])
    for layer, source in SOURCES.items():
        if source.then:
            then = {"at": at, "id": None, "limit": source.limit}
            yield Question(f"map/{layer}", [(source.then, then)], [(source.query, {"limit": source.limit})])
    yield _trails(conn, at)


def _trails(conn: psycopg.Connection[Row], at: datetime) -> Question:
    """Of who was in a tile in the middle. Nobody is there now."""
    now, tiles = fetch(conn, "read/workers_on_map"), TILES["trails"]
    lon, lat = (median(row[name] for row in now) for name in ("lon", "lat"))
    people = fetch(conn, "then/workers_on_map", {"at": at, "id": None})
    there = [row for row in people if max(abs(row["lon"] - lon), abs(row["lat"] - lat)) < _HALF_A_TILE]
    then = {"at": at, "ids": [row["worker_id"] for row in there], "limit": tiles.limit}
    box = {"west": lon, "east": lon + 2 * _HALF_A_TILE, "south": lat, "north": lat + 2 * _HALF_A_TILE}
    return Question("map/trails", [(tiles.then, then)], [(tiles.query, {**box, "limit": tiles.limit})])


def _filled(at: House, scale: float) -> Result:
    say("filling two days")
    began = time.perf_counter()
    at.database.execute(f"SELECT set_config('bench.scale', '{scale}', false)")
    at.database.execute(_FILL.read_text("utf-8"))
    at.database.execute("VACUUM ANALYZE")
    say("counting the indicators")
    with connect(at.database.url, INGEST) as conn:
        count_all(conn, at.district.code)
        conn.commit()
        keep(conn, at.district.code)
    at.database.execute(_KEPT)
    counted = dict(at.database.rows(_COUNTS)[0][0])
    say(f"{counted['ping']:,} positions, ready in {time.perf_counter() - began:,.0f} s")
    return {"workers": len(at.district.workers), **counted}


def _packed(at: House) -> Result:
    """Pack all chunks as the policies pack old ones; MB of each table before and after."""
    before, began = at.database.value(_SIZES), time.perf_counter()
    at.database.execute(_PACK)
    at.database.execute("VACUUM ANALYZE")
    say(f"packed in {time.perf_counter() - began:,.0f} s")
    return {"mb": before, "packed_mb": at.database.value(_SIZES)}


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


def _ms(conn: psycopg.Connection[Row], asked: list[Asked]) -> float:
    began = time.perf_counter()
    for name, params in asked:
        fetch(conn, name, params)
    return (time.perf_counter() - began) * 1000


def _figures(took: Mapping[str, list[float]]) -> Result:
    return {
        f"{when}_{name}_ms": value
        for when, ms in took.items()
        for name, value in percentiles(ms).items()
        if name in ("p50", "p95")
    }


def _plan(conn: psycopg.Connection[Row], question: Question) -> str:
    lines = []
    for name, params in question.then:
        rows = conn.execute(b"EXPLAIN (ANALYZE, BUFFERS) " + query(name), params).fetchall()
        lines += [str(row["QUERY PLAN"]) for row in rows]
    return "\n".join(lines)


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--scale", type=float, default=1.0, help="of two days' facts (default %(default)s)")
    parser.add_argument(
        "--instants", type=int, default=INSTANTS, help="at which is asked (default %(default)s)"
    )
    parser.add_argument(
        "--packed", action="store_true", help="once more with the chunks packed; needs TimescaleDB"
    )


if __name__ == "__main__":
    sys.exit(command("history", __doc__, _options, run))
