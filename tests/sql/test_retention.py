"""Evidence is kept by dated rules: longer than positions, and longer still where an open case needs it."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from db.connect import INGEST, Scope, connect, enter, fetch, query
from ingest.domain.period import Span, period_of
from ingest.domain.photo import photo_path
from ingest.forgetting import forget
from ingest.registry import import_world
from ingest.scores import count, due
from ingest.snapshots import load_roster
from tests import tiny

NOW = datetime.now(UTC)
YEARS_AGO = NOW - timedelta(days=2000)
"""Longer ago than anything is kept by default."""
DISTRICT = tiny.DISTRICT
SHA = hashlib.sha256(b"photo").hexdigest()
HELD_SHA = hashlib.sha256(b"held").hexdigest()
TABLES = (
    "inspection",
    "visit_evidence",
    "photo_use",
    "receipt",
    "photo",
    "photo_exif",
    "visit_appeal",
    "track_look",
)

VISIT = """
    INSERT INTO inspection (district, worker_id, ts, id, at, premises_id, task_id, started, ended, result,
                            items, photos, receipt_no, lon, lat, raw_lon, raw_lat, datum, mock, hist,
                            received_at)
    VALUES (%(d)s, 'W1', %(at)s, %(id)s, %(at)s, %(premises)s, %(task)s, %(at)s, %(at)s, 'normal', '[]',
            '[]', %(id)s, 118, 24, 118, 24, 'WGS84', false, false, %(at)s);
    INSERT INTO visit_evidence (district, worker_id, ts, id, premises_id, started, ended, lon, lat, raw_lon,
                                raw_lat, off_m, due_at, truth)
    VALUES (%(d)s, 'W1', %(at)s, %(id)s, %(premises)s, %(at)s, %(at)s, 118, 24, 118, 24, 5, %(due)s, 20);
    INSERT INTO photo_use (district, sha256, worker_id, id, premises_id, ended)
    VALUES (%(d)s, %(sha)s, 'W1', %(id)s, %(premises)s, %(at)s);
    INSERT INTO receipt (district, device_id, ts, id, at, number, body, hist, received_at)
    VALUES (%(d)s, 'R1', %(at)s, %(id)s, %(at)s, %(id)s, '', false, %(at)s);
    INSERT INTO photo (district, worker_id, sha256, bytes, received_at)
    VALUES (%(d)s, 'W1', %(sha)s, 5, %(at)s) ON CONFLICT DO NOTHING;
    INSERT INTO photo_exif (district, sha256, at) VALUES (%(d)s, %(sha)s, %(at)s) ON CONFLICT DO NOTHING;
    INSERT INTO visit_appeal (district, worker_id, ts, id, at, visit_id, text, received_at)
    VALUES (%(d)s, 'W1', %(at)s, %(id)s, %(at)s, %(id)s, '', %(at)s);
    INSERT INTO track_look (district, look_id, worker_id, at, actor, about, id, since, until)
    VALUES (%(d)s, %(id)s, 'W1', %(at)s, 'screen', 'visit', %(id)s, %(at)s, %(at)s)
"""
CASE = """
    INSERT INTO incident (district, incident_id, rule, section, path, raised_at, opened_at, alerts,
                          open_alerts, subjects, last_alert_at, state, severity, level, ended_at)
    VALUES (%(d)s, 'I1', %(rule)s, '350299', '350299', %(at)s, %(at)s, 1, 1, 1, %(at)s, %(state)s,
            'general', 4, %(ended)s);
    INSERT INTO alert (district, alert_id, incident_id, rule, subject, severity, path, raised_at, cleared_at)
    VALUES (%(d)s, 'I1', 'I1', %(rule)s, %(subject)s, 'general', '350299', %(at)s, %(at)s)
"""
TASK = """
    INSERT INTO task (district, task_id, premises_id, category, path, state, launched_at, due_at,
                      closed_at, done_at)
    VALUES (%(d)s, 'X1', 'P2', '日常检查', '350299/01/01/01/02', %(state)s, %(at)s, %(at)s,
            %(closed)s, %(closed)s)
"""


@pytest.fixture(scope="module")
def world(database_url, tmp_path_factory):
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world")))
    return database_url


@pytest.fixture
def conn(world):
    """The owner's, whose work is undone after the test."""
    with connect(world) as owner:
        yield owner
        owner.rollback()


