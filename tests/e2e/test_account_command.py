"""`gridward account`: accounts are added, listed, disabled; a password is said once, a slip is one line."""

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from db.connect import INGEST, Row, connect
from db.embedded_home import account as account_of_root
from db.embedded_home import cluster
from ingest.courier import carry_out
from ingest.domain.password import matches
from ingest.registry import import_world
from ingest.settings import DATA, DATABASE_URL
from ingest.snapshots import load_roster
from ingest.store import prepare
from tests import tiny
from tests.conftest import free_port
from tests.e2e.cli import Up, complaint, gridward, remove_cluster
from tests.e2e.compose import let_in, shut_out

NOW = datetime.now(UTC)
STATION = f"{tiny.DISTRICT}/01"
ROLES = ["look", "operate", "manage", "audit", "administer"]


@pytest.fixture(scope="module")
def url(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world")))
    return database_url


@pytest.fixture(autouse=True)
def fresh(url: str) -> None:
    with connect(url) as conn:
        conn.execute("TRUNCATE account, login_session")


def account(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return gridward("account", *arguments, **{DATABASE_URL: url})


def said(url: str, *arguments: str) -> str:
    done = account(url, *arguments)
    assert (done.returncode, done.stderr) == (0, ""), done
    return done.stdout.removesuffix("\n")


def password(url: str, *arguments: str) -> str:
    """The password that a command printed."""
    line = said(url, *arguments)
    assert "\n" not in line
    return line.rpartition(" ")[2]


def rows(url: str) -> dict[str, Row]:
    with connect(url) as conn:
        return {row["name"]: row for row in conn.execute("SELECT * FROM account")}


def row(url: str, name: str) -> Row:
    return rows(url)[name]


def listed(url: str, name: str) -> dict[str, Any]:
    line = said(url, "list", "--json")
    assert "\n" not in line
    return next(one for one in json.loads(line)["accounts"] if one["name"] == name)


def log_in(url: str, name: str, token: str, *, hours: float = 8, seen: datetime = NOW) -> None:
    """What the screen leaves of somebody who logged in."""
    with connect(url) as conn:
        conn.execute(
            "INSERT INTO login_session (token_hash, account, seen_at, expires_at) VALUES (%s, %s, %s, %s)",
            (token.encode(), name, seen, NOW + timedelta(hours=hours)),
        )


def open_sessions(url: str) -> set[str]:
    with connect(url) as conn:
        found = conn.execute("SELECT token_hash FROM login_session WHERE ended_at IS NULL")
        return {bytes(one["token_hash"]).decode() for one in found}


def test_an_account_is_added_with_a_first_password_that_only_its_printed_line_has(url: str) -> None:
    line = said(url, "add", "chen.xiaolan")
    name, _, word = line.partition(" ")
    found = row(url, "chen.xiaolan")
    assert name == "chen.xiaolan"
    assert matches(found["password"], word)
    assert (found["district"], found["path"], found["roles"], found["grade"]) == (
        None,
        "",
        ["look"],
        "officer",
    )
    assert (found["must_change"], found["kiosk"], found["failed"]) == (True, False, 0)
    assert found["made_by"].startswith("cli:")
    with connect(url) as conn:
        assert word not in str(conn.execute("SELECT to_jsonb(command) FROM command").fetchall())


@pytest.mark.parametrize("place", [STATION, tiny.PATH_3, str(tiny.DISTRICT)])
def test_an_account_stands_where_it_is_put_with_the_roles_and_grade_it_is_given(url: str, place: str) -> None:
    said(url, "add", "li", "--place", place, "--roles", "operate,look", "--grade", "assistant")
    found = row(url, "li")
    assert (found["district"], found["path"]) == (tiny.DISTRICT, place if "/" in place else "")
    assert (found["roles"], found["grade"]) == (["look", "operate"], "assistant")
    assert listed(url, "li")["place"] == place


def test_all_roles_are_said_in_a_word(url: str) -> None:
    said(url, "add", "admin", "--roles", "all")
    assert row(url, "admin")["roles"] == ROLES


def test_a_walls_password_need_not_be_changed_not_even_after_a_reset(url: str) -> None:
    said(url, "add", "wall-1", "--kiosk", "--place", STATION)
    found = row(url, "wall-1")
    assert (found["kiosk"], found["must_change"], found["roles"]) == (True, False, ["look"])
    word = password(url, "reset", "wall-1")
    found = row(url, "wall-1")
    assert (found["must_change"], matches(found["password"], word)) == (False, True)


def test_a_workers_account_is_of_the_workers_district_and_grade(url: str) -> None:
    said(url, "add", "jia.yi", "--worker", "W1")
    said(url, "add", "duan", "--worker", "F1", "--place", str(tiny.DISTRICT))
    worker, officer = row(url, "jia.yi"), row(url, "duan")
    assert (worker["district"], worker["worker_id"], worker["roles"]) == (tiny.DISTRICT, "W1", ["look"])
    assert (worker["grade"], officer["grade"]) == ("assistant", "officer")


def test_who_comes_by_the_identity_provider_needs_no_password_and_gets_none_by_a_reset(url: str) -> None:
    line = said(url, "add", "wang", "--identity", "wang@district.example", "--no-password")
    assert line == "wang: by wang@district.example, no password"
    found = row(url, "wang")
    assert (found["password"], found["must_change"]) == (None, False)
    assert "wang has no password" in complaint(account(url, "reset", "wang"), 2)
    again = account(url, "add", "wang2", "--identity", "wang@district.example")
    assert complaint(again, 2) == "wang@district.example is another account's identity"
    assert list(rows(url)) == ["wang"]


def test_a_name_is_the_same_however_it_is_typed(url: str) -> None:
    said(url, "add", "Jose\u0301 陈 小兰")
    assert list(rows(url)) == ["José 陈 小兰"]
    for same in ("Jos\u00e9 陈 小兰", "jose\u0301 陈 小兰"):
        assert "there is an account" in complaint(account(url, "add", same), 2)
    said(url, "disable", "Jose\u0301 陈 小兰")
    assert row(url, "José 陈 小兰")["disabled_at"]


@pytest.mark.parametrize(
    "name", ["a", "a" * 65, "a/b", "a:b", " ab", "ab ", "a\nb", "a\u200bb", "a<b>", "..", "\u202eab"]
)
def test_what_is_no_name_is_refused(url: str, name: str) -> None:
    assert "is no name" in complaint(account(url, "add", name), 2)
    assert rows(url) == {}


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--place", "350299/09"], "350299/09 is not registered (org.csv)"),
        (["--place", "350298"], "district 350298 is not registered"),
        (["--place", "350298/01"], "district 350298 is not registered"),
        (["--place", "350299/"], "350299/ is not registered (org.csv)"),
        (["--place", "station one"], "'station one' is no place, such as 350211 or 350211/01"),
        (["--roles", "look,fly"], "--roles: 'fly' is not a valid Role"),
        (["--roles", ""], "--roles: '' is not a valid Role"),
        (["--grade", "department", "--place", STATION], "--grade department needs a --department"),
        (["--grade", "department", "--department", "food"], "and a --place"),
        (["--grade", "department", "--department", "nobody", "--place", STATION], "nobody is no department"),
        (["--department", "food", "--place", STATION], "--department is for --grade department only"),
        (["--grade", "king"], "Invalid value for '--grade'"),
        (["--worker", "W9"], "W9 is no registered worker"),
        (["--worker", "W1", "--place", "350298"], "district 350298 is not registered"),
        (["--worker", "W1", "--place", STATION], "--worker: --place is a district's code"),
        (["--worker", "W1", "--roles", "all"], "--worker only looks"),
        (["--kiosk", "--roles", "look,operate"], "--kiosk only looks"),
        (["--kiosk", "--worker", "W1"], "not both"),
        (["--kiosk", "--identity", "x", "--no-password"], "--kiosk logs in with a password"),
        (["--no-password"], "--no-password needs an --identity"),
        (["--identity", " "], "--identity: ' ' is none"),
    ],
)
def test_what_cannot_be_meant_is_one_line_and_adds_nobody(url: str, arguments: list[str], why: str) -> None:
    assert why in complaint(account(url, "add", "chen", *arguments), 2)
    assert rows(url) == {}


