"""The orders on a phone: answered when the worker looks, open until a visit finds nothing wrong."""

import msgspec

from ingest.contract.messages import InspectOrder, Reply, Result
from simulators.chance import draw
from simulators.faults import Rates
from simulators.town import Visit

_ORDER = msgspec.json.Decoder(InspectOrder)


class Desk:
    """One worker's orders; times in seconds since the epoch."""

    def __init__(self, rates: Rates, seed: int, worker_id: str) -> None:
        self._rates, self._key = rates, (seed, "order", worker_id)
        self._orders: dict[str, InspectOrder] = {}
        self._answers: list[tuple[float, Reply]] = []
        self._open: dict[str, str] = {}
        self._over: set[str] = set()

    def take(self, payload: bytes, now: float) -> None:
        """Note an order, and when it will be answered; one that came before changes nothing."""
        try:
            order = _ORDER.decode(payload)
        except msgspec.DecodeError:
            return  # nothing that this phone understands
        if order.order_id in self._orders:
            return
        self._orders[order.order_id] = order
        if order.task_id not in self._over:
            self._open.setdefault(order.premises_id, order.task_id)
        dice, rates = draw(*self._key, order.order_id), self._rates
        if dice.random() < rates.deaf:
            return
        self._answers.append((now, Reply(order.order_id, "delivered")))
        after_s = dice.uniform(*(rates.slow_s if dice.random() < rates.slow else rates.accept_s))
        self._answers.append((now + after_s, Reply(order.order_id, "accepted")))

    def answers(self, until: float) -> list[tuple[float, Reply]]:
        """What is to be said by `until` and has not been said."""
        due = [answer for answer in self._answers if answer[0] <= until]
        self._answers = [answer for answer in self._answers if answer[0] > until]
        return due

    def arrived(self, premises_id: str | None) -> list[Reply]:
        """What the phone says when the worker gets to these premises."""
        task_id = self._open.get(premises_id or "")
        return [Reply(one.order_id, "arrived") for one in self._orders.values() if one.task_id == task_id]

    def task_of(self, visit: Visit) -> str | None:
        """The task that a visit is for: the day's, or an open one at the same premises, to be re-checked."""
        premises_id = visit.premises.premises_id
        task_id = visit.task.task_id if visit.task else self._open.get(premises_id)
        if task_id is None:
            return None
        if visit.result is Result.NORMAL:
            self._over.add(task_id)
            self._open.pop(premises_id, None)
        else:
            self._open[premises_id] = task_id
        return task_id
