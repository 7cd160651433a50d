"""What CONTRIBUTING.md says can be added by one file is added so, to a copy of the house, and works."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests import tiny

ROOT = Path(__file__).parents[2]
ROOMS = ["ingest", "db", "dashboard", "simulators", "up", "words", "gridward.py"]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(?:python|sql)\n((?:#|--) \S+\n.*?)```", PAGE, re.S)
EXAMPLES = {body.splitlines()[0].split()[1]: body for body in BLOCKS}
"""The page's code by the file that its first line names."""

MESSAGE = """
import sys
from datetime import UTC, datetime
from pathlib import Path

import ingest
from db.connect import INGEST, connect
from ingest.alerts import rules
from ingest.contract.delivery import Delivery
from ingest.decoders import decode_all, decoders
from ingest.pipeline import Pipeline
from ingest.registry import import_world
from ingest.snapshots import load_roster
from ingest.store import prepare

url, world, topic, payload, district = sys.argv[1:]
assert Path(ingest.__file__).parents[1] == Path.cwd(), "the copy is what runs"
decoders(), rules()
import_world(url, Path(world))
with connect(url, INGEST) as conn:
    prepare(conn)
    rosters = {int(district): load_roster(conn, int(district))}
    now = datetime.now(UTC)
    pipeline = Pipeline(conn, Path(world), rosters, now, lambda: rosters)
    pipeline.take(decode_all([Delivery(topic, payload.encode(), 1, False, False, 1, 1, now, True)]))
"""

CLUES = """
INSERT INTO clue (district, worker_id, ts, id, at, kind, severity, text, photos,
                  lon, lat, raw_lon, raw_lat, datum, hist, received_at)
SELECT 350299, 'W1', at, at::text, at, '占道经营', 'general', '',
       CASE n WHEN 2 THEN '[{}]' ELSE '[]' END::jsonb, 118, 24, 118, 24, 'WGS84', false, at
FROM unnest('{2025-01-01T01:00Z, 2025-01-01T03:00Z}'::timestamptz[]) WITH ORDINALITY AS sent (at, n)
"""

SCREEN = """
import sys
from dashboard.indicators import indicators
from dashboard.pages import discover
from datetime import UTC, datetime
from db.connect import Reader, Scope
from streamlit.testing.v1 import AppTest
from dashboard import viewer
from dashboard.sessions import Session
from ingest.domain.account import Account

viewer._of_script = lambda: Session(Account("x"), b"")  # AppTest has no browser that brings a cookie
AT = [datetime(2025, 1, 1, hour, tzinfo=UTC) for hour in (2, 4)]

print([page.name for page in discover()], [indicator.name for indicator in indicators()])
reader = Reader(sys.argv[1])
for row in reader.read(Scope(350299, "350299"), sys.argv[2], unit="350299", depth=2, at=AT):
    print(row["name"], row["at"].hour, row["numerator"], row["denominator"])
reader.close()
page = AppTest.from_string("from dashboard.pages import greeting; greeting.render()").run(timeout=30)
assert not page.exception, page.exception
print([line.value for line in page.markdown])
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A copy of the house with every example of the page in its place."""
    copy = tmp_path_factory.mktemp("house")
    for room in ROOMS:
        source, target = ROOT / room, copy / room
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    for name, body in EXAMPLES.items():
        assert not (copy / name).exists(), f"{name} is in the house already"
        (copy / name).write_text(body, encoding="utf-8")
    return copy


def run(house, code, *arguments, **settings):
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=house,
        env={**os.environ, "PYTHONPATH": str(house), **settings},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_page_shows_one_file_of_each_sort():
    assert sorted(str(Path(name).parent) for name in EXAMPLES) == [
        "dashboard/pages",
        "db/queries/kpi",
        "ingest/alerts",
        "ingest/decoders",
    ]