def test_a_worker_of_two_districts_is_asked_which(url: str) -> None:
    with connect(url) as conn:
        conn.execute("INSERT INTO district (district, name) VALUES (350298, '邻区')")
        conn.execute(
            "INSERT INTO worker (district, worker_id, name, role, path) "
            "VALUES (350298, 'W1', '丁', 'worker', '350298')"
        )
    try:
        which = complaint(account(url, "add", "ding", "--worker", "W1"), 2)
        assert which == "there is a worker W1 in 350298, 350299: say --place"
        said(url, "add", "ding", "--worker", "W1", "--place", "350298")
        assert row(url, "ding")["district"] == 350298
    finally:
        with connect(url) as conn:
            conn.execute("DELETE FROM worker WHERE district = 350298")
            conn.execute("DELETE FROM command WHERE district = 350298")
            conn.execute("DELETE FROM district WHERE district = 350298")


def test_an_account_is_changed_in_what_is_said_and_logged_out(url: str) -> None:
    said(url, "add", "chen", "--place", STATION, "--roles", "look,operate", "--grade", "assistant")
    log_in(url, "chen", "a")
    assert said(url, "change", "chen", "--roles", "manage,look") == "chen: changed, 1 session ended"
    found = row(url, "chen")
    assert (found["path"], found["roles"], found["grade"]) == (STATION, ["look", "manage"], "assistant")
    assert open_sessions(url) == set()
    said(url, "change", "chen", "--place", tiny.PATH_3, "--grade", "department", "--department", "food")
    found = row(url, "chen")
    assert (found["path"], found["grade"], found["department_id"]) == (tiny.PATH_3, "department", "food")
    assert "department food, look,manage" in said(url, "list")
    said(url, "change", "chen", "--grade", "officer", "--place", str(tiny.DISTRICT))
    found = row(url, "chen")
    assert (found["path"], found["grade"], found["department_id"]) == ("", "officer", None)


