"""A department's desk: results of tasks and clues come down, and sooner or later it says what it did."""

import msgspec

from ingest.contract.acts import Acting
from ingest.contract.messages import DepartmentReply, FollowUpOrder, HandleOrder
from simulators.chance import draw
from simulators.device import Message
from simulators.faults import Rates
from simulators.inbox import Inbox
from simulators.obedient import Obedient, in_order
from simulators.town import Town
from simulators.trades import DEPARTMENTS, FEEDBACK, NOT_THEIRS, OTHER_DEPARTMENTS

ALL = (*DEPARTMENTS, *OTHER_DEPARTMENTS)

_ORDER: msgspec.json.Decoder[FollowUpOrder | HandleOrder] = msgspec.json.Decoder(FollowUpOrder | HandleOrder)


class Department(Obedient):
    """One department of the district."""

    kind = "department"

    def __init__(self, town: Town, department_id: str, rank: int, rates: Rates) -> None:
        district = town.world.district
        super().__init__(district, department_id, rank, len(ALL), town.start, pace=town.pace)
        self._rates, self._seed = rates, town.seed
        self._known: set[str] = set()
        self._inbox = Inbox(rates, town.seed, department_id, person=True)
        self._answers: list[tuple[float, str, DepartmentReply]] = []

    def receive(self, payload: bytes, now: float) -> None:
        try:
            order = _ORDER.decode(payload)
        except msgspec.DecodeError:
            super().receive(payload, now)  # an act, if it is anything
            return
        if order.order_id in self._known:
            return
        self._known.add(order.order_id)
        dice = draw(self._seed, "follow up", order.order_id)
        about = {"task_id": order.task_id} if isinstance(order, FollowUpOrder) else {"clue_id": order.clue_id}
        passes_on = "clue_id" in about and self.device_id != "bureau"
        if passes_on and dice.random() < self._rates.not_theirs:
            refused = DepartmentReply("refused", text=NOT_THEIRS, **about)
            self._answers.append((now, order.order_id, refused))
            return
        self._answers.append((now, order.order_id, DepartmentReply("accepted", **about)))
        if dice.random() >= self._rates.silent:
            after_s = dice.uniform(*self._rates.follow_up_s)
            done = DepartmentReply("done", text=dice.choice(FEEDBACK), **about)
            self._answers.append((now + after_s, order.order_id, done))

    def _happened(self, after: float, until: float) -> list[Message]:
        due = [answer for answer in self._answers if answer[0] <= until]
        self._answers = [answer for answer in self._answers if answer[0] > until]
        said = [
            (at, [self._tell("reply", at, reply, name=f"{reply.stage}-{order_id}")])
            for at, order_id, reply in due
        ]
        return in_order([*said, *self._obeyed(until)])

    def _carry_out(self, order: Acting, at: float) -> list[Message]:
        return []

    def _battery(self, at: float) -> float | None:
        return None  # it has a plug


def build(town: Town, rates: Rates) -> list[Department]:
    """A desk for every department that results of tasks or clues go to."""
    return [Department(town, name, rank, rates) for rank, name in enumerate(ALL)]
