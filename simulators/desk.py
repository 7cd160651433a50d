"""The orders on a phone: answered when the worker looks, open until a visit finds nothing wrong or the task
is taken back.
"""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from ingest.contract.messages import InspectOrder, MenuItem, Reply, Result, Stage, WithdrawOrder
from simulators.chance import draw
from simulators.faults import Rates
from simulators.trades import REFUSALS

Order = InspectOrder | WithdrawOrder

_ORDER: msgspec.json.Decoder[Order] = msgspec.json.Decoder(Order)
_MENUS: dict[tuple[MenuItem, ...], Mapping[str, MenuItem]] = {}  # many orders bring the same few: kept once


class Accepted(NamedTuple):
    """An order that the worker will carry out, and when it is accepted."""

    order: InspectOrder
    at: float


class Given(NamedTuple):
    """What a phone knows of a task: its checklist, with the menus that came down, and the orders about it."""

    items: tuple[str, ...]
    menus: Mapping[str, MenuItem]
    order_ids: tuple[str, ...]


class Desk:
    """One worker's orders; times in seconds since the epoch."""

    def __init__(self, rates: Rates, seed: int, worker_id: str) -> None:
        self._rates, self._key = rates, (seed, "order", worker_id)
        self._known: set[str] = set()
        self._given: dict[str, Given] = {}
        self._answers: list[tuple[float, Reply]] = []
        self._open: dict[str, list[str]] = {}  # premises -> tasks
        self._over: set[str] = set()
        self._dropped: set[str] = set()  # refused, or taken back

    def take(self, payload: bytes, now: float) -> Accepted | None:
        """Note an order, and when it will be answered; None but for a new one that will be accepted."""
        try:
            order = _ORDER.decode(payload)
        except msgspec.DecodeError:
            return None  # nothing that this phone understands
        if order.order_id in self._known:
            return None
        self._known.add(order.order_id)
        if isinstance(order, WithdrawOrder):
            self._drop(order.task_id)
        else:
            self._note(order)
        dice, rates = draw(*self._key, order.order_id), self._rates
        if dice.random() < rates.deaf:
            return None
        self._answers.append((now, Reply(order.order_id, "delivered")))
        at = now + dice.uniform(*(rates.slow_s if dice.random() < rates.slow else rates.accept_s))
        if isinstance(order, InspectOrder) and dice.random() < rates.refuses:
            self._answers.append((at, Reply(order.order_id, "refused", dice.choice(REFUSALS))))
            self._dropped.add(order.task_id)
            self._close(order.premises_id, order.task_id)
            return None
        self._answers.append((at, Reply(order.order_id, "accepted")))
        return Accepted(order, at) if isinstance(order, InspectOrder) else None

    def answers(self, until: float) -> list[tuple[float, Reply]]:
        """What is to be said by `until` and has not been said."""
        due = [answer for answer in self._answers if answer[0] <= until]
        self._answers = [answer for answer in self._answers if answer[0] > until]
        return due

    def given(self, task_id: str | None) -> Given | None:
        """What is known of a task; None without an order about it."""
        return self._given.get(task_id or "")

    def replies(self, task_id: str | None, stage: Stage) -> list[Reply]:
        """How far the worker is, for every order about the task."""
        known = self.given(task_id)
        return [Reply(order_id, stage) for order_id in known.order_ids] if known else []

    def task_at(self, premises_id: str, planned: str | None) -> str | None:
        """The task that a visit is for: the one that was planned, or an open one at the same premises."""
        if planned and planned not in self._over and planned not in self._dropped:
            return planned
        return next(iter(self._open.get(premises_id, ())), None)

    def carried_out(self, premises_id: str, task_id: str, result: Result) -> None:
        """A visit for the task is over; so is the task, or it is to be checked again."""
        if result is Result.NORMAL:
            self._over.add(task_id)
            self._close(premises_id, task_id)
        else:
            self._wait(premises_id, task_id)

    def _wait(self, premises_id: str, task_id: str) -> None:
        waiting = self._open.setdefault(premises_id, [])
        if task_id not in waiting:
            waiting.append(task_id)

    def _note(self, order: InspectOrder) -> None:
        self._dropped.discard(order.task_id)
        menus = _MENUS.setdefault(order.menu, {one.item: one for one in order.menu})
        before = self.given(order.task_id)
        ids = (*(before.order_ids if before else ()), order.order_id)
        self._given[order.task_id] = Given(tuple(order.items), menus, ids)
        if order.task_id not in self._over:
            self._wait(order.premises_id, order.task_id)

    def _close(self, premises_id: str, task_id: str) -> None:
        waiting = self._open.get(premises_id, [])
        if task_id in waiting:
            waiting.remove(task_id)

    def _drop(self, task_id: str) -> None:
        """The task is somebody else's now, or nobody's: what was still to be said of it is not said."""
        self._dropped.add(task_id)
        for premises_id in self._open:
            self._close(premises_id, task_id)
        known = self._given.pop(task_id, None)
        silent = known.order_ids if known else ()
        self._answers = [(at, reply) for at, reply in self._answers if reply.order_id not in silent]
