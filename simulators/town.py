"""The simulated town: its world, everybody's walk, and what each visit comes to.

Devices ask it what happens; the phone, the bodycam and the printer of one worker so tell one story.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from random import Random
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from ingest.contract.acts import GoTo, InspectNow
from ingest.contract.messages import ArchivePart, Finding, InspectOrder, Result
from ingest.domain.visit_record import Mark
from simulators.answers import fill_in, lines
from simulators.chance import draw
from simulators.checks import PATROL_ITEMS
from simulators.desk import Desk, Given
from simulators.device import message_id
from simulators.files import Premises, World
from simulators.pace import pace_of
from simulators.photo import shop_front
from simulators.roster import walks
from simulators.survey import noticed, surveyed
from simulators.tour import ROUND_S, Purpose, Round, Stop
from simulators.walk import Position

ABNORMAL = 0.1
"""The share of visits with a finding."""

RECHECK_S = (1_800.0, 7_200.0)
"""So long after a detour that found something the worker comes again; on the tour, the next time round."""

SCREEN = "http://127.0.0.1:8501"
"""The address in the receipts' QR codes, unless another is said."""

_KEPT = 20  # visits of a worker, for devices that ask a little later


class Reception(NamedTuple):
    """How a phone finds out where it is: off by `sigma_m` in each direction, and by how much it says."""

    sigma_m: float
    accuracy_m: float
    provider: Literal["gps", "network", "fused"] = "gps"
    mock: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """One inspection; times in seconds since the epoch, by a true clock."""

    inspection_id: str
    worker_id: str
    premises: Premises
    task_id: str | None
    started: float
    ended: float
    result: Result
    findings: tuple[Finding, ...]
    lines: tuple[str, ...]
    """The findings in words."""
    receipt_no: str | None
    """Two visits of three print, and every one with a finding."""
    photos_taken: tuple[float, ...]
    archive: ArchivePart | None = None
    """What it found of the premises themselves."""
    said_at: Position | None = None
    """Where the log says that it was, if that is not where the phone is."""


