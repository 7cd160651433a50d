"""Public reports: imported, placed, never forgotten, and judged by what patrols had found before."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from db.connect import Reader, Scope
from ingest.contract.errors import ConfigError
from ingest.contract.messages import Datum
from ingest.domain.geo import from_wgs84
from ingest.registry import import_world
from tests import tiny

DISTRICT = Scope(tiny.DISTRICT, str(tiny.DISTRICT))
HEADER = "report_id,reported_at,kind,text,premises_id,lon,lat,datum,valid\n"
NOW = datetime.now(UTC).replace(microsecond=0)

CLUE = """
INSERT INTO clue_case (district, clue_id, worker_id, ts, id, kind, severity, text, lon, lat, path,
                       premises_id, reported_at, voided_at)
VALUES (350299, %s, 'W1', now(), %s, 'x', 'general', '', %s, %s, '350299', %s, %s, %s)
"""
VISIT = """
INSERT INTO inspection (district, worker_id, ts, id, at, premises_id, started, ended, result, items, photos,
                        lon, lat, raw_lon, raw_lat, datum, mock, hist, received_at)
VALUES (350299, 'W1', %(at)s, %(id)s, %(at)s, %(premises)s, %(at)s, %(at)s, %(result)s, '[]', '[]',
        118.5, 24.9, 118.5, 24.9, 'WGS84', false, false, %(at)s)
