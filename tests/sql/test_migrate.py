"""Migrations run once each, in order, and the engine's file every time."""

import secrets
from urllib.parse import urlsplit

import psycopg
import pytest

from db import migrate as migrate_module
from db.connect import DASHBOARD, INGEST, connect
from db.migrate import MigrationError, migrate


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
