"""Accounts ordered from the screen: carried out by ingest for whoever has what they give and take."""

import json
from pathlib import Path

import msgspec
import psycopg
import pytest

from db.connect import DASHBOARD, Row, Scope, enter
from ingest.contract.orders import (
    AccountOrder,
    AddAccount,
    ChangeAccount,
    DisableAccount,
    EnableAccount,
    EndSessions,
    ResetAccount,
)
from ingest.courier import carry_out
from ingest.domain.account import Grade, Role
from ingest.domain.password import hashed, matches
from tests import tiny
from tests.sql.incident_room import MINUTE, NOW, Room
from tests.sql.test_rights import BUREAU, SECTION_1, STATION_1, account, world  # noqa: F401  a fixture

STATION_2 = f"{tiny.DISTRICT}/02"
HASH = hashed("kphd-mmnr-tsaw-xzyj-bcde")
DONE = ("done", None)


@pytest.fixture
def room(world: str, ingest_conn: psycopg.Connection[Row], tmp_path: Path) -> Room:  # noqa: F811
    return Room(ingest_conn, tmp_path)


def row(room: Room, name: str) -> Row:
    (found,) = room.conn.execute("SELECT * FROM account WHERE name = %s", (name,)).fetchall()
    return found


def log_in(room: Room, name: str, token: str) -> None:
    room.conn.execute("SET ROLE NONE")
    room.conn.execute(
        "INSERT INTO login_session (token_hash, account, expires_at) "
        "VALUES (%s, %s, now() + interval '1 hour')",
        (token.encode(), name),
    )
    room.conn.execute("SET ROLE gw_ingest")


def is_in(room: Room, name: str) -> bool:
    open_ones = "SELECT count(*) FROM login_session WHERE account = '{}' AND ended_at IS NULL"
    return bool(room.rows(open_ones.format(name))[0][0])


def logged(room: Room, act: str) -> Row:
    (found,) = room.conn.execute("SELECT * FROM audit WHERE act = %s", (act,)).fetchall()
    return found


def test_an_account_is_added_with_a_first_password_that_has_to_be_changed(room: Room) -> None:
    order = AddAccount("chen", HASH, STATION_1, [Role.OPERATE, Role.LOOK], Grade.ASSISTANT)
    assert room.order(order, actor=account(room)) == DONE
    found = row(room, "chen")
    assert (found["district"], found["path"], found["grade"]) == (tiny.DISTRICT, STATION_1, "assistant")
    assert (found["roles"], found["must_change"], found["made_by"]) == (
        ["look", "operate"],
        True,
        "screen:li",
    )
    assert matches(found["password"], "kphd-mmnr-tsaw-xzyj-bcde")
    assert logged(room, "add_account")["params"]["said"] == {
        "account": "chen", "place": STATION_1, "roles": ["operate", "look"], "grade": "assistant",
    }  # fmt: skip
    assert room.order(AddAccount("Chen", HASH, STATION_1), actor="screen:li") == (
        "refused",
        "account_exists: Chen",
    )


def test_a_wall_keeps_its_password_and_a_worker_stands_where_they_stand(room: Room) -> None:
    li = account(room, path=STATION_1)
    assert room.order(AddAccount("wall", HASH, STATION_1, kiosk=True), actor=li) == DONE
    assert (row(room, "wall")["kiosk"], row(room, "wall")["must_change"]) == (True, False)
    jia = AddAccount("jia", HASH, worker_id="W1", grade=Grade.ASSISTANT)
    assert room.order(jia, actor=li) == DONE
    assert (row(room, "jia")["worker_id"], row(room, "jia")["path"]) == ("W1", "")
    assert room.order(ChangeAccount("jia", grade=Grade.OFFICER), actor=li) == DONE
    assert room.order(AddAccount("bing", HASH, worker_id="W3"), actor=li) == ("refused", "not_yours")
    assert room.order(DisableAccount("jia"), actor=account(room, "wang", STATION_2)) == (
        "refused",
        "not_yours",
    )


def test_disabled_is_out_at_once_and_enabled_may_come_again(room: Room) -> None:
    li = account(room)
    account(room, "chen", STATION_1)
    log_in(room, "chen", "a")
    assert room.order(DisableAccount("chen"), actor=li) == DONE
    assert row(room, "chen")["disabled_at"] is not None
    assert not is_in(room, "chen")
    assert room.order(DisableAccount("chen"), actor=li) == ("refused", "disabled_already: chen")
    assert room.order(EnableAccount("chen"), actor=li) == DONE
    assert row(room, "chen")["disabled_at"] is None
    assert room.order(EnableAccount("chen"), actor=li) == ("refused", "not_disabled: chen")


