"""``python -m bench.drain``: how fast a backlog goes through the whole pipeline, beside what bounds it."""

import argparse
import sys

from bench import cpu, ledger, readers, sink, stages
from bench.command import command
from bench.figures import Result, short, summed_up
from bench.house import House, say
from bench.pings import Load, backlog, mean_bytes
from bench.publisher import fill

PINGS = 200_000
REPEATS = 3
LARGE, SMALL = 40_000, 5_000
"""Rows a batch for the sink alone, where ingest does not say how large its own were."""

Measured = dict[str, float | None]


def run(at: House, pings: int = PINGS, repeats: int = REPEATS) -> Result:
    """The figures of `repeats` rounds, in each of which everything is measured once."""
    load = backlog(at.district, pings)
    facts = sink.facts_of(at, load.messages)
    rounds: list[Measured] = []
    for number in range(1, repeats + 1):
        say(f"drain, round {number} of {repeats}: ingest")
        measured, profile = drain(at, load)
        batch = int(measured["batch_messages"] or min(LARGE, pings))
        say(f"drain, round {number}: {measured['pings_per_s']:,.0f} pings/s; COPY staging alone")
        measured["staging_per_s"] = sink.staging(at, batch)
        say("the full sink alone")
        measured["sink_per_s"] = sink.full(at, facts, batch)
        measured["sink_small_per_s"] = sink.full(at, facts, SMALL)
        say("paho's own loop")
        measured["paho_per_s"] = readers.paho(at, load.messages)["per_s"]
        say("mosquitto_sub")
        measured["mosquitto_sub_per_s"] = readers.mosquitto_sub(at, load.messages)
        rounds.append(measured | _ratios(measured) | profile)
    size = {"pings": load.pings, "workers": load.workers, "payload_bytes": short(mean_bytes(load.messages))}
    return size | summed_up(rounds)


def drain(at: House, load: Load, *, empty: bool = True) -> tuple[Measured, Measured]:
    """Fill the session of ingest with `load`, start ingest, and time it; then compare the books.

    Gives the figures, and the profile. `empty` False leaves what the last one has stored.
    """
    if empty:
        at.database.empty()
    with at.broker.kept_session(at.district.client_id, at.district.filter):
        filled = fill(at.broker.port, load.messages)
        with at.ingest() as ingest:
            spent, said = cpu.read(at, ingest), stages.read(at.metrics_port)
            first, first_rows, last = ledger.wait_until_stored(at, ingest, load)
            told = stages.read(at.metrics_port)
            profile = _profile(load, cpu.read(at, ingest).since(spent, len(load.messages)), said, told)
        ledger.check(at, load)
    figures: Measured = {
        "pings_per_s": load.pings / (last - ingest.ready_at),
        "after_first_rows_per_s": (load.pings - first_rows) / (last - first) if last > first else None,
        "first_rows_s": first - ingest.ready_at,
        "start_s": ingest.ready_at - ingest.started_at,
        "fill_per_s": filled,
        "batch_messages": stages.mean_batch(said, told),
    }
    return figures, profile


def _profile(load: Load, spent: dict[str, float], before: stages.Figures, after: stages.Figures) -> Measured:
    """Where the time went, microseconds a message: CPU by process, and ingest's own stages."""
    by_stage = stages.by_message(before, after, len(load.messages))
    profile: Measured = {f"cpu_us_{part}": us for part, us in spent.items()}
    return profile | {f"stage_us_{stage}": us for stage, us in by_stage.items()}


def _ratios(measured: Measured) -> Measured:
    """Ours beside the baselines."""
    ours = measured["pings_per_s"] or 0.0
    return {
        "sink_ratio": ours / (measured["sink_per_s"] or 1),
        "paho_ratio": ours / (measured["paho_per_s"] or 1),
        "mosquitto_sub_ratio": ours / (measured["mosquitto_sub_per_s"] or 1),
        "staging_ratio": ours / (measured["staging_per_s"] or 1),
    }


def options(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument("--pings", type=int, default=PINGS, help="how many are queued (default %(default)s)")
    parser.add_argument("--repeats", type=int, default=REPEATS, help="rounds (default %(default)s)")


def main() -> int:
    """Run it by itself."""
    return command("drain", __doc__, options, lambda at, given: run(at, given.pings, given.repeats))


if __name__ == "__main__":
    sys.exit(main())
