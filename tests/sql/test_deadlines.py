"""Deadline rules, days and lamps in the database: whose count, and that they say what Python says."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from db.connect import DASHBOARD, INGEST, connect
from ingest.contract.errors import ConfigError
from ingest.domain.deadline import Step, lamp
from ingest.registry import import_world
from ingest.snapshots import load_deadlines
from tests import tiny

RULES = "step,category,working_days,hours,valid_from\n"
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def load(database_url):
    """What ingest knows of the tiny district's deadlines now."""

    def loaded():
        with connect(database_url, INGEST) as conn:
            return load_deadlines(conn, tiny.DISTRICT, tiny.roster().tz)

    return loaded


@pytest.fixture
def rows(database_url):
    with psycopg.connect(database_url, autocommit=True) as conn:
        yield lambda sql: conn.execute(sql).fetchall()


@pytest.fixture
def bring(database_url, tmp_path):
    """Import the tiny district with these optional files beside the others."""

    def brought(*, rules=None, days=None):
        tiny.write(tmp_path)
        for name, text in (("deadline_rules.csv", rules), ("holidays.csv", days)):
            if text is not None:
                (tmp_path / name).write_text(text, encoding="utf-8")
        return import_world(database_url, tmp_path)

    return brought


def test_everybodys_rules_are_there_from_the_start(load):
    book = load()
    given = {step: book.give(step, None, MONDAY).working_days for step in Step}
    assert given == {"push": 5, "inspect": 10, "rectify": 5, "recheck": 10, "department": 15, "clue": 15} | {
        "dispatch": None
    }
    assert book.give(Step.DISPATCH, None, MONDAY).at - MONDAY == timedelta(minutes=30)


def test_the_steps_in_the_database_are_those_of_the_domain(rows):
    assert {step for (step,) in rows("SELECT DISTINCT step FROM deadline_rule")} == set(Step)


@pytest.mark.parametrize("step", Step)
def test_the_page_about_import_files_names_every_step(step):
    page = Path(__file__).parents[2] / "docs" / "import-files.md"
    (row,) = [
        line for line in page.read_text("utf-8").splitlines() if line.startswith("| `deadline_rules.csv`")
    ]
    assert f" {step}" in row


def test_a_districts_files_stand_before_what_is_everybodys_and_closing_them_gives_it_back(load, rows, bring):
    own = RULES + "inspect,,7,,2026-01-01\ninspect,电梯,3,,2026-03-02\ninspect,食品,,48,2026-03-02\n"
    bring(rules=own, days="day,working,name\n2026-03-03,no,台风\n2026-03-07,yes,\n")
    book = load()
    assert book.give(Step.INSPECT, "其他", MONDAY).working_days == 7
    assert book.give(Step.INSPECT, "电梯", MONDAY).at.date() == date(2026, 3, 6)  # over the free Tuesday
    assert book.give(Step.INSPECT, "食品", MONDAY).at == MONDAY + timedelta(hours=48)
    assert book.give(Step.RECHECK, None, MONDAY).working_days == 10
    assert book.calendar.is_working_day(date(2026, 3, 7))
    bring(rules=RULES, days="day,working\n")
    assert load().give(Step.INSPECT, "电梯", MONDAY).working_days == 10
    assert not load().calendar.is_working_day(date(2026, 3, 7))
    assert rows("SELECT count(*), count(closed_at) FROM deadline_rule WHERE district <> 0") == [(3, 3)]
    assert rows("SELECT count(*), count(closed_at) FROM holiday") == [(2, 2)]
    bring(rules=own)
    assert load().give(Step.INSPECT, "其他", MONDAY).working_days == 7


def test_an_import_without_the_files_says_nothing_about_them(load, bring, tmp_path):
    bring(rules=RULES + "inspect,,4,,2026-01-01\n")
    (tmp_path / "deadline_rules.csv").unlink()
    bring()
    assert load().give(Step.INSPECT, None, MONDAY).working_days == 4


def test_what_has_not_changed_is_not_written_again_and_the_report_counts_it(rows, bring):
    versions = "\nUNION ALL\n".join(
        f"SELECT ctid::text, xmin::text FROM {table}" for table in ("deadline_rule", "holiday")
    )
    files = {
        "rules": RULES + "push,,4,,2026-01-01\n",
        "days": "day,working\n2026-03-03,no\n",
    }
    report = bring(**files)
    assert (report.rows["deadline_rule"], report.rows["holiday"]) == (1, 1)
    before = set(rows(versions))
    bring(**files)
    assert set(rows(versions)) == before


