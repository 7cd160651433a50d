"""A task's life in the past: from its launch to its closing, or as far as it has come by now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Literal

from ingest.contract.messages import Result
from ingest.contract.orders import LaunchTask
from ingest.domain.facts import Inspection
from ingest.domain.replay import replay
from ingest.domain.roster import Premises
from ingest.domain.steps import Visit, acknowledged, launched, recheck_due, replied, visited
from ingest.domain.task import Details, Happened, Task, TaskEvent
from simulators.habits import ANNUAL_REPORTS, of_department, of_worker
from simulators.past import Category, Past
from simulators.past_visit import visit_of
from simulators.trades import FEEDBACK

_CANCELLED, _SUSPENDED, _RESUMED = 0.0015, 0.0012, 0.75
_REWORK = 0.08  # of the re-checks find it as it was
_RECHECK_DAYS = (2, 9)
_SEASONAL = 0.4  # of what is launched in the annual reports' months
_SOURCES: tuple[Literal["licence", "survey", "order"], ...] = ("licence", "survey", "order")
_SHARES = (0.35, 0.1, 0.55)


@dataclass
class TaskLife:
    """One task with its events and visits, and what became of it, as the simulation itself has it."""

    task: Task
    events: list[TaskEvent]
    visits: list[Inspection] = field(default_factory=list)
    cancelled: bool = False
    disposed: bool = False
    fed_back: bool = False
    reworked: bool = False

    @property
    def closed(self) -> bool:
        return self.disposed and self.fed_back

    @property
    def over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.closed or self.cancelled


def task_lives(
    past: Past, categories: Sequence[Category], day: date, count: int, dice: Random
) -> Iterator[TaskLife]:
    """The lives of the `count` tasks that were launched on `day`."""
    seasonal = [each for each in categories if each.seasonal] or categories
    for number in range(count):
        season = day.month in ANNUAL_REPORTS and dice.random() < _SEASONAL
        category, place = dice.choice(seasonal if season else categories), dice.choice(past.places)
        order = LaunchTask(
            task_id=f"H{day:%Y%m%d}-{number:06d}",
            premises_id=place.premises_id,
            category=category.code,
            items=category.items,
            source="season" if season else dice.choices(_SOURCES, _SHARES)[0],
        )
        at = past.days.begin(day, dice)
        begun = launched(order, place.premises, past.roster, at, "plan", order.task_id)
        yield _Walk(past, place.premises, TaskLife(*begun), dice).through()


@dataclass
class _Walk:
    past: Past
    premises: Premises
    life: TaskLife
    dice: Random

    def through(self) -> TaskLife:
        """Live it, until it is over or now is reached."""
        life, dice, task = self.life, self.dice, self.life.task
        given = next((event.params.worker_id for event in life.events if event.params.worker_id), None)
        if given is None:
            return life  # nobody has the grid
        self.worker, self.given_at = given, task.launched_at
        self.habits = of_worker(self.past.seed, given)
        chance, start = dice.random(), task.launched_at
        if chance < _CANCELLED:
            at = self.past.days.after(task.launched_at, 1, dice)
            life.cancelled = self._add(at, Happened.CANCELLED, "plan", Details(reason="duplicate"))
            return life
        on: datetime | None = self._suspend(start) if chance < _CANCELLED + _SUSPENDED else start
        if on is not None and dice.random() >= self.habits.forgets:
            self._visit(self.past.days.later(on, self.habits.delay_days, dice))
        return life

    def _suspend(self, start: datetime) -> datetime | None:
        """When it went on; None if it has not."""
        days, dice = self.past.days, self.dice
        at = start + timedelta(minutes=40)
        self._add(at, Happened.SUSPENDED, "plan", Details(reason="premises closed for works"))
        back = days.after(at, dice.randint(3, 15), dice)
        goes_on = dice.random() < _RESUMED and self._add(back, Happened.RESUMED, "plan", Details())
        return back if goes_on else None

    def _visit(self, at: datetime) -> None:
        life, dice = self.life, self.dice
        if at > self.past.now:
            return
        read = self.given_at + (at - self.given_at) * dice.uniform(0.02, 0.5)
        if dice.random() < self.habits.tells:
            self._answer(read, "accepted")
            self._answer(at - timedelta(minutes=dice.randint(6, 12)), "arrived")
        first = self._inspect(at, dice.random() < self.habits.finds)
        self._feed_back(first)
        life.disposed = first.params.result is Result.NORMAL
        while not life.disposed and (again := self._again(at)):
            at = again
            life.disposed = self._inspect(at, dice.random() < _REWORK).params.result is Result.NORMAL
            life.reworked |= not life.disposed

    def _again(self, at: datetime) -> datetime | None:
        """The next visit after one at `at` that found something; None if it is still to come."""
        standing = replay(self.life.task, self.life.events).task
        again = self.past.days.after(at, self.dice.randint(*_RECHECK_DAYS), self.dice)
        due = standing.rectify_due_at
        if due is not None and due < min(again, self.past.now):
            self.life.events.append(recheck_due(standing))
        return again if again <= self.past.now else None

    def _inspect(self, at: datetime, failing: bool) -> TaskEvent:
        task = self.life.task
        number, catalogue = len(self.life.visits) + 1, self.past.roster.catalogue
        fact = visit_of(task, self.premises, self.worker, at, number, failing, catalogue, self.dice)
        self.life.visits.append(fact)
        seen = Visit(self.worker, fact.id, task.premises_id, at, fact.result, fact.received_at)
        event = visited(seen, task, self.past.roster)
        self.life.events.append(event)
        return event

    def _feed_back(self, first: TaskEvent) -> None:
        pushed, department = first.params.pushed_at, first.params.department_id
        if department is None or pushed is None:
            self.life.fed_back = True
            return
        habits = of_department(self.past.seed, department)
        if self.dice.random() < habits.forgets:
            return
        at = self.past.days.later(pushed, habits.delay_days, self.dice)
        if at <= self.past.now:
            text, task = self.dice.choice(FEEDBACK), self.life.task
            self.life.events.append(
                replied(task, at, department, f"{task.task_id}-{department}", "done", text)
            )
            self.life.fed_back = True

    def _answer(self, at: datetime, stage: str) -> None:
        event = acknowledged(self.life.task, at, self.worker, f"{self.life.task.task_id}-{stage}", stage)
        if event:
            self.life.events.append(event)

    def _add(self, at: datetime, kind: Happened, actor: str, details: Details) -> bool:
        """Let it happen; False if it is still to come."""
        if at > self.past.now:
            return False
        task = self.life.task
        cause = f"{task.task_id}-{kind}"
        self.life.events.append(TaskEvent(task.district, task.task_id, at, kind, actor, cause, details))
        return True
