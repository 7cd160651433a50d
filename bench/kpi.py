"""``python -m bench.kpi``: how long every indicator takes on two years of a city's tasks and clues."""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import psycopg

from bench.command import WRONG
from bench.database import database
from bench.errors import BenchError
from bench.figures import Result, percentiles, table, to_json
from bench.house import free_port, say
from dashboard.indicators import indicators
from db.connect import DASHBOARD, Row, Scope, connect, enter, fetch, query
from ingest.contract.errors import ConfigError
from simulators.world import WORLDS, grow
from up.history import DAYS, Wishes, play, settle
from up.history_ledger import percent

GOAL_MS = 200
REPEATS = 3
_FORMS: dict[str, Row] = {
    "now": {"at": None},
    "by unit": {"by": "unit", "category": None, "since": None, "until": None},
    "by month": {"by": "month", "category": None, "since": None, "until": None},
}
_UNITS = """
SELECT depth, min(path) AS path FROM org_unit
WHERE starts_with(path, %(district)s) AND depth < (SELECT max(depth) FROM org_unit)
GROUP BY depth ORDER BY depth
"""


class Question(NamedTuple):
    """A KPI as a viewer of the district asks for it."""

    kpi: str
    form: str
    """``now``: each unit below the one asked for; ``by unit``, ``by month``: all of the past."""
    params: Row

    @property
    def query(self) -> str:
        return f"{'kpi' if self.form == 'now' else 'kpi_by'}/{self.kpi}"


def run(given: argparse.Namespace) -> Result:
    """What was played, and each indicator's p95 in ms over units of every level, by form."""
    with _played(given) as url, connect(url, DASHBOARD) as conn:
        district = int(WORLDS[given.world].district)
        enter(conn, Scope(district, str(district)))
        result = _counts(conn)
        took: dict[tuple[str, str], list[tuple[float, Question]]] = {}
        for number, question in enumerate(questions := _questions(conn, district), 1):
            if number % 24 == 0:
                say(f"question {number} of {len(questions)}: {question.query}")
            times = [_ms(conn, question) for _ in range(given.repeats)]
            took.setdefault((question.form, question.kpi), []).extend((ms, question) for ms in times)
        p95 = {key: percentiles([ms for ms, _ in some])["p95"] for key, some in took.items()}
        worst = max(p95, key=lambda key: p95[key])
        question = max(took[worst], key=lambda one: one[0])[1]
        say(f"the slowest plan, {question.query} of {question.params['unit']}:\n{_plan(conn, question)}")
    result["worst_p95_ms"], result["worst"] = p95[worst], f"{worst[1]} {worst[0]}"
    result["goal_ms"] = GOAL_MS
    for (form, kpi), ms in p95.items():
        result.setdefault(f"p95_ms {form}", {})[kpi] = ms
    return result


@contextmanager
def _played(given: argparse.Namespace) -> Iterator[str]:
    """The address of a database with a played history, in which the ledger and the queries agree."""
    if given.database:
        yield given.database
        return
    with tempfile.TemporaryDirectory(prefix="gridward-bench-") as name, ExitStack() as stack:
        home = Path(name)
        url = stack.enter_context(database(home / "database", free_port())).url
        say(f"growing and importing the world {given.world}")
        grow(WORLDS[given.world], home / "world", datetime.now(UTC).date())
        tasks = home / "world" / "tasks.csv"
        tasks.write_text(tasks.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
        district = settle(url, home / "world", say)
        played = play(url, district, Wishes(given.days, given.scale), home / "ledger.json", say)
        if played.differences:
            raise BenchError(f"the ledger and the queries differ: {played.differences[0]}")
        say(f"{played.rows:,} rows in {played.seconds:,.0f} s; the ledger and the queries agree")
        yield url


def _counts(conn: psycopg.Connection[Row]) -> Result:
    """What there is, and the two rates, in percent."""
    whole = {
        kpi: fetch(conn, f"kpi/{kpi}", {"unit": path, "depth": 1, "at": None})[0]
        for path in [conn.execute("SELECT path FROM org_unit WHERE depth = 1").fetchall()[0]["path"]]
        for kpi in ("completion_rate", "clue_disposal_rate")
    }
    rates = {kpi: percent((row["numerator"], row["denominator"])) for kpi, row in whole.items()}
    return {
        "tasks": conn.execute("SELECT count(*) AS n FROM task").fetchall()[0]["n"],
        "clues": conn.execute("SELECT count(*) AS n FROM clue_case").fetchall()[0]["n"],
        "closure_rate": rates["completion_rate"],  # 办结率: closed of all that were pushed
        "clue_disposal_rate": rates["clue_disposal_rate"],
    }


def _questions(conn: psycopg.Connection[Row], district: int) -> list[Question]:
    """Every indicator in every form, of the first unit of each level."""
    units = conn.execute(_UNITS, {"district": str(district)}).fetchall()
    return [
        Question(indicator.name, form, {"unit": unit["path"], "depth": unit["depth"] + 1} | asked)
        for indicator in indicators()
        for form, asked in _FORMS.items()
        for unit in units
    ]


def _ms(conn: psycopg.Connection[Row], question: Question) -> float:
    began = time.perf_counter()
    fetch(conn, question.query, question.params)
    return (time.perf_counter() - began) * 1000


def _plan(conn: psycopg.Connection[Row], question: Question) -> str:
    rows = conn.execute(b"EXPLAIN (ANALYZE, BUFFERS) " + query(question.query), question.params).fetchall()
    return "\n".join(str(row["QUERY PLAN"]) for row in rows)


def main() -> int:
    """Parse the command line, run, and print the result; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.kpi", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one line of JSON on stdout")
    parser.add_argument("--world", choices=sorted(WORLDS), default="dongguan", help="(default %(default)s)")
    parser.add_argument("--days", type=int, default=DAYS, help="of history (default %(default)s)")
    parser.add_argument("--scale", type=float, default=1.0, help="of a city's (default %(default)s)")
    parser.add_argument("--repeats", type=int, default=REPEATS, help="of each question (default %(default)s)")
    parser.add_argument("--database", metavar="URL", help="one with a played history, instead of playing it")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # else nothing would be cleaned up
    try:
        result = run(given)
    except (*WRONG, ConfigError) as error:
        print(f"bench: {str(error).strip() or type(error).__name__}", file=sys.stderr)  # noqa: T201
        return 1
    except KeyboardInterrupt:
        return 130
    print(to_json(result) if given.json else table(result, "kpi"))  # noqa: T201 - a command's result
    return 0


if __name__ == "__main__":
    sys.exit(main())
