"""A traceability scanner (产品追溯): where food or drugs are sold, its worker reads some products."""

from ingest.contract.acts import Acting
from ingest.contract.messages import ScannerEvent, Verdict
from simulators.chance import draw
from simulators.device import Message
from simulators.faults import NO_FAULTS, Rates, clock_ms, is_ill
from simulators.files import Fitting
from simulators.inbox import Inbox
from simulators.obedient import Obedient, in_order
from simulators.tour import Purpose, Round
from simulators.town import Town
from simulators.trades import PRODUCTS

VERDICTS: dict[Verdict, float] = {
    "genuine": 0.955,
    "unknown": 0.02,
    "expired": 0.015,
    "counterfeit": 0.007,
    "recalled": 0.003,
}
"""The share of each among all batches: with eight scanners, a bad one about once an hour."""

_BATCHES = 4  # of each product on a shelf
_AGE_S = 180 * 86_400
_NOISE_DEG = 6 / 111_195


class Scanner(Obedient):
    """The scanner in a worker's pocket."""

    kind = "scanner"

    def __init__(
        self, town: Town, fitting: Fitting, worker_id: str, clock_ms: int = 0, rates: Rates = NO_FAULTS
    ) -> None:
        self._town, self._worker_id = town, worker_id
        self._walk = town.walks[worker_id]
        rank, crew = self._walk.rank, self._walk.crew
        super().__init__(town.world.district, fitting.device_id, rank, crew, town.start, clock_ms, town.pace)
        self._left = is_ill(rates, rank)  # at home
        self._inbox = Inbox(rates, town.seed, fitting.device_id)

    def _happened(self, after: float, until: float) -> list[Message]:
        if self._left:
            return []
        scans = [scan for one in self._walk.rounds(after, until) for scan in self._scans(one)]
        read = [(at, [self._scan(at, *what)]) for at, *what in scans if after < at <= until]
        return in_order([*read, *self._obeyed(until)])

    def receive(self, payload: bytes, now: float) -> None:
        if not self._left:
            super().receive(payload, now)

    def _carry_out(self, order: Acting, at: float) -> list[Message]:
        return []  # it is heard there

    def _scans(self, one: Round) -> list[tuple[float, str, str]]:
        """When what is read during a visit: instant, premises, product."""
        premises = self._town.world.premises.get(one.stop.premises_id or "")
        products = PRODUCTS.get(premises.category, ()) if premises else ()
        if premises is None or not products or one.stop.purpose is not Purpose.VISIT:
            return []
        dice = draw(self.device_id, one.number)
        count = dice.randint(1, 2)
        instants = [dice.uniform(one.arrives + 20, one.ends - 10) for _ in range(count)]
        return [(at, premises.premises_id, dice.choice(products)) for at in instants]

    def _scan(self, at: float, premises_id: str, product: str) -> Message:
        position, dice = self._town.body(self._worker_id, at), draw(self.device_id, at)
        number = dice.randrange(_BATCHES)
        batch = draw(self._town.seed, "batch", premises_id, product, number)
        made = f"{self._town.local(self.start - _AGE_S):%Y%m}{batch.randint(1, 28):02d}"
        scanned = ScannerEvent(
            f"{made}-{batch.randrange(10_000):04d}",
            product,
            batch.choices(list(VERDICTS), list(VERDICTS.values()))[0],
            premises_id,
            round(position.lon + dice.gauss(0, _NOISE_DEG), 7),
            round(position.lat + dice.gauss(0, _NOISE_DEG), 7),
        )
        return self._tell("event", at, scanned, name="scan")


def build(town: Town, rates: Rates) -> list[Scanner]:
    """A scanner for every row of its kind whose carrier walks."""
    return [
        Scanner(town, row, row.worker_id, clock_ms(rates, draw(town.seed, "clock", row.device_id)), rates)
        for row in town.world.fittings
        if row.kind == Scanner.kind and row.worker_id in town.walks
    ]
