"""The indicators' benchmark runs, on a past that is counted; how long anything took is not asked here."""

import json
import subprocess
import sys

from dashboard.indicators import indicators
from dashboard.timings import timings
from tests.e2e.cli import ROOT


def test_a_small_past_gives_every_indicators_and_times_figures_and_the_slowest_plan() -> None:
    small = ["--world=jimei", "--days=100", "--scale=0.002", "--repeats=1"]
    command = [sys.executable, "-m", "bench.kpi", "--json", *small]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1
    result = json.loads(done.stdout)
    assert (result["tasks"], result["clues"]) == (311, 98)
    assert 0 < result["closure_rate"] < 100
    assert 0 < result["clue_disposal_rate"] < 100
    assert result["incidents"] == 200
    rates, times = {each.name for each in indicators()}, {each.name for each in timings()}
    forms = {name.removeprefix("p95_ms "): told for name, told in result.items() if isinstance(told, dict)}
    of_both = {"by month", "by day", "by unit", "by category", "members"}
    assert {form: told.keys() for form, told in forms.items()} == {
        **dict.fromkeys(forms, rates),
        **dict.fromkeys(of_both, rates | times),
        "by level": times,
    }
    assert len(forms) == 11
    assert result.get("worst_p95_cpu_ms", 1) > 0  # left out where the database is on another machine
    assert result["worst_p95_ms"] == max(max(form.values()) for form in forms.values())
    assert "Execution Time" in done.stderr
