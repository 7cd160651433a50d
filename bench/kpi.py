"""``python -m bench.kpi``: how long every indicator takes on two years of a city's tasks and clues."""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import psycopg

from bench.command import WRONG
from bench.cpu import backend_ms
from bench.database import database
from bench.errors import BenchError
from bench.figures import Result, percentiles, table, to_json
from bench.house import free_port, say
from bench.kpi_questions import Question, questions
from db.connect import DASHBOARD, Row, Scope, connect, enter, fetch, query
from ingest.contract.errors import ConfigError
from simulators.world import WORLDS, grow
from up.history import DAYS, Wishes, play, settle
from up.history_ledger import percent

GOAL_MS = 200
REPEATS = 5
INCIDENTS = 100_000
"""Of which no past is played: so many are put in while the questions are asked, if there are none."""
_INCIDENTS = Path(__file__).with_name("kpi_incidents.sql")


class Took(NamedTuple):
    """How long an answer took, and how long the database computed (None: on another machine)."""

    question: Question
    ms: float
    cpu_ms: float | None


def run(given: argparse.Namespace) -> Result:
    """What was played, and the p95 in ms of each indicator and time over units of every level, by form."""
    with _played(given) as url, _viewed(url, int(WORLDS[given.world].district), given.scale) as conn:
        result = _counts(conn)
        took: dict[tuple[str, str], list[Took]] = {}
        for number, question in enumerate(asked := questions(conn, datetime.now(UTC)), 1):
            if number % 100 == 0:
                say(f"question {number} of {len(asked)}: {question.query}")
            answers = [_ask(conn, question) for _ in range(given.repeats)]
            took.setdefault((question.form, question.kpi), []).extend(answers)
        p95 = {key: _p95([one.ms for one in some]) for key, some in took.items()}
        worst = max(p95, key=lambda key: p95[key])
        question = max(took[worst], key=lambda one: one.ms).question
        say(f"the slowest plan, {question.query} of {question.params['unit']}:\n{_plan(conn, question)}")
    result |= {"worst_p95_ms": p95[worst], "worst": _name(worst), "goal_ms": GOAL_MS} | _worst_cpu(took)
    for (form, kpi), ms in p95.items():
        result.setdefault(f"p95_ms {form}", {})[kpi] = ms
    return result


def _worst_cpu(took: Mapping[tuple[str, str], Sequence[Took]]) -> Result:
    p95 = {
        key: _p95(spent)
        for key, some in took.items()
        if (spent := [one.cpu_ms for one in some if one.cpu_ms is not None])
    }
    worst = max(p95, key=lambda key: p95[key], default=None)
    return {"worst_p95_cpu_ms": p95[worst], "worst_cpu": _name(worst)} if worst else {}


def _p95(ms: Sequence[float]) -> float:
    return percentiles(ms)["p95"]


def _name(key: tuple[str, str]) -> str:
    return f"{key[1]} {key[0]}"


@contextmanager
def _viewed(url: str, district: int, scale: float) -> Iterator[psycopg.Connection[Row]]:
    """A connection that sees what the dashboard does of a district, and incidents that nobody else sees."""
    with connect(url) as conn:
        if not conn.execute("SELECT FROM incident LIMIT 1").fetchall():
            conn.execute("SELECT set_config('bench.incidents', %s, true)", (str(round(INCIDENTS * scale)),))
            conn.execute(_INCIDENTS.read_bytes())
        conn.execute(f"SET LOCAL ROLE {DASHBOARD}".encode())
        enter(conn, Scope(district, str(district)))
        yield conn
        conn.rollback()


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
        "incidents": conn.execute("SELECT count(*) AS n FROM incident").fetchall()[0]["n"],
        "closure_rate": rates["completion_rate"],  # 办结率: closed of all that were pushed
        "clue_disposal_rate": rates["clue_disposal_rate"],
    }


def _ask(conn: psycopg.Connection[Row], question: Question) -> Took:
    pid = conn.info.backend_pid
    began, computed = time.perf_counter(), backend_ms(pid)
    fetch(conn, question.query, question.params)
    ms, then = (time.perf_counter() - began) * 1000, backend_ms(pid)
    return Took(question, ms, then - computed if then is not None and computed is not None else None)


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
