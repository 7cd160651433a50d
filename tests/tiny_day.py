"""A day in the tiny district, as ingest would have left it; and a second district with the same ids."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from db.connect import connect
from ingest.registry import import_world
from ingest.reports import settle_reports
from ingest.threshold_orders import declare
from tests import tiny

OTHER = 441999
STATION_1, STATION_2 = f"{tiny.DISTRICT}/01", f"{tiny.DISTRICT}/02"


def seed(url: str, directory: Path) -> None:
    """Fill the migrated database at `url` (its owner's address), importing through `directory`."""
    import_world(url, _written(directory / "tiny"))
    import_world(url, _other(directory / "other"))
    with connect(url) as conn:
        declare(conn)
        conn.execute(Path(__file__).with_suffix(".sql").read_bytes())
        reports = conn.execute("SELECT * FROM public_report").fetchall()
        for district in (tiny.DISTRICT, OTHER):
            settle_reports(conn, district, [row for row in reports if row["district"] == district])


def _other(directory: Path) -> Path:
    for path in _written(directory).iterdir():
        path.write_text(path.read_text("utf-8").replace(str(tiny.DISTRICT), str(OTHER)), "utf-8")
    return directory


def _written(directory: Path) -> Path:
    """The tiny world, with licences (P1 has one, P2's is over, P3 never had one, P4's ends within a month)
    and public reports (R1 and R3 had been found by patrols, R2 had not, R4 is not judged, R5 was nothing)."""
    tiny.write(directory)
    soon, now = date.today() + timedelta(days=30), datetime.now(UTC)  # noqa: DTZ011  a day of the district

    def ago(days: float) -> str:
        return (now - timedelta(days=days)).isoformat(timespec="seconds")

    files = {
        "licence_requirements.csv": "category,kind,valid_from\n药品,药品经营许可证,2000-01-01\n",
        "licences.csv": f"""premises_id,kind,number,valid_from,valid_to
P1,营业执照,L1,2015-03-01,
P1,食品经营许可证,JY1,2021-01-01,2098-12-31
P2,食品经营许可证,JY2,2016-01-01,2020-12-31
P4,药品经营许可证,YP4,2022-01-01,{soon}
""",
        "public_reports.csv": f"""report_id,reported_at,kind,text,premises_id,lon,lat,valid
R1,{ago(2)},消防隐患,楼道堵了,P1,,,yes
R2,{ago(40)},食品安全,吃坏肚子,P2,,,yes
R3,{ago(0.5)},虚假宣传,海报夸大,P3,,,yes
R4,{ago(1)},占道经营,占了盲道,,118.0051,24.6092,
R5,{ago(3)},价格违法,没有标价,P1,,,no
""",
    }
    for name, text in files.items():
        (directory / name).write_text(text, encoding="utf-8")
    return directory
