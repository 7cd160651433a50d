"""Each engine keeps facts as long as `retention` says; TimescaleDB also packs what is old."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from db.connect import INGEST, connect, fetch
from db.migrate import migrate

NOW = datetime.now(UTC)
AGES = {"fresh": timedelta(hours=1), "old": timedelta(days=30), "ancient": timedelta(days=400)}

PING = """
    INSERT INTO ping (district, worker_id, ts, at, id, lon, lat, raw_lon, raw_lat, datum, received_at)
    VALUES (350299, 'W1', %(at)s, %(at)s, %(name)s, 118, 24, 118, 24, 'WGS84', %(at)s)
"""
INSPECTION = """
    INSERT INTO inspection (district, worker_id, ts, id, at, premises_id, started, ended, result, items,
                            photos, lon, lat, raw_lon, raw_lat, datum, mock, hist, received_at)
    VALUES (350299, 'W1', %(at)s, %(name)s, %(at)s, 'P1', %(at)s, %(at)s, 'normal', '[]',
            '[]', 118, 24, 118, 24, 'WGS84', false, false, %(at)s)
"""
PACKED = """
    SELECT count(*) FROM timescaledb_information.chunks
    WHERE hypertable_name = 'ping' AND is_compressed
"""


@pytest.fixture
def owner(database_url):
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute("TRUNCATE ping, inspection, rejected_message")
        for name, age in AGES.items():
            conn.execute(PING, {"at": NOW - age, "name": name})
            conn.execute(INSPECTION, {"at": NOW - age, "name": name})
        yield conn


def is_timescale(conn) -> bool:
    return conn.execute("SELECT FROM pg_extension WHERE extname = 'timescaledb'").fetchone() is not None


def run_jobs(conn, kind: str) -> int:
    jobs = conn.execute(
        "SELECT job_id FROM timescaledb_information.jobs "
        "WHERE proc_name = %s AND coalesce(hypertable_name, 'ping') = 'ping'",
        (kind,),
    ).fetchall()
    for (job_id,) in jobs:
        conn.execute("CALL run_job(%s)", (job_id,))
    return len(jobs)


def forget(owner, database_url, slice_rows=1000) -> None:
    """What happens by itself in time, now."""
    if is_timescale(owner):
        assert run_jobs(owner, "drop_old_chunks") == 1
    with connect(database_url, INGEST) as conn:
        fetch(conn, "write/forget_old_facts", {"slice": slice_rows, "now": NOW})


def kept(owner, table: str) -> set[str]:
    return {row[0] for row in owner.execute(f"SELECT id FROM {table}")}


def test_pings_are_forgotten_after_their_time_and_what_proves_the_work_is_kept_for_years(owner, database_url):
    forget(owner, database_url)
    assert kept(owner, "ping") == {"fresh", "old"}
    assert kept(owner, "inspection") == set(AGES)


def test_a_shorter_rule_takes_effect_on_its_day_and_no_sooner(owner, database_url):
    rule = "INSERT INTO retention (relation, keep, valid_from, actor) VALUES ('ping', '10 days', %s, 'test')"
    today = NOW.date()
    owner.execute(rule, (today + timedelta(days=1),))
    forget(owner, database_url)
    assert kept(owner, "ping") == {"fresh", "old"}
    owner.execute(rule, (today - timedelta(days=1),))
    forget(owner, database_url)
    owner.execute("DELETE FROM retention WHERE actor = 'test'")
    assert kept(owner, "ping") == {"fresh"}


def test_what_a_migration_finds_set_up_it_leaves_as_it_is(owner, database_url):
    before = owner.execute("SELECT relation, keep, valid_from FROM retention ORDER BY 1").fetchall()
    migrate(database_url)
    assert owner.execute("SELECT relation, keep, valid_from FROM retention ORDER BY 1").fetchall() == before
    if is_timescale(owner):
        assert run_jobs(owner, "drop_old_chunks") == 1
        assert run_jobs(owner, "policy_retention") == 0


def test_old_pings_are_kept_in_columns_and_read_as_before(owner):
    before = owner.execute("SELECT id, lon FROM ping ORDER BY ts").fetchall()
    if is_timescale(owner):
        assert run_jobs(owner, "policy_compression") == 1
        assert owner.execute(PACKED).fetchone() == (2,)
    else:
        index = owner.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'ping_at'").fetchone()
        assert "USING brin" in index[0]
    assert owner.execute("SELECT id, lon FROM ping ORDER BY ts").fetchall() == before


def test_what_is_packed_lies_in_small_batches(owner):
    """Or a look at an instant unpacks everybody's whole day."""
    if not is_timescale(owner):
        pytest.skip("an ordinary PostgreSQL packs nothing")
    owner.execute(
        "INSERT INTO ping (district, worker_id, ts, at, id, lon, lat, raw_lon, raw_lat, datum, received_at) "
        "SELECT 350299, 'W1', t, t, 'day', 118, 24, 118, 24, 'WGS84', t "
        "FROM generate_series(now()::date - 30, now()::date - 29, interval '2 minutes') t"
    )
    assert run_jobs(owner, "policy_compression") == 1
    chunks = owner.execute(
        "SELECT oid::regclass FROM pg_class WHERE relkind = 'r' AND starts_with(relname, '_hyper_') "
        "AND relname LIKE '%_compressed'"
    ).fetchall()
    sizes = [owner.execute(f"SELECT max(_ts_meta_count) FROM {chunk}").fetchone()[0] for (chunk,) in chunks]
    assert max(sizes) == 100


def test_ingest_forgets_only_through_the_rule(owner, database_url):
    with connect(database_url, INGEST) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute("DELETE FROM ping")
    with connect(database_url, INGEST) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute("UPDATE retention SET keep = '2 days'")