def visited(conn, name="old", at=YEARS_AGO, *, sha=SHA, premises="P1", task=None, due=None) -> None:
    told = {"d": DISTRICT, "id": name, "at": at, "sha": sha, "premises": premises, "task": task, "due": due}
    for statement in VISIT.split(";"):
        conn.execute(statement.encode(), told)


def case(conn, subject, ended=None, rule="visit_doubtful") -> None:
    told = {"d": DISTRICT, "at": YEARS_AGO, "ended": ended, "rule": rule, "subject": subject}
    told["state"] = "resolved" if ended else "raised"
    for statement in CASE.split(";"):
        conn.execute(statement.encode(), told)


def left(conn) -> dict[str, int]:
    return {table: conn.execute(f"SELECT count(*) AS n FROM {table}").fetchone()["n"] for table in TABLES}


def rule(conn, relation, days, day) -> None:
    keep = None if days is None else timedelta(days=days)
    conn.execute(
        "INSERT INTO retention (relation, keep, valid_from, actor) VALUES (%s, %s, %s, 'test')",
        (relation, keep, day),
    )


def all_of(n: int) -> dict[str, int]:
    return dict.fromkeys(TABLES, n)


def test_evidence_of_each_kind_goes_when_its_time_is_over(conn, tmp_path):
    visited(conn)
    visited(conn, "young", NOW - timedelta(days=1), sha=HELD_SHA)
    forget(conn, tmp_path, NOW)
    assert left(conn) == all_of(1)
    assert conn.execute("SELECT id FROM inspection").fetchall() == [{"id": "young"}]


@pytest.mark.parametrize(
    ("days", "gone"),
    [
        (700, set()),
        (740, {"photo", "photo_exif"}),
        (1100, {"photo", "photo_exif", "track_look"}),
        (1820, {"photo", "photo_exif", "track_look"}),
        (1830, set(TABLES)),
    ],
)
def test_each_kind_has_its_own_time(conn, tmp_path, days, gone):
    visited(conn, at=NOW - timedelta(days=days))
    forget(conn, tmp_path, NOW)
    assert {table for table, n in left(conn).items() if n == 0} == gone


def test_ingest_may_do_it_and_may_not_do_more(world, conn, tmp_path):
    visited(conn)
    conn.commit()
    with connect(world, INGEST, autocommit=True) as ingest:
        forget(ingest, tmp_path, NOW + timedelta(days=4000))  # a clock that is ahead deletes nothing more
        assert left(ingest) == all_of(0)
        visited(conn, at=NOW - timedelta(days=1))
        conn.commit()
        forget(ingest, tmp_path, NOW + timedelta(days=4000))
        assert left(ingest) == all_of(1)
    for table in TABLES:
        conn.execute(f"DELETE FROM {table}")
    conn.execute("DELETE FROM evidence_gone; DELETE FROM photo_gone")
    conn.commit()


def test_a_rule_deletes_nothing_before_its_day_and_a_newer_one_takes_its_place(conn, tmp_path):
    visited(conn, at=NOW - timedelta(days=500))
    day = (NOW - timedelta(days=30)).date()
    rule(conn, "inspection", 400, day)
    forget(
        conn, tmp_path, NOW - timedelta(days=32)
    )  # then it was older than 400 days, and the rule not in force
    assert left(conn)["inspection"] == 1
    rule(conn, "inspection", None, day + timedelta(days=5))  # for ever
    forget(conn, tmp_path, NOW)
    assert left(conn)["inspection"] == 1
    forget(conn, tmp_path, NOW - timedelta(days=27))
    assert left(conn) == all_of(1) | {"inspection": 0}


def test_a_rule_begins_when_its_day_has_begun_in_every_district(conn):
    def since(at: datetime) -> float:
        row = conn.execute("SELECT kept_since('ping', %s) AS since", (at,)).fetchone()
        return (at - row["since"]).days

    rule(conn, "ping", 30, "2026-03-01")
    assert since(datetime(2026, 2, 28, 15, 59, 59, tzinfo=UTC)) == 180  # a second to midnight in Xiamen
    assert since(datetime(2026, 2, 28, 16, 0, tzinfo=UTC)) == 30
    conn.execute("UPDATE district SET tz = 'America/New_York'")
    assert since(datetime(2026, 2, 28, 16, 0, tzinfo=UTC)) == 180


