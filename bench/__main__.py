"""``python -m bench``: every benchmark in one house, a table on stdout and ``dist/bench.json``."""

import argparse
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench import drain, memory, mixed, steady
from bench.broker import PATH
from bench.command import command
from bench.figures import Result, to_json
from bench.house import House, say

RESULT = Path(__file__).parents[1] / "dist" / "bench.json"
QUICK = argparse.Namespace(pings=20_000, repeats=1, seconds=10.0, minutes=0.5)


def run(at: House, given: argparse.Namespace) -> Result:
    """The figures of each by its name, and what they were measured on."""
    if given.quick:
        vars(given).update(vars(QUICK))
    result: Result = {"measured": _measured_on(at)}
    result["drain"] = drain.run(at, given.pings, given.repeats)
    result["steady"] = steady.run(at, given.rate, given.seconds)
    result["mixed"] = mixed.run(at, given.pings // 2, given.repeats)
    result["memory"] = memory.run(at, given.rate, given.minutes)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(to_json(result) + "\n", encoding="utf-8")
    say(f"written to {RESULT}")
    return result


def _measured_on(at: House) -> dict[str, str | int]:
    """The machine, and whose versions."""
    asked = subprocess.run(["mosquitto", "-h"], env={"PATH": PATH}, stdout=subprocess.PIPE, check=False)
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "processors": os.cpu_count() or 0,
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "postgresql": str(at.database.value("SHOW server_version")),
        "mosquitto": asked.stdout.decode().partition("\n")[0].removeprefix("mosquitto version "),
        "paho_mqtt": version("paho-mqtt"),
        "grids": len(at.district.spots),
        "workers": len(at.district.workers),
    }


def options(parser: argparse.ArgumentParser) -> None:
    """All that the benchmarks have, and `--quick`."""
    drain.options(parser)
    steady.options(parser)
    parser.add_argument(
        "--minutes", type=float, default=memory.MINUTES, help="of the memory's (default %(default)s)"
    )
    parser.add_argument("--quick", action="store_true", help="small and once: to see that it works")


def main() -> int:
    """Run them all."""
    return command("", __doc__, options, run)


if __name__ == "__main__":
    sys.exit(main())
