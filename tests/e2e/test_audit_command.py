"""`gridward audit`: an auditor's way in, and that what other commands do is written down."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from db.connect import INGEST, Row, connect, fetch
from ingest.audit_key import signing_key
from ingest.courier import carry_out
from ingest.domain.audit import Link
from ingest.registry import import_world
from ingest.roots import keep, load_roots, seal
from ingest.settings import DATA, DATABASE_URL
from ingest.snapshots import load_roster
from ingest.store import prepare
from tests import tiny
from tests.e2e.cli import complaint, gridward

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def url(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world")))
    return database_url


def audit(url: str, data: Path, *arguments: str) -> Any:
    return gridward("audit", *arguments, **{DATABASE_URL: url, DATA: str(data)})


def settle(url: str) -> list[Link]:
    """Let ingest carry out what is waiting; the log of it all."""
    with connect(url, INGEST) as conn:
        prepare(conn)
        while carry_out(conn, load_roster(conn, tiny.DISTRICT), NOW):
            pass
        return [Link(**row) for row in fetch(conn, "write/audit_links", {"district": tiny.DISTRICT})]


def deeds(url: str) -> list[tuple[str, str, Row]]:
    found = [link for link in settle(url) if link.actor.startswith("cli:")]
    return [(link.act, link.subject, link.params["said"]) for link in found]


def test_what_commands_do_is_written_down(url: str, tmp_path: Path) -> None:
    world = tiny.write(tmp_path / "jia")
    settings = {DATABASE_URL: url, DATA: str(tmp_path)}
    for arguments, typed in (
        (("import", str(world)), ""),
        (("retention", "set", "photo", "365"), ""),
        (("notify", "add", "duty"), "json://127.0.0.1:9/x\n"),
        (("notify", "route", "duty", "--severity", "major"), ""),
        (("notify", "close", "duty"), ""),
        (("module", "load", "ingest/modules/drugs.yaml"), ""),
        (("device", "add", "350299/worker/W1"), ""),
        (("device", "revoke", "350299/worker/W1"), ""),
        (("report", str(tmp_path / "r.pdf"), "--station", "350299/01", "--month", "2026-10"), ""),
    ):
        done = gridward(*arguments, typed=typed, **settings)
        assert done.returncode == 0, done
    found = deeds(url)
    assert [(act, subject) for act, subject, _ in found] == [
        ("import", "district:350299"),
        ("set_retention", "retention:photo"),
        ("add_channel", "channel:duty"),
        ("route_channel", "channel:duty"),
        ("close_channel", "channel:duty"),
        ("load_modules", "modules"),
        ("issue_key", "worker:W1"),
        ("revoke_key", "worker:W1"),
        ("export_list", "list:month_report"),
    ]
    said = [about for _, _, about in found]
    assert "premises: 4" in said[0]["rows"]
    assert said[1]["days"] == 365
    assert said[3]["severity"] == "major"
    assert said[-1]["filters"] == {"unit": "350299/01", "month": "2026-10-01"}
    assert "127.0.0.1" not in str(said)


def test_a_log_is_verified_and_one_that_was_changed_is_not(url: str, tmp_path: Path) -> None:
    rows = len(settle(url))
    key = audit(url, tmp_path, "key").stdout
    assert key.startswith("-----BEGIN PUBLIC KEY-----\n")
    with connect(url, INGEST) as conn:
        seal(conn, tiny.DISTRICT, NOW.date(), signing_key(tmp_path), NOW)
        keep(tmp_path, tiny.DISTRICT, load_roots(conn, tiny.DISTRICT))
    done = audit(url, tmp_path, "verify")
    assert done.returncode == 0, done
    assert done.stdout.startswith(
        f"350299: in order: {rows} rows, 1 roots, 0 stamps, sealed up to row {rows};"
    )

    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "public.pem").write_text(key)
    told = audit(url, elsewhere, "verify", "--json", "--key", str(tmp_path / "public.pem"))
    (found,) = json.loads(told.stdout)["audit"]
    assert (found["rows"], found["sealed"], found["broken"]) == (rows, rows, None)
    assert "signatures not looked at: no key" in audit(url, elsewhere, "verify").stdout

    with connect(url) as conn:
        conn.execute("ALTER TABLE audit DISABLE TRIGGER append_only")
        conn.execute("UPDATE audit SET actor = 'somebody' WHERE number = 2")
    broken = audit(url, tmp_path, "verify")
    assert (broken.returncode, "BROKEN: row 2 is not what it was" in broken.stdout) == (1, True)
    told = audit(url, tmp_path, "verify", "--json")
    assert told.returncode == 1
    assert json.loads(told.stdout)["audit"][0]["broken"] == {"why": "changed", "number": 2, "day": None}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--district", "350298"), "district 350298 is not registered"),
        (("--key", "nowhere.pem"), "nowhere.pem"),
        (("--key", "README.md"), "README.md holds no public key"),
        (("--tsa-ca", "README.md"), "README.md holds no certificate"),
    ],
)
def test_what_cannot_be_meant_is_one_line(
    url: str, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = audit(url, tmp_path, "verify", *arguments)
    assert said in complaint(done, 1 if "nowhere" in said else 2)


def test_a_key_that_others_may_read_is_refused(url: str, tmp_path: Path) -> None:
    audit(url, tmp_path, "key")
    (tmp_path / "audit.key").chmod(0o644)
    assert "may be read by others: chmod 600" in complaint(audit(url, tmp_path, "key"), 2)


def test_no_days_before_yesterday_are_sealed_anew(url: str, tmp_path: Path) -> None:
    with connect(url, INGEST) as conn:
        roots = load_roots(conn, tiny.DISTRICT)
    assert all(day < NOW.date() for day in roots)
    assert min(roots) == NOW.date() - timedelta(days=1)
