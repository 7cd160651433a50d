"""``python -m bench.mixed``: a backlog of arrays, of what is known already, and of what is partly broken."""

import argparse
import sys

from bench.command import command
from bench.drain import Measured, drain
from bench.figures import Result, summed_up
from bench.house import House, say
from bench.pings import TAIL, backlog, spoilt

PINGS, REPEATS = 100_000, 3
AN_ARRAY = 20
SPOILT_EVERY = 100


def run(at: House, pings: int = PINGS, repeats: int = REPEATS) -> Result:
    """Positions a second of each kind of backlog, beside the plain one of the same round."""
    plain = backlog(at.district, pings)
    known = backlog(at.district, pings + TAIL, began=plain.began)
    arrays = backlog(at.district, pings, AN_ARRAY)
    broken = spoilt(plain, SPOILT_EVERY)
    rounds: list[Measured] = []
    for number in range(1, repeats + 1):
        say(f"mixed, round {number} of {repeats}: plain, then all of it again")
        measured: Measured = {"plain_per_s": drain(at, plain)[0]["pings_per_s"]}
        measured["duplicates_per_s"] = drain(at, known, empty=False)[0]["pings_per_s"]
        say(f"mixed, round {number}: arrays of {AN_ARRAY}")
        measured["arrays_per_s"] = drain(at, arrays)[0]["pings_per_s"]
        say(f"mixed, round {number}: one message of {SPOILT_EVERY} malformed")
        measured["malformed_per_s"] = drain(at, broken)[0]["pings_per_s"]
        rounds.append(measured | _ratios(measured))
    return {"pings": pings, "an_array": AN_ARRAY, "malformed": broken.rejects} | summed_up(rounds)


def _ratios(measured: Measured) -> Measured:
    plain = measured["plain_per_s"] or 1.0
    kinds = ("duplicates", "arrays", "malformed")
    return {f"{kind}_ratio": (measured[f"{kind}_per_s"] or 0.0) / plain for kind in kinds}


def options(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument("--pings", type=int, default=PINGS, help="positions a backlog (default %(default)s)")
    parser.add_argument("--repeats", type=int, default=REPEATS, help="rounds (default %(default)s)")


def main() -> int:
    """Run it by itself."""
    return command("mixed", __doc__, options, lambda at, given: run(at, given.pings, given.repeats))


if __name__ == "__main__":
    sys.exit(main())
