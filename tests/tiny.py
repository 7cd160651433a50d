"""A district small enough to read: two stations, three square grids in a row, three workers."""

import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ingest.contract.messages import Datum
from ingest.domain.geo import GridIndex
from ingest.domain.roster import Device, Roster, Worker

DISTRICT = 350299
PATH_1, PATH_2, PATH_3 = "350299/01/01/01/01", "350299/01/01/01/02", "350299/02/01/01/01"
TODAY = "2030-01-01"

FILES = {
    "org.csv": """path,name,name_en,level
350299,试验区局,Trial Bureau,区局
350299/01,一所,Station One,监管所
350299/01/01,一中队,Squadron One,中队
350299/01/01/01,一段,Section One,段区
350299/01/01/01/01,甲村,Jia Village,村居
350299/01/01/01/02,乙村,Yi Village,村居
350299/02,二所,Station Two,监管所
350299/02/01,二中队,Squadron Two,中队
350299/02/01/01,二段,Section Two,段区
350299/02/01/01/01,丙村,Bing Village,村居
""",
    "workers.csv": """worker_id,name,name_en,role,grid_ids
W1,甲一,Jia Yi,worker,G1
W2,乙二,Yi Er,worker,G2
W3,丙三,Bing San,worker,G3
F1,段长,Duan Zhang,officer,
""",
    "premises.csv": """premises_id,name,licence_no,category,risk_grade,status,address,tags,lon,lat,datum
P1,甲味馆,L1,餐饮服务,A,in_business,甲村一号,校园周边;餐饮,118.005,24.605,WGS84
P2,乙便利店,L2,食品销售,B,in_business,乙村一号,,118.015,24.605,
P3,丙药房,L3,药品,,in_business,丙村一号,,118.025,24.605,
P4,界外店,L4,药品,,in_business,界外,,118.5,24.9,
""",
    "devices.csv": """device_id,kind,name,worker_id,lon,lat,datum,heading_deg
C1,camera,甲村口,,118.004,24.604,WGS84,90
B1,bodycam,甲一记录仪,W1,,,,
R1,printer,甲一打印机,W1,,,,
B2,bodycam,乙二记录仪,W2,,,GCJ02,
""",
    "tasks.csv": f"""task_id,premises_id,category,due,items,worker_id
T1,P1,日常检查,{TODAY},亮照经营;许可证有效,W1
T2,P2,日常检查,{TODAY},亮照经营,
T3,P3,专项检查,{TODAY},,
""",
}


def _square(west: float) -> dict[str, Any]:
    east, south, north = round(west + 0.01, 3), 24.6, 24.61
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


GRIDS: dict[str, Any] = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"grid_id": f"G{n}", "path": path, "name": name, "name_en": english},
            "geometry": _square(118.0 + (n - 1) * 0.01),
        }
        for n, path, name, english in (
            (1, PATH_1, "甲村网格", "Jia"),
            (2, PATH_2, "乙村网格", "Yi"),
            (3, PATH_3, "丙村网格", "Bing"),
        )
    ],
}


def write(directory: Path, **changed: str | None) -> Path:
    """Write the files into `directory`; ``workers_csv="..."`` replaces one, None leaves it out."""
    directory.mkdir(parents=True, exist_ok=True)
    files = {**FILES, "grids.geojson": json.dumps(GRIDS, ensure_ascii=False)}
    files.update({name.replace("_", "."): text for name, text in changed.items()})  # type: ignore[misc]
    for name, text in files.items():
        if text is not None:
            (directory / name).write_text(text, encoding="utf-8")
    return directory


def roster() -> Roster:
    """The same district as the rules see it."""
    return Roster(
        district=DISTRICT,
        tz=ZoneInfo("Asia/Shanghai"),
        workers={
            "W1": Worker("worker", PATH_1, frozenset({"G1"})),
            "W2": Worker("worker", PATH_2, frozenset({"G2"})),
            "W3": Worker("worker", PATH_3, frozenset({"G3"})),
            "F1": Worker("officer", str(DISTRICT), frozenset()),
        },
        devices={
            "C1": Device("camera", PATH_1, Datum.WGS84, None, 118.004, 24.604, "G1"),
            "B1": Device("bodycam", PATH_1, Datum.WGS84, "W1", None, None, None),
            "R1": Device("printer", PATH_1, Datum.WGS84, "W1", None, None, None),
            "B2": Device("bodycam", PATH_2, Datum.GCJ02, "W2", None, None, None),
        },
        grids=GridIndex({f["properties"]["grid_id"]: f["geometry"] for f in GRIDS["features"]}),
    )
