"""Migrations run once each, in order, and the engine's file every time."""

import secrets
import shutil
from urllib.parse import urlsplit

import msgspec
import psycopg
import pytest

from db import migrate as migrate_module
from db.connect import DASHBOARD, INGEST, connect
from db.migrate import MigrationError, migrate
from ingest.casebook import Casebook
from ingest.domain.incident import Incident
from ingest.incidentbook import Incidentbook
from ingest.rollup import keep_up
from tests import tiny


def test_a_migrated_database_has_nothing_left_to_apply(database_url):
    assert migrate(database_url) == []


def test_the_engine_is_the_servers_and_reapplied(database_url):
    said = []
    migrate(database_url, said.append)
    with psycopg.connect(database_url) as conn:
        has_timescale = conn.execute(
            "SELECT FROM pg_available_extensions WHERE name = 'timescaledb'"
        ).fetchone()
        assert said == ["engine timescale" if has_timescale is not None else "engine plain"]
        if has_timescale is not None:
            hypertables = conn.execute("SELECT hypertable_name FROM timescaledb_information.hypertables")
            assert {"ping", "inspection", "clue", "device_event", "receipt"} <= {
                row[0] for row in hypertables
            }
        else:
            assert conn.execute("SELECT FROM pg_indexes WHERE indexname = 'ping_at'").fetchone() is not None


def test_a_changed_migration_is_refused_by_name(database_url):
    with psycopg.connect(database_url) as conn:
        conn.execute("UPDATE schema_migration SET sha256 = 'x' WHERE name = '0003_facts.sql'")
    with pytest.raises(MigrationError, match=r"0003_facts.sql was changed"):
        migrate(database_url)


def test_a_failing_migration_leaves_the_database_at_the_one_before(database_url, tmp_path, monkeypatch):
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "9001_good.sql").write_text("CREATE TABLE good (x int);")
    (tmp_path / "migrations" / "9002_bad.sql").write_text("CREATE TABLE half (x int); SELECT nonsense;")
    monkeypatch.setattr(migrate_module, "_HERE", tmp_path)
    with pytest.raises(MigrationError, match=r"9002_bad.sql: .*nonsense"):
        migrate(database_url)
    with psycopg.connect(database_url) as conn:
        assert conn.execute(
            "SELECT to_regclass('good') IS NOT NULL, to_regclass('half') IS NULL"
        ).fetchone() == (
            True,
            True,
        )


@pytest.fixture
def older(server_url, tmp_path, monkeypatch):
    """Makes a database as it was before a migration, with these rows, brings it up to date; its address."""
    here, names = migrate_module._HERE, []

    def made(before: str, rows: str) -> str:
        names.append(f"gw_test_{secrets.token_hex(4)}")
        url = server_url.rpartition("/")[0] + "/" + names[-1]
        shutil.copytree(here / "engines", tmp_path / "engines")
        (tmp_path / "migrations").mkdir()
        for path in sorted((here / "migrations").glob("*.sql")):
            if path.name < before:
                shutil.copy(path, tmp_path / "migrations")
        with psycopg.connect(server_url, autocommit=True) as owner:
            owner.execute(f"CREATE DATABASE {names[-1]}")
        with monkeypatch.context() as then:
            then.setattr(migrate_module, "_HERE", tmp_path)
            migrate(url)
        with psycopg.connect(url) as conn:
            conn.execute(rows)
        migrate(url)
        return url

    yield made
    with psycopg.connect(server_url, autocommit=True) as owner:
        for name in names:
            owner.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_tasks_from_before_the_closed_loop_keep_their_worker_and_what_was_done_is_closed(older):
    with connect(older("0012", _BEFORE_THE_LOOP), INGEST) as conn:
        tasks = "SELECT task_id, state, worker_id, closed_at = done_at AS closed FROM task ORDER BY 1"
        assert [tuple(row.values()) for row in conn.execute(tasks)] == [
            ("T1", "assigned", "W1", None),
            ("T2", "done", "W1", True),
            ("T3", "launched", None, None),
        ]
        book = Casebook(conn, tiny.roster(), ["T1", "T2", "T3"])
        states = {task_id: book.standing(task_id) for task_id in ("T1", "T2", "T3")}
    assert [(task.state, task.worker_id) for task in states.values()] == [
        ("assigned", "W1"),
        ("done", "W1"),
        ("launched", None),
    ]
    assert states["T2"].rework == 0


