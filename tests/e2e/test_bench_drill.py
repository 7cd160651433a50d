"""The drill runs, and takes others' messages; how good it is is not asked here."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.drill import compared
from bench.drill_files import Labelled, read_truth, write_truth
from bench.errors import BenchError
from tests.e2e.cli import ROOT


def drill(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bench.drill", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


def test_a_short_shift_is_simulated_brought_up_weighed_and_compared_and_can_be_given_again(tmp_path: Path):
    saved = tmp_path / "saved"
    done = drill("--json", "--seed=5", "--hours=0.4", f"--save={saved}")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert {"precision", "recall", "false_accusation_rate", "kinds"} <= result.keys()
    assert result["honest"] > 100
    assert result["made_up"] > 20
    assert result["recall"] > 0, "at least those who sit at home"
    messages = (saved / "messages.jsonl").read_text("utf-8")
    assert not any(kind in messages for kind in ("teleporter", "recycler", "bad_gps"))
    files = [f"--{name}={saved / name}.jsonl" for name in ("messages", "truth")]
    again = drill("--json", f"--world={saved / 'world'}", *files)
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout) == result


def test_what_belongs_together_is_asked_for_together_and_a_broken_line_is_named(tmp_path: Path):
    done = drill("--messages", str(tmp_path))
    assert done.returncode == 2
    assert "belong together" in done.stderr
    path = tmp_path / "truth.jsonl"
    write_truth(path, [Labelled("W1", "v1", "home", False)])
    path.write_text(path.read_text() + '{"worker_id": 7}\n')
    with pytest.raises(BenchError, match=r"truth.jsonl:2: "):
        list(read_truth(path))


def test_the_figures_are_what_they_are_called():
    truth = [Labelled("W1", f"v{n}", "home", False) for n in range(4)]
    truth += [Labelled("W2", f"v{n}", "honest", True) for n in range(10)]
    truth += [Labelled("W3", "v0", "carrier", None), Labelled("W4", "lost", "honest", True)]
    found = {("W1", f"v{n}"): 10 if n < 3 else 90 for n in range(4)}
    found |= {("W2", f"v{n}"): 20 if n == 0 else 99 for n in range(10)} | {("W3", "v0"): 5}
    result = compared(truth, found)
    figures = ("precision", "recall", "false_accusation_rate", "honest", "made_up")
    assert [result[name] for name in figures] == [0.75, 0.75, 0.1, 10, 4]
    assert result["kinds"]["carrier"] == {"visits": 1, "doubted": 1}
