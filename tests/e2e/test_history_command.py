"""`gridward history`: a past is played, its ledger is written, and `gridward kpi` says the same."""

import json
from pathlib import Path

from ingest.settings import DATA, DATABASE_URL
from tests.e2e.cli import complaint, gridward
from tests.tiny import DISTRICT, FILES, write

PAST = ("--days=120", "--scale=0.002")


def test_a_past_is_played_once_and_the_indicators_say_what_its_ledger_says(
    database_url: str, tmp_path: Path
) -> None:
    world = write(tmp_path / "world", tasks_csv=FILES["tasks.csv"].splitlines()[0])
    settings = {DATABASE_URL: "postgresql://nobody@127.0.0.1:1/none", DATA: str(tmp_path / "data")}
    command = ("history", f"--world={world}", f"--database={database_url}", *PAST)
    done = gridward(*command, **settings)
    assert done.returncode == 0, done
    assert "the ledger and the indicators agree" in done.stdout
    ledger = json.loads((tmp_path / "data" / f"history-{DISTRICT}.json").read_text("utf-8"))
    told = [f"{ledger[what]:,} {words}" for what, words in (("tasks", "tasks"), ("clues", "clues"))]
    assert ", ".join([*told, f"{ledger['reports']:,} public reports"]) in done.stdout
    for kpi, stations in ledger["figures"].items():
        told = json.loads(gridward("kpi", kpi, "--json", **{DATABASE_URL: database_url}).stdout)
        wanted = [sum(figures) for figures in zip(*stations.values(), strict=True)]
        assert [told["numerator"], told["denominator"]] == wanted
    assert "a played history already" in complaint(gridward(*command, **settings), 2)


def test_a_world_that_there_is_not_is_one_line(database_url: str, tmp_path: Path) -> None:
    settings = {DATABASE_URL: database_url, DATA: str(tmp_path / "data")}
    assert "nowhere" in complaint(gridward("history", "--world=nowhere", **settings), 2)
    (tmp_path / "empty").mkdir()
    assert "org.csv" in complaint(gridward("history", f"--world={tmp_path / 'empty'}", **settings), 2)