@pytest.mark.parametrize("subject", ["visit:W1:old", "premises:P1"])
def test_what_an_open_incident_is_about_stays_until_it_has_ended(conn, tmp_path, subject):
    visited(conn)
    visited(conn, "other", sha=HELD_SHA, premises="P2")
    case(conn, subject)
    forget(conn, tmp_path, NOW)
    stays = left(conn)
    assert stays == all_of(1) | {"track_look": 0, "visit_appeal": int(subject.startswith("visit"))}
    assert conn.execute("SELECT id FROM inspection").fetchall() == [{"id": "old"}]
    assert conn.execute("SELECT sha256 FROM photo").fetchall() == [{"sha256": SHA}]
    conn.execute("UPDATE incident SET ended_at = now(), state = 'resolved'")
    forget(conn, tmp_path, NOW)
    assert left(conn) == all_of(0)


def test_a_paper_without_a_number_stays_with_the_visit_during_which_it_was_printed(conn, tmp_path):
    visited(conn)
    conn.execute("UPDATE receipt SET number = NULL, inspection_id = NULL")
    case(conn, "visit:W1:old")
    forget(conn, tmp_path, NOW)
    assert left(conn)["receipt"] == 1
    conn.execute("UPDATE receipt SET at = at + interval '31 minutes'")
    forget(conn, tmp_path, NOW)
    assert (left(conn)["receipt"], left(conn)["inspection"]) == (0, 1)


def test_visits_of_a_task_stay_until_it_is_closed_and_of_none_until_they_are_weighed(conn, tmp_path):
    told = {"d": DISTRICT, "at": YEARS_AGO, "state": "done", "closed": None}
    conn.execute(TASK.encode(), told)  # disposed of, and the department has not followed up
    visited(conn, "of_task", task="X1")
    visited(conn, "waiting", sha=HELD_SHA, due=NOW)
    forget(conn, tmp_path, NOW)
    assert left(conn) == all_of(2) | {"track_look": 0, "visit_appeal": 1}  # of the one that is not weighed
    conn.execute("UPDATE task SET closed_at = now() WHERE task_id = 'X1'")
    conn.execute("UPDATE visit_evidence SET due_at = NULL")
    forget(conn, tmp_path, NOW)
    assert left(conn) == all_of(0)


def test_a_photo_of_a_clue_that_is_still_to_be_disposed_of_stays(conn, tmp_path):
    conn.execute(
        "INSERT INTO photo VALUES (%s, 'W1', %s, 5, %s), (%s, 'W1', %s, 5, %s)",
        (DISTRICT, SHA, YEARS_AGO, DISTRICT, HELD_SHA, YEARS_AGO),
    )
    conn.execute(
        "INSERT INTO clue (district, worker_id, ts, id, at, kind, severity, text, photos, lon, lat, "
        "raw_lon, raw_lat, datum, hist, received_at) "
        "VALUES (%s, 'W1', %s, 'k', %s, '其他', 'general', '', %s, 1, 1, 1, 1, 'WGS84', false, now())",
        (DISTRICT, YEARS_AGO, YEARS_AGO, f'[{{"sha256": "{HELD_SHA}"}}]'),
    )
    conn.execute(
        "INSERT INTO clue_case (district, clue_id, worker_id, ts, id, kind, severity, text, lon, lat, path, "
        "reported_at) "
        "SELECT district, 'K', worker_id, ts, id, kind, severity, text, lon, lat, '350299', at FROM clue"
    )
    forget(conn, tmp_path, NOW)
    assert conn.execute("SELECT sha256 FROM photo").fetchall() == [{"sha256": HELD_SHA}]
    conn.execute("UPDATE clue_case SET disposed_at = now(), state = 'disposed'")
    forget(conn, tmp_path, NOW)
    assert left(conn)["photo"] == 0


def test_it_goes_in_pieces_and_what_is_held_does_not_stop_the_rest(conn):
    for number in range(5):
        visited(conn, f"v{number}", YEARS_AGO + timedelta(seconds=number))
    case(conn, "visit:W1:v0")
    for expected in (3, 1, 1):
        conn.execute("SELECT forget_evidence(2, %s)", (NOW,))
        assert left(conn)["inspection"] == expected


def laid(data: Path, sha256: str) -> Path:
    path = photo_path(data, sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"jpeg")
    return path


