"""A day's tasks for a world: which premises, by which checklist, due when."""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from math import ceil
from pathlib import Path

from simulators.chance import draw
from simulators.checks import CHECKS, DAILY, SEASONAL, SURVEY
from simulators.files import Premises, Worker, read_premises, read_workers
from simulators.habits import ANNUAL_REPORTS

TASKS = ("task_id", "premises_id", "category", "due", "items", "worker_id", "source")

_A_WORKER = (20, 25)
_OF_ALL = 0.75  # of a grid's premises have a task in one day at most, shared evenly by its workers
_DUE_TODAY = 0.8  # the others are due within the next five days
_SURVEYED_EVERY = 4  # days: on the others, premises known from records only are left alone
_NAMED = 0.9  # of the tasks say whose they are; the others leave it to the grid
_MOSTLY = 0.7  # of the tasks at premises that a daily check is for are that check

Row = tuple[str, str, str, str, str, str, str]


def write_tasks(directory: Path, today: date) -> int:
    """(Re)write tasks.csv of the world in `directory` for `today`, and return how many there are."""
    rows = daily_tasks(read_workers(directory), read_premises(directory).values(), today)
    with (directory / "tasks.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(TASKS)
        writer.writerows(rows)
    return len(rows)


def daily_tasks(workers: Sequence[Worker], premises: Iterable[Premises], today: date) -> list[Row]:
    """Rows of tasks.csv: 20 to 25 tasks a worker, of premises in their grids, each at most once.

    Where premises are few, fewer: each worker's share of three quarters of them. What is known from records
    only is surveyed, every few days anew: whether it has been verified is not in the files.
    The same premises, workers and day give the same rows; ids hold the day (``T20261122-000123``).
    """
    pool: dict[str | None, list[Premises]] = {}
    for number, one in enumerate(premises):
        if not one.recorded or number % _SURVEYED_EVERY == today.toordinal() % _SURVEYED_EVERY:
            pool.setdefault(one.grid_id, []).append(one)
    for grid_id, inside in pool.items():
        draw(today, grid_id).shuffle(inside)
        inside.sort(key=lambda one: one.recorded)  # taken from the end: the survey first
    share = _shares(workers, pool)
    rows: list[Row] = []
    for worker in workers:
        dice = draw(today, worker.worker_id)
        for number in range(min(dice.randint(*_A_WORKER), share[worker.worker_id])):
            candidates = pool.get(worker.grid_ids[number % len(worker.grid_ids)]) if worker.grid_ids else None
            if candidates:
                rows.append(_task(len(rows) + 1, candidates.pop(), worker, today))
    return rows


def _shares(workers: Sequence[Worker], pool: Mapping[str | None, Sequence[Premises]]) -> dict[str, int]:
    """worker_id -> how many tasks the premises of the own grids are enough for."""
    crew = Counter(grid_id for worker in workers for grid_id in worker.grid_ids)
    return {
        worker.worker_id: ceil(
            sum(_OF_ALL * len(pool.get(grid_id, ())) / crew[grid_id] for grid_id in worker.grid_ids)
        )
        for worker in workers
    }


def _task(number: int, premises: Premises, worker: Worker, today: date) -> Row:
    dice = draw(today, number, premises.premises_id)
    daily, others = _fitting(premises.category, premises.tags, today.month in ANNUAL_REPORTS)
    category = dice.choice(daily if daily and dice.random() < _MOSTLY else others)
    if premises.recorded:
        category = SURVEY
    due = today if dice.random() < _DUE_TODAY else today + timedelta(days=dice.randint(1, 5))
    return (
        f"T{today:%Y%m%d}-{number:06d}",
        premises.premises_id,
        category,
        due.isoformat(),
        ";".join(CHECKS[category].items),
        worker.worker_id if dice.random() < _NAMED else "",
        "survey" if premises.recorded else "",
    )


@cache
def _fitting(category: str, tags: tuple[str, ...], season: bool) -> tuple[list[str], list[str]]:
    """What premises of this kind may be inspected for: daily checks, and the others."""
    fitting = [
        code
        for code, check in CHECKS.items()
        if check.targets.hit(category, tags, None) and (season or code != SEASONAL)
    ]
    return [code for code in fitting if code in DAILY], [code for code in fitting if code not in DAILY]
