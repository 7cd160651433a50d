"""Orders about premises: their risk grade (风险等级), rated by somebody who says why."""

from collections.abc import Sequence

import psycopg

from db.connect import Row, fetch
from ingest.contract.errors import InvalidTransition
from ingest.contract.orders import RatePremises

Connection = psycopg.Connection[Row]


def carry_out_ratings(
    conn: Connection, district: int, orders: Sequence[tuple[Row, RatePremises]]
) -> dict[str, str]:
    """Carry out the orders in their sequence; returns why some were refused, by command id."""
    refused: dict[str, str] = {}
    for command, order in orders:
        try:
            _rate(conn, district, order, command)
        except InvalidTransition as refusal:
            refused[command["command_id"]] = str(refusal)
    return refused


def _rate(conn: Connection, district: int, order: RatePremises, command: Row) -> None:
    key = {"district": district, "premises_id": order.premises_id}
    found = fetch(conn, "write/load_grade", key)
    if not found:
        raise InvalidTransition(f"unknown_premises: {order.premises_id}")
    _check(order, found[0])
    rated = {"risk_grade": order.risk_grade, "was": order.was, "reason": order.reason}
    by = {"actor": command["actor"], "command_id": command["command_id"]}
    fetch(conn, "write/rate_premises", key | rated | by)


def _check(order: RatePremises, premises: Row) -> None:
    """Whoever has not seen the present grade has not decided about it."""
    if premises["closed"]:
        raise InvalidTransition("premises_closed")
    if order.risk_grade == premises["risk_grade"]:
        raise InvalidTransition("same_grade")
    if order.was != premises["risk_grade"]:
        raise InvalidTransition(f"rated_meanwhile: {premises['risk_grade'] or '—'}")
