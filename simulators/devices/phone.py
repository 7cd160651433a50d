"""A worker's phone: position, visits, finds, clues, duty and photos up, orders down and their answers."""

import hashlib
from collections.abc import Iterator
from random import Random

from ingest.contract.acts import Acting, GoTo, InspectNow, ReportPosition, TakePhoto
from ingest.contract.messages import (
    ClueReport,
    Datum,
    Duty,
    Gps,
    InspectionLog,
    PhotoRef,
    Severity,
    Stage,
)
from ingest.domain.geo import from_wgs84
from ingest.domain.visit_record import Mark, hash_of_log
from simulators.chance import draw
from simulators.desk import Desk
from simulators.device import Message, message_id
from simulators.faults import NO_FAULTS, Rates, clock_ms, is_ill
from simulators.inbox import Inbox
from simulators.obedient import Obedient, Told, in_order
from simulators.survey import premises_found
from simulators.tour import Purpose, Round
from simulators.town import Reception, Town, Visit
from simulators.trades import CLUES, INDUSTRIES
from simulators.walk import Position

CLUE_SEVERITIES = {Severity.GENERAL: 0.9, Severity.SERIOUS: 0.08, Severity.MAJOR: 0.02}
"""The share of each severity among clues."""

DATUMS = {Datum.GCJ02: 0.55, Datum.WGS84: 0.38, Datum.BD09: 0.07}
"""The share of phones by the datum of their positioning SDK; those in WGS-84 do not name it."""

_METRE_DEG = 1 / 111_195
_KEPT = 5