def test_a_device_and_a_rule_work_from_the_message_to_the_alert(house, database_url, tmp_path):
    devices = tiny.FILES["devices.csv"] + "S1,scale,甲村秤,W1,,,,\n"
    world = tiny.write(tmp_path / "world", devices_csv=devices)
    reading = {"id": "1", "ts": time.time_ns() // 1_000_000, "data": {"shown_kg": 1.0, "true_kg": 0.9}}
    topic = f"gw/v1/{tiny.DISTRICT}/scale/S1/reading"
    run(house, MESSAGE, database_url, world, topic, json.dumps(reading), tiny.DISTRICT)
    with psycopg.connect(database_url) as conn:
        assert conn.execute("SELECT event, text FROM device_event").fetchall() == [
            ("false_weight", "1.0/0.9")
        ]
        assert conn.execute("SELECT rule, subject FROM alert").fetchall() == [("false_weight", "device:S1")]
        assert conn.execute("SELECT reason FROM rejected_message").fetchall() == []


def test_a_kpi_and_a_page_are_found_and_shown(house, database_url, tmp_path):
    run(
        house,
        "import sys; from pathlib import Path; from ingest.registry import import_world; "
        "import_world(sys.argv[1], Path(sys.argv[2]))",
        database_url,
        tiny.write(tmp_path / "world"),
    )
    with psycopg.connect(database_url) as conn:
        conn.execute(CLUES)
    query = str(Path(next(name for name in EXAMPLES if "kpi" in name)).with_suffix("")).removeprefix(
        "db/queries/"
    )
    told = run(
        house, SCREEN, database_url, query, GRIDWARD_DATABASE_URL=database_url, GRIDWARD_DISTRICTS="350299"
    )
    lines = told.splitlines()
    assert "'greeting'" in lines[0] and "'photo_rate'" in lines[0]
    assert lines[1:] == ["一所 2 0 1", "一所 4 1 2", "二所 2 0 0", "二所 4 0 0", "['试验区局']"]


KEPT = """
-- Major clues, of all clues.
-- title_zh: 重大线索率
-- title_en: Major clues
-- unit: percent
-- numerator_zh: 重大
-- numerator_en: major
-- denominator_zh: 线索
-- denominator_en: clues
-- formula: ours
-- version: v1
-- order: 98
-- kept: clue
SELECT clue_id AS id, path, kind AS category,
       CASE WHEN severity = 'major' THEN reported_at END AS numerator_from,
       NULL::timestamptz AS numerator_until,
       reported_at AS denominator_from, NULL::timestamptz AS denominator_until
FROM clue_case;
"""

CASES = """
INSERT INTO clue_case (district, clue_id, worker_id, ts, id, kind, severity, text, lon, lat, path,
                       reported_at)
SELECT 350299, 'K' || n, 'W1', at, n::text, 'x', (ARRAY['general', 'serious', 'major'])[n]::severity, '',
       118, 24, '350299/01/01/01/01', at
FROM generate_series(1, 3) n, (SELECT timestamptz '2025-01-01T01:00Z' AS at) t
"""

KEEPING = """
import sys
from db.connect import INGEST, Reader, Scope, connect
from db.kpi import headers
from ingest.rollup import keep_up

if "ingest" in sys.argv:
    with connect(sys.argv[1], INGEST) as conn:
        conn.commit()
        for _ in headers():
            keep_up(conn, 350299)
reader = Reader(sys.argv[1])
for row in reader.read(Scope(350299, "350299"), "kpi/major_rate", unit="350299", depth=1, at=None):
    print(row["numerator"], row["denominator"])
reader.close()
"""


def test_a_kpi_that_is_kept_by_day_is_told_at_once_and_counted_by_ingest_and_so_is_its_next_version(
    house, database_url
):
    file = house / "db/queries/kpi/major_rate.sql"
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute(CASES)
        kept = "SELECT numerator, denominator FROM kpi_daily WHERE kpi = 'major_rate' AND grain = 'unit'"
        file.write_text(KEPT.lstrip(), encoding="utf-8")
        assert run(house, KEEPING, database_url) == "1 3\n"
        assert conn.execute(kept).fetchall() == []
        assert run(house, KEEPING, database_url, "ingest") == "1 3\n"
        assert conn.execute(kept).fetchall() == [(1, 3)]
        conn.execute("UPDATE kpi_daily SET denominator = 4 WHERE kpi = 'major_rate'")
        assert run(house, KEEPING, database_url) == "1 4\n", "it is the rollup that answers"
        file.write_text(KEPT.lstrip().replace("= 'major'", "<> 'general'"), encoding="utf-8")
        assert run(house, KEEPING, database_url) == "2 3\n"
        assert run(house, KEEPING, database_url, "ingest") == "2 3\n"
        assert conn.execute(kept).fetchall() == [(2, 3)]
