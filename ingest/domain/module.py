"""A supervision module (网格化+应用) as data: what is inspected, where, how often, what each answer means."""

from collections.abc import Collection
from typing import Annotated, Literal

from msgspec import Meta, Struct

from ingest.contract.messages import Id, Result, Severity
from ingest.contract.orders import RiskGrade

Words = Annotated[str, Meta(min_length=1, max_length=500)]
Launcher = Literal["licence", "survey", "season"]
"""What may launch a category by itself, or from the page: new licence data, the base survey, a season."""
Second = Literal["anybody", "officer"]
"""Who has to come along: any colleague, or one on the permanent staff."""
WorkingDays = Annotated[int, Meta(ge=1, le=250)]


class Name(Struct, frozen=True, forbid_unknown_fields=True):
    """Words in Chinese and English."""

    zh: Words
    en: Words


class Department(Struct, frozen=True, forbid_unknown_fields=True):
    """职能部门: to whom the results are pushed. `code` is its place on the wire (department/<code>/reply)."""

    code: Id
    name: Name


class Answer(Struct, frozen=True, forbid_unknown_fields=True):
    """One line of an item's menu. An abnormal one has a severity; a normal one has none."""

    code: Id
    text: Name
    means: Result
    severity: Severity | None = None
    note: Name | None = None
    """What stands in the inspection log beside it."""
    follow_up: Name | None = None
    """What the worker does next."""


class Item(Struct, frozen=True, forbid_unknown_fields=True):
    """检查项: one question and the menu of its answers."""

    code: Id
    text: Name
    answers: Annotated[tuple[Answer, ...], Meta(min_length=1)]


class Targets(Struct, frozen=True, forbid_unknown_fields=True):
    """巡查对象: each list that is given must be met, by one of its values; all empty: every premises."""

    categories: tuple[Words, ...] = ()
    tags: tuple[Words, ...] = ()
    risk_grades: tuple[RiskGrade, ...] = ()

    def hit(self, category: str, tags: Collection[str], risk_grade: str | None) -> bool:
        """Whether premises of this kind are to be inspected."""
        return (
            (not self.categories or category in self.categories)
            and (not self.tags or any(tag in self.tags for tag in tags))
            and (not self.risk_grades or risk_grade in self.risk_grades)
        )


class Every(Struct, frozen=True, forbid_unknown_fields=True):
    """How often: one of the two."""

    days: Annotated[int, Meta(ge=1, le=3660)] | None = None
    times_a_year: Annotated[int, Meta(ge=1, le=365)] | None = None


class Cycle(Struct, frozen=True, forbid_unknown_fields=True):
    """How often premises of each risk grade are inspected; a grade left out: by order only."""

    A: Every | None = None
    B: Every | None = None
    C: Every | None = None
    D: Every | None = None
    ungraded: Every | None = None

    def days(self, risk_grade: str | None) -> int | None:
        """Calendar days from one inspection to the next, None when there is no cycle."""
        every: Every | None = getattr(self, risk_grade or "ungraded")
        if every is None:
            return None
        return every.days or 365 // (every.times_a_year or 1)


class FirstHandling(Struct, frozen=True, forbid_unknown_fields=True):
    """前置处置: what the worker does about a finding on the spot, and the time allowed, in one of the two."""

    text: Name
    hours: Annotated[int, Meta(ge=1, le=720)] | None = None
    working_days: WorkingDays | None = None


class Category(Struct, frozen=True, forbid_unknown_fields=True):
    """入格事项: a category of tasks; `hazard` is its grade 隐患分级, `items` are codes of the module's."""

    code: Id
    name: Name
    hazard: Severity
    items: Annotated[tuple[Id, ...], Meta(min_length=1)]
    first_handling: FirstHandling
    department_working_days: WorkingDays
    targets: Targets = Targets()
    cycle: Cycle = Cycle()
    launched_by: tuple[Launcher, ...] = ()
    second: Second | None = None
    """None: one person will do."""


class Module(Struct, frozen=True, forbid_unknown_fields=True):
    """One application of the grid: a department, its categories of tasks and their check items."""

    code: Id
    name: Name
    department: Department
    categories: Annotated[tuple[Category, ...], Meta(min_length=1)]
    items: Annotated[tuple[Item, ...], Meta(min_length=1)]
