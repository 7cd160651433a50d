"""A station's month report, read back from its PDF: what it says are the rows, in both languages."""

import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pypdf import PdfReader

from dashboard.report.month import Month, after, gather
from dashboard.report.pages import pdf
from db.connect import Reader, Row, Scope, connect
from ingest.contract.errors import ConfigError
from tests import tiny, tiny_day
from up.report import write

DISTRICT = Scope(tiny.DISTRICT, str(tiny.DISTRICT))
STATION = tiny_day.STATION_1
LONG = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华"
PART = {
    **{"indicator": "on_time", "n": 40, "k": 37, "rate": 0.925, "adjusted": 0.931},
    **{"low": 0.81, "high": 0.972, "weight": 25.0, "minimum": 5, "counts": True},
}
NOTHING = PART | {"indicator": "truth", "n": 0, "k": 0, "counts": False}
NOTHING |= dict.fromkeys(("rate", "adjusted", "low", "high"))
SCORE = """
    INSERT INTO score (district, span, begins, level, subject, path, points, low, high, first, last, peers,
                       parts, left_out, gaming, traits, counted_at)
    VALUES (%(district)s, 'month', %(begins)s, %(level)s, %(subject)s, %(path)s, %(points)s,
            %(points)s::real - 3, %(points)s::real + 2, %(first)s, %(last)s, 12, %(parts)s,
            '{"suspended": 2, "appealed": 0}', '{"split": 3}',
            '{"load": 31.0, "area_km2": 1.8, "high_risk": 0.12}', '2026-10-31T12:34:00Z')
"""


@pytest.fixture(scope="module")
def reader(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    tiny_day.seed(database_url, tmp_path_factory.mktemp("worlds"))
    with connect(database_url, autocommit=True) as conn:
        conn.execute("UPDATE worker SET name = %s, name_en = NULL WHERE worker_id = 'W2'", (LONG,))
        conn.execute("DELETE FROM score")  # those of the tiny day, which are of whatever month it is
        station, section = (STATION, "station"), (f"{STATION}/01/01", "section")
        _score(conn, *station, 85.6, 3, 9)
        _score(conn, *station, 80.0, 5, 5, begins="2026-09-01")
        _score(conn, *section, 71.9, 2, 2)
        _score(conn, "W1", "worker", 91.3, 1, 4)
        _score(conn, "W2", "worker", None, None, None)
    reader = Reader(database_url)
    yield reader
    reader.close()


def _score(
    conn: psycopg.Connection[Row],
    subject: str,
    level: str,
    points: float | None,
    first: int | None,
    last: int | None,
    begins: str = "2026-10-01",
) -> None:
    path = tiny.PATH_1 if level == "worker" else subject
    told = {"district": tiny.DISTRICT, "subject": subject, "level": level, "path": path, "begins": begins}
    parts = json.dumps([PART, NOTHING])
    conn.execute(SCORE, told | {"points": points, "first": first, "last": last, "parts": parts})


def month_of(reader: Reader, first: date = date(2026, 10, 1), station: str = STATION) -> Month:
    return gather(reader.read_together, DISTRICT, station, first)


def read_back(made: bytes) -> str:
    """What the pages say, without the breaks of lines, which are where there was room."""
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages).split())


def has(said: str, *texts: str) -> None:
    for text in texts:
        assert "".join(text.split()) in said, text


@pytest.mark.parametrize(
    ("lang", "texts"),
    [
        (
            "zh",
            (
                "试验区局 · 一所 · 2026年10月",
                "得分 85.6（95 % 区间 82.6 – 87.6）",
                "3–9 / 12",
                "较上月 +5.6 分",
            ),
        ),
        (
            "en",
            (
                "Trial Bureau · Station One · 2026-10",
                "85.6 points (with 95 % between 82.6 – 87.6)",
                "+5.6 since",
            ),
        ),
        (
            "zh",
            ("按期处置率 40 37 92.5 % 93.1 % 81.0 % – 97.2 % 25", "检查可信率 0 0 — — — 不足 5 件，不计分"),
        ),
        (
            "en",
            ("On time 40 37 92.5 % 93.1 % 81.0 % – 97.2 % 25", "Truth 0 0 — — — fewer than 5: not counted"),
        ),
        ("zh", ("不计入：挂账 2", "疑似规避考核：拆分任务 3", "应办任务 31 件，面积 1.8 平方公里", "12.0 %")),
        ("en", ("Left out: suspended 2", "Signs of gaming: split 3", "31 tasks owed, 1.8 km²")),
        (
            "zh",
            (
                "名次 网格员 单位 得分 0 – 100 区间 较上月 1–4 / 12 甲一 (W1) 甲村 91.3",
                "88.3 – 93.3",
                "一段 71.9",
            ),
        ),
        (
            "en",
            (
                "Unit Points 0 – 100 Place Change",
                "1–4 / 12 Jia Yi (W1) Jia Village 91.3",
                "1 with too little to rank",
                "Section One 71.9",
            ),
        ),
    ],
)
def test_the_points_and_what_they_are_made_of_are_those_of_the_score(
    reader: Reader, lang: str, texts: tuple[str, ...]
) -> None:
    has(read_back(pdf(lang, month_of(reader))), *texts)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_name_of_any_length_and_what_looks_like_markup_is_said_as_it_is(
    reader: Reader, database_url: str, lang: str
) -> None:
    with connect(database_url, autocommit=True) as conn:
        conn.execute("UPDATE org_unit SET name = %s, name_en = %s WHERE path = %s", (*ODD, f"{STATION}/01"))
    has(read_back(pdf(lang, month_of(reader))), f"{LONG} (W2)", ODD[lang == "en"])


