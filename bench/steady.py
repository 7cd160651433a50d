"""``python -m bench.steady``: how long after its instant a position is committed, at a steady rate."""

import argparse
import sys
import time

from bench import cpu, ledger, readers, stages
from bench.command import command
from bench.errors import BenchError
from bench.figures import Result, percentiles, short
from bench.house import House, say
from bench.publisher import Publisher
from bench.streams import Offer

RATE, SECONDS = 5_000.0, 60.0
_WARM_S = 5.0
_PAHO_S = 20.0
_COMMITS = 500
_AGES = """
SELECT extract(epoch FROM pg_xact_commit_timestamp(xmin) - ts)::float8 * 1000
FROM ping WHERE ts >= to_timestamp(%s)"""


def run(at: House, rate: float = RATE, seconds: float = SECONDS) -> Result:
    """Latency from a position's own instant to its commit, CPU a message, and the two baselines."""
    if at.database.value("SHOW track_commit_timestamp") != "on":
        raise BenchError("the server must run with track_commit_timestamp = on")
    say(f"steady: {_COMMITS} commits of one row each")
    commits = _commits(at)
    say(f"steady: {rate:,.0f} positions/s and the other streams for {seconds:.0f} s")
    result = _offered(at, rate, seconds)
    say("steady: the same to paho's own loop")
    paho = readers.paho_listening(at, rate, min(seconds, _PAHO_S))
    return result | {"insert_commit_ms": commits, "paho_receive_ms": paho["age"]}


def _offered(at: House, rate: float, seconds: float) -> Result:
    at.database.empty()
    with at.broker.kept_session(at.district.client_id, at.district.filter):
        with at.ingest() as ingest:
            publisher, offer = Publisher(at.broker.port), Offer(at.district, rate)
            publisher.pace(offer, 0.0, _WARM_S)
            spent, said = cpu.read(at, ingest), stages.read(at.metrics_port)
            late = publisher.pace(offer, _WARM_S, _WARM_S + seconds)
            messages = offer.messages(_WARM_S + seconds) - offer.messages(_WARM_S)
            publisher.finish()
            publisher.close()
            ledger.wait_until_counted(at, ingest, offer.pings(_WARM_S + seconds))
            cost, told = cpu.read(at, ingest).since(spent, messages), stages.read(at.metrics_port)
        ledger.check_counts(at, offer.pings(_WARM_S + seconds))
    ages = percentiles([age for (age,) in at.database.rows(_AGES, (offer.began + _WARM_S,))])
    return {
        "pings_per_s": rate,
        "other_streams_per_s": short(messages / seconds - rate),
        "seconds": seconds,
        **{f"latency_{name}_ms": value for name, value in ages.items()},
        "publisher_late_max_ms": short(late * 1000),
        "batch_messages": stages.mean_batch(said, told),
        "cpu_us": cost,
        "stage_us": stages.by_message(said, told, messages),
    }


def _commits(at: House) -> dict[str, float]:
    """Milliseconds that the smallest transaction takes, one after another."""
    at.database.execute("CREATE TABLE bench_commit (n integer)")
    took = []
    for n in range(_COMMITS):
        began = time.perf_counter()
        at.database.rows("INSERT INTO bench_commit VALUES (%s) RETURNING n", (n,))
        took.append((time.perf_counter() - began) * 1000)
    at.database.execute("DROP TABLE bench_commit")
    return percentiles(took)


def options(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument("--rate", type=float, default=RATE, help="positions a second (default %(default)s)")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long (default %(default)s)")


def main() -> int:
    """Run it by itself."""
    return command("steady", __doc__, options, lambda at, given: run(at, given.rate, given.seconds))


if __name__ == "__main__":
    sys.exit(main())
