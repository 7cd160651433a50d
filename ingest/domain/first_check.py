"""What new premises in an import are visited for, by the district's modules: first checks, base survey."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Literal

from msgspec import Struct

from ingest.contract.orders import LaunchTask
from ingest.domain.module import Category, Module

RECORDED = "recorded"
"""The status of premises that are known from records only, and wait for the base survey (摸底)."""
IN_BUSINESS = "in_business"

_SOURCES: dict[str, Literal["licence", "survey"]] = {IN_BUSINESS: "licence", RECORDED: "survey"}
"""By the premises' status; any other is visited for nothing."""


class NewPremises(Struct, frozen=True):
    """Premises as an import has them."""

    premises_id: str
    category: str
    tags: Sequence[str]
    risk_grade: str | None
    status: str


def first_checks(
    district: int, arrived: Iterable[NewPremises], modules: Sequence[Module]
) -> Iterator[LaunchTask]:
    """An order for each of the premises and each category that is launched for such as them; the same
    premises give the same task ids, so that none is launched twice."""
    for premises in arrived:
        source = _SOURCES.get(premises.status)
        for category in launched_by(modules, source) if source else ():
            if category.targets.hit(premises.category, premises.tags, premises.risk_grade):
                key = f"{district}|{premises.premises_id}|{category.code}|{source}"
                yield LaunchTask(
                    task_id="N" + sha256(key.encode()).hexdigest()[:20],
                    premises_id=premises.premises_id,
                    category=category.code,
                    items=list(category.items),
                    source=source,
                )


def launched_by(modules: Sequence[Module], source: str | None) -> list[Category]:
    """The categories that the modules name for a source of tasks."""
    return [one for module in modules for one in module.categories if source in one.launched_by]