def test_a_worker_and_a_wall_stay_what_they_are(url: str) -> None:
    said(url, "add", "jia", "--worker", "W1")
    said(url, "add", "wall", "--kiosk")
    assert "has no --place" in complaint(account(url, "change", "jia", "--place", STATION), 2)
    for name in ("jia", "wall"):
        assert "only look" in complaint(account(url, "change", name, "--roles", "all"), 2)
    assert "nothing is changed" in complaint(account(url, "change", "wall"), 2)
    said(url, "change", "jia", "--grade", "officer")
    assert (row(url, "jia")["grade"], row(url, "jia")["path"]) == ("officer", "")


@pytest.mark.parametrize("command", ["disable", "enable", "reset", "end-sessions"])
def test_nobody_is_an_account_that_is_not_there(url: str, command: str) -> None:
    assert complaint(account(url, command, "nobody"), 2) == "there is no account nobody"


def test_who_is_disabled_is_out_at_once_and_nobody_else_is(url: str) -> None:
    word = password(url, "add", "chen")
    said(url, "add", "wang")
    for name, token, hours in (("chen", "a", 8), ("chen", "b", 1), ("chen", "over", -1), ("wang", "c", 8)):
        log_in(url, name, token, hours=hours)
    assert said(url, "disable", "chen") == "chen: disabled, 2 sessions ended"
    assert open_sessions(url) == {"c"}
    assert complaint(account(url, "disable", "chen"), 2) == "chen is disabled already"
    assert complaint(account(url, "enable", "wang"), 2) == "wang is not disabled"
    assert said(url, "enable", "chen") == "chen: enabled"
    found = row(url, "chen")
    assert (found["disabled_at"], matches(found["password"], word)) == (None, True)
    assert open_sessions(url) == {"c"}  # whom it had put out must log in again


