"""A scanner read a product that must not be sold; over when the same batch is found genuine there, or a visit
to the premises that began later finds nothing.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from ingest.alerts import Watch, rule
from ingest.contract.messages import Severity
from ingest.domain.alert import Alert, Cleared, Snapshot
from ingest.domain.facts import Fact, ProductScanned

UNSAFE = {"counterfeit": Severity.SERIOUS, "recalled": Severity.SERIOUS, "expired": Severity.GENERAL}
"""A code that nobody has issued (``unknown``) proves nothing, and is kept only."""


class Settled(Struct, frozen=True):
    """An open alert's subject, and since when it is over."""

    subject: str
    at: datetime


@rule(watch=Watch(Settled, every_s=10))
def unsafe_product(snapshot: Snapshot, facts: Sequence[Fact], now: datetime) -> Iterator[Alert | Cleared]:
    for fact in facts:
        if not isinstance(fact, ProductScanned):
            continue
        if fact.event == "genuine":
            yield Cleared(fact.district, "unsafe_product", _subject(fact), fact.at)
        elif fact.event in UNSAFE:
            yield _alert(fact, snapshot)
    for settled in snapshot.rows(Settled):
        yield Cleared(snapshot.roster.district, "unsafe_product", settled.subject, settled.at)


def _subject(fact: ProductScanned) -> str:
    where = f"premises:{fact.premises_id}" if fact.premises_id else f"device:{fact.device_id}"
    return f"{where}:{fact.batch}"


def _alert(fact: ProductScanned, snapshot: Snapshot) -> Alert:
    scanner, premises = snapshot.roster.devices[fact.device_id], snapshot.premises.get(fact.premises_id or "")
    place = premises if premises and fact.lon is None else fact
    return Alert(
        district=fact.district,
        rule="unsafe_product",
        subject=_subject(fact),
        severity=UNSAFE[fact.event],
        raised_at=fact.at,
        path=premises.path if premises else scanner.path,
        grid_id=place.grid_id,
        lon=place.lon,
        lat=place.lat,
        params={
            "premises_id": fact.premises_id,
            "premises_name": premises.name if premises else fact.premises_id,
            "device_id": fact.device_id,
            "worker_id": scanner.worker_id,
            "event": fact.event,
            "product": fact.text,
            "batch": fact.batch,
        },
    )
