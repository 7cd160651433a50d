"""What may be wrong with a module although each of its fields is well formed."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ingest.contract.messages import Result
from ingest.domain.module import Answer, Category, Item, Module, Name


class Mistake(NamedTuple):
    """Where (``categories[2].cycle.C``, numbers from 0) and what."""

    place: str
    what: str


def mistakes(module: Module) -> Iterator[Mistake]:
    """All that is wrong with one module."""
    codes = [item.code for item in module.items]
    used = {code for category in module.categories for code in category.items}
    yield from _twice("categories", "code", [category.code for category in module.categories])
    yield from _twice("categories", "name.zh", [category.name.zh for category in module.categories])
    for number, category in enumerate(module.categories):
        yield from _category(f"categories[{number}]", category, codes)
    yield from _twice("items", "code", codes)
    yield from _twice("items", "text.zh", [item.text.zh for item in module.items])
    yield from _twice("items", "text.en", [item.text.en for item in module.items])
    for number, item in enumerate(module.items):
        if item.code not in used:
            yield Mistake(f"items[{number}]", f"{item.code!r} is used by no category")
        yield from _menu(f"items[{number}].answers", item)


def clashes(modules: Sequence[Module]) -> Iterator[tuple[int, Mistake]]:
    """What cannot stand side by side in one district: (the later module's number in `modules`, mistake).

    Codes of modules, categories and items belong to one module each; departments may be shared, under
    one name.
    """
    owner: dict[tuple[str, str], str] = {}
    departments: dict[str, Name] = {}
    for number, module in enumerate(modules):
        if module.code in owner.values():
            yield number, Mistake("code", f"module {module.code!r} occurs twice")
            continue
        for kind, code, place in _codes(module):
            first = owner.setdefault((kind, code), module.code)
            if first != module.code:
                yield number, Mistake(place, f"{code!r} belongs to module {first!r}")
        department = module.department
        if departments.setdefault(department.code, department.name) != department.name:
            yield (
                number,
                Mistake("department.name", f"{department.code!r} is named otherwise elsewhere"),
            )


def _codes(module: Module) -> Iterator[tuple[str, str, str]]:
    for number, category in enumerate(module.categories):
        yield "category", category.code, f"categories[{number}].code"
    for number, item in enumerate(module.items):
        yield "item", item.code, f"items[{number}].code"


def _category(place: str, category: Category, codes: Sequence[str]) -> Iterator[Mistake]:
    yield from _twice(f"{place}.items", "", category.items)
    for number, code in enumerate(category.items):
        if code not in codes:
            yield Mistake(f"{place}.items[{number}]", f"{code!r} is no item of this module")
    yield from _twice(f"{place}.launched_by", "", category.launched_by)
    handling = category.first_handling
    yield from _one_of(
        f"{place}.first_handling", "hours", handling.hours, "working_days", handling.working_days
    )
    for grade in category.cycle.__struct_fields__:
        every = getattr(category.cycle, grade)
        if every is None:
            continue
        at = f"{place}.cycle.{grade}"
        yield from _one_of(at, "days", every.days, "times_a_year", every.times_a_year)
        if category.targets.risk_grades and grade not in category.targets.risk_grades:
            yield Mistake(at, "targets.risk_grades leaves this grade out")


def _menu(place: str, item: Item) -> Iterator[Mistake]:
    for field, texts in (
        ("code", [answer.code for answer in item.answers]),
        ("text.zh", [answer.text.zh for answer in item.answers]),
        ("text.en", [answer.text.en for answer in item.answers]),
    ):
        yield from _twice(place, field, texts)
    for number, answer in enumerate(item.answers):
        yield from _answer(f"{place}[{number}]", answer)
    if all(answer.means is Result.ABNORMAL for answer in item.answers):
        yield Mistake(place, "none of them is normal")


def _answer(place: str, answer: Answer) -> Iterator[Mistake]:
    if answer.means is Result.ABNORMAL and answer.severity is None:
        yield Mistake(f"{place}.severity", "is missing: an abnormal answer has one")
    if answer.means is Result.NORMAL and answer.severity is not None:
        yield Mistake(f"{place}.severity", "a normal answer has none")


def _one_of(place: str, one: str, first: int | None, other: str, second: int | None) -> Iterator[Mistake]:
    if (first is None) == (second is None):
        yield Mistake(place, f"give {one} or {other}, {'one' if first is None else 'not both'} of them")


def _twice(place: str, field: str, values: Iterable[str]) -> Iterator[Mistake]:
    known: set[str] = set()
    for number, value in enumerate(values):
        if value in known:
            yield Mistake(f"{place}[{number}]" + (f".{field}" if field else ""), f"{value!r} occurs twice")
        known.add(value)
