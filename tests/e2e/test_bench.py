"""The benchmarks run, and their books are kept; how fast anything was is nobody's business here."""

import json
import subprocess
import sys

import pytest

from bench import ledger
from bench.errors import BenchError
from bench.house import house
from bench.pings import backlog
from bench.publisher import fill
from tests.conftest import need
from tests.e2e.cli import ROOT

PINGS = 2_000
BESIDE = ["sink_per_s", "staging_per_s", "paho_per_s", "mosquitto_sub_per_s"]


def test_a_small_drain_gives_every_figure_beside_its_baseline():
    need("mosquitto", "mosquitto_sub")
    command = [
        sys.executable,
        "-m",
        "bench.drain",
        "--json",
        "--world=jimei",
        f"--pings={PINGS}",
        "--repeats=1",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1
    result = json.loads(done.stdout)
    assert (result["pings"], result["workers"]) == (PINGS, 77)
    assert {name: len(some) for name, some in result["repeats"].items()}["pings_per_s"] == 1
    figures = ["pings_per_s", "sink_ratio", "paho_ratio", "cpu_us_ingest", *BESIDE]
    assert [name for name in figures if not result.get(name, 0) > 0] == []


def test_the_latency_of_a_quiet_minute_is_told_with_its_baseline():
    need("mosquitto")
    command = [sys.executable, "-m", "bench.latency", "--json", "--world=jimei", "--rate=50", "--seconds=1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1
    result = json.loads(done.stdout)
    assert result["each"] == 5
    figures = [f"{name}_p99_ms" for name in ("sos", "order", "screen", "round_trip")]
    assert [name for name in figures if not result.get(name, 0) > 0] == []


def test_the_ledger_names_what_is_missing_and_what_the_broker_still_holds():
    need("mosquitto")
    with house("jimei") as at, at.broker.kept_session(at.district.client_id, at.district.filter):
        load = backlog(at.district, PINGS)
        fill(at.broker.port, load.messages)
        with pytest.raises(BenchError, match=f"pings 0, not {PINGS};.*waiting {PINGS}, not 0"):
            ledger.check(at, load)
