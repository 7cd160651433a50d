"""The rules' benchmark runs; what anything cost is not asked here."""

import json
import subprocess
import sys

from ingest.alerts import rules
from tests.conftest import need
from tests.e2e.cli import ROOT


def test_a_small_district_gives_what_each_rules_turn_costs_and_a_storm():
    need("mosquitto")
    command = [sys.executable, "-m", "bench.rules", "--json", "--world=jimei", "--scale=0.01"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1
    result = json.loads(done.stdout)
    assert result["turn_cpu_ms"].keys() == {name for name, rule in rules().items() if rule.watch}
    assert all(ms > 0 for ms in result["turn_cpu_ms"].values())
    assert result["storm_ms"].keys() == {"raised", "again", "cleared"}
