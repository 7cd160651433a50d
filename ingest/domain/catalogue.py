"""What a district's supervision modules say of categories and of answers, as decisions ask it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from msgspec import Struct

from ingest.contract.messages import Severity
from ingest.domain.module import Answer, Item, Module

T = TypeVar("T")


class Checked(Struct, frozen=True):
    """A category of tasks: how dangerous a finding is that says nothing of it, and what is asked."""

    category: str
    name: str
    hazard: Severity
    items: tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    """Categories and items by their codes and by their words: old data, and old phones, know the words only.

    A code stands before all words; where two share a word, the first has it.
    """

    categories: Sequence[Checked] = ()
    items: Sequence[Item] = ()
    _checked: Mapping[str, Checked] = field(init=False, repr=False)
    _asked: Mapping[str, Item] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        checked = _first(
            [(one.category, one) for one in self.categories] + [(one.name, one) for one in self.categories]
        )
        texts = [(text, one) for one in self.items for text in (one.text.zh, one.text.en)]
        asked = _first([(one.code, one) for one in self.items] + texts)
        object.__setattr__(self, "_checked", checked)
        object.__setattr__(self, "_asked", asked)

    @classmethod
    def of(cls, modules: Iterable[Module]) -> "Catalogue":
        """That of a district which has these modules."""
        modules = list(modules)
        checked = [
            Checked(one.code, one.name.zh, one.hazard, one.items)
            for module in modules
            for one in module.categories
        ]
        return cls(checked, [item for module in modules for item in module.items])

    def hazard(self, category: str | None) -> Severity | None:
        """隐患分级: the category's grade; None for one that no module names."""
        known = self._checked.get(category or "")
        return known.hazard if known else None

    def checks(self, category: str) -> tuple[str, ...]:
        """The codes of the category's items, in the order in which they are asked."""
        known = self._checked.get(category)
        return known.items if known else ()

    def item(self, item: str) -> Item | None:
        """The check item of that code, or in those words."""
        return self._asked.get(item)

    def meaning(self, item: str, answer: str) -> Answer | None:
        """What an answer to an item means; both by code or by their words, in either language.

        None for an item or an answer that no module has.
        """
        asked = self._asked.get(item)
        for known in asked.answers if asked else ():
            if answer in (known.code, known.text.zh, known.text.en):
                return known
        return None


def _first(named: Iterable[tuple[str, T]]) -> dict[str, T]:
    found: dict[str, T] = {}
    for name, one in named:
        found.setdefault(name, one)
    return found