class Phone(Obedient):
    """The phone of one worker; on the wire it is the worker."""

    kind = "worker"

    def __init__(self, town: Town, worker_id: str, clock_ms: int = 0, rates: Rates = NO_FAULTS) -> None:
        self._walk = town.walks[worker_id]
        rank, crew = self._walk.rank, self._walk.crew
        super().__init__(town.world.district, worker_id, rank, crew, town.start, clock_ms, town.pace)
        self._town = town
        dice = draw(town.seed, "phone", worker_id)
        self._datum = dice.choices(list(DATUMS), list(DATUMS.values()))[0]
        self._duty: bool | None = None
        self._ill = is_ill(rates, rank)
        self._desk = town.desks[worker_id] = Desk(rates, town.seed, worker_id)
        self._logs: dict[str, tuple[InspectionLog, list[Message]]] = {}
        town.marks[worker_id] = self._mark
        self._inbox = Inbox(rates, town.seed, worker_id, person=True)

    @property
    def every_s(self) -> float:
        return self.pace.gps_s

    def receive(self, payload: bytes, now: float) -> None:
        if self._ill:
            return
        if accepted := self._desk.take(payload, now):
            self._town.send(self.device_id, *accepted)
        elif (act := self._inbox.take(payload, now)) and isinstance(act.order, GoTo | InspectNow):
            self._town.hurry(self.device_id, act.order, act.at)

    def _happened(self, after: float, until: float) -> list[Message]:
        if self._ill:
            return self._duty_change(until)
        told: list[Told] = [(at, self._gps(at)) for at in self._ticks(self.pace.gps_s, after, until)]
        told += [
            (visit.ended, self._inspection(visit))
            for visit in self._town.visits(self.device_id, after, until)
        ]
        told += [(at, [self._reply(at, reply)]) for at, reply in self._desk.answers(until)]
        told += self._obeyed(until)
        told += self._on_the_way(after, until)
        told += [(at, self._clue(at)) for at in self._walk.moments("clue", self.pace.clue_s, after, until)]
        told += [(at, self._found(at)) for at in self._walk.moments("found", self.pace.found_s, after, until)]
        return self._duty_change(until) + in_order(told)

    def _carry_out(self, order: Acting, at: float) -> list[Message]:
        if isinstance(order, ReportPosition):
            return self._gps(at)
        if isinstance(order, TakePhoto):
            lon, lat, _ = self._placed(at, draw(self.device_id, at, "photo"))
            return [self._photo(order.order_id, at, lon, lat)[1]]
        return []

    def _on_the_way(self, after: float, until: float) -> Iterator[Told]:
        """What is said of orders when the worker sets out for one alone, and gets there."""
        for one in self._walk.rounds(after, until):
            if one.stop.order_id is not None:
                yield from self._under_way(one, one.stop.order_id, after, until)
            stages: tuple[tuple[float, Stage], ...] = ((one.departs, "on_the_way"), (one.arrives, "arrived"))
            for at, stage in stages if one.place is None else stages[1:]:
                if after < at <= until:
                    replies = self._desk.replies(self._town.task_at(self.device_id, one), stage)
                    yield at, [self._reply(at, reply) for reply in replies]

    def _under_way(self, one: Round, order_id: str, after: float, until: float) -> Iterator[Told]:
        """How far the worker is with an act that leads somewhere."""
        stages: dict[Stage, float] = {"on_the_way": one.departs, "arrived": one.arrives, "done": one.ends}
        if self._inbox.is_on(order_id):
            for stage, at in stages.items():
                if after < at <= until:
                    yield at, [self._stage(at, order_id, stage)]

    def _duty_change(self, at: float) -> list[Message]:
        """The first word of a run, and whenever a break begins or ends."""
        now = self._walk.round_at(at)
        on = not (self._ill or (now.stop.purpose is Purpose.BREAK and now.arrives <= at < now.ends))
        if on == self._duty:
            return []
        self._duty = on
        return [self._tell("duty", at, Duty(on))]

    def _gps(self, at: float) -> list[Message]:
        position = self._town.phone(self.device_id, at)
        dice = draw(self.device_id, at)
        reception = self._town.reception(self.device_id, at, dice)
        if reception is None:
            return []
        lon, lat = self._fix(position, reception, dice)
        fix = Gps(
            lon,
            lat,
            accuracy_m=round(reception.accuracy_m, 1),
            speed_kmh=round(max(0.0, position.speed_mps * 3.6 + dice.gauss(0, 0.3)), 1),
            heading_deg=round(position.heading_deg, 0) if position.speed_mps else None,
            battery=self._battery(at),
            mock=reception.mock,
            provider=reception.provider,
        )
        return [self._tell("gps", at, fix, datum=self._named_datum)]

    def _inspection(self, visit: Visit) -> list[Message]:
        log, photos = self._log(visit)
        return [*photos, self._tell("inspection", visit.ended, log, datum=self._named_datum)]

    def _mark(self, visit: Visit) -> Mark:
        """What the receipt says of the visit's log, which may be on its way or to come."""
        name, ts = message_id("inspection", visit.ended), self._clock(visit.ended)
        digest = hash_of_log(self._district, self.device_id, name, ts, self._log(visit)[0])
        return Mark(self._district, self.device_id, name, digest)

    def _log(self, visit: Visit) -> tuple[InspectionLog, list[Message]]:
        """The log with its photos: the same for the phone and for the printer, whoever asks first."""
        if visit.inspection_id not in self._logs:
            self._logs[visit.inspection_id] = self._written(visit)
            for known in list(self._logs)[:-_KEPT]:
                del self._logs[known]
        return self._logs[visit.inspection_id]

    def _written(self, visit: Visit) -> tuple[InspectionLog, list[Message]]:
        dice = draw(self.device_id, visit.ended)
        lon, lat, reception = self._placed(visit.ended, dice, visit.said_at)
        photos = [self._photo(visit.premises.premises_id, taken, lon, lat) for taken in visit.photos_taken]
        log = InspectionLog(
            visit.premises.premises_id,
            self._clock(visit.started),
            self._clock(visit.ended),
            lon,
            lat,
            visit.result,
            list(visit.findings),
            task_id=visit.task_id,
            photos=[photo for photo, _ in photos],
            receipt_no=visit.receipt_no,
            accuracy_m=round(reception.accuracy_m, 1),
            mock=reception.mock,
            archive=visit.archive,
        )
        return log, [message for _, message in photos]

    def _clue(self, at: float) -> list[Message]:
        dice = draw(self.device_id, at, "clue")
        lon, lat, _ = self._placed(at, dice)
        now = self._walk.round_at(at)
        premises_id = now.stop.premises_id if now.arrives <= at <= now.ends else None
        photos = [self._photo(premises_id or "street", at, lon, lat)] if dice.random() < 0.5 else []
        kind, text = dice.choice(CLUES)
        clue = ClueReport(
            kind,
            dice.choices(list(CLUE_SEVERITIES), list(CLUE_SEVERITIES.values()))[0],
            text,
            lon,
            lat,
            industry=dice.choice(INDUSTRIES),
            premises_id=premises_id,
            photos=[photo for photo, _ in photos],
        )
        told = self._tell("clue", at, clue, datum=self._named_datum)
        return [message for _, message in photos] + [told]

    def _found(self, at: float) -> list[Message]:
        dice = draw(self.device_id, at, "found")
        lon, lat, reception = self._placed(at, dice)
        photo, picture = self._photo("found", at, lon, lat)
        report = premises_found(dice, lon, lat, round(reception.accuracy_m, 1), photo)
        return [picture, self._tell("premises", at, report, datum=self._named_datum)]

    def _photo(self, premises_id: str, taken: float, lon: float, lat: float) -> tuple[PhotoRef, Message]:
        content = self._town.picture(self.device_id, premises_id, taken)
        ref = PhotoRef(hashlib.sha256(content).hexdigest(), self._clock(taken), lon, lat)
        return ref, Message(self._topic("photo"), content)

    def _placed(
        self, at: float, dice: Random, said: Position | None = None
    ) -> tuple[float, float, Reception]:
        """Where what happens at `at` is said to be, in the phone's datum: where the phone is, or `said`."""
        reception = self._town.reception(self.device_id, at, dice) or Reception(20, 80, "network")
        lon, lat = self._fix(said or self._town.phone(self.device_id, at), reception, dice)
        return lon, lat, reception

    def _fix(self, position: Position, reception: Reception, dice: Random) -> tuple[float, float]:
        """Longitude and latitude in the phone's datum, off by as much as its reception is."""
        lon = position.lon + dice.gauss(0, reception.sigma_m) * _METRE_DEG * 1.1
        lat = position.lat + dice.gauss(0, reception.sigma_m) * _METRE_DEG
        x, y = from_wgs84(lon, lat, self._datum)
        return round(float(x), 7), round(float(y), 7)

    @property
    def _named_datum(self) -> Datum | None:
        return None if self._datum is Datum.WGS84 else self._datum


def build(town: Town, rates: Rates) -> list[Phone]:
    """A phone for every worker who walks."""
    return [
        Phone(town, worker_id, clock_ms(rates, draw(town.seed, "clock", worker_id)), rates)
        for worker_id in town.walks
    ]