class Town:
    """`world` as it goes on from `start` (seconds since the epoch), when the run began.

    `haste`: which part of a usual visit some workers stay.
    """

    def __init__(
        self, world: World, start: float, seed: int = 1, haste: Mapping[str, float] | None = None
    ) -> None:
        self.world = world
        self.start = start
        self.seed = seed
        self.walks = walks(world, seed, haste or {})
        self.pace = pace_of(len(self.walks))
        self.desks: dict[str, Desk] = {}
        """worker_id -> the orders on the phone, which puts them here."""
        self.marks: dict[str, Callable[[Visit], Mark]] = {}
        """worker_id -> what the receipt of a visit says of its log, by the phone, which puts it here."""
        self.screen = SCREEN
        """Where traders reach the screen."""
        self._premises = dict(world.premises)
        self._tasks = {task.task_id: task for task in world.tasks}
        self._first = {worker_id: walk.round_at(start).number for worker_id, walk in self.walks.items()}
        self._visits: dict[str, dict[int, Visit]] = {worker_id: {} for worker_id in self.walks}

    @cached_property
    def worker_names(self) -> dict[str, str]:
        return {worker.worker_id: worker.name for worker in self.world.workers}

    def visits(self, worker_id: str, after: float, until: float) -> Iterator[Visit]:
        """The worker's visits that end in (after, until]; each task is carried out once in a run."""
        for one in self.walks[worker_id].rounds(after, until):
            premises = self._premises.get(one.stop.premises_id or "")
            if after < one.ends <= until and one.stop.purpose is Purpose.VISIT and premises:
                known = self._visits[worker_id]
                if one.number not in known:
                    known[one.number] = self._visit(worker_id, one, premises)
                    for number in list(known)[:-_KEPT]:
                        del known[number]
                yield known[one.number]

    def body(self, worker_id: str, at: float) -> Position:
        """Where the worker is, with what is on the belt."""
        return self.walks[worker_id].position(at)

    def phone(self, worker_id: str, at: float) -> Position:
        """Where the worker's phone takes itself to be."""
        return self.body(worker_id, at)

    def reception(self, worker_id: str, at: float, dice: Random) -> Reception | None:
        """How well the phone knows that; None where it does not."""
        sigma_m = 3.0 if self.phone(worker_id, at).speed_mps else 4.5  # indoors the sky is narrow
        return Reception(sigma_m, sigma_m * dice.uniform(1.2, 3), "gps" if dice.random() < 0.9 else "network")

    def picture(self, worker_id: str, premises_id: str, taken: float) -> bytes:
        """A photo that the worker takes."""
        return shop_front(premises_id, self.local(taken))

    def local(self, at: float) -> datetime:
        """The instant as the district's clocks show it."""
        return datetime.fromtimestamp(at, ZoneInfo(self.world.tz))

    def send(self, worker_id: str, order: InspectOrder, at: float) -> None:
        """Have the worker carry out an order that is accepted at that instant: when the tour leads there,
        else by a detour."""
        walk, place = self.walks[worker_id], self._place(order)
        if place and not walk.passes(order.premises_id):
            stop = Stop(place.lon, place.lat, Purpose.VISIT, order.premises_id, order.task_id)
            walk.detour(at, stop)

    def hurry(self, worker_id: str, order: GoTo | InspectNow, at: float) -> None:
        """Have the worker leave everything at that instant and go where the order says."""
        premises_id, purpose = None, Purpose.PATROL
        if isinstance(order, InspectNow):
            premises_id, purpose = order.premises_id, Purpose.VISIT
            self._known(premises_id, order.name, "", order.lon, order.lat)
        stop = Stop(order.lon, order.lat, purpose, premises_id, order_id=order.order_id)
        self.walks[worker_id].hurry(at, stop)

    def task_at(self, worker_id: str, one: Round) -> str | None:
        """The task that a round's visit is for."""
        first_tour = (
            one.place is None or one.place - self._first[worker_id] < self.walks[worker_id].tour_rounds
        )
        planned = one.stop.task_id if first_tour else None
        desk = self.desks.get(worker_id)
        return desk.task_at(one.stop.premises_id or "", planned) if desk else planned

    def _place(self, order: InspectOrder) -> Premises | None:
        """Where the premises are: as the world has them, or as the order says."""
        if order.lon is not None and order.lat is not None:
            name, address = order.name or order.premises_id, order.address or ""
            self._known(order.premises_id, name, address, order.lon, order.lat)
        return self._premises.get(order.premises_id)

    def _known(self, premises_id: str, name: str, address: str, lon: float, lat: float) -> None:
        """Premises that an order tells of are there, if the world has them not."""
        said = (premises_id, name, "", address)
        self._premises.setdefault(premises_id, Premises(*said, lon, lat, None, recorded=True))

    def _checklist(self, worker_id: str, task_id: str | None) -> Given:
        """Of a task, as its order has it, else as the file does; without a task, a patrol's."""
        desk = self.desks.get(worker_id)
        given = desk.given(task_id) if desk else None
        task = self._tasks.get(task_id or "")
        if given and given.items:
            return given
        return Given((task.items if task else ()) or PATROL_ITEMS, {}, ())

    def _visit(self, worker_id: str, one: Round, premises: Premises) -> Visit:
        walk, task_id = self.walks[worker_id], self.task_at(worker_id, one)
        items, menus, _ = self._checklist(worker_id, task_id)
        dice = draw(self.seed, "visit", worker_id, one.number)
        answered = fill_in(dice, items, menus, failing=dice.random() < ABNORMAL)
        abnormal = answered.result is Result.ABNORMAL
        photos = dice.randint(1, 2) if abnormal else int(dice.random() < 0.25)
        # By rank, so that the two of three are spread over the minute.
        prints = abnormal or (int(one.until // ROUND_S) + walk.rank) % 3 > 0
        if task_id and (desk := self.desks.get(worker_id)):
            desk.carried_out(premises.premises_id, task_id, answered.result)
            if abnormal and one.place is None:
                walk.detour(one.ends + dice.uniform(*RECHECK_S), replace(one.stop, order_id=None))
        return Visit(
            inspection_id=message_id("inspection", one.ends),
            worker_id=worker_id,
            premises=premises,
            task_id=task_id,
            started=one.arrives,
            ended=one.ends,
            result=answered.result,
            findings=answered.findings,
            lines=tuple(lines(answered, menus)),
            receipt_no=f"{self.local(one.ends):%y%m%d%H%M%S}-{worker_id}" if prints else None,
            photos_taken=tuple(dice.uniform(one.arrives + 30, one.ends - 30) for _ in range(photos)),
            archive=surveyed(premises) if task_id and premises.recorded else noticed(dice),
        )
