"""What an order is about, and whom it sends: all of it that has a place in the org tree."""

from collections.abc import Iterator
from typing import NamedTuple

from ingest.contract.orders import (
    AddAccount,
    ChangeAccount,
    ConfirmHandover,
    DispatchIncident,
    LookAtTrack,
    MergeIncidents,
    Order,
    PutAsideStranger,
    RegisterDevice,
    ReleaseName,
    SendOrder,
    SetThreshold,
    Target,
)


class Concern(NamedTuple):
    """One thing. `what`: task, clue, incident, premises, worker, device, or unit, whose id is its path. A
    department has no place: it is there for the whole district."""

    what: str
    id: str


_NAMED_BY = {
    "task_id": "task",
    "clue_id": "clue",
    "incident_id": "incident",
    "into": "incident",
    "premises_id": "premises",
    "worker_id": "worker",
}


def concerns(order: Order, district: int) -> Iterator[Concern]:
    """All that the order is about; what belongs to the whole district is about its root. A day of the room is
    about nothing: whoever looks sees those of their own place."""
    for field, what in _NAMED_BY.items():
        if (named := getattr(order, field, None)) is not None:
            yield Concern(what, named)
    match order:
        case MergeIncidents(ids=ids):
            yield from (Concern("incident", one) for one in ids)
        case ConfirmHandover(unit=unit, ids=ids):
            yield Concern("unit", unit)
            yield from (Concern("incident", one) for one in ids)
        case DispatchIncident(to=to):
            yield from (_place_of(target) for target in to if target.kind != "department")
        case SendOrder(to=kind, device_id=name) if kind != "department":
            yield Concern("worker" if kind == "worker" else "device", name)
        case LookAtTrack(about="task", id=name):
            yield Concern("task", name)
        case LookAtTrack(about="visit" | "day", id=name):
            yield Concern("worker", name.partition(":")[0])
        case AddAccount(place=str(place)) | ChangeAccount(place=str(place)):
            yield Concern("unit", place)
        case SetThreshold() | RegisterDevice() | ReleaseName() | PutAsideStranger():
            yield Concern("unit", str(district))


def _place_of(target: Target) -> Concern:
    return Concern("unit" if target.kind == "squadron" else "worker", target.id)
