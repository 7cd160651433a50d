"""A patrol vehicle (巡查车): it makes its round, says where it is, and goes where it is sent."""

from collections.abc import Iterator

from ingest.contract.acts import Acting, GoTo, ReportPosition
from ingest.contract.messages import Gps, Stage, VehicleEvent, VehicleEventKind
from simulators.chance import draw, turns
from simulators.device import Message
from simulators.drive import Drive, Spot
from simulators.faults import NO_FAULTS, Rates, clock_ms
from simulators.files import Fitting
from simulators.inbox import Inbox
from simulators.nearby import Nearby
from simulators.obedient import Obedient, Told, in_order
from simulators.town import Town

_AROUND, _SPOTS = 400, 16  # of so many premises around its yard its round leads to so many
_CLEARED_S = (120.0, 300.0)
_NOISE_DEG = 3 / 111_195


class Vehicle(Obedient):
    """A vehicle of a squadron, at its `turn` (rank, crew), with somebody in it who reads what comes."""

    kind = "vehicle"

    def __init__(
        self,
        town: Town,
        fitting: Fitting,
        turn: tuple[int, int],
        drive: Drive,
        clock_ms: int = 0,
        rates: Rates = NO_FAULTS,
    ) -> None:
        super().__init__(town.world.district, fitting.device_id, *turn, town.start, clock_ms, town.pace)
        self._seed, self._drive = town.seed, drive
        self._inbox = Inbox(rates, town.seed, fitting.device_id, person=True)
        self._under_way: list[tuple[float, str, Stage]] = []

    @property
    def every_s(self) -> float:
        return self.pace.vehicle_gps_s / 2

    def receive(self, payload: bytes, now: float) -> None:
        taken = self._inbox.take(payload, now)
        if taken and isinstance(order := taken.order, GoTo):
            way = self._drive.send(taken.at, (order.lon, order.lat))
            stages: tuple[tuple[float, Stage], ...] = (
                (way.begins, "on_the_way"),
                (way.arrives, "arrived"),
                (way.until, "done"),
            )
            self._under_way += [(at, order.order_id, stage) for at, stage in stages]

    def _happened(self, after: float, until: float) -> list[Message]:
        told: list[Told] = [
            (at, [self._gps(at)]) for at in self._ticks(self.pace.vehicle_gps_s, after, until)
        ]
        told += [(at, [self._event(at, event)]) for at, event in self._events(after, until)]
        return in_order([*told, *self._obeyed(until), *self._on_the_way(until)])

    def _carry_out(self, order: Acting, at: float) -> list[Message]:
        return [self._gps(at)] if isinstance(order, ReportPosition) else []

    def _on_the_way(self, until: float) -> Iterator[Told]:
        due = [one for one in self._under_way if one[0] <= until]
        self._under_way = [one for one in self._under_way if one[0] > until]
        for at, order_id, stage in due:
            if self._inbox.is_on(order_id):
                yield at, [self._stage(at, order_id, stage)]

    def _events(self, after: float, until: float) -> list[tuple[float, VehicleEventKind]]:
        found: list[tuple[float, VehicleEventKind]] = [
            (at, "moving" if moves else "stopped") for at, moves in self._drive.stops(after, until)
        ]
        key = (self._seed, self.device_id, "sos")
        begin = after - _CLEARED_S[1]
        for called in turns(key, self.rank / self.crew, self.crew, self.pace.sos_s, begin, until):
            found.append((called, "sos"))
            found.append((called + draw(self.device_id, called).uniform(*_CLEARED_S), "sos_cleared"))
        return [(at, event) for at, event in found if after < at <= until]

    def _gps(self, at: float) -> Message:
        position = self._drive.position(at)
        moving = position.speed_mps > 0
        fix = Gps(
            *self._place(at),
            speed_kmh=round(position.speed_mps * 3.6, 1),
            heading_deg=round(position.heading_deg, 0) if moving else None,
        )
        return self._tell("gps", at, fix)

    def _event(self, at: float, event: VehicleEventKind) -> Message:
        return self._tell("event", at, VehicleEvent(event, *self._place(at)), name=event)

    def _place(self, at: float) -> Spot:
        position, dice = self._drive.position(at), draw(self.device_id, at)
        lon, lat = position.lon + dice.gauss(0, _NOISE_DEG), position.lat + dice.gauss(0, _NOISE_DEG)
        return round(lon, 7), round(lat, 7)

    def _battery(self, at: float) -> None:
        return None


def build(town: Town, rates: Rates) -> list[Vehicle]:
    """A vehicle for every row of its kind that has a yard."""
    rows = [row for row in town.world.fittings if row.kind == Vehicle.kind and row.place]
    nearby = Nearby(town.world.premises)
    return [
        Vehicle(
            town,
            row,
            (rank, len(rows)),
            Drive(town.seed, row.device_id, _spots(town, nearby, row)),
            clock_ms(rates, draw(town.seed, "clock", row.device_id)),
            rates,
        )
        for rank, row in enumerate(rows)
    ]


def _spots(town: Town, nearby: Nearby, row: Fitting) -> list[Spot]:
    """Its yard, and some premises around it."""
    assert row.place
    around = nearby.find(*row.place, _AROUND)
    chosen = draw(town.seed, "round", row.device_id).sample(around, min(_SPOTS, len(around)))
    return [row.place, *((one.lon, one.lat) for one in chosen)]
