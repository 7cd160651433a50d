"""What each query of the screen is asked for in the tests: about the people and things of tests/tiny_day."""

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import db
from db import kpi_time
from db.connect import Scope, query
from db.frames import OF_ONE

QUERIES = Path(next(iter(db.__path__))) / "queries"
WALKED = {"read", "then", "kpi", "kpi_time", "frame"}
"""The folders of what the screen asks."""
WRITTEN = "kpi_count"
"""The frame by which ingest fills its rollup: nobody looks through it."""

TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
MONTH = TODAY.replace(day=1)

ALL = dict.fromkeys(("text", "states", "lamps", "severities", "rules", "kinds", "traits"))
ALL |= {"roles": None}
ALL |= dict.fromkeys(("categories", "tags", "grades", "category", "due")) | {"ids": ["O1"]}
ALL |= dict.fromkeys(("statuses", "grids", "licences", "by", "counts")) | {"days": ["60"]}
CARDS = {"worker": "W1", "device": "C1", "grid": "G1", "alert": "A1", "clue": "K3", "task": "T1"}
IDS = {f"read/{about}_card": key for about, key in CARDS.items()}
IDS |= {f"read/task_{part}": "T1" for part in ("history", "visits", "track", "orders", "workers")}
PARTS = ("card", "papers", "visits", "clues", "alerts", "scans", "reports", "events", "ratings")
IDS |= {f"read/premises_{part}": "P1" for part in PARTS}
IDS |= {"read/premises_tasks": "P2", "read/day_list": "W2"}
ALL |= {"recorded": None, "unfiled": None, "within": None}
IDS |= {"read/clue_history": "K3", "read/clue_replay": "K3", "read/order": "O1"}
INCIDENT = ("card", "history", "alerts", "sent")
IDS |= {f"read/incident_{part}": "A1" for part in INCIDENT} | {"read/incidents_beside": "A1"}
ALL |= {"lon": 118.006, "lat": 24.605, "actor": "operator"}
ALL |= {"incident_id": "A1", "kind": None, "device_id": None}
IDS |= {"read/visit_card": "W1:v2", "read/visit_track": "W1:v1"}
ALL |= {"beliefs": None, "abouts": None, "ties": None, "sources": None}
IDS |= {"read/paper_card": "R1:j1", "read/verify": "W1:v1"}
ALL |= {"level": "worker", "span": "month", "begins": MONTH, "before": MONTH - timedelta(days=1)}
ALL |= {"since": TODAY - timedelta(days=90), "until": TODAY}
IDS |= {f"read/score_{part}": "W1" for part in ("card", "days", "history")}
IDS |= {f"read/day_{part}": f"W1:{TODAY - timedelta(days=7)}" for part in ("visits", "track")}
IDS |= {"read/threshold_history": "left_grid.minutes", "read/preview": "V1"}
ALL |= {"month": MONTH, "day": TODAY}
IDS |= {f"read/device_{part}": "camera:C1" for part in ("health", "messages")}
IDS |= {"read/device_registration": "bodycam:B1"}
IDS |= {"read/stranger_messages": "owntracks:owntracks/W1/phone"}
ALL |= {"west": 117.9, "south": 24.5, "east": 118.6, "north": 25.0, "step": 0.01}
PARAMS: dict[str, dict[str, Any]] = {"read/map_search": {"text": "甲村"}}
PARAMS |= {"then/rates": {"kpi": "closure_rate"}, "then/trails": {"ids": ["W1", "W3"]}}

OF_ALL_OR_ONE = {"read/devices_on_map", "read/nearest_workers", "read/workers_by_unit", "read/workers_on_map"}
OF_ALL_OR_ONE |= {"then/alerts_open", "then/devices_on_map", "then/workers_by_unit", "then/workers_on_map"}
"""Their `id` may be null."""


def files(*folders: str) -> list[str]:
    """The queries that lie in these folders."""
    found = (path for folder in folders for path in QUERIES.glob(f"{folder}/*.sql"))
    return sorted(f"{path.parent.name}/{path.stem}" for path in found)


@cache
def every() -> list[str]:
    """Whatever the screen can ask: the queries by themselves, and the frames of each KPI and each time."""
    rates, times = files("kpi"), files("kpi_time")
    framed = [f"{frame}/{name.split('/')[1]}" for frame in OF_ONE if frame != WRITTEN for name in rates]
    timed = [f"{frame}/{name.split('/')[1]}" for frame in kpi_time.FRAMES for name in times]
    return [*files("read", "then"), *framed, *timed]


@cache
def named(name: str) -> set[str]:
    """The parameters of a query."""
    return set(re.findall(r"%\((\w+)\)s", query(name).decode()))


def asked(name: str, scope: Scope) -> dict[str, Any]:
    """What `name` is asked by a viewer of `scope` about the whole of it, or about one of the tiny day's."""
    depth = scope.path.count("/") + 2
    at = datetime.now(UTC) if name.startswith("then/") else None
    own = {"limit": 100, "unit": scope.path, "depth": depth, "at": at, "ats": [at], "id": IDS.get(name)}
    return own | ALL | PARAMS.get(name, {})