ODD = ("<b>一中队</b>&nbsp;" + "很长" * 20, "<img src=x>&amp;" + "Squadron" * 12)


def test_the_days_and_categories_are_the_indicators_own(reader: Reader) -> None:
    month = month_of(reader, date.today().replace(day=1))  # noqa: DTZ011  near enough: nothing is asked of the day
    first = month.head["local_time"].date().replace(day=1)
    month = month_of(reader, first)
    (rate,) = reader.read(DISTRICT, "kpi_by/closure_rate", **_period(month), by=None)
    (in_time,) = reader.read(DISTRICT, "kpi_by/on_time_rate", **_period(month), by=None)
    sums = [sum(day[place] for day in month.days) for place in (1, 2, 3)]
    assert sums == [rate["denominator"], rate["numerator"], in_time["numerator"]]
    assert sums[0] > 0
    assert sum(row["denominator"] for row in month.categories) == sums[0]
    assert [day.day.day for day in month.days] == list(range(1, len(month.days) + 1))
    said = f"应办 {sums[0]} 件，结案 {sums[1]} 件"
    has(
        read_back(pdf("zh", month)),
        said,
        "本月尚未结束",
        *(f"{sums[1]} / {sums[0]}" for _ in month.categories[:1]),
    )


def _period(month: Month) -> dict[str, Any]:
    asked = {"unit": STATION, "depth": 2, "category": None}
    return asked | {"since": f"{month.first} 00:00+08", "until": f"{after(month.first)} 00:00+08"}


def test_incidents_clues_and_visits_are_counted_in_the_month_in_which_they_came(
    reader: Reader, database_url: str
) -> None:
    with connect(database_url, autocommit=True) as conn:
        conn.execute(
            "UPDATE incident SET opened_at = '2026-10-05T00:00Z' WHERE incident_id IN ('A1', 'A5', 'A4')"
        )
        conn.execute("UPDATE clue_case SET reported_at = '2026-10-31T15:59:59Z' WHERE clue_id = 'K3'")
        conn.execute("UPDATE clue_case SET reported_at = '2026-10-31T16:00Z' WHERE clue_id <> 'K3'")
        conn.execute(
            "UPDATE visit_evidence SET ended = '2026-10-31T15:59:59Z' WHERE (worker_id, id) = ('W1', 'v1')"
        )
        conn.execute(
            "INSERT INTO alert (district, alert_id, incident_id, rule, subject, severity, path, raised_at) "
            "SELECT district, 'D1', 'A5', 'visit_doubtful', 'visit:W1:v1', 'general', path, now() "
            "FROM incident WHERE incident_id = 'A5'"
        )
    month = month_of(reader)
    assert {row["code"]: (row["n"], row["hazards"], row["still_open"]) for row in month.incidents} == {
        "major": (2, 1, 1),  # A4 is the other station's
        "serious": (0, 0, 0),
        "general": (0, 0, 0),
    }
    assert sum(row["n"] for row in month.clues) == 1
    told = {"visits": 1, "doubted": 1, "upheld": 1, "dismissed": 0, "undecided": 0, "answered": 0}
    assert {key: month.visits[key] for key in told} == told
    has(read_back(pdf("en", month)), "Major 2 1 1 0 0 1 0", "1 doubted: 1 confirmed, 0 dismissed")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_month_before_everything_is_a_report_without_figures(reader: Reader, lang: str) -> None:
    month = month_of(reader, date(2024, 2, 1), tiny_day.STATION_2)
    assert len(month.days) == 29
    said = read_back(pdf(lang, month))
    has(said, {"zh": "本月工作量不足，不予评分。", "en": "Too little was done in this month"}[lang])
    has(said, {"zh": "应办 0 件", "en": "0 owed"}[lang])


@pytest.mark.parametrize("path", [str(tiny.DISTRICT), f"{STATION}/01", "350299/99", "441999/01"])
def test_what_is_no_station_of_the_scope_has_no_report(reader: Reader, path: str) -> None:
    with pytest.raises(ConfigError, match="there is no station"):
        month_of(reader, station=path)
    with pytest.raises(ConfigError, match="there is no station"):
        gather(reader.read_together, Scope(tiny.DISTRICT, tiny_day.STATION_2), STATION, date(2026, 10, 1))


def test_the_report_of_one_station_says_nothing_of_another(reader: Reader) -> None:
    said = read_back(pdf("zh", month_of(reader)))
    assert not any(word in said for word in ("丙三", "二所", "二段"))


def test_the_command_writes_the_file_whole(reader: Reader, database_url: str, tmp_path: Path) -> None:
    out = tmp_path / "october.pdf"
    write(database_url, STATION, date(2026, 10, 1), "zh", out)
    has(read_back(out.read_bytes()), "一所 · 2026年10月")
    assert [path.name for path in tmp_path.iterdir()] == ["october.pdf"]
    with pytest.raises(ConfigError, match="there is no station '350299'"):
        write(database_url, "350299", date(2026, 10, 1), "zh", out)