def test_a_reset_gives_another_first_password_unlocks_and_puts_out(url: str) -> None:
    old = password(url, "add", "chen")
    log_in(url, "chen", "a")
    with connect(url) as conn:
        conn.execute(
            "UPDATE account SET must_change = false, failed = 9, locked_until = now() + interval '1 hour'"
        )
    new = password(url, "reset", "chen")
    found = row(url, "chen")
    assert (found["must_change"], found["failed"], found["locked_until"]) == (True, 0, None)
    assert matches(found["password"], new)
    assert not matches(found["password"], old)
    assert open_sessions(url) == set()


def test_sessions_are_ended_without_anything_else(url: str) -> None:
    said(url, "add", "chen")
    log_in(url, "chen", "a")
    before = row(url, "chen")
    assert said(url, "end-sessions", "chen") == "chen: 1 session ended"
    assert (open_sessions(url), row(url, "chen")) == (set(), before)
    assert said(url, "end-sessions", "chen") == "chen: 0 sessions ended"


def test_the_list_tells_state_and_sessions_and_nothing_of_passwords(url: str) -> None:
    words = [password(url, "add", name) for name in ("active", "first", "locked", "off")]
    said(url, "add", "wall", "--kiosk", "--place", STATION)
    said(url, "add", "jia", "--worker", "W1")
    with connect(url) as conn:
        conn.execute("UPDATE account SET must_change = false WHERE name IN ('active', 'locked')")
        conn.execute("UPDATE account SET locked_until = '2099-01-01Z' WHERE name IN ('locked', 'off')")
        conn.execute("UPDATE account SET locked_until = '2020-01-01Z' WHERE name = 'active'")
    said(url, "disable", "off")
    log_in(url, "active", "a", seen=NOW - timedelta(hours=3))
    log_in(url, "active", "b", seen=NOW)
    log_in(url, "active", "over", hours=-1, seen=NOW - timedelta(days=1))

    line = said(url, "list", "--json")
    found = {one["name"]: one for one in json.loads(line)["accounts"]}
    assert list(found) == sorted(found)
    states = {name: one["state"] for name, one in found.items()}
    assert states["active"] == states["wall"] == "active"
    assert (states["first"], states["locked"], states["off"]) == ("first_password", "locked", "disabled")
    assert {name: one["kind"] for name, one in found.items() if one["kind"] != "person"} == {
        "jia": "worker",
        "wall": "kiosk",
    }
    assert (found["active"]["sessions"], found["first"]["sessions"]) == (2, 0)
    assert datetime.fromisoformat(found["active"]["seen_at"]) == NOW
    assert (found["wall"]["place"], found["first"]["place"]) == (STATION, None)

    table = said(url, "list")
    for part in (
        "whole district       person, officer, look: first password; never seen, 0 sessions",
        "locked until 2099-01-01 00:00 UTC; never seen",
        f"{STATION:<20} kiosk, officer, look: active",
        "worker W1, assistant, look",
        f"active; seen {NOW:%Y-%m-%d %H:%M} UTC, 2 sessions",
    ):
        assert part in table
    assert table.count("\n") == 5
    assert not any(word in line + table for word in (*words, "argon2"))