def test_alerts_from_before_there_were_incidents_are_incidents_as_their_events_say(older):
    with connect(older("0032", _BEFORE_INCIDENTS), INGEST) as conn:
        rows = conn.execute("SELECT * FROM incident ORDER BY incident_id").fetchall()
        assert [
            (row["incident_id"], row["state"], row["level"], row["alerts"], row["open_alerts"], row["due_at"])
            for row in rows
        ] == [("a1", "raised", 4, 1, 1, None), ("a2", "passed", 1, 1, 0, None)]
        book = Incidentbook(conn, tiny.roster(), ["a1", "a2"])
        for row in rows:
            assert book.incident(row["incident_id"]) == msgspec.convert(row, Incident)
        assert conn.execute("SELECT FROM alert WHERE incident_id <> alert_id").fetchall() == []
        events = conn.execute("SELECT alert_id, event, actor FROM alert_event ORDER BY 1, 2").fetchall()
        assert [tuple(row.values()) for row in events] == [
            *(("a1", "opened", "rules"), ("a1", "raised", "rules")),
            *(("a2", "opened", "rules"), ("a2", "passed", "facts")),
        ]


def test_what_was_told_of_alerts_is_told_of_their_incidents_each_step_once(older):
    with connect(older("0035", _BEFORE_INCIDENTS_WERE_TOLD), INGEST) as conn:
        told = conn.execute(
            "SELECT incident_id, event, state, level FROM notification ORDER BY 2, 1"
        ).fetchall()
        assert [tuple(row.values()) for row in told] == [
            ("a1", "aggravated", "queued", 4),
            ("a1", "opened", "sent", 4),
        ]


def test_tasks_from_before_the_rollup_fall_due_on_a_day_of_their_district(older):
    with connect(older("0036", _BEFORE_THE_ROLLUP), INGEST) as conn:
        due = "SELECT owed_from AT TIME ZONE 'UTC' AS due, category FROM {} ORDER BY district"
        for table in ("task", "obligation"):
            rows = conn.execute(due.format(table).encode()).fetchall()
            assert [(f"{row['due']:%m-%d %H:%M}", row["category"]) for row in rows] == [
                ("03-09 15:00", "x"),  # midnight in Tokyo
                ("03-09 16:00", "x"),
            ]
        keep_up(conn, 350298)
        kept = conn.execute("SELECT kpi, tz FROM kpi_kept").fetchall()
        assert [row["tz"] for row in kept] == ["Asia/Tokyo"]


_BEFORE_THE_ROLLUP = """
INSERT INTO district (district, name, tz)
VALUES (350298, '东京', 'Asia/Tokyo'), (350299, '试验区局', 'Asia/Shanghai');
INSERT INTO task (district, task_id, premises_id, category, path, state, launched_at, due_at)
SELECT district, 'T1', 'P1', 'x', district::text, 'launched', '2026-03-01T00:00Z', '2026-03-10T12:00Z'
FROM district;
INSERT INTO obligation (district, task_id, department_id, path, pushed_at, due_at)
SELECT district, task_id, 'food', path, launched_at, due_at FROM task;
"""

_BEFORE_INCIDENTS_WERE_TOLD = f"""
INSERT INTO alert (district, alert_id, incident_id, rule, subject, severity, path, raised_at)
SELECT 350299, one, 'a1', 'left_grid', 'worker:' || one, 'major', '{tiny.PATH_1}', now()
FROM unnest(ARRAY['a1', 'a2']) AS one;
INSERT INTO district (district, name) VALUES (350299, '试验区局');
INSERT INTO notify_channel (district, channel, name) VALUES (350299, 'duty', 'duty');
INSERT INTO notification (district, channel, alert_id, event, at, severity, path, state)
VALUES (350299, 'duty', 'a1', 'raised', '2026-03-02T08:00Z', 'major', '{tiny.PATH_1}', 'sent'),
       (350299, 'duty', 'a2', 'raised', '2026-03-02T08:00Z', 'major', '{tiny.PATH_1}', 'sent'),
       (350299, 'duty', 'a1', 'worsened', '2026-03-02T09:00Z', 'major', '{tiny.PATH_1}', 'queued');
"""

_BEFORE_INCIDENTS = f"""
INSERT INTO alert (district, alert_id, rule, subject, severity, path, raised_at, cleared_at)
VALUES (350299, 'a1', 'left_grid', 'worker:W1', 'major', '{tiny.PATH_1}', now() - interval '1 day', NULL),
       (350299, 'a2', 'left_grid', 'worker:W2', 'general', '350299', now() - interval '2 days',
        now() - interval '1 day');
INSERT INTO alert_event (district, alert_id, at, event)
SELECT district, alert_id, raised_at, 'raised' FROM alert WHERE alert_id = 'a1';
"""


