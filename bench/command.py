"""What every benchmark's command line has in common: a house to measure in, and the result on stdout."""

import argparse
import signal
import subprocess
import sys
from collections.abc import Callable

import psycopg

from bench.errors import BenchError
from bench.figures import Result, table, to_json
from bench.house import House, house
from bench.world import WORKERS
from db.embedded_home import EmbeddedError
from db.migrate import MigrationError

Options = Callable[[argparse.ArgumentParser], None]
Run = Callable[[House, argparse.Namespace], Result]

WRONG = (BenchError, EmbeddedError, MigrationError, psycopg.Error, subprocess.SubprocessError, OSError)


def command(name: str, about: str | None, options: Options, run: Run) -> int:
    """Parse the command line, run, and print the result; the exit code.

    1 with one line on stderr when it cannot be measured or the books do not agree, 130 after Ctrl-C.
    """
    parser = argparse.ArgumentParser(prog=f"python -m bench.{name}".rstrip("."), description=about)
    parser.add_argument("--json", action="store_true", help="one line of JSON on stdout")
    parser.add_argument(
        "--world", choices=sorted(WORKERS), default="dongguan", help="the district (default %(default)s)"
    )
    options(parser)
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # else nothing would be cleaned up
    try:
        with house(given.world) as at:
            result = run(at, given)
    except WRONG as error:
        print(f"bench: {str(error).strip() or type(error).__name__}", file=sys.stderr)  # noqa: T201
        return 1
    except KeyboardInterrupt:
        return 130
    print(to_json(result) if given.json else table(result, name or "bench"))  # noqa: T201 - a command's result
    return 0