def test_everybodys_day_counts_where_a_district_says_nothing(database_url, load, bring):
    bring(days="day,working,name\n2061-10-01,no,国庆节\n2061-10-03,no,国庆节\n")
    with psycopg.connect(database_url) as owner:
        owner.execute("INSERT INTO holiday VALUES (0, '2061-10-03', true), (0, '2061-10-04', false)")
    calendar = load().calendar
    assert not calendar.is_working_day(date(2061, 10, 3))
    assert not calendar.is_working_day(date(2061, 10, 4))
    assert calendar.knows(2061)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"rules": "step\n"}, "deadline_rules.csv:1: valid_from: column is missing"),
        (
            {"rules": RULES + "inspect,,5,2,2026-01-01\n"},
            "deadline_rules.csv:2: working_days: either this or hours",
        ),
        (
            {"rules": RULES + "inspect,,,,2026-01-01\n"},
            "deadline_rules.csv:2: working_days: either this or hours",
        ),
        (
            {"rules": RULES + "inspect,,2.5,,2026-01-01\n"},
            "deadline_rules.csv:2: working_days: 2.5 is no whole number",
        ),
        (
            {"rules": RULES + "inspect,,-1,,2026-01-01\n"},
            "deadline_rules.csv:2: working_days: -1 is not between 0 and 366",
        ),
        (
            {"rules": RULES + "inspect,,,0,2026-01-01\n"},
            "deadline_rules.csv:2: hours: 0 is not between 0.1 and 8784",
        ),
        (
            {"rules": RULES + "nap,,5,,2026-01-01\n"},
            "deadline_rules.csv:2: step: 'nap' is none of push, inspect",
        ),
        ({"rules": RULES + ",,5,,2026-01-01\n"}, "deadline_rules.csv:2: step: is empty"),
        ({"rules": RULES + "push,,5,,\n"}, "deadline_rules.csv:2: valid_from: is empty"),
        (
            {"rules": RULES + "push,a,5,,2026-01-01\npush,a,6,,2026-01-01\n"},
            "deadline_rules.csv:3: step: push a 2026-01-01 occurs twice",
        ),
        ({"days": "day,working\n2026/10/1,no\n"}, "holidays.csv:2: day: '2026/10/1' is no day"),
        ({"days": "day,working\n2026-10-01,maybe\n"}, "holidays.csv:2: working: 'maybe' is none of"),
        ({"days": "day,working\n2026-10-01,\n"}, "holidays.csv:2: working: is empty"),
        (
            {"days": "day,working\n2026-10-01,no\n2026-10-01,yes\n"},
            "holidays.csv:3: day: 2026-10-01 occurs twice",
        ),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_stored(rows, bring, change, complaint):
    counted = "SELECT (SELECT count(*) FROM deadline_rule), (SELECT count(*) FROM holiday)"
    before = rows(counted)
    with pytest.raises(ConfigError) as refused:
        bring(**change)
    assert complaint in str(refused.value)
    assert rows(counted) == before


def test_the_database_refuses_a_rule_with_both_or_neither(database_url):
    for days, hours in ((5, 2.0), (None, None)):
        with connect(database_url, INGEST) as conn, pytest.raises(psycopg.errors.CheckViolation):
            conn.execute(
                "INSERT INTO deadline_rule (district, step, working_days, hours, valid_from) "
                "VALUES (0, 'push', %s, %s, '2026-01-01')",
                (days, hours),
            )


def test_a_viewer_sees_the_rules_of_everybody_and_of_their_own_district_alone(database_url, bring):
    bring(rules=RULES + "push,,4,,2026-01-01\n", days="day,working\n2026-03-03,no\n")
    with connect(database_url, DASHBOARD) as conn:
        conn.execute("SET search_path = scoped")
        for district, count, days in ((tiny.DISTRICT, {0, tiny.DISTRICT}, True), (999999, {0}, False)):
            conn.execute("SELECT set_config('gridward.district', %s, true)", (str(district),))
            whose = {row["district"] for row in conn.execute("SELECT district FROM deadline_rule")}
            assert whose == count
            own = conn.execute("SELECT FROM holiday WHERE district = %s", (tiny.DISTRICT,)).fetchall()
            assert bool(own) is days


DUE = MONDAY + timedelta(days=10)
STEP = timedelta(microseconds=1)
EDGE = MONDAY + timedelta(days=8)
ODD = MONDAY + timedelta(days=1, hours=7, minutes=13, seconds=1, microseconds=3)


@pytest.mark.parametrize(
    ("started", "due", "now", "done", "shows"),
    [
        (MONDAY, DUE, MONDAY, None, "green"),
        (MONDAY, DUE, EDGE - STEP, None, "green"),
        (MONDAY, DUE, EDGE, None, "yellow"),
        (MONDAY, DUE, DUE, None, "yellow"),
        (MONDAY, DUE, DUE + STEP, None, "red"),
        (MONDAY, DUE, DUE, EDGE, "green"),
        (MONDAY, DUE, DUE + STEP, DUE, "green"),
        (MONDAY, DUE, DUE + STEP, DUE + STEP, "red"),
        (MONDAY, DUE, MONDAY, DUE + STEP, "red"),
        (MONDAY, DUE, MONDAY - STEP, None, "green"),
        (MONDAY, MONDAY, MONDAY, None, "yellow"),
        (DUE, MONDAY, EDGE, None, "red"),
        (MONDAY, ODD, MONDAY + (ODD - MONDAY) * 4 // 5, None, "green"),
        (MONDAY, ODD, MONDAY + (ODD - MONDAY) * 4 // 5 + STEP, None, "yellow"),
    ],
)
def test_the_databases_lamp_is_the_domains(database_url, started, due, now, done, shows):
    assert lamp(started, due, now, done) == shows
    with connect(database_url, DASHBOARD) as conn:
        row = conn.execute("SELECT scoped.lamp(%s, %s, %s, %s) AS lamp", (started, due, now, done)).fetchone()
    assert row == {"lamp": shows}
