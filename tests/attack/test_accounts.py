"""Rights that somebody would give themselves, or take from others: refused, and done without the guard."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from db.connect import Row
from ingest import account_orders, courier
from ingest.contract.orders import (
    AccountOrder,
    AddAccount,
    ChangeAccount,
    DisableAccount,
    EndSessions,
    ResetAccount,
)
from ingest.domain.account import Grade, Role
from tests import tiny
from tests.attack.conftest import Guard, only_without
from tests.sql.incident_room import Room
from tests.sql.test_accounts import HASH
from tests.sql.test_rights import BUREAU, STATION_1, account, world  # noqa: F401  a fixture

LI = [Role.LOOK, Role.OPERATE, Role.ADMINISTER]
"""What the administrator of a station has."""
BEYOND: Guard = (account_orders, "refusal", lambda *of: None)
PLACE: Guard = (courier, "judge", lambda conn, roster, placed: {})


@pytest.fixture
def room(world: str, ingest_conn: psycopg.Connection[Row], tmp_path: Path) -> Iterator[Room]:  # noqa: F811
    found = Room(ingest_conn, tmp_path)
    account(found, "root", BUREAU)
    account(found, "admin", district=None, password="x")
    account(found, "boss", BUREAU, password="x")
    account(found, "auditor", STATION_1, roles=["look", "audit"], password="x")
    account(found, "neighbour", f"{BUREAU}/02", password="x")
    account(found, "abroad", district=441900, password="x")
    yield found


@pytest.mark.parametrize(
    ("order", "guards"),
    [
        (AddAccount("x1", HASH, BUREAU, LI), [BEYOND, PLACE]),
        (AddAccount("x1", HASH, f"{BUREAU}/02", LI), [BEYOND, PLACE]),
        (AddAccount("x1", HASH, worker_id="W3"), [BEYOND, PLACE]),
        (AddAccount("x1", HASH, STATION_1, [*LI, Role.AUDIT]), [BEYOND]),
        (AddAccount("x1", HASH, STATION_1, list(Role)), [BEYOND]),
        (ChangeAccount("li", STATION_1, list(Role)), [BEYOND]),
        (ChangeAccount("li", BUREAU, LI), [BEYOND, PLACE]),
        (ChangeAccount("auditor", STATION_1, [Role.LOOK]), [BEYOND]),
        (DisableAccount("auditor"), [BEYOND]),
        (ResetAccount("auditor", HASH), [BEYOND]),
        (ResetAccount("boss", HASH), [BEYOND]),
        (ResetAccount("admin", HASH), [BEYOND]),
        (ResetAccount("abroad", HASH), [BEYOND]),
        (EndSessions("neighbour"), [BEYOND]),
    ],
    ids=lambda one: type(one).__name__ if not isinstance(one, list) else "",
)
def test_an_administrator_of_a_station_gives_and_takes_nothing_beyond_it(
    room: Room, order: AccountOrder, guards: list[Guard], monkeypatch: pytest.MonkeyPatch
) -> None:
    li = account(room, path=STATION_1, roles=[str(role) for role in LI])
    only_without(monkeypatch, lambda: room.order(order, actor=li)[0] == "done", *guards)


def test_an_assistant_makes_no_officer_to_log_in_by(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    li = account(room, path=STATION_1, grade="assistant")
    order = AddAccount("x1", HASH, STATION_1, [Role.MANAGE], Grade.OFFICER)
    only_without(monkeypatch, lambda: room.order(order, actor=li)[0] == "done", BEYOND)


@pytest.mark.parametrize(
    "fields",
    [
        {"roles": ["look", "operate", "manage", "audit"]},
        {"kiosk": True},
        {"worker_id": "W1", "district": tiny.DISTRICT},
        {"disabled_at": "2020-01-01"},
    ],
    ids=["no administrator", "a wall", "a worker", "disabled"],
)
def test_a_forged_order_of_who_administers_nothing_is_not_done(
    room: Room, fields: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The screen offers it to nobody who may not; whoever has its login at the database places it even so."""
    li = account(room, **fields)  # type: ignore[arg-type]
    order = AddAccount("x1", HASH, STATION_1)
    no_judge: Guard = (account_orders, "_judge", lambda *of: None)
    only_without(monkeypatch, lambda: room.order(order, actor=li)[0] == "done", PLACE, no_judge)