def test_each_deed_is_in_the_log_with_what_was_given_and_no_password(url: str) -> None:
    words = [
        password(url, "add", "deng", "--place", STATION, "--roles", "look,manage", "--identity", "deng-sub"),
        password(url, "reset", "deng"),
    ]
    for command in ("end-sessions", "disable", "enable"):
        said(url, command, "deng")
    said(url, "change", "deng", "--roles", "look")
    account(url, "disable", "nobody")
    account(url, "add", "deng")
    with connect(url, INGEST) as conn:
        prepare(conn)
        while carry_out(conn, load_roster(conn, tiny.DISTRICT), NOW):
            pass
        log = conn.execute(
            "SELECT act, actor, params -> 'said' AS said FROM audit "
            "WHERE subject = 'account:deng' ORDER BY number"
        ).fetchall()
    assert [one["act"] for one in log] == [
        "add_account", "reset_account", "end_sessions", "disable_account", "enable_account",
        "change_account",
    ]  # fmt: skip
    assert all(one["actor"].startswith("cli:") for one in log)
    assert log[0]["said"] == {
        "place": STATION, "roles": ["look", "manage"], "grade": "officer", "identity": "deng-sub",
    }  # fmt: skip
    kept = row(url, "deng")["password"]
    assert not any(secret in str(log) for secret in (*words, kept, "argon2"))


def test_the_screens_own_login_may_neither_add_nor_enable(url: str) -> None:
    said(url, "add", "chen")
    place = url.rpartition("@")[2]
    let_in(url, INGEST_PASSWORD="ingest-word", DASHBOARD_PASSWORD="screen-word")
    try:
        for role, word in (("gw_dashboard", "screen-word"), ("gw_ingest", "ingest-word")):
            for arguments in (("add", "thief", "--roles", "all"), ("disable", "chen"), ("reset", "chen")):
                done = account(f"postgresql://{role}:{word}@{place}", *arguments)
                assert complaint(done, 1).startswith("permission denied")
                assert done.stdout == ""
    finally:
        shut_out(url)
    assert list(rows(url)) == ["chen"]


def everything(*homes: Path) -> bytes:
    """All that was written below these directories."""
    return b"".join(path.read_bytes() for home in homes for path in home.rglob("*") if path.is_file())


def test_a_house_begins_with_an_administrator_whose_password_is_said_once_and_kept_nowhere(
    tmp_path: Path,
) -> None:
    data, world = tmp_path / "data", tiny.write(tmp_path / "tiny")
    words = ["--no-simulate", f"--world={world}"]
    words += [f"{option}={free_port()}" for option in ("--port", "--mqtt-port", "--db-port")]
    house = Up(data, *words)
    try:
        house.wait_ready()
        (line,) = (line for line in house.lines if line.startswith("administrator: "))
        word = line.partition("first password: ")[2].partition(" ")[0]
        assert line == f"administrator: admin  first password: {word} (changed at the first login)"
        listing = gridward("account", "list", "--json", **{DATA: str(data)})
        (found,) = json.loads(listing.stdout)["accounts"]
        assert (found["name"], found["roles"], found["grade"]) == ("admin", ROLES, "officer")
        assert (found["place"], found["state"]) == (None, "first_password")
        assert house.interrupt() == 0
        assert sum(word in line for line in house.lines) == 1
        written = everything(data, cluster(data, account_of_root()))
        assert b"$argon2id$" in written
        assert word.encode() not in written
        again = Up(data, *words, "--for=0")
        assert again.wait_end() == 0, again.lines
        assert not any("administrator" in line or "password" in line for line in again.lines)
    finally:
        house.kill()
        remove_cluster(data)


def test_a_house_with_an_account_gets_no_administrator(
    url: str, embedded_broker: str, tmp_path: Path
) -> None:
    said(url, "add", "chen")
    words = ["--no-simulate", f"--world={tiny.write(tmp_path / 'tiny')}", "--for=0"]
    house = Up(
        tmp_path / "data", *words, f"--port={free_port()}",
        **{DATABASE_URL: url, "GRIDWARD_MQTT_URL": embedded_broker},
    )  # fmt: skip
    try:
        assert house.wait_end() == 0, house.lines
    finally:
        house.kill()
    assert not any("administrator" in line for line in house.lines)
    assert list(rows(url)) == ["chen"]