def test_a_photos_file_goes_with_its_last_row(conn, tmp_path):
    visited(conn)
    conn.execute("INSERT INTO photo VALUES (%s, 'W2', %s, 5, %s)", (DISTRICT, SHA, NOW))
    file = laid(tmp_path, SHA)
    forget(conn, tmp_path, NOW)
    assert file.exists()
    conn.execute("UPDATE photo SET received_at = %s", (YEARS_AGO,))
    forget(conn, tmp_path, NOW)
    assert not file.exists()
    assert conn.execute("SELECT * FROM photo_gone").fetchall() == []


def test_a_file_that_cannot_go_is_tried_again_and_one_that_came_again_stays(conn, tmp_path):
    visited(conn)
    stuck = photo_path(tmp_path, SHA)
    stuck.mkdir(parents=True)  # no unlink takes a directory away
    forget(conn, tmp_path, NOW)
    assert conn.execute("SELECT sha256 FROM photo_gone").fetchall() == [{"sha256": SHA}]
    stuck.rmdir()
    file = laid(tmp_path, SHA)
    conn.execute("INSERT INTO photo VALUES (%s, 'W1', %s, 5, %s)", (DISTRICT, SHA, NOW))
    conn.execute("INSERT INTO photo_gone VALUES (%s)", (HELD_SHA,))
    other = laid(tmp_path, HELD_SHA)
    forget(conn, tmp_path, NOW)
    assert (file.exists(), other.exists()) == (True, False)
    assert conn.execute("SELECT * FROM photo_gone").fetchall() == []


def test_a_page_says_of_a_photo_that_it_is_no_longer_kept(conn):
    enter(conn, Scope(DISTRICT, str(DISTRICT)))
    refs = [{"sha256": "a", "taken": round(at.timestamp() * 1000)} for at in (YEARS_AGO, NOW)]
    found = conn.execute(
        "SELECT scoped.photo_refs('W1', %s, 'Asia/Shanghai') AS refs",
        (json.dumps(refs),),
    ).fetchone()
    assert [(ref["received"], ref["forgotten"]) for ref in found["refs"]] == [(False, True), (False, False)]


def test_a_score_outlives_what_it_was_counted_from(conn, tmp_path):
    tz = ZoneInfo("Asia/Shanghai")
    roster = load_roster(conn, DISTRICT)
    for number in range(6):
        visited(conn, f"v{number}", YEARS_AGO + timedelta(seconds=number))
    conn.execute("UPDATE visit_evidence SET truth = 90")
    conn.execute(
        "INSERT INTO ping (district, worker_id, ts, at, id, lon, lat, raw_lon, raw_lat, datum, received_at) "
        "VALUES (%s, 'W1', %s, %s, 'p', 118, 24, 118, 24, 'WGS84', %s)",
        (DISTRICT, YEARS_AGO, YEARS_AGO, YEARS_AGO),
    )
    month = period_of(YEARS_AGO.astimezone(tz).date(), Span.MONTH)
    count(conn, roster, month, NOW)
    before = conn.execute("SELECT * FROM score ORDER BY level, subject").fetchall()
    assert [part["n"] for part in before[-1]["parts"] if part["indicator"] == "truth"] == [6]
    forget(conn, tmp_path, NOW)
    assert left(conn) == all_of(0)
    # A task of those days is closed only now: its day is marked, but not counted from what is left of it.
    conn.execute(TASK.encode(), {"d": DISTRICT, "at": YEARS_AGO, "state": "done", "closed": NOW})
    todo = due(conn, roster, NOW)
    assert month not in todo.periods
    assert todo.marks
    assert period_of(NOW.astimezone(tz).date(), Span.MONTH) in todo.periods
    assert conn.execute("SELECT * FROM score ORDER BY level, subject").fetchall() == before


def test_the_queries_of_the_command_tell_the_rules_in_force_and_those_to_come(conn):
    conn.execute(
        query("ops/set_retention"),
        {"relation": "photo", "keep": timedelta(days=365), "valid_from": "2999-01-01", "actor": "cli:me"},
    )
    rows = {(row["relation"], row["in_force"]): row for row in fetch(conn, "ops/retention")}
    assert rows["photo", True]["days"] == 730
    assert (rows["photo", False]["days"], rows["photo", False]["actor"]) == (365, "cli:me")
