"""Orders about accounts: each judged by whose they are as they stand when it is its turn, then carried out.

Another order of the same moment may have taken what somebody would give away.
"""

from collections.abc import Sequence

import msgspec
import psycopg
from msgspec.structs import replace

from db.connect import Row, fetch
from ingest import account_book
from ingest.contract.errors import InvalidTransition
from ingest.contract.orders import (
    AccountOrder,
    AddAccount,
    ChangeAccount,
    DisableAccount,
    EnableAccount,
    EndSessions,
    ResetAccount,
)
from ingest.domain.account import SCREEN, Account, proper_name
from ingest.domain.account_rights import is_over_all, refusal
from ingest.domain.rights import kind_of
from ingest.domain.roster import Roster

Connection = psycopg.Connection[Row]


def carry_out_account_orders(
    conn: Connection, roster: Roster, orders: Sequence[tuple[Row, AccountOrder]]
) -> dict[str, str]:
    """Carry out the orders in their sequence; returns why some were refused, by command id."""
    refused: dict[str, str] = {}
    for command, order in orders:
        try:
            with conn.transaction():
                _carry_out(conn, roster, command["actor"], order)
        except InvalidTransition as refusal:
            refused[command["command_id"]] = str(refusal)
    return refused


def _carry_out(conn: Connection, roster: Roster, actor: str, order: AccountOrder) -> None:
    found = None if isinstance(order, AddAccount) else account_book.find(conn, order.account)
    account = msgspec.convert(found, Account) if found else None
    wanted = _wanted(conn, roster, order, account)
    if actor.startswith(SCREEN):
        _judge(conn, roster.district, actor.removeprefix(SCREEN), order, account, wanted)
    if found and account and not isinstance(order, EndSessions | EnableAccount | ResetAccount):
        _keep_one(conn, roster.district, account, wanted)
    match order:
        case AddAccount(password=password) if wanted:
            account_book.add(conn, wanted, password, actor)
        case ChangeAccount() if wanted:
            account_book.change(conn, wanted)
        case DisableAccount() if found:
            account_book.disable(conn, found)
        case EnableAccount() if found:
            account_book.enable(conn, found)
        case ResetAccount(password=password) if found:
            account_book.reset(conn, found, password)
        case EndSessions() if found:
            account_book.end_sessions(conn, found["name"])


def _judge(
    conn: Connection,
    district: int,
    name: str,
    order: AccountOrder,
    account: Account | None,
    wanted: Account | None,
) -> None:
    try:
        found = account_book.find(conn, name)
    except InvalidTransition:
        raise InvalidTransition("no_account") from None
    if found["disabled_at"]:
        raise InvalidTransition("no_account")
    giver = msgspec.convert(found, Account)
    if giver.district is None:
        giver = replace(giver, district=district)
    if why := refusal(giver, kind_of(order), account, wanted):
        raise InvalidTransition(why)


def _keep_one(conn: Connection, district: int, account: Account, wanted: Account | None) -> None:
    """Somebody must be left who administers the whole of the district."""
    if not is_over_all(account, district) or (wanted and is_over_all(wanted, district)):
        return
    left = {row["name"] for row in fetch(conn, "write/administrators", {"district": district})}
    if not left - {account.name}:
        raise InvalidTransition("last_administrator")


def _wanted(conn: Connection, roster: Roster, order: AccountOrder, account: Account | None) -> Account | None:
    """The account as it would be; None where it stays what it is."""
    match order:
        case AddAccount():
            if proper_name(order.account) != order.account:
                raise InvalidTransition(f"no_name: {order.account}")
            worker_id, kiosk = order.worker_id, order.kiosk
            began = Account(order.account, worker_id=worker_id, kiosk=kiosk, must_change=not kiosk)
        case ChangeAccount() if account:
            began = account
        case _:
            return None
    path = _path(conn, roster, order, began)
    given = {"district": roster.district, "path": path, "roles": frozenset(order.roles)}
    return replace(began, **given, grade=order.grade, department_id=order.department_id)


def _path(conn: Connection, roster: Roster, order: AddAccount | ChangeAccount, account: Account) -> str:
    if account.worker_id:
        worker = roster.workers.get(account.worker_id)
        if worker is None:
            raise InvalidTransition(f"unknown_worker: {account.worker_id}")
        return worker.path
    unit = {"district": roster.district, "path": order.place}
    if order.place == str(roster.district):
        return ""
    if order.place is None or not fetch(conn, "write/unit_there", unit)[0]["there"]:
        raise InvalidTransition("unknown_unit")
    return order.place
