"""A device that does what it is told, at once or after a while, and says how far it is."""

from abc import abstractmethod
from collections.abc import Iterator

from ingest.contract.acts import Acting, GoTo, InspectNow
from ingest.contract.messages import Reply, Stage
from simulators.device import Device, Message
from simulators.inbox import Inbox

Told = tuple[float, list[Message]]
"""What is said about an instant."""


class Obedient(Device):
    """Subclasses make the `_inbox`, and say in `_carry_out` what an act comes to."""

    _inbox: Inbox

    @property
    def listens_to(self) -> str | None:
        return self._topic("order")

    def receive(self, payload: bytes, now: float) -> None:
        self._inbox.take(payload, now)

    @abstractmethod
    def _carry_out(self, order: Acting, at: float) -> list[Message]:
        """What it sends when it does as it is told."""

    def _obeyed(self, until: float) -> Iterator[Told]:
        """What is said of acts, and sent as they say, until then."""
        for at, reply in self._inbox.answers(until):
            yield at, [self._reply(at, reply)]
        for at, order in self._inbox.due(until):
            if not isinstance(order, GoTo | InspectNow):  # these take a while
                yield at, [*self._carry_out(order, at), self._stage(at, order.order_id, "done")]

    def _stage(self, at: float, order_id: str, stage: Stage) -> Message:
        return self._reply(at, Reply(order_id, stage))

    def _reply(self, at: float, reply: Reply) -> Message:
        return self._tell("reply", at, reply, name=f"{reply.stage}-{reply.order_id}")


def in_order(told: list[Told]) -> list[Message]:
    """The messages, oldest first."""
    told.sort(key=lambda entry: entry[0])
    return [message for _, messages in told for message in messages]