"""


@pytest.fixture
def rows(database_url: str) -> Iterator[Callable[..., list[Any]]]:
    with psycopg.connect(database_url, autocommit=True) as conn:
        yield lambda sql, *params: conn.execute(sql, params or None).fetchall()
        conn.execute("TRUNCATE public_report, clue_case, inspection")


@pytest.fixture
def bring(database_url: str, tmp_path: Path) -> Callable[..., Any]:
    """Import the tiny district with these public reports; None: without a file of them."""

    def brought(reports: str | None, **files: str) -> Any:
        tiny.write(tmp_path, **files)
        (tmp_path / "public_reports.csv").unlink(missing_ok=True)
        if reports is not None:
            (tmp_path / "public_reports.csv").write_text(HEADER + reports, encoding="utf-8")
        return import_world(database_url, tmp_path)

    return brought


def test_a_report_is_placed_by_its_coordinates_or_by_its_premises(
    bring: Callable[..., Any], rows: Callable[..., list[Any]]
) -> None:
    lon, lat = (round(float(v), 7) for v in from_wgs84(118.015, 24.605, Datum.GCJ02))
    report = bring(
        "A,2026-03-02 08:30,食品安全,馊了,P1,,,,yes\n"
        f"B,2026-03-02T08:30:00Z,占道经营,占道,,{lon},{lat},GCJ02,\n"
        "C,2026-03-02 08:30,价格违法,没有标价,P4,,,,no\n"
    )
    assert report.rows["public_report"] == 3
    stored = rows("""SELECT report_id, grid_id, path, valid, round(lon::numeric, 5)::text,
                            reported_at AT TIME ZONE 'UTC' FROM public_report ORDER BY 1""")
    morning, noon = datetime(2026, 3, 2, 0, 30), datetime(2026, 3, 2, 8, 30)  # noqa: DTZ001
    assert stored == [
        ("A", "G1", tiny.PATH_1, True, "118.00500", morning),
        ("B", "G2", tiny.PATH_2, None, "118.01500", noon),
        ("C", None, "350299", False, "118.50000", morning),
    ]


def test_a_report_stays_when_it_is_no_longer_in_the_file_and_changes_when_it_is(
    bring: Callable[..., Any], rows: Callable[..., list[Any]]
) -> None:
    told = "SELECT report_id, text, valid, ctid::text FROM public_report ORDER BY 1"
    bring("A,2026-03-02 08:30,x,one,P1,,,,\nB,2026-03-02 08:30,x,two,P1,,,,yes\n")
    before = rows(told)
    bring("A,2026-03-02 08:30,x,one,P1,,,,\n")
    assert rows(told) == before, "what has not changed is not written again"
    bring(None)
    bring("A,2026-03-02 08:30,x,one,P1,,,,yes\n")
    assert [row[:3] for row in rows(told)] == [("A", "one", True), ("B", "two", True)]


def test_every_import_judges_its_reports_by_what_is_known_then(
    bring: Callable[..., Any], rows: Callable[..., list[Any]], database_url: str
) -> None:
    judged = "SELECT report_id, found_by, found_id FROM public_report ORDER BY 1"
    reports = f"A,{NOW.isoformat()},x,a,P1,,,,yes\nB,{NOW.isoformat()},x,b,P2,,,,yes\n"
    bring(reports)
    assert rows(judged) == [("A", None, None), ("B", None, None)]
    with psycopg.connect(database_url, autocommit=True) as conn:
        hour = NOW - timedelta(hours=1)
        conn.execute(CLUE, ("K1", "m1", 118.5, 24.9, "P1", hour, None))
        conn.execute(CLUE, ("K2", "m2", 118.5, 24.9, "P2", hour, NOW))  # found to be none
        visit = {"at": hour, "premises": "P2"}
        conn.execute(VISIT, visit | {"id": "v1", "result": "normal"})
    bring(reports)
    assert rows(judged) == [("A", "clue", "K1"), ("B", None, None)]
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute(VISIT, {"at": NOW, "premises": "P2", "id": "v2", "result": "abnormal"})
    bring(reports)
    assert rows(judged) == [("A", "clue", "K1"), ("B", "inspection", "v2")]
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute("UPDATE clue_case SET voided_at = now() WHERE clue_id = 'K1'")
    bring(reports)
    assert rows(judged)[0] == ("A", None, None)


def test_the_indicator_counts_valid_reports_and_shows_what_had_been_found(
    bring: Callable[..., Any], rows: Callable[..., list[Any]], database_url: str
) -> None:
    day = timedelta(days=1)
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute(CLUE, ("K1", "m1", 118.005, 24.605, None, NOW - 3 * day, None))
    bring(
        f"A,{(NOW - 2 * day).isoformat()},食品安全,馊了,P1,,,,yes\n"
        f"B,{(NOW - day).isoformat()},价格违法,贵,P3,,,,yes\n"
        f"C,{NOW.isoformat()},价格违法,贵,P3,,,,no\n"
        f"D,{NOW.isoformat()},价格违法,贵,P3,,,,\n"
    )
    reader = Reader(database_url)
    every = dict.fromkeys(("since", "until", "category", "counts", "text")) | {"unit": DISTRICT.path}
    found = reader.read(DISTRICT, "kpi_members/missed_report_rate", **every, limit=10)
    assert [(row["id"], row["counts"], row["found_by"], row["found_id"]) for row in found] == [
        ("A", False, "clue", "K1"),
        ("B", True, None, None),
    ]
    assert [(row["category"], row["premises_name"], row["text"]) for row in found][1] == (
        "价格违法",
        "丙药房",
        "贵",
    )
    for text, ids in (("馊", ["A"]), ("丙药", ["B"]), ("b", ["B"]), ("nowhere", [])):
        some = reader.read(DISTRICT, "kpi_members/missed_report_rate", **every | {"text": text}, limit=10)
        assert [row["id"] for row in some] == ids
    at = [NOW - 2 * day, NOW]
    rates = reader.read(DISTRICT, "kpi/missed_report_rate", unit=DISTRICT.path, depth=1, at=at)
    assert [(row["numerator"], row["denominator"]) for row in rates] == [(0, 1), (1, 2)]
    station = Scope(tiny.DISTRICT, f"{tiny.DISTRICT}/01")
    seen = reader.read(station, "kpi_members/missed_report_rate", **every, limit=10)
    assert [row["id"] for row in seen] == ["A"]
    reader.close()


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("A B,2026-03-02 08:30,x,t,P1,,,,", "report_id: 'A B' is no id"),
        ("A,2026-03-02 08:30,x,t,P1,,,,\nA,2026-03-02 08:30,x,t,P1,,,,", "report_id: 'A' occurs twice"),
        ("A,yesterday,x,t,P1,,,,", "reported_at: 'yesterday' is no time like 2026-03-01 08:30"),
        ("A,,x,t,P1,,,,", "reported_at: is empty"),
        ("A,2026-03-02 08:30,,t,P1,,,,", "kind: is empty"),
        ("A,2026-03-02 08:30,x,,P1,,,,", "text: is empty"),
        ("A,2026-03-02 08:30,x,t,P9,,,,", "premises_id: 'P9' is not in premises.csv"),
        ("A,2026-03-02 08:30,x,t,,,,,", "lon: this and lat, or premises_id, are to be given"),
        ("A,2026-03-02 08:30,x,t,,118,,,", "lat: lon and lat come together"),
        ("A,2026-03-02 08:30,x,t,,118,24,MARS,", "datum: 'MARS' is none of"),
        ("A,2026-03-02 08:30,x,t,P1,,,,maybe", "valid: 'maybe' is none of yes, no"),
    ],
)
def test_a_bad_report_is_named_and_nothing_is_stored(
    bring: Callable[..., Any], rows: Callable[..., list[Any]], row: str, complaint: str
) -> None:
    with pytest.raises(ConfigError, match=r"public_reports.csv:\d: ") as refused:
        bring(row + "\n")
    assert complaint in str(refused.value)
    assert rows("SELECT count(*) FROM public_report") == [(0,)]
