"""A bodycam (执法记录仪): it follows its worker, records visits, and seldom calls for help or is full."""

from ingest.contract.acts import Acting, ReportPosition, StartRecording, StopRecording, TakePhoto
from ingest.contract.messages import BodycamEvent, BodycamEventKind, Datum, Gps
from ingest.domain.geo import from_wgs84
from simulators.chance import draw
from simulators.device import Message
from simulators.faults import NO_FAULTS, Rates, clock_ms, is_ill
from simulators.files import Fitting
from simulators.inbox import Inbox
from simulators.obedient import Obedient, in_order
from simulators.tour import Purpose
from simulators.town import Town

_EVENT_OF: dict[type[Acting], BodycamEventKind] = {
    TakePhoto: "photo",
    StartRecording: "rec_start",
    StopRecording: "rec_stop",
}
_CLEARED_S = (120.0, 300.0)
_FULL_S = (600.0, 1_200.0)  # after it said that storage is low
_DOCKED_S = (1_800.0, 3_600.0)
_UPLOADED_S = 120.0  # after that
_NOISE_DEG = 4 / 111_195


class Bodycam(Obedient):
    """A bodycam carried by a worker; its messages name no datum, the registry knows it."""

    kind = "bodycam"

    def __init__(
        self, town: Town, fitting: Fitting, worker_id: str, clock_ms: int = 0, rates: Rates = NO_FAULTS
    ) -> None:
        self._town, self._worker_id = town, worker_id
        self._walk = town.walks[worker_id]
        rank, crew = self._walk.rank, self._walk.crew
        super().__init__(town.world.district, fitting.device_id, rank, crew, town.start, clock_ms, town.pace)
        self._datum = fitting.datum
        self._left = is_ill(rates, rank)  # at home
        self._inbox = Inbox(rates, town.seed, fitting.device_id)

    @property
    def every_s(self) -> float:
        return self.pace.bodycam_gps_s / 2

    def _happened(self, after: float, until: float) -> list[Message]:
        if self._left:
            return []
        told = [(at, [self._gps(at)]) for at in self._ticks(self.pace.bodycam_gps_s, after, until)]
        told += [(at, [self._event(at, event)]) for at, event in self._events(after, until)]
        return in_order([*told, *self._obeyed(until)])

    def receive(self, payload: bytes, now: float) -> None:
        if not self._left:
            super().receive(payload, now)

    def _carry_out(self, order: Acting, at: float) -> list[Message]:
        if isinstance(order, ReportPosition):
            return [self._gps(at)]
        event = _EVENT_OF.get(type(order))
        return [self._event(at, event)] if event else []

    def _events(self, after: float, until: float) -> list[tuple[float, BodycamEventKind]]:
        found: list[tuple[float, BodycamEventKind]] = []
        for one in self._walk.rounds(after, until):
            if one.stop.purpose is Purpose.VISIT:
                found += [(one.arrives, "rec_start"), (one.ends, "rec_stop")]
        for called in self._walk.moments("sos", self.pace.sos_s, after - _CLEARED_S[1], until):
            found.append((called, "sos"))
            found.append((called + draw(self.device_id, called).uniform(*_CLEARED_S), "sos_cleared"))
        found += [(at, "fall") for at in self._walk.moments("fall", self.pace.fall_s, after, until)]
        begin = after - _DOCKED_S[1] - _UPLOADED_S
        for low in self._walk.moments("storage", self.pace.storage_s, begin, until):
            dice = draw(self.device_id, low)
            docked = low + dice.uniform(*_DOCKED_S)
            found += [(low, "storage_low"), (low + dice.uniform(*_FULL_S), "storage_full")]
            found += [(docked, "docked"), (docked + _UPLOADED_S, "media_uploaded")]
        return [(at, event) for at, event in found if after < at <= until]

    def _gps(self, at: float) -> Message:
        position = self._town.body(self._worker_id, at)
        lon, lat = self._place(at)
        moving = position.speed_mps > 0
        fix = Gps(
            lon,
            lat,
            speed_kmh=round(position.speed_mps * 3.6, 1),
            heading_deg=round(position.heading_deg, 0) if moving else None,
            battery=self._battery(at),
        )
        return self._tell("gps", at, fix)

    def _event(self, at: float, event: BodycamEventKind) -> Message:
        lon, lat = self._place(at)
        return self._tell("event", at, BodycamEvent(event, lon, lat), name=event)

    def _place(self, at: float) -> tuple[float, float]:
        position, dice = self._town.body(self._worker_id, at), draw(self.device_id, at)
        lon, lat = position.lon + dice.gauss(0, _NOISE_DEG), position.lat + dice.gauss(0, _NOISE_DEG)
        x, y = from_wgs84(lon, lat, Datum(self._datum))
        return round(float(x), 7), round(float(y), 7)

    def _storage(self, at: float) -> float:
        return self._filling(at)


def build(town: Town, rates: Rates) -> list[Bodycam]:
    """A bodycam for every row of its kind whose carrier walks."""
    return [
        Bodycam(town, row, row.worker_id, clock_ms(rates, draw(town.seed, "clock", row.device_id)), rates)
        for row in town.world.fittings
        if row.kind == Bodycam.kind and row.worker_id in town.walks
    ]
