"""The simulated town: its world, everybody's walk, and what each visit comes to.

Devices ask it what happens; the phone, the bodycam and the printer of one worker so tell one story.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from ingest.contract.messages import Finding, Result, Severity
from simulators.chance import draw
from simulators.device import message_id
from simulators.files import Premises, Task, World
from simulators.pace import pace_of
from simulators.roster import walks
from simulators.trades import FAILINGS, OTHER_FAILING, PATROL_ITEMS
from simulators.walk import ROUND_S, Purpose, Round

ABNORMAL = 0.1
"""The share of visits with a finding."""

SEVERITIES = {Severity.GENERAL: 0.76, Severity.SERIOUS: 0.2, Severity.MAJOR: 0.04}
"""The share of each severity among findings."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One inspection; times in seconds since the epoch, by a true clock."""

    inspection_id: str
    worker_id: str
    premises: Premises
    task: Task | None
    started: float
    ended: float
    findings: tuple[Finding, ...]
    receipt_no: str | None
    """Two visits of three print, and every one with a finding."""
    photos_taken: tuple[float, ...]

    @property
    def result(self) -> Result:
        found = any(item.severity for item in self.findings)
        return Result.ABNORMAL if found else Result.NORMAL


class Town:
    """`world` as it goes on from `start` (seconds since the epoch), when the run began."""

    def __init__(self, world: World, start: float, seed: int = 1) -> None:
        self.world = world
        self.start = start
        self.seed = seed
        self.walks = walks(world, seed)
        self.pace = pace_of(len(self.walks))
        self._tasks = {task.task_id: task for task in world.tasks}
        self._first = {worker_id: walk.round_at(start).number for worker_id, walk in self.walks.items()}

    @cached_property
    def worker_names(self) -> dict[str, str]:
        return {worker.worker_id: worker.name for worker in self.world.workers}

    def visits(self, worker_id: str, after: float, until: float) -> Iterator[Visit]:
        """The worker's visits that end in (after, until]; each task is carried out once in a run."""
        for one in self.walks[worker_id].rounds(after, until):
            if after < one.ends <= until and one.stop.purpose is Purpose.VISIT and one.stop.premises_id:
                yield self._visit(worker_id, one, self.world.premises[one.stop.premises_id])

    def local(self, at: float) -> datetime:
        """The instant as the district's clocks show it."""
        return datetime.fromtimestamp(at, ZoneInfo(self.world.tz))

    def _visit(self, worker_id: str, one: Round, premises: Premises) -> Visit:
        walk = self.walks[worker_id]
        first_tour = one.number - self._first[worker_id] < walk.tour_rounds
        task = self._tasks.get(one.stop.task_id or "") if first_tour else None
        dice = draw(self.seed, "visit", worker_id, one.number)
        abnormal = dice.random() < ABNORMAL
        items = task.items if task and task.items else PATROL_ITEMS
        failed = dice.choice(items) if abnormal else None
        severity = dice.choices(list(SEVERITIES), list(SEVERITIES.values()))[0]
        photos = dice.randint(1, 2) if abnormal else int(dice.random() < 0.25)
        # By rank, so that the two of three are spread over the minute.
        prints = abnormal or (int(one.until // ROUND_S) + walk.rank) % 3 > 0
        return Visit(
            inspection_id=message_id("inspection", one.ends),
            worker_id=worker_id,
            premises=premises,
            task=task,
            started=one.arrives,
            ended=one.ends,
            findings=tuple(_finding(item, severity if item == failed else None) for item in items),
            receipt_no=f"{self.local(one.ends):%y%m%d%H%M%S}-{worker_id}" if prints else None,
            photos_taken=tuple(dice.uniform(one.arrives + 30, one.ends - 30) for _ in range(photos)),
        )


def _finding(item: str, severity: Severity | None) -> Finding:
    answer = FAILINGS.get(item, OTHER_FAILING) if severity else "正常"
    return Finding(item, answer, severity)
