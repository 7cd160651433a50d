"""What a visit comes to: an answer means what the district's module says of it, and the worse counts."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from ingest.contract.messages import Finding, Result, Severity
from ingest.domain.catalogue import Catalogue
from ingest.domain.facts import Fact, Inspection


def weigh(facts: Sequence[Fact], catalogue: Catalogue, categories: Mapping[str, str]) -> list[Fact]:
    """The facts in their order, the inspections among them with what they come to.

    `categories` has the category of each task that was visited, as far as there are such tasks by now.
    """
    return [
        weighed(fact, catalogue, categories.get(fact.task_id or "")) if isinstance(fact, Inspection) else fact
        for fact in facts
    ]


def weighed(fact: Inspection, catalogue: Catalogue, category: str | None) -> Inspection:
    """The log as it was said, with the severity and the outcome that decisions go by."""
    found = [item.severity for item in failings(fact.items, catalogue) if item.severity]
    if fact.result is Result.NORMAL and not found:
        return fact
    ungraded = catalogue.hazard(category) or Severity.GENERAL
    severity = max(found, key=lambda one: one.rank, default=ungraded)
    worse = Result.ABNORMAL if fact.result is Result.NORMAL else None
    return replace(fact, severity=severity, outcome=worse)


def failings(items: Sequence[Finding], catalogue: Catalogue) -> list[Finding]:
    """The findings that are abnormal, each with its severity: as the phone said, else as its answer means.

    What the phone does not grade and no menu has (free words) is no failing of its own: then the result
    tells.
    """
    found = [(item, item.severity or _meant(item, catalogue)) for item in items]
    return [replace(item, severity=severity) for item, severity in found if severity is not None]


def _meant(item: Finding, catalogue: Catalogue) -> Severity | None:
    answer = catalogue.meaning(item.item, item.answer)
    return answer.severity if answer and answer.means is Result.ABNORMAL else None
