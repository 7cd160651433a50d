"""The decoders' benchmark runs; how fast anything was is not asked here."""

import json
import subprocess
import sys

from ingest.decoders import protocols
from tests.e2e.cli import ROOT


def test_every_foreign_protocol_and_our_own_wire_have_their_figures():
    command = [sys.executable, "-m", "bench.decoders", "--json", "--messages=50", "--repeats=1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1
    result = json.loads(done.stdout)
    assert {name for name, found in result.items() if found["wire"] == "foreign"} == protocols().keys()
    assert all(found["messages_per_s"] > 0 and found["json_per_s"] > 0 for found in result.values())
