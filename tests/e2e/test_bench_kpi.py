"""The indicators' benchmark runs, on a past that is counted; how long anything took is not asked here."""

import json
import subprocess
import sys

from dashboard.indicators import indicators
from tests.e2e.cli import ROOT


def test_a_small_past_gives_every_indicators_figures_and_the_slowest_plan() -> None:
    small = ["--world=jimei", "--days=100", "--scale=0.002", "--repeats=1"]
    command = [sys.executable, "-m", "bench.kpi", "--json", *small]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1
    result = json.loads(done.stdout)
    assert (result["tasks"], result["clues"]) == (311, 98)
    assert 0 < result["closure_rate"] < 100
    assert 0 < result["clue_disposal_rate"] < 100
    names = {indicator.name for indicator in indicators()}
    forms = [result[f"p95_ms {form}"] for form in ("now", "by unit", "by month")]
    assert [form.keys() for form in forms] == [names] * 3
    assert result["worst_p95_ms"] == max(max(form.values()) for form in forms)
    assert "Execution Time" in done.stderr
