"""Orders about thresholds: a new row from an instant on, or a look at what it would have meant; and for
pages, what the rules declare, and what incidents are gathered by.
"""

from collections.abc import Sequence

import msgspec
import psycopg

from db.connect import Row, fetch, has
from ingest.alerts import Rule, rules
from ingest.contract.errors import InvalidTransition
from ingest.contract.orders import PreviewThreshold, SetThreshold, ThresholdOrder
from ingest.domain.handling import PARAMETERS
from ingest.domain.threshold import Parameter

Connection = psycopg.Connection[Row]


def parameters() -> dict[str, Parameter]:
    """What all rules declare, and those of the incidents, by full name."""
    declared = [parameter for rule in rules().values() for parameter in rule.parameters]
    return {parameter.name: parameter for parameter in (*declared, *PARAMETERS)}


def is_previewed(rule: Rule | None) -> bool:
    """Whether the facts that are kept tell what a rule would have said; None: what is no rule."""
    watch = rule.watch if rule else None
    return rule is not None and watch is not None and has(f"preview/{watch.query or rule.name}")


def declare(conn: Connection) -> None:
    """Write down what the rules declare, and the incidents' own thresholds, last."""
    found = [(rule.name, rule.parameters) for rule in rules().values()]
    found.append((PARAMETERS[0].rule, PARAMETERS))
    said = [
        {"rule": name, "place": place, "previewed": is_previewed(rules().get(name))}
        for place, (name, _) in enumerate(found)
    ]
    declared = [
        {
            "name": one.name,
            "rule": name,
            "place": place,
            "value": one.default,
            "unit": one.unit,
            "low": one.low,
            "high": one.high,
        }
        for name, declared_by_it in found
        for place, one in enumerate(declared_by_it)
    ]
    fetch(conn, "write/declare_rules", {"rules": _json(said), "parameters": _json(declared)})


def carry_out_threshold_orders(
    conn: Connection, district: int, orders: Sequence[tuple[Row, ThresholdOrder]]
) -> dict[str, str]:
    """Carry out the orders in their sequence; returns why some were refused, by command id."""
    refused: dict[str, str] = {}
    for command, order in orders:
        try:
            parameter = _checked(order)
            if isinstance(order, SetThreshold):
                _set(conn, district, order, parameter, command)
            else:
                _ask(conn, district, order, command)
        except InvalidTransition as refusal:
            refused[command["command_id"]] = str(refusal)
    return refused


def _checked(order: ThresholdOrder) -> Parameter:
    parameter = parameters().get(order.name)
    if parameter is None:
        raise InvalidTransition("unknown_threshold")
    if not parameter.takes(order.value):
        raise InvalidTransition("threshold_bounds")
    return parameter


def _set(conn: Connection, district: int, order: SetThreshold, parameter: Parameter, command: Row) -> None:
    valid_from = order.valid_from or command["queued_at"]
    if valid_from < command["queued_at"]:
        raise InvalidTransition("threshold_past")
    row = {
        "name": order.name,
        "value": order.value,
        "unit": parameter.unit,
        "valid_from": valid_from,
        "actor": command["actor"],
    }
    fetch(conn, "write/set_thresholds", {"district": district, "rows": _json([row])})


def _ask(conn: Connection, district: int, order: PreviewThreshold, command: Row) -> None:
    if not is_previewed(rules().get(order.name.partition(".")[0])):
        raise InvalidTransition("no_preview")
    row = {
        "district": district,
        "preview_id": command["command_id"],
        "name": order.name,
        "value": order.value,
        "days": order.days,
        "actor": command["actor"],
    }
    fetch(conn, "write/ask_preview", row)


def _json(rows: object) -> str:
    return msgspec.json.encode(rows).decode()