def test_a_reset_gives_another_first_password_unlocks_and_puts_out(room: Room) -> None:
    li = account(room)
    account(room, "chen", STATION_1, password="x", failed=9, locked_until="2099-01-01Z")
    log_in(room, "chen", "a")
    assert room.order(ResetAccount("chen", HASH), actor=li) == DONE
    found = row(room, "chen")
    assert (found["password"], found["must_change"], found["failed"], found["locked_until"]) == (
        HASH, True, 0, None,
    )  # fmt: skip
    assert not is_in(room, "chen")
    account(room, "wang", STATION_1, password=None)
    assert room.order(ResetAccount("wang", HASH), actor=li) == ("refused", "identity_only: wang")


def test_sessions_are_ended_and_a_change_ends_them_too(room: Room) -> None:
    li = account(room)
    account(room, "chen", STATION_1)
    log_in(room, "chen", "a")
    assert room.order(EndSessions("chen"), actor=li) == DONE
    assert not is_in(room, "chen")
    log_in(room, "chen", "b")
    change = ChangeAccount("chen", SECTION_1, [Role.MANAGE], Grade.DEPARTMENT, "food")
    assert room.order(change, actor=li) == DONE
    found = row(room, "chen")
    assert (found["path"], found["roles"], found["department_id"]) == (SECTION_1, ["manage"], "food")
    assert not is_in(room, "chen")
    assert room.order(ChangeAccount("chen", BUREAU), actor=li) == DONE
    assert (row(room, "chen")["path"], row(room, "chen")["department_id"]) == ("", None)


@pytest.mark.parametrize(
    ("order", "why"),
    [
        (AddAccount(" chen", HASH, STATION_1), "no_name:  chen"),
        (AddAccount("chen", HASH, f"{BUREAU}/09"), "unknown_unit"),
        (AddAccount("chen", HASH), "unknown_unit"),
        (AddAccount("chen", HASH, worker_id="W9"), "unknown_worker: W9"),
        (AddAccount("chen", HASH, STATION_1, list(Role), kiosk=True), "only_looks"),
        (AddAccount("chen", HASH, STATION_1, kiosk=True, worker_id="W1"), "not_both"),
        (AddAccount("chen", HASH, STATION_1, grade=Grade.DEPARTMENT), "department_needed"),
        (AddAccount("chen", HASH, STATION_1, department_id="food"), "no_departments_grade"),
        (
            AddAccount("chen", HASH, STATION_1, grade=Grade.DEPARTMENT, department_id="nobody"),
            "unknown_department: nobody",
        ),
        (DisableAccount("nobody"), "unknown_account: nobody"),
        (EndSessions("nobody"), "unknown_account: nobody"),
        (ChangeAccount("nobody", STATION_1), "unknown_account: nobody"),
    ],
)
def test_what_cannot_be_is_refused_by_what_it_lacks_and_adds_nobody(
    room: Room, order: AccountOrder, why: str
) -> None:
    assert room.order(order, actor=account(room)) == ("refused", why)
    assert room.rows("SELECT count(*) FROM account") == [(1,)]


@pytest.mark.parametrize("state", ["done", "refused", "not an order"])
def test_a_first_passwords_hash_is_nowhere_once_its_order_is_over(room: Room, state: str) -> None:
    li = account(room, path=STATION_1)
    account(room, "chen", STATION_1, password="x")
    account(room, "wang", STATION_2, password="x")
    for order in (
        AddAccount("zhou", HASH, STATION_1 if state == "done" else STATION_2),
        ResetAccount("chen" if state == "done" else "wang", HASH),
    ):
        payload = msgspec.to_builtins(order)
        payload |= {"place": 5, "account": 5} if state == "not an order" else {}
        command = room.place(order, actor=li)
        room.conn.execute(
            "UPDATE command SET payload = %s WHERE command_id = %s", (json.dumps(payload), command)
        )
        assert "argon2" in str(room.rows(f"SELECT payload FROM command WHERE command_id = '{command}'"))
        assert "argon2" not in seen(room), "nor is it read by the screen while it waits"
        carry_out(room.conn, room.roster, NOW + MINUTE)
        ((ended, reason),) = room.rows(f"SELECT state, reason FROM command WHERE command_id = '{command}'")
        assert ended == ("done" if state == "done" else "refused"), reason
        kept = str(room.rows("SELECT to_jsonb(c) FROM command c")) + str(
            room.rows("SELECT to_jsonb(a) FROM audit a")
        )
        assert "argon2" not in kept + seen(room)
        assert "password" not in kept


