"""Orders from pages and imports: claim, carry out, mark; all in one transaction."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec
import psycopg

from db.connect import Row, fetch
from ingest.account_orders import carry_out_account_orders
from ingest.act_orders import carry_out_act_orders
from ingest.audit import note_orders
from ingest.casebook import Casebook
from ingest.clue_orders import carry_out_clue_orders
from ingest.contract.errors import InvalidTransition
from ingest.contract.orders import (
    AccountOrder,
    AssignTask,
    CancelTask,
    ClueOrder,
    IncidentOrder,
    LaunchTask,
    LookAtTrack,
    Order,
    RatePremises,
    RecordReply,
    RegistrationOrder,
    ResumeTask,
    SendOrder,
    SuspendTask,
    TaskOrder,
    ThresholdOrder,
)
from ingest.domain.roster import Premises, Roster
from ingest.domain.steps import assigned, launched, replied
from ingest.domain.task import Details, Happened, TaskEvent
from ingest.incident_orders import carry_out_incident_orders
from ingest.looks import note_looks
from ingest.premises_orders import carry_out_ratings
from ingest.registration import carry_out_registrations
from ingest.rights import Ordered, judge
from ingest.snapshots import load_premises
from ingest.threshold_orders import carry_out_threshold_orders

CLAIM = 500

Decree = AssignTask | SuspendTask | ResumeTask | CancelTask | RecordReply
"""An order about a task that there is."""


def carry_out(conn: psycopg.Connection[Row], roster: Roster, now: datetime) -> int:
    """Carry out up to 500 queued orders of the district, oldest first; returns how many were claimed.

    An order that cannot be carried out, or not by whom it is from, is refused with its reason, never dropped.
    """
    with conn.transaction():
        claimed = fetch(conn, "write/claim_commands", {"district": roster.district, "limit": CLAIM})
        if not claimed:
            return 0
        outcome, placed = _read(claimed)
        outcome |= judge(conn, roster, placed)
        found = _Orders(placed, outcome)
        orders = found.of(TaskOrder)
        about_incidents, acts, looks = found.of(IncidentOrder), found.of(SendOrder), found.of(LookAtTrack)
        about_clues, about_thresholds = found.of(ClueOrder), found.of(ThresholdOrder)
        book = Casebook(conn, roster, (order.task_id for _, order in orders))
        launches = [order.premises_id for _, order in orders if isinstance(order, LaunchTask)]
        premises = load_premises(conn, roster.district, launches) if launches else {}
        for command, order in orders:
            try:
                if isinstance(order, LaunchTask):
                    _launch(book, order, command, premises, roster, now)
                else:
                    _decree(book, order, command, roster)
            except InvalidTransition as refusal:
                outcome[command["command_id"]] = str(refusal)
        if launches:
            book.recall_visits()
        book.store()
        if about_clues:
            outcome |= carry_out_clue_orders(conn, roster, about_clues, now)
        if about_incidents:
            outcome |= carry_out_incident_orders(conn, roster, about_incidents, now)
        if acts:
            outcome |= carry_out_act_orders(conn, roster, acts, now)
        if looks:
            outcome |= note_looks(conn, roster.district, looks)
        outcome |= carry_out_ratings(conn, roster.district, found.of(RatePremises))
        outcome |= carry_out_threshold_orders(conn, roster.district, about_thresholds)
        outcome |= carry_out_registrations(conn, roster, found.of(RegistrationOrder))
        outcome |= carry_out_account_orders(conn, roster, found.of(AccountOrder))
        _finish(conn, claimed, outcome)
        note_orders(conn, roster.district, claimed, found.by_id(), outcome)
    return len(claimed)


def _read(claimed: Sequence[Row]) -> tuple[dict[str, str], list[Ordered]]:
    """Why some are no orders, by command id; and those that are, each with its command."""
    refused: dict[str, str] = {}
    orders: list[Ordered] = []
    for command in claimed:
        try:
            orders.append((command, msgspec.convert(command["payload"], Order)))
        except msgspec.ValidationError as error:
            refused[command["command_id"]] = f"not an order: {error}"
    return refused, orders


class _Orders:
    """All of them, each with its command, and the ids of those that are refused already."""

    def __init__(self, orders: Sequence[Ordered], refused: Collection[str]) -> None:
        self._orders, self._refused = orders, frozenset(refused)

    def of(self, kind: Any) -> list[tuple[Row, Any]]:
        """Those of this kind to be carried out, in their sequence."""
        return [
            (command, order)
            for command, order in self._orders
            if isinstance(order, kind) and command["command_id"] not in self._refused
        ]

    def by_id(self) -> dict[str, Order]:
        return {command["command_id"]: order for command, order in self._orders}


def _launch(
    book: Casebook,
    order: LaunchTask,
    command: Row,
    premises: dict[str, Premises],
    roster: Roster,
    now: datetime,
) -> None:
    if order.task_id in book:
        return  # launched before: the same order again changes nothing
    if order.premises_id not in premises:
        raise InvalidTransition(f"unknown premises {order.premises_id}")
    actor, cause, asked_at = command["actor"], command["command_id"], command["queued_at"]
    book.open(*launched(order, premises[order.premises_id], roster, now, actor, cause, asked_at))


def _decree(book: Casebook, order: Decree, command: Row, roster: Roster) -> None:
    """Let the order's event happen, at the moment at which it was placed."""
    if order.task_id not in book:
        raise InvalidTransition("unknown_task")
    at, cause = command["queued_at"], command["command_id"]
    if isinstance(order, RecordReply):
        event = replied(book.task(order.task_id), at, order.department_id, cause, "done", order.text)
    else:
        kind, details = _EVENTS[type(order)](order, book.task(order.task_id), roster, at)
        event = TaskEvent(roster.district, order.task_id, at, kind, command["actor"], cause, details)
    book.decree(event)


_EVENTS: dict[type, Callable[..., tuple[Happened, Details]]] = {
    AssignTask: lambda order, *of: (Happened.ASSIGNED, assigned(order, *of)),
    SuspendTask: lambda order, *of: (Happened.SUSPENDED, Details(reason=order.reason)),
    ResumeTask: lambda order, *of: (Happened.RESUMED, Details()),
    CancelTask: lambda order, *of: (Happened.CANCELLED, Details(reason=order.reason)),
}


def _finish(conn: psycopg.Connection[Row], claimed: Sequence[Row], refused: dict[str, str]) -> None:
    rows = [
        {
            "district": command["district"],
            "command_id": command["command_id"],
            "state": "refused" if command["command_id"] in refused else "done",
            "reason": refused.get(command["command_id"]),
        }
        for command in claimed
    ]
    fetch(conn, "write/finish_commands", {"rows": msgspec.json.encode(rows).decode()})
