"""Tasks learn of new messages: visits, phones' replies to orders, departments' feedback."""

from collections.abc import Iterator, Mapping, Sequence

import psycopg

from db.connect import Row, fetch
from ingest.casebook import Casebook
from ingest.contract.errors import DecodeError
from ingest.domain.facts import DepartmentReplied, Fact, Inspection, OrderReplied
from ingest.domain.roster import Roster
from ingest.domain.steps import Visit, acknowledged, follow_up_id, replied, visited
from ingest.domain.task import Task, TaskEvent
from ingest.store import Answer, store_replies

Connection = psycopg.Connection[Row]
Orphan = tuple[Fact, DecodeError]
"""A fact that speaks of a task or an order which there is not."""


def advance(conn: Connection, roster: Roster, fresh: Sequence[Fact]) -> list[Orphan]:
    """Let the tasks learn of new facts; returns the orphans among these."""
    orders = _orders(conn, roster, [fact.order_id for fact in fresh if isinstance(fact, OrderReplied)])
    answers = [_answer(fact) for fact in fresh if _is_answer(fact, orders)]
    store_replies(conn, roster.district, answers)
    told = [(fact, task_id) for fact in fresh if (task_id := _task_id(fact, orders)) is not None]
    if not told:
        return []
    book = Casebook(conn, roster, (task_id for _, task_id in told if task_id))
    for fact, task_id in told:
        if task_id in book and (event := _event(fact, book.task(task_id), roster)):
            book.add(event)
    book.store()
    return list(_orphans(told, book))


def _orders(conn: Connection, roster: Roster, ids: Sequence[str]) -> dict[str, Row]:
    if not ids:
        return {}
    rows = fetch(conn, "write/load_orders", {"district": roster.district, "ids": sorted(set(ids))})
    return {row["order_id"]: row for row in rows}


def _is_answer(fact: Fact, orders: Mapping[str, Row]) -> bool:
    """Whether it is the word of whom an order was for."""
    if not isinstance(fact, OrderReplied):
        return isinstance(fact, DepartmentReplied) and fact.task_id is not None
    order = orders.get(fact.order_id)
    return order is not None and (fact.kind, fact.device_id) == (order["whose"], order["device_id"])


def _answer(fact: Fact) -> Answer:
    if isinstance(fact, DepartmentReplied):
        order_id = follow_up_id(fact.district, fact.task_id or "", fact.device_id)
        return Answer(order_id, fact.stage, fact.at, fact.text)
    assert isinstance(fact, OrderReplied)
    return Answer(fact.order_id, fact.stage, fact.at, fact.text)


def _task_id(fact: Fact, orders: Mapping[str, Row]) -> str | None:
    """Of the task that a fact speaks of, '' for an order that there is not; None: of no task."""
    if isinstance(fact, OrderReplied):
        if fact.order_id not in orders:
            return ""
        order: Row = orders[fact.order_id]
        # That a withdrawal was heard of says nothing of the task; a department speaks of the task itself.
        return order["task_id"] if order["kind"] == "worker" else None
    return fact.task_id if isinstance(fact, Inspection | DepartmentReplied) else None


def _event(fact: Fact, task: Task, roster: Roster) -> TaskEvent | None:
    if isinstance(fact, DepartmentReplied):
        return replied(task, fact.at, fact.device_id, fact.id, fact.stage, fact.text)
    if isinstance(fact, OrderReplied):
        return acknowledged(task, fact.at, fact.device_id, fact.id, fact.stage, fact.text)
    assert isinstance(fact, Inspection)
    seen = (
        fact.device_id,
        fact.id,
        fact.premises_id,
        fact.ended,
        fact.result,
        fact.received_at,
        fact.outcome,
    )
    return visited(Visit(*seen), task, roster)


def _orphans(told: Sequence[tuple[Fact, str]], book: Casebook) -> Iterator[Orphan]:
    for fact, task_id in told:
        if isinstance(fact, OrderReplied):
            if not task_id:
                yield fact, DecodeError("unknown_order", fact.order_id)
        elif task_id not in book:
            yield fact, DecodeError("unknown_task", task_id)
