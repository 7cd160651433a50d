"""What a device is told to do at once: heard once, obeyed, refused or left unanswered at stated rates."""

from typing import NamedTuple

import msgspec

from ingest.contract.acts import Acting, StandDown
from ingest.contract.messages import Reply, Stage
from simulators.chance import draw
from simulators.faults import Rates
from simulators.trades import REFUSALS, TOO_LATE

_ACT: msgspec.json.Decoder[Acting | StandDown] = msgspec.json.Decoder(Acting | StandDown)


class Accepted(NamedTuple):
    """An act that will be carried out, from that instant on (seconds since the epoch)."""

    at: float
    order: Acting


class Inbox:
    """One device's acts; with `person` somebody reads them first, else a machine does what it can."""

    def __init__(self, rates: Rates, seed: int, device_id: str, *, person: bool = False) -> None:
        self._rates, self._key, self._person = rates, (seed, "act", device_id), person
        self._known: set[str] = set()
        self._called_off: set[str] = set()
        self._to_do: list[Accepted] = []
        self._answers: list[tuple[float, Reply]] = []

    def take(self, payload: bytes, now: float) -> Accepted | None:
        """Note an act, and how it will be answered; None but for a new one that will be carried out."""
        try:
            order = _ACT.decode(payload)
        except msgspec.DecodeError:
            return None  # nothing that this device understands
        if order.order_id in self._known:
            return None
        self._known.add(order.order_id)
        if isinstance(order, StandDown):
            self._stand_down(order, now)
            return None
        return None if order.order_id in self._called_off else self._answer(order, now)

    def is_on(self, order_id: str) -> bool:
        """Whether it has not been called off."""
        return order_id not in self._called_off

    def due(self, until: float) -> list[Accepted]:
        """What is to be carried out by `until` and has not been."""
        due = [one for one in self._to_do if one.at <= until]
        self._to_do = [one for one in self._to_do if one.at > until]
        return due

    def answers(self, until: float) -> list[tuple[float, Reply]]:
        """What is to be said by `until` and has not been."""
        due = [answer for answer in self._answers if answer[0] <= until]
        self._answers = [answer for answer in self._answers if answer[0] > until]
        return due

    def _answer(self, order: Acting, now: float) -> Accepted | None:
        dice, rates = draw(*self._key, order.order_id), self._rates
        if dice.random() < rates.deaf:
            return None
        self._say(now, order, "delivered")
        if now * 1000 > order.expires:
            self._say(now, order, "failed", TOO_LATE)
            return None
        at = now + dice.uniform(*(rates.heed_s if self._person else rates.obey_s))
        if dice.random() < (rates.refuses if self._person else rates.jams):
            self._say(at, order, *(("refused", dice.choice(REFUSALS)) if self._person else ("failed",)))
            return None
        if self._person:
            self._say((now + at) / 2, order, "read")
        self._say(at, order, "accepted")
        self._to_do.append(accepted := Accepted(at, order))
        return accepted

    def _say(self, at: float, order: Acting, stage: Stage, text: str | None = None) -> None:
        self._answers.append((at, Reply(order.order_id, stage, text)))

    def _stand_down(self, order: StandDown, now: float) -> None:
        self._called_off.add(order.withdrawn)
        self._to_do = [one for one in self._to_do if one.order.order_id != order.withdrawn]
        self._answers = [(at, reply) for at, reply in self._answers if reply.order_id != order.withdrawn]
        self._answers.append((now, Reply(order.order_id, "accepted")))
