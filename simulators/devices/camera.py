"""A fixed camera with analytics: mostly motion, people and plates; seldom something dangerous."""

from ingest.contract.acts import Acting
from ingest.contract.messages import CameraEvent, CameraEventKind, Severity
from simulators.chance import draw, turns
from simulators.device import Message
from simulators.faults import NO_FAULTS, Rates, clock_ms
from simulators.files import Fitting
from simulators.inbox import Inbox
from simulators.obedient import Obedient, in_order
from simulators.town import Town

EVENTS: dict[CameraEventKind, float] = {
    "motion": 0.45,
    "person": 0.3,
    "plate": 0.246,
    "crowd": 0.0015,
    "intrusion": 0.001,
    "tamper": 0.0005,
    "smoke": 0.0006,
    "fire": 0.0004,
}
"""The share of each among all events: with 120 cameras, smoke or fire some five times an hour."""

SEVERITY: dict[CameraEventKind, Severity] = {
    "crowd": Severity.GENERAL,
    "tamper": Severity.GENERAL,
    "intrusion": Severity.SERIOUS,
    "smoke": Severity.SERIOUS,
    "fire": Severity.MAJOR,
}

_PLATE = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"


class Camera(Obedient):
    """A camera on the mains; where it stands is known to the registry."""

    kind = "camera"

    def __init__(
        self, town: Town, fitting: Fitting, rank: int, crew: int, clock_ms: int = 0, rates: Rates = NO_FAULTS
    ) -> None:
        super().__init__(town.world.district, fitting.device_id, rank, crew, town.start, clock_ms, town.pace)
        self._seed = town.seed
        self._inbox = Inbox(rates, town.seed, fitting.device_id)

    def _happened(self, after: float, until: float) -> list[Message]:
        key, every_s = (self._seed, self.device_id), self.pace.camera_event_s
        # A crew of one: the jitter may fill half the time between two events.
        turn = turns(key, self.rank / self.crew, 1, every_s, after, until)
        return in_order([*((at, [self._event(at)]) for at in turn), *self._obeyed(until)])

    def _carry_out(self, order: Acting, at: float) -> list[Message]:
        return []  # what it records stays in its recorder

    def _event(self, at: float) -> Message:
        dice = draw(self.device_id, at)
        event = dice.choices(list(EVENTS), list(EVENTS.values()))[0]
        lasted_s = dice.uniform(1, 8)
        seen = CameraEvent(
            event,
            confidence=round(dice.uniform(0.6, 0.99), 2),
            severity=SEVERITY.get(event),
            began=self._clock(at - lasted_s),
            ended=self._clock(at),
            # 试 is no province: no real vehicle bears such a plate.
            text="试A" + "".join(dice.choices(_PLATE, k=5)) if event == "plate" else None,
        )
        return self._tell("event", at, seen, name=event)

    def _battery(self, at: float) -> None:
        return None

    def _storage(self, at: float) -> float:
        return self._filling(at)


def build(town: Town, rates: Rates) -> list[Camera]:
    """A camera for every row of its kind."""
    rows = [row for row in town.world.fittings if row.kind == Camera.kind]
    return [
        Camera(town, row, rank, len(rows), clock_ms(rates, draw(town.seed, "clock", row.device_id)), rates)
        for rank, row in enumerate(rows)
    ]
