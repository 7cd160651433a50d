"""What a worker's phone says of a visit for a task."""

from datetime import datetime, timedelta
from random import Random

from ingest.contract.messages import Datum
from ingest.domain.catalogue import Catalogue
from ingest.domain.facts import Inspection
from ingest.domain.roster import Premises
from ingest.domain.task import Task
from ingest.domain.weigh import weighed
from simulators.answers import fill_in


def visit_of(
    task: Task,
    premises: Premises,
    worker: str,
    at: datetime,
    number: int,
    failing: bool,
    catalogue: Catalogue,
    dice: Random,
) -> Inspection:
    """The `number`th visit for the task, over at `at`; a failing one finds some item wanting."""
    menus = {code: item for code in task.items if (item := catalogue.item(code))}
    answered = fill_in(dice, task.items, menus, failing)
    said = Inspection(
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
        result=answered.result,
        items=list(answered.findings),
        severity=None,
        task_id=task.task_id,
    )
    return weighed(said, catalogue, task.category)