def test_positions_that_a_wrong_clock_dated_are_found_by_their_hour(older):
    with connect(older("0062", _BEFORE_HOURS_HAD_KEYS)) as conn:
        hours = conn.execute(
            "SELECT worker_id, extract(hour FROM hour)::integer AS hour, pings, "
            "extract(day FROM wrong_from)::integer AS first, extract(day FROM wrong_until)::integer AS last "
            "FROM ping_hourly ORDER BY 1, 2"
        ).fetchall()
        assert [tuple(row.values()) for row in hours] == [
            ("W1", 8, 3, 3, 4),
            ("W1", 9, 0, 4, 4),
            ("W2", 8, 1, None, None),
        ]
        assert conn.execute("SELECT FROM score_stale").fetchall() == []


_BEFORE_HOURS_HAD_KEYS = """
INSERT INTO ping_hourly (district, worker_id, hour, pings, inside)
VALUES (350299, 'W1', '2026-05-04 08:00+00', 3, 3), (350299, 'W2', '2026-05-04 08:00+00', 1, 1);
DELETE FROM score_stale;
INSERT INTO ping (district, worker_id, ts, at, id, lon, lat, raw_lon, raw_lat, datum, clock_off_s,
                  received_at)
SELECT 350299, worker_id, ts::timestamptz, at::timestamptz, 'x', 118, 24, 118, 24, 'WGS84', off_s,
       at::timestamptz
FROM (VALUES ('W1', '2026-05-03 08:10+00', '2026-05-04 08:10+00', 86400),
             ('W1', '2026-05-04 08:20+00', '2026-05-04 08:20+00', NULL),
             ('W1', '2026-05-04 07:50+00', '2026-05-04 08:50+00', 3600),
             ('W1', '2026-05-04 08:01+00', '2026-05-04 09:01+00', 3600),
             ('W2', '2026-05-04 08:30+00', '2026-05-04 08:30+00', NULL))
    AS p (worker_id, ts, at, off_s);
"""

_BEFORE_THE_LOOP = """
INSERT INTO task (district, task_id, premises_id, category, path, worker_id, state, launched_at, due_at,
                  inspected_at, done_at, done_by)
SELECT 350299, t.*, CASE state WHEN 'done' THEN now() END, CASE state WHEN 'done' THEN now() END,
       CASE state WHEN 'done' THEN 'W1' END
FROM (VALUES ('T1', 'P1', 'x', '350299', 'W1', 'launched', now() - interval '9 days', now()),
             ('T2', 'P1', 'x', '350299', 'W1', 'done', now() - interval '9 days', now()),
             ('T3', 'P1', 'x', '350299', NULL, 'launched', now() - interval '9 days', now()))
    AS t (task_id, premises_id, category, path, worker_id, state, launched_at, due_at);
INSERT INTO task_event (district, task_id, at, event, state, actor, cause)
SELECT district, task_id, launched_at, 'launched', 'launched', 'import', 'c' || task_id FROM task
UNION ALL SELECT district, task_id, now() - interval '1 day', 'inspected', 'rectifying', 'W1', 'i1'
FROM task WHERE task_id = 'T2'
UNION ALL SELECT district, task_id, now(), 'inspected', 'done', 'W1', 'i2' FROM task WHERE task_id = 'T2';
"""


def test_ingest_cannot_delete_facts_and_the_dashboard_cannot_see_tables(database_url):
    with connect(database_url, "gw_ingest") as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute("DELETE FROM ping")
    with connect(database_url, DASHBOARD) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute("SELECT * FROM public.ping")


@pytest.mark.parametrize(("role", "may_read"), [(INGEST, "public.ping"), (DASHBOARD, "scoped.ping")])
def test_a_login_of_ones_own_acts_as_its_role(server_url, database_url, role, may_read):
    login = f"gw_test_{secrets.token_hex(4)}"
    parts = urlsplit(database_url)
    url = parts._replace(netloc=f"{login}:secret@{parts.netloc.rpartition('@')[2]}").geturl()
    with psycopg.connect(server_url, autocommit=True) as owner:
        owner.execute(f"CREATE ROLE {login} LOGIN PASSWORD 'secret' IN ROLE {role}")
        try:
            with connect(url, role) as conn:
                assert conn.execute("SELECT current_user AS me").fetchone() == {"me": role}
                conn.execute(f"SELECT * FROM {may_read}")
            other = DASHBOARD if role == INGEST else INGEST
            with pytest.raises(psycopg.OperationalError, match="permission denied"):
                connect(url, other)
        finally:
            owner.execute(f"DROP ROLE {login}")
