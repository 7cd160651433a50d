"""``python -m bench.drill``: how many made-up visits ingest finds, and how many honest ones it doubts.

A district's shift is simulated with workers of every manner (simulators/manners.py), brought up message by
message as over the wire, through ingest's own pipeline, and weighed as ingest does. Who has which manner is
known here alone.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from bench.command import WRONG
from bench.database import Database, database
from bench.drill_files import Labelled, read_messages, read_truth, write_messages, write_truth
from bench.figures import Result, short, table, to_json
from bench.house import free_port, say
from bench.tape import Heard, play
from db.connect import INGEST, Row, connect
from ingest.alerts import rules
from ingest.alerts.visit_doubtful import PERCENT
from ingest.contract.delivery import Delivery
from ingest.contract.errors import ConfigError
from ingest.decoders import decode_all, decoders
from ingest.evidence import WAIT, weigh_visits
from ingest.pipeline import Pipeline
from ingest.registry import import_world
from ingest.snapshots import load_roster
from ingest.store import prepare
from simulators.__main__ import build
from simulators.faults import Rates
from simulators.files import read_world
from simulators.manners import FRAUDS, Manner, choose
from simulators.odd_town import OddTown
from simulators.world import WORLDS, grow

HOURS = 4.0
SHARES: dict[Manner, float] = dict.fromkeys(set(Manner) - {Manner.CARRIER, Manner.PAIR}, 0.04)
SHARES[Manner.PAIR] = 0.02
"""The share of workers of each manner; with whom they go along is besides."""
_BATCH_S = 30.0


def run(seed: int, hours: float, home: Path, save: Path | None = None) -> Result:
    """One simulated shift of so many hours, of a district grown from `seed`; `save` keeps its files."""
    say(f"growing a district from seed {seed}")
    grow(replace(WORLDS["jimei"], seed=seed), home / "world", datetime.now(UTC).date())
    world = read_world(home / "world")
    start = time.time() - (hours + 1) * 3600
    manners = choose(seed, world.workers, SHARES)
    town = OddTown(world, start, seed, manners)
    say("simulating the shift")
    heard = list(play(build(town, Rates()), Rates(), start, hours * 3600, seed))
    truth = [
        Labelled(worker_id, visit.inspection_id, kind, None if kind == Manner.CARRIER else kind not in FRAUDS)
        for worker_id in town.walks
        for kind in [manners.of.get(worker_id, "honest")]
        for visit in town.visits(worker_id, start, start + hours * 3600)
    ]
    if save is not None:
        write_messages(save / "messages.jsonl", heard)
        write_truth(save / "truth.jsonl", truth)
        shutil.copytree(home / "world", save / "world", dirs_exist_ok=True)
    return judged(home / "world", heard, truth, home)


def judged(world: Path, heard: Iterable[Heard], truth: Iterable[Labelled], home: Path) -> Result:
    """What ingest makes of the messages, beside the truth."""
    with database(home / "database", free_port()) as base:
        say("bringing it up")
        code = import_world(base.url, world).district
        _take(base, code, home, heard)
        found = base.rows("SELECT worker_id, id, truth FROM visit_evidence WHERE district = %s", [code])
        return compared(truth, {(worker_id, one): percent for worker_id, one, percent in found})


def compared(truth: Iterable[Labelled], found: dict[tuple[str, str], int]) -> Result:
    """Precision, recall and the rate of false accusations, and by manner how many visits were doubted."""
    kinds: dict[str, Row] = {}
    hits = misses = false = honest = 0
    for one in truth:
        percent = found.get((one.worker_id, one.id))
        if percent is None:
            continue  # it never arrived
        doubted = percent < PERCENT.default
        kind = kinds.setdefault(one.kind, {"visits": 0, "doubted": 0})
        kind["visits"] += 1
        kind["doubted"] += doubted
        hits += one.real is False and doubted
        misses += one.real is False and not doubted
        false += one.real is True and doubted
        honest += one.real is True
    return {
        "precision": short(hits / max(hits + false, 1)),
        "recall": short(hits / max(hits + misses, 1)),
        "false_accusation_rate": short(false / max(honest, 1)),
        "honest": honest,
        "made_up": hits + misses,
        "kinds": dict(sorted(kinds.items())),
    }


def _take(base: Database, code: int, home: Path, heard: Iterable[Heard]) -> None:
    decoders()
    rules()
    with connect(base.url, INGEST) as conn:
        prepare(conn)
        rosters = {code: load_roster(conn, code)}
        pipeline = Pipeline(conn, home, rosters, datetime.now(UTC), lambda: rosters)
        now = datetime.now(UTC)
        for batch in _batches(heard):
            now = batch[-1].received_at
            pipeline.take(decode_all(batch))
            _weigh(conn, pipeline, code, now)
        for later in (WAIT, 2 * WAIT):
            _weigh(conn, pipeline, code, now + later)


def _weigh(conn: psycopg.Connection[Row], pipeline: Pipeline, code: int, now: datetime) -> None:
    weighed = 1
    while weighed:
        with conn.transaction():
            weighed = weigh_visits(conn, pipeline.rosters[code], now)


def _batches(heard: Iterable[Heard]) -> Iterator[list[Delivery]]:
    batch: list[Delivery] = []
    begins = 0.0
    for one in heard:
        if batch and one.at >= begins + _BATCH_S:
            yield batch
            batch = []
        if not batch:
            begins = one.at
        at = datetime.fromtimestamp(one.at, UTC)
        batch.append(Delivery(one.topic, one.payload, 1, False, False, 1, 1, at, True))
    if batch:
        yield batch


def main() -> int:
    """Run it by itself; 1 with one line when it cannot."""
    parser = argparse.ArgumentParser(prog="python -m bench.drill", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one line of JSON on stdout")
    parser.add_argument("--seed", type=int, default=1, help="of district and people (default %(default)s)")
    parser.add_argument("--hours", type=float, default=HOURS, help="of the shift (default %(default)s)")
    parser.add_argument(
        "--save", type=Path, help="folder for the simulated messages, their truth and the district"
    )
    parser.add_argument("--messages", type=Path, help="others' messages, instead of simulated ones")
    parser.add_argument("--truth", type=Path, help="what is known of their visits")
    parser.add_argument("--world", type=Path, help="the import files of their district")
    given = parser.parse_args()
    files = (given.messages, given.truth, given.world)
    if any(files) and not all(files):
        parser.error("--messages, --truth and --world belong together")
    try:
        with tempfile.TemporaryDirectory(prefix="gridward-drill-") as folder:
            home = Path(folder)
            if all(files):
                heard, truth = read_messages(given.messages), read_truth(given.truth)
                result = judged(given.world, heard, truth, home)
            else:
                result = run(given.seed, given.hours, home, given.save)
    except (*WRONG, ConfigError) as error:
        print(f"bench: {str(error).strip() or type(error).__name__}", file=sys.stderr)  # noqa: T201
        return 1
    print(to_json(result) if given.json else table(result, "drill"))  # noqa: T201 - a command's result
    return 0


if __name__ == "__main__":
    sys.exit(main())