def seen(room: Room) -> str:
    """All that the screen's login reads of orders, of the log and of accounts."""
    room.conn.execute(f"SET ROLE {DASHBOARD}".encode())
    enter(room.conn, Scope(tiny.DISTRICT, BUREAU))
    found = [
        room.rows(f"SELECT to_jsonb(t) FROM scoped.{view} t")
        for view in ("command", "audit", "account_standing")
    ]
    room.conn.execute("RESET search_path")
    room.conn.execute("SET ROLE gw_ingest")
    return str(found)


def test_orders_of_one_moment_are_judged_one_after_the_other(room: Room) -> None:
    """What somebody had when they gave an order may be taken from them by the one before it."""
    one, other = account(room, "one"), account(room, "other")
    room.place(DisableAccount("other"), actor=one)
    room.place(DisableAccount("one"), 2, actor=other)
    room.place(ChangeAccount("chen", STATION_1, [Role.LOOK]), 3, actor=one)
    carry_out(room.conn, room.roster, NOW + 3 * MINUTE)
    ended = room.rows("SELECT state, reason FROM command ORDER BY queued_at")
    assert ended[-3:] == [("done", None), ("refused", "no_account"), ("refused", "unknown_account: chen")]
    assert row(room, "one")["disabled_at"] is None


def test_a_role_that_was_taken_a_moment_ago_is_given_to_nobody(room: Room) -> None:
    one, other = account(room, "one"), account(room, "other", STATION_1)
    room.place(ChangeAccount("other", STATION_1, [Role.LOOK, Role.ADMINISTER]), actor=one)
    room.place(AddAccount("chen", HASH, STATION_1, [Role.LOOK, Role.MANAGE]), 2, actor=other)
    carry_out(room.conn, room.roster, NOW + 2 * MINUTE)
    assert room.rows("SELECT reason FROM command WHERE actor = 'screen:other'") == [("role_not_held",)]


def test_the_last_who_administers_the_whole_district_stays(room: Room) -> None:
    whole, station = account(room, "whole"), account(room, "station", STATION_1)
    away = ChangeAccount("whole", STATION_1, list(Role))
    assert room.order(away, actor=whole) == ("refused", "last_administrator")
    for order in (DisableAccount("whole"), ResetAccount("whole", HASH), ChangeAccount("whole", BUREAU)):
        assert room.order(order, actor=whole) == ("refused", "own_account")
    above = account(room, "above", district=None)
    room.conn.execute("SET ROLE NONE")
    room.conn.execute("UPDATE account SET disabled_at = now() WHERE name = 'above'")
    room.conn.execute("SET ROLE gw_ingest")
    assert room.order(DisableAccount("whole"), actor=above) == ("refused", "no_account")
    assert room.order(DisableAccount("station"), actor=whole) == DONE
    account(room, "second", BUREAU)
    assert room.order(away, actor=whole) == DONE
    assert room.order(DisableAccount("second"), actor=station)[0] == "refused"


def test_whoever_stands_above_every_district_orders_in_each_and_is_changed_from_no_screen(room: Room) -> None:
    admin = account(room, "admin", district=None)
    assert room.order(AddAccount("chen", HASH, BUREAU, list(Role)), actor=admin) == DONE
    assert row(room, "chen")["district"] == tiny.DISTRICT
    account(room, "root", district=None)
    account(room, "neighbour", district=441900)
    for name in ("root", "neighbour"):
        for order in (DisableAccount(name), EndSessions(name), ChangeAccount(name, STATION_1)):
            assert room.order(order, actor=admin) == ("refused", "not_yours")


def test_what_commands_do_is_done_for_them_without_an_account(room: Room) -> None:
    assert room.order(AddAccount("chen", HASH, BUREAU, list(Role)), actor="cli:root") == DONE


def test_the_grades_lists_hold_for_orders_about_accounts_too(room: Room) -> None:
    food = account(room, grade="department", department_id="food")
    assert room.order(EndSessions("li"), actor=food) == ("refused", "not_on_duty_list")


@pytest.mark.parametrize("payload", ['"password"', '["password"]', "5", "null", '{"kind": "add_account"}'])
def test_whatever_is_forged_for_an_order_is_refused_and_the_next_carried_out(
    room: Room, payload: str
) -> None:
    li = account(room)
    command = room.place(EndSessions("li"), actor=li)
    room.conn.execute("UPDATE command SET payload = %s WHERE command_id = %s", (payload, command))
    assert room.order(EndSessions("li"), 2, actor=li) == DONE
    ((ended, reason),) = room.rows(f"SELECT state, reason FROM command WHERE command_id = '{command}'")
    assert (ended, reason.partition(":")[0]) == ("refused", "not an order")
