"""A community terminal (社区服务终端): people ask, praise, complain and report there, of what is near."""

from collections.abc import Sequence

from ingest.contract.acts import Acting
from ingest.contract.messages import Severity, TerminalEvent
from simulators.chance import draw, turns
from simulators.device import Message
from simulators.faults import NO_FAULTS, Rates, clock_ms
from simulators.files import Fitting, Premises
from simulators.inbox import Inbox
from simulators.nearby import Nearby
from simulators.obedient import Obedient, in_order
from simulators.town import Town
from simulators.trades import SAYINGS

SEVERITY = {Severity.GENERAL: 0.85, Severity.SERIOUS: 0.14, Severity.MAJOR: 0.01}
"""The share of each among complaints and reports."""

NAMED = 0.6
"""The share of these that name premises."""

_NEAR = 40


class Terminal(Obedient):
    """A terminal on the mains, at its `turn` (rank, crew). The registry knows where it stands, and nobody who
    stands there."""

    kind = "terminal"

    def __init__(
        self,
        town: Town,
        fitting: Fitting,
        turn: tuple[int, int],
        near: Sequence[Premises] = (),
        clock_ms: int = 0,
        rates: Rates = NO_FAULTS,
    ) -> None:
        super().__init__(town.world.district, fitting.device_id, *turn, town.start, clock_ms, town.pace)
        self._seed, self._near = town.seed, near
        self._inbox = Inbox(rates, town.seed, fitting.device_id)

    def _happened(self, after: float, until: float) -> list[Message]:
        key, every_s = (self._seed, self.device_id), self.pace.terminal_s
        turn = turns(key, self.rank / self.crew, 1, every_s, after, until)
        return in_order([*((at, [self._said(at)]) for at in turn), *self._obeyed(until)])

    def _carry_out(self, order: Acting, at: float) -> list[Message]:
        return []  # it is shown and spoken there

    def _said(self, at: float) -> Message:
        dice = draw(self.device_id, at)
        saying = dice.choices(SAYINGS, [one.weight for one in SAYINGS])[0]
        serious = saying.kind in ("complaint", "report")
        names = serious and self._near and dice.random() < NAMED
        said = TerminalEvent(
            saying.kind,
            saying.text,
            saying.about,
            dice.choices(list(SEVERITY), list(SEVERITY.values()))[0] if serious else Severity.GENERAL,
            premises_id=dice.choice(self._near).premises_id if names else None,
        )
        return self._tell("event", at, said, name=saying.kind)

    def _battery(self, at: float) -> None:
        return None


def build(town: Town, rates: Rates) -> list[Terminal]:
    """A terminal for every row of its kind."""
    rows = [row for row in town.world.fittings if row.kind == Terminal.kind]
    nearby = Nearby(town.world.premises)
    return [
        Terminal(
            town,
            row,
            (rank, len(rows)),
            nearby.find(*row.place, _NEAR) if row.place else (),
            clock_ms(rates, draw(town.seed, "clock", row.device_id)),
            rates,
        )
        for rank, row in enumerate(rows)
    ]
