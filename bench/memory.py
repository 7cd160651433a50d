"""``python -m bench.memory``: whether ingest stays as large as it is, also while the database is away."""

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from threading import Event, Thread

import numpy as np

from bench import ledger
from bench.command import command
from bench.figures import Result, short
from bench.house import House, say
from bench.publisher import Publisher
from bench.streams import Offer

RATE, MINUTES, AWAY_S = 5_000.0, 10.0, 30.0
_CATCH_UP_S = 15.0

PHASES = ("steady", "away", "catch_up")

Sample = tuple[float, float]
"""Seconds since the epoch, and megabytes resident."""


def run(at: House, rate: float = RATE, minutes: float = MINUTES, away_s: float = AWAY_S) -> Result:
    """Resident memory at a steady rate, and then with the database stopped while the rate goes on."""
    at.database.empty()
    with at.broker.kept_session(at.district.client_id, at.district.filter):
        with at.ingest() as ingest, _sampled(ingest.pid) as ours, _sampled(at.broker.pid) as the_brokers:
            publisher, offer = Publisher(at.broker.port), Offer(at.district, rate)
            say(f"memory: {rate:,.0f} positions/s and the other streams for {minutes:g} min")
            ends = list(_phases(at, publisher, offer, minutes * 60, away_s))
            pings = offer.pings(ends[-1])
            publisher.finish()
            publisher.close()
            ledger.wait_until_counted(at, ingest, pings)
        ledger.check_counts(at, pings)
    result: Result = {"pings_per_s": rate, "minutes": minutes, "away_s": away_s, "pings": pings}
    result |= _steady([sample for sample in ours if sample[0] < offer.began + ends[0]])
    for phase, begin, end in zip(PHASES, [0.0, *ends], ends, strict=False):
        during = (offer.began + begin, offer.began + end)
        result[f"rss_{phase}_max_mb"] = _most(ours, *during)
        result[f"mosquitto_{phase}_max_mb"] = _most(the_brokers, *during)
    return result


def _phases(at: House, publisher: Publisher, offer: Offer, steady_s: float, away_s: float) -> Iterator[float]:
    """Offer through one phase after another; the second of the offer at which each ends.

    Only the first on a server that is not ours to stop.
    """
    publisher.pace(offer, 0.0, steady_s)
    yield steady_s
    if (server := at.database.server) is None:
        return
    say(f"memory: the same without the database for {away_s:g} s")
    server.stop()
    publisher.pace(offer, steady_s, steady_s + away_s)
    yield steady_s + away_s
    server.start()
    at.database.reconnect()
    publisher.pace(offer, steady_s + away_s, steady_s + away_s + _CATCH_UP_S)
    yield steady_s + away_s + _CATCH_UP_S


def _steady(samples: list[Sample]) -> Result:
    """Start (median of the first ten seconds), last minute, slope over the second half."""
    first, last = samples[0][0], samples[-1][0]
    half = np.array([sample for sample in samples if sample[0] >= (first + last) / 2])
    minutes = (half[:, 0] - first) / 60
    return {
        "rss_start_mb": short(median(mb for _, mb in samples[:10])),
        "rss_last_minute_mb": short(median(mb for at, mb in samples if at >= last - 60)),
        "slope_mb_per_min": short(float(np.polyfit(minutes, half[:, 1], 1)[0])),
    }


@contextmanager
def _sampled(pid: int) -> Iterator[list[Sample]]:
    """Samples of a process's resident memory, one a second while this lasts."""
    samples: list[Sample] = []
    over = Event()

    def sample() -> None:
        while not over.wait(1.0):
            samples.append((time.time(), _resident_mb(pid)))

    thread = Thread(target=sample, name=f"memory of {pid}", daemon=True)
    thread.start()
    try:
        yield samples
    finally:
        over.set()
        thread.join()


def _resident_mb(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0  # it has ended; whoever waits for its rows will say so
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def _most(samples: list[Sample], begin: float, end: float) -> float:
    return short(max((mb for at, mb in samples if begin <= at < end), default=0.0))


def options(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument("--rate", type=float, default=RATE, help="positions a second (default %(default)s)")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="how long (default %(default)s)")
    parser.add_argument("--away", type=float, default=AWAY_S, help="seconds without database (%(default)s)")


def main() -> int:
    """Run it by itself."""
    return command(
        "memory", __doc__, options, lambda at, given: run(at, given.rate, given.minutes, given.away)
    )


if __name__ == "__main__":
    sys.exit(main())
