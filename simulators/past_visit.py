"""What a worker's phone says of a visit for a task."""

from datetime import datetime, timedelta
from random import Random

from ingest.contract.messages import Datum, Finding, Result, Severity
from ingest.domain.facts import Inspection
from ingest.domain.roster import Premises
from ingest.domain.task import Task
from simulators.habits import pick
from simulators.trades import OTHER_FAILING

_SEVERITIES = {"general": 0.8, "serious": 0.18, "major": 0.02}


def visit_of(
    task: Task, premises: Premises, worker: str, at: datetime, number: int, abnormal: bool, dice: Random
) -> Inspection:
    """The `number`th visit for the task, over at `at`; an abnormal one finds the first item wanting."""
    items = [Finding(item, "normal") for item in task.items]
    severity = Severity(pick(dice, _SEVERITIES)) if abnormal else None
    if items and severity:
        items[0] = Finding(items[0].item, "abnormal", severity, OTHER_FAILING)
    return Inspection(
        district=task.district,
        kind="worker",
        device_id=worker,
        id=f"{task.task_id}-{number}",
        ts=at,
        at=at,
        received_at=at + timedelta(seconds=2),
        raw_lon=premises.lon,
        raw_lat=premises.lat,
        lon=premises.lon,
        lat=premises.lat,
        datum=Datum.WGS84,
        grid_id=premises.grid_id,
        premises_id=task.premises_id,
        started=at - timedelta(minutes=dice.randint(4, 6)),
        ended=at,
        result=Result.ABNORMAL if abnormal else Result.NORMAL,
        items=items,
        severity=severity,
        task_id=task.task_id,
    )
