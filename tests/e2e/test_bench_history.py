"""The time machine's benchmark runs; how long anything took is not asked here."""

import json
import subprocess
import sys

from tests.conftest import need
from tests.e2e.cli import ROOT


def test_a_small_district_gives_what_each_question_takes_beside_that_of_the_present() -> None:
    need("mosquitto")
    small = ["--world=jimei", "--scale=0.01", "--instants=2"]
    command = [sys.executable, "-m", "bench.history", "--json", *small]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1
    result = json.loads(done.stdout)
    assert (result["ping"], result["instants"]) == (77 * 10 * 2, 2)
    asked = {name: told for name, told in result.items() if isinstance(told, dict)}
    assert {"counts", "ends", "incidents", "figures", "map/workers", "map/devices"} <= asked.keys()
    assert {"counted/ranking", "day/on_duty", "day/closure_rate", "map/trails"} <= asked.keys()
    four = {f"{when}_{name}_ms" for when in ("then", "now") for name in ("p50", "p95")}
    assert all(told.keys() == four for told in asked.values())
    kept = [told["then_p95_ms"] for name, told in asked.items() if "counted/" not in name]
    assert result["worst_then_p95_ms"] == max(kept)
    assert "Execution Time" in done.stderr
