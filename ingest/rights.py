"""Orders of the screen's accounts, judged before they are carried out."""

from collections.abc import Mapping, Sequence

import msgspec
import psycopg

from db.connect import Row, fetch
from ingest.contract.messages import Severity
from ingest.contract.orders import MergeIncidents, Order
from ingest.domain.account import SCREEN, Account
from ingest.domain.concerns import concerns
from ingest.domain.rights import is_anothers, refusal
from ingest.domain.roster import Roster

Ordered = tuple[Row, Order]
"""An order with the row of `command` that it came in."""


def judge(conn: psycopg.Connection[Row], roster: Roster, orders: Sequence[Ordered]) -> dict[str, str]:
    """Why some of the orders are refused to the accounts that gave them, by command id. Only what a screen
    ordered is judged: whoever runs a command on the server, or imports, has the database in their hands."""
    given = [(command, order) for command, order in orders if command["actor"].startswith(SCREEN)]
    if not given:
        return {}
    found = {row["command_id"]: row for row in fetch(conn, "write/outside_of_place", _asked(roster, given))}
    severities = {name: Severity(one) for row in found.values() for name, one in row["severities"].items()}
    refused: dict[str, str] = {}
    for command, order in given:
        row = found[command["command_id"]]
        account = msgspec.convert(row, Account) if row["name"] is not None else None
        worst = _worst(order, roster.district, severities)
        at, outside = command["queued_at"], row["outside"]
        if account is not None:
            outside |= is_anothers(account, order, row["with_department"])
        if why := refusal(account, roster.duty_lists, order, worst, outside, at):
            refused[command["command_id"]] = why
        elif isinstance(order, MergeIncidents) and worst:
            severities[f"incident:{order.into}"] = worst  # and so it is to the orders that come after
    return refused


def _asked(roster: Roster, given: Sequence[Ordered]) -> Row:
    """The parameters of the one query that knows all of it."""
    orders = [
        {"command_id": command["command_id"], "account": command["actor"].removeprefix(SCREEN)}
        for command, _ in given
    ]
    about = [
        {"command_id": command["command_id"], "what": what, "named": name}
        for command, order in given
        for what, name in concerns(order, roster.district)
    ]
    encoded = {"orders": msgspec.json.encode(orders).decode(), "about": msgspec.json.encode(about).decode()}
    return {"district": roster.district, **encoded}


def _worst(order: Order, district: int, severities: Mapping[str, Severity]) -> Severity | None:
    """How grave the clue or the incidents are that the order is about."""
    keys = (f"{what}:{name}" for what, name in concerns(order, district))
    known = [severities[key] for key in keys if key in severities]
    return max(known, key=lambda severity: severity.rank, default=None)
