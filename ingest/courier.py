"""Orders from pages and imports: claim, carry out, mark; all in one transaction."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
import psycopg

from db.connect import Row, fetch
from ingest.contract.errors import InvalidTransition
from ingest.contract.orders import LaunchTask, Order
from ingest.domain.roster import Premises, Roster
from ingest.domain.task import Task, TaskEvent, launch
from ingest.snapshots import load_premises, load_tasks
from ingest.store import store_tasks

CLAIM = 500


def carry_out(conn: psycopg.Connection[Row], roster: Roster, now: datetime) -> int:
    """Carry out up to 500 queued orders of the district, oldest first; returns how many were claimed.

    An order that cannot be carried out is refused with its reason, never dropped.
    """
    with conn.transaction():
        claimed = fetch(conn, "write/claim_commands", {"district": roster.district, "limit": CLAIM})
        if not claimed:
            return 0
        outcome, orders = _read(claimed)
        premises = load_premises(conn, roster.district, (order.premises_id for _, order in orders))
        existing = load_tasks(conn, roster.district, (order.task_id for _, order in orders))
        tasks: list[Task] = []
        events: list[TaskEvent] = []
        for command, order in orders:
            if order.task_id in existing:
                continue  # launched before: the same order again changes nothing
            try:
                task = _launch(order, premises, roster, now)
            except InvalidTransition as refusal:
                outcome[command["command_id"]] = str(refusal)
                continue
            existing[task.task_id] = task
            tasks.append(task)
            events.append(_launched(task, command))
        store_tasks(conn, tasks, events)
        _finish(conn, claimed, outcome)
    return len(claimed)


def _read(claimed: Sequence[Row]) -> tuple[dict[str, str], list[tuple[Row, LaunchTask]]]:
    refused: dict[str, str] = {}
    orders = []
    for command in claimed:
        try:
            orders.append((command, msgspec.convert(command["payload"], Order)))
        except msgspec.ValidationError as error:
            refused[command["command_id"]] = f"not an order: {error}"
    return refused, orders


def _launch(order: LaunchTask, premises: dict[str, Premises], roster: Roster, now: datetime) -> Task:
    if order.premises_id not in premises:
        raise InvalidTransition(f"unknown premises {order.premises_id}")
    return launch(order, premises[order.premises_id], roster, now)


def _launched(task: Task, command: Row) -> TaskEvent:
    return TaskEvent(
        district=task.district,
        task_id=task.task_id,
        at=task.launched_at,
        event="launched",
        state=task.state,
        actor=command["actor"],
        cause=command["command_id"],
    )


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
