"""What may happen to the tasks and clues of the tiny district, in any order."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import psycopg

from db.connect import INGEST, Row, connect
from ingest.casebook import Casebook
from ingest.cluebook import Cluebook
from ingest.domain.clue import ClueDetails, ClueEvent, ClueHappened
from ingest.domain.deadline import Deadline, Step
from ingest.domain.replay import settles
from ingest.domain.roster import Roster
from ingest.domain.task import Details, Happened, TaskEvent
from ingest.snapshots import load_premises, load_roster
from simulators.clue_life import ClueLife, clue_lives
from simulators.habits import Days
from simulators.past import Category, Past, Place
from simulators.task_life import TaskLife, task_lives
from tests import tiny

DAY = timedelta(days=1)


def past(url: str, days: int, now: datetime) -> Past:
    with connect(url, INGEST) as conn:
        roster = load_roster(conn, tiny.DISTRICT)
        places = load_premises(conn, tiny.DISTRICT, ["P1", "P2", "P3", "P4"])
    assert roster.deadlines
    first, last = (now - days * DAY).astimezone(roster.tz).date(), now.astimezone(roster.tz).date()
    worked = Days(first, last, roster.deadlines.calendar, roster.tz)
    return Past(roster, [Place(*place) for place in places.items()], worked, now)


CATEGORIES = [Category(code, [], False) for code in ("drug_daily", "food_daily", "annual_report")]


class Happening:
    """Something about a task or a clue that ingest is yet to learn."""

    def __init__(self, life: TaskLife | ClueLife, event: TaskEvent | ClueEvent) -> None:
        self.life, self.event = life, event


def happenings(of: Past, dice: random.Random) -> list[Happening]:
    """What has happened to some tasks and clues, and what else might have, in any order."""
    told = []
    for day in dice.sample(of.days.worked, 8):
        tasks = list(task_lives(of, CATEGORIES, day, 5, dice))
        clues = list(clue_lives(Past(of.roster, of.places[:3], of.days, of.now), day, 3, dice))
        for life in (*tasks, *clues):
            events = [*life.events, *(_more(life, of.now, dice) for _ in range(dice.randrange(4)))]
            told += [Happening(life, event) for event in events if event.at <= of.now]
    dice.shuffle(told)
    return told


def _more(life: TaskLife | ClueLife, now: datetime, dice: random.Random) -> Any:
    """Anything, at any time: often out of place, sometimes today."""
    begun = life.events[0].at
    at = now - timedelta(seconds=dice.randrange(1, 20_000)) if dice.random() < 0.5 else None
    at = at or begun + (now - begun) * dice.random()
    cause = f"more {dice.random()}"
    if isinstance(life, ClueLife):
        kind = dice.choice([ClueHappened.VOIDED, ClueHappened.DISPOSED])
        details = ClueDetails(department_id=life.case.department_id or "food", text="x")
        return ClueEvent(life.case.district, life.case.clue_id, at, kind, "bureau", cause, details)
    happened = [Happened.CANCELLED, Happened.SUSPENDED, Happened.RESUMED, Happened.SETTLED, Happened.REPLIED]
    kind_of_task = dice.choice(happened)
    settled = Details(due=Deadline(begun + timedelta(days=dice.randrange(3, 60))))
    if kind_of_task is Happened.SETTLED:
        cause = settles(Step.INSPECT, life.events[0].cause)
    details_of = {Happened.SETTLED: settled, Happened.REPLIED: Details(department_id="food", stage="done")}
    said = details_of.get(kind_of_task, Details(reason="x"))
    return TaskEvent(life.task.district, life.task.task_id, at, kind_of_task, "plan", cause, said)


def learn(conn: psycopg.Connection[Row], roster: Roster, some: Sequence[Happening]) -> None:
    """One batch, as ingest takes it."""
    tasks = [one for one in some if isinstance(one.life, TaskLife)]
    clues = [one for one in some if isinstance(one.life, ClueLife)]
    cases = Casebook(conn, roster, (one.life.task.task_id for one in tasks))
    for one in tasks:
        if one.life.task.task_id not in cases:
            cases.open(one.life.task, one.life.events[:1])
        cases.add(one.event)
    cases.store()
    book = Cluebook(conn, roster, (one.life.case.clue_id for one in clues))
    for one in clues:
        if one.life.case.clue_id not in book:
            book.open(one.life.case, one.life.events[0])
            for event in one.life.events:
                if event.actor == "rules":  # ingest's own, which no message overtakes
                    book.add(event)
        book.add(one.event)
    book.store()
